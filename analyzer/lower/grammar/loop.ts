import type { CNode } from '../../parse/source';
import { callNamed, compile, compileStatement } from '../descent';
import { containerOf } from './container';
import { branchOn } from './condition';
import { type CType, INT, isPointer, known, pointee, pointerTo } from '../values/ctype';
import { type Label, value } from '../emitted/emitter';
import { COUNTED } from './iterators';
import { LOOP_BOUND } from '../bounds';
import type { Lowering } from '../lowering';
import type { Val } from '../values/value';
import { isFragment } from '../elided/passage';
import { endsUnseen, endsWhatItIsGiven, takesAway, takesOutOfSight } from '../elided/round';
import { scopedGuard } from './scoped-guard';
import { load, store } from '../values/access';
import { placeOf } from '../values/place';
import { conditionAs } from '../emitted/written';
import { readFor } from './read-for';
import { leave } from '../values/scope';
import { walkOf } from './walked-macro';

export function loop(l: Lowering, node: CNode): void {
	const rewritten = node.type === 'while_statement' || node.type === 'for_statement' ? l.frame.file.parsed.rewritten.get(node.start) : undefined;
	if (rewritten && !['while', 'for'].includes(rewritten.name)) return macroLoop(l, node, rewritten.name, rewritten.args);
	const condition = node.synthetic ? null : node.field('condition');
	// What locks and unlocks in its rounds, or may do so out of sight, tells where it may be left.
	const open = node.synthetic && !/lock\w*\s*\(/.test(node.field('body')?.text ?? '') && !l.frame.fn?.gaps.some((line) => line > node.line && line <= node.endLine);
	const once = node.synthetic && (takesOutOfSight(node.field('body')?.text ?? '') || endsWhatItIsGiven(node.field('body')?.text ?? ''));
	const initializer = node.field('initializer');
	if (initializer?.type === 'declaration') compileStatement(l, initializer);
	else if (initializer) compile(l, initializer);
	const update = node.field('update');
	const test = (yes: Label, no: Label): void => {
		// An opener of ours: the patch does not show what ends it. Nor does it where a count goes by what is computed from what nobody shows.
		if (open || computed) return leaves(l, node, yes, no);
		if (!condition) return l.emitter.jump(yes);
		l.from(condition);
		readFor(l, conditionAs('while', condition), () => branchOn(l, condition, yes, no));
	};
	const computed = isFragment(l.frame) && update !== null && COUNTS.test(update.text) && (isComputed(initializer) || isComputed(condition));
	// What a round leaves behind, the next one finds.
	const body = node.field('body')?.text ?? '';
	const limit = condition && /\b(continue|goto)\b/.test(body) && /lock\w*\s*\(/.test(body) ? boundOf(condition) : null;
	if (limit) l.interest(compile(l, limit), (interest) => { interest.equal.add(LOOP_BOUND); });
	const last = node.type === 'do_statement';
	rounds(l, {
		...(last ? { test } : { before: test }),
		once, unseen: node.synthetic, counted: open || endsUnseen(node) || (condition !== null && counts(condition, update, node.field('body'))),
		body: () => {
			const body = node.field('body');
			if (body) compileStatement(l, body);
		},
		after: () => {
			if (update) compile(l, update);
		},
	});
}

/** What a count goes up to, where that is a variable or a field. */
function boundOf(condition: CNode): CNode | null {
	const inner = condition.type === 'parenthesized_expression' ? condition.named[0] : condition;
	const right = inner?.type === 'binary_expression' && /^(<=?|!=)$/.test(inner.field('operator')?.text ?? '') ? inner.field('right') : null;
	return right?.type === 'identifier' || right?.type === 'field_expression' ? right : null;
}

/** It may be left, or entered not at all, as nobody knows. */
function leaves(l: Lowering, node: CNode, yes: Label, no: Label): void {
	const chosen = l.unknown(`${l.frame.id}@loop${node.start}`, INT);
	l.interest(chosen, (interest) => { interest.truth = true; });
	l.emitter.branch(chosen.operand, yes);
	l.emitter.jump(no);
}

/** A variable that goes up or down, by steps. */
const COUNTS = /\+\+|--|[-+]=/;

/** Sums and products of names. */
const isComputed = (node: CNode | null): boolean => node !== null && /[\w\])]\s*[-+*/]\s*[A-Za-z_(]|[A-Za-z_\])]\w*\s*[-+*/]\s*\w/.test(node.text.replace(/->|\+\+|--/g, '.'));

/** What the condition asks of goes up or down in the loop. */
function counts(condition: CNode, update: CNode | null, body: CNode | null): boolean {
	if (COUNTS.test(`${update?.text ?? ''} ${condition.text}`)) return true;
	const text = body?.text ?? '';
	return [...new Set(condition.text.match(/\b[a-z_]\w*/g) ?? [])].some((name) => new RegExp(`\\b${name}\\s*(\\+\\+|--|[-+]=)|(\\+\\+|--)\\s*${name}\\b`).test(text));
}

interface Rounds {
	readonly before?: (yes: Label, no: Label) => void;
	readonly body: () => void;
	readonly after?: () => void;
	/** Of a do loop. */
	readonly test?: (yes: Label, no: Label) => void;
	/** Goes so many rounds, whatever happens in them. */
	readonly counted: boolean;
	/** It begins in lines that are not shown. */
	readonly unseen?: boolean;
	/** Another round would begin with what is not shown. */
	readonly once?: boolean;
}

/**
 * The rounds of a loop: real control flow, left after LOOP_BOUND rounds unless nothing in it changes anything (a busy wait),
 * which goes round until its condition changes.
 */
function rounds(l: Lowering, { before, body, after, test, counted, unseen = false, once = false }: Rounds): void {
	const { emitter, frame } = l;
	const [top, inside, next, done] = [emitter.label(), emitter.label(), emitter.label(), emitter.label()];
	const counter = emitter.register();
	emitter.local({ op: 'set', dst: counter, from: value(0) });
	emitter.place(top);
	if (before) before(inside, done);
	emitter.place(inside);
	const counting = emitter.length;
	emitter.local({ op: 'alu', alu: 'add', dst: counter, a: { reg: counter }, b: value(1) });
	const within = emitter.label();
	emitter.branch(l.alu('le', { reg: counter }, value(LOOP_BOUND)).operand, within);
	// What counts its rounds ends after some; what waits for something has not got it yet.
	if (counted) emitter.jump(done);
	else emitter.local({ op: 'cut', why: `rounds of a loop in ${frame.fn?.name ?? 'a macro'}() after the first ${LOOP_BOUND}` });
	emitter.place(within);
	const from = emitter.length;
	frame.loops.push({ breaks: done, continues: next, scopes: frame.scopes.length, rounds: counter, unseen });
	l.loopDepth++;
	body();
	emitter.place(next);
	after?.();
	l.loopDepth--;
	frame.loops.pop();
	if (!counted && idle(l, from)) emitter.ops[counting] = { op: 'set', dst: counter, from: value(0), origin: emitter.origin };
	if (once) emitter.jump(done);
	else if (test) test(top, done);
	else emitter.jump(top);
	emitter.place(done);
}

/** Nothing since `from` but waiting: the loop polls. */
function idle(l: Lowering, from: number): boolean {
	return l.emitter.ops.slice(from).every((op) => ['load', 'might-sleep', 'fence', 'jump', 'branch', 'context'].includes(op.op) || (op.op === 'set' && 'value' in op.from));
}

function macroLoop(l: Lowering, node: CNode, name: string, args: readonly { readonly text: string }[]): void {
	const nodes = argumentsOf(node);
	const body = node.field('body');
	const inside = (): void => {
		if (body) compileStatement(l, body);
	};
	if (name === 'scoped_guard' || name === 'scoped_cond_guard') return scopedGuard(l, node, args, nodes, name === 'scoped_cond_guard');
	const walk = walkOf(l, name, args.map(({ text }) => text), nodes);
	if (!walk || (l.outline && !l.frame.file.modelled)) {
		// An iterator nobody told us of: none or one round, its variables unknown.
		const counted = COUNTED.find((each) => each.name.test(name));
		const scoped = name.endsWith('_scoped');
		const held = counted ? nodes[counted.position] : undefined;
		const rest = l.unknown(`${l.frame.id}@${node.start}`, INT);
		l.interest(rest, (interest) => { interest.truth = true; });
		for (const each of nodes) {
			if (scoped && counted && each === held && each.type === 'identifier') l.declare(each.text, pointerTo({ base: counted.type, pointer: 0, struct: true }));
			const place = each.type === 'identifier' ? placeOf(l, each) : null;
			if (place?.kind === 'register' && place.local.type.pointer > 0) store(l, place, l.unknown(`${l.frame.id}@${each.start}`, place.local.type));
			else if (each.type !== 'identifier') compile(l, each);
		}
		rounds(l, {
			before: (yes, no) => {
				l.emitter.branch(rest.operand, yes);
				l.emitter.jump(no);
			},
			body: () => {
				if (!counted || !held) return inside();
				const current = compile(l, held);
				callNamed(l, counted.take, [current], held);
				if (!scoped) return inside();
				l.frame.scopes.push({ id: node.start, cleanups: [() => callNamed(l, counted.drop, [current], held)] });
				inside();
				leave(l, l.frame.scopes.length - 1);
				l.frame.scopes.pop();
			},
			after: () => {
				if (counted && held && !scoped) callNamed(l, counted.drop, [compile(l, held)], held);
				l.assign('reg' in rest.operand ? rest.operand.reg : 0, l.constant(0));
			},
			counted: true,
		});
		return;
	}
	const { shape } = walk;
	const position = walk.nodes[shape.position];
	const head = walk.nodes[shape.head];
	if (!position || !head) return;
	const member = shape.member === undefined ? '' : (walk.args[shape.member]?.trim() ?? '');
	l.from(node.field('condition') ?? node, `${name}(${args.map((arg) => arg.text).join(', ')})`);
	const origin = node.field('condition') ?? node;
	const place = placeOf(l, position);
	const declared: CType = place?.kind === 'register' ? place.local.type : place?.type ?? INT;
	const list = shape.whole ? addressIfValue(l, head) : compile(l, head);
	const element = declared.pointer > 0 && declared.struct ? l.world.name({ ...declared, pointer: 0 }) : undefined;
	// A head that nobody shows the owner of is a thing of its own.
	const container = list.path ?? (isPointer(list.type) && list.type.struct && known(list.type) ? l.world.name(pointee(list.type)) : undefined);
	if (element && container) l.world.containers.element(container, element, member);
	const current = l.temporary(pointerTo({ base: shape.node, pointer: 0, struct: true }));
	const following = l.temporary(current.type);
	const first = callNamed(l, shape.first, [list], origin);
	l.assign(current.operand.reg, first);
	const advance = (): void => l.assign(following.operand.reg, callNamed(l, shape.next, [list, current], origin));
	rounds(l, {
		counted: true,
		before: (yes, no) => {
			l.emitter.branch(current.operand, yes);
			if (place && shape.nullAtEnd) store(l, place, l.constant(0, declared));
			l.emitter.jump(no);
		},
		body: () => {
			if (place) store(l, place, member ? containerOf(l, current, declared, member) : { ...current, type: declared });
			if (shape.safe) advance();
			inside();
			const out = l.frame.loops.at(-1)?.breaks;
			if (!shape.safe && out && endsUnseen(node) && takesAway(body?.text ?? '', position.text)) l.emitter.jump(out);
		},
		after: () => {
			if (!shape.safe) advance();
			l.assign(current.operand.reg, following);
		},
	});
}

/** `hash_for_each(table, …)`: the table itself is the container. */
function addressIfValue(l: Lowering, head: CNode): Val {
	const place = placeOf(l, head);
	if (place?.kind === 'memory' && (place.type.array || place.type.pointer === 0)) return load(l, { ...place, type: { ...place.type, array: true } });
	return compile(l, head);
}

/** Arguments of an iterator macro, from the condition that the pre-pass made of them. */
function argumentsOf(node: CNode): readonly CNode[] {
	const inner = node.field('condition')?.named[0] ?? null;
	const flat: CNode[] = [];
	const walk = (each: CNode): void => {
		if (each.type === 'comma_expression') for (const part of each.named) walk(part);
		else flat.push(each);
	};
	if (inner) walk(inner);
	return flat;
}

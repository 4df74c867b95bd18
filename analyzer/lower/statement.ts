import type { CNode } from '../parse/source';
import { inline } from './call';
import { branchOn } from './condition';
import { type CType, INT, isPointer, known, parseType, UNKNOWN } from './ctype';
import { type Label, value } from './emitter';
import { compile, effects } from './expression';
import { BEHIND, goesUnseen, ROUND } from './elided-label';
import { behind, gap, releasedIn, unshownWork } from './gap';
import { guardOf } from './guard';
import { loop } from './loop';
import type { Lowering } from './lowering';
import { arrivesAt, goesTo, isFragment, LEAVES, leftOpen } from './passage';
import { addressOf, fieldPlace, store } from './place';

/** Macros that declare a variable: what type it has. */
const DECLARERS: Readonly<Record<string, string>> = {
	LIST_HEAD: 'list_head', HLIST_HEAD: 'hlist_head', LLIST_HEAD: 'llist_head', DECLARE_COMPLETION_ONSTACK: 'completion', DECLARE_COMPLETION: 'completion',
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK: 'wait_queue_head', DECLARE_WAIT_QUEUE_HEAD: 'wait_queue_head', DEFINE_WAIT: 'wait_queue_entry', DECLARE_WAITQUEUE: 'wait_queue_entry',
	DEFINE_WAIT_FUNC: 'wait_queue_entry', XA_STATE: 'xa_state',
};

/** What stands for every thread alike, wherever it is declared. */
const FILE_SCOPE: ReadonlySet<string> = new Set(['DEFINE_MUTEX', 'DEFINE_SPINLOCK', 'DEFINE_RAW_SPINLOCK', 'DEFINE_RWLOCK', 'DECLARE_RWSEM', 'DEFINE_SEMAPHORE', 'DEFINE_RATELIMIT_STATE']);

/** A compound statement: a scope of its own. `intercept` may take a statement over. */
export function block(l: Lowering, node: CNode, intercept?: (statement: CNode) => boolean): void {
	l.frame.scopes.push({ id: node.start, cleanups: [] });
	const { released } = l.frame.passage;
	const before = released.length;
	const open = new Set(l.frame.passage.open.keys());
	for (const [index, statement] of node.named.entries()) {
		if (intercept?.(statement)) continue;
		if (leavesUnasked(l, statement, node.named[index + 1])) sometimes(l, statement);
		else compileStatement(l, statement);
	}
	if (l.frame.fn?.tailElided && node === l.frame.fn.body) unshownWork(l);
	leave(l, l.frame.scopes.length - 1);
	l.frame.scopes.pop();
	released.length = Math.min(before, released.length);
	for (const { gap: line, lock } of isFragment(l.frame) ? leftOpen(l.frame, node, open) : []) {
		releasedIn(l, line, lock);
		l.frame.passage.open.delete(lock.key);
	}
}

/** A jump in a fragment before code that could not be reached then: the `if` over it is elided. */
function leavesUnasked({ frame }: Lowering, statement: CNode, next: CNode | undefined): boolean {
	if (!isFragment(frame)) return false;
	return LEAVES.has(statement.type) && next !== undefined && !['labeled_statement', 'case_statement', 'comment'].includes(next.type);
}

function sometimes(l: Lowering, statement: CNode): void {
	gap(l, statement);
	const chosen = l.unknown(`${l.frame.id}@if${statement.line}`, INT);
	l.interest(chosen, (interest) => { interest.truth = true; });
	const [yes, done] = [l.emitter.label(), l.emitter.label()];
	l.emitter.branch(chosen.operand, yes);
	l.emitter.jump(done);
	l.emitter.place(yes);
	compileStatement(l, statement);
	l.emitter.place(done);
}

/** Runs the cleanups of all scopes above the first `keep`, innermost first. */
export function leave(l: Lowering, keep: number): void {
	for (let depth = l.frame.scopes.length - 1; depth >= keep; depth--) {
		for (const cleanup of [...(l.frame.scopes[depth]?.cleanups ?? [])].reverse()) cleanup();
	}
}

/** A statement that something may be done right before or after of. */
const mayHaveAsides = ({ type, synthetic }: CNode): boolean => (type === 'declaration' || /_statement$/.test(type)) && !synthetic;

export function compileStatement(l: Lowering, node: CNode): void {
	gap(l, node);
	const aside = mayHaveAsides(node) ? l.frame.file.asides?.get(node.start) : undefined;
	if (aside?.before) inline(l, aside.before, [], node, INT);
	plainStatement(l, node);
	if (aside?.after) inline(l, aside.after, [], node, INT);
	behind(l, node);
}

function plainStatement(l: Lowering, node: CNode): void {
	const { emitter, frame } = l;
	switch (node.type) {
		case 'compound_statement':
			return block(l, node);
		case 'expression_statement': {
			const expression = node.named[0];
			if (!expression || declarer(l, expression) || guardOf(l, node, expression)) return;
			compile(l, expression);
			return;
		}
		case 'declaration':
			return declaration(l, node);
		case 'if_statement':
			return conditional(l, node);
		case 'while_statement':
		case 'do_statement':
		case 'for_statement':
			return loop(l, node);
		case 'switch_statement':
			return switched(l, node);
		case 'return_statement': {
			const result = node.named[0];
			if (result) {
				const val = compile(l, result, frame.returns);
				l.from(node);
				l.flow({ unknown: `r:${l.thread}:${frame.id}` }, val);
				l.assign(frame.result, val);
			}
			leave(l, 0);
			return emitter.jump(frame.exit);
		}
		case 'goto_statement': {
			const name = node.field('label')?.text ?? node.named[0]?.text ?? '';
			const target = frame.labels.get(name);
			if (!target) return goesUnseen(l, node, name);
			goesTo(frame, name);
			const kept = frame.scopes.findIndex((scope) => !target.scopes.has(scope.id));
			leave(l, kept < 0 ? frame.scopes.length : kept);
			return emitter.jump(target.label);
		}
		case 'labeled_statement': {
			const name = node.field('label')?.text ?? '';
			const target = frame.labels.get(name);
			if (target) emitter.place(target.label);
			arrivesAt(frame, name);
			for (const child of node.named) if (child.fieldName !== 'label') compileStatement(l, child);
			return;
		}
		case 'break_statement':
		case 'continue_statement': {
			const inner = node.type === 'break_statement' ? frame.loops.at(-1) : [...frame.loops].reverse().find((each) => each.continues);
			// Out of a loop or a switch that begins in lines which are not shown.
			const told = inner?.unseen && node.type === 'break_statement' && (l.reading.lockKept || l.reading.referenceKept) && frame.file.place(node.line).changed;
			if (!inner || told) return isFragment(frame) ? goesUnseen(l, node, node.type === 'break_statement' ? BEHIND : ROUND) : undefined;
			leave(l, inner.scopes);
			return emitter.jump(node.type === 'break_statement' ? inner.breaks : (inner.continues ?? inner.breaks));
		}
		case 'case_statement':
			for (const child of node.named) if (child.fieldName !== 'value') compileStatement(l, child);
			return;
		case 'else_clause':
			for (const child of node.named) compileStatement(l, child);
			return;
		case 'attributed_statement':
		case 'ERROR':
			for (const child of node.named) {
				if (child.type.endsWith('_statement') || child.type === 'declaration') compileStatement(l, child);
				else effects(l, child);
			}
			return;
		default:
			if (node.type.endsWith('_expression')) compile(l, node);
	}
}

/** Labels and the scopes they lie in, for cleanups on goto. */
export function labelsIn(body: CNode, label: () => Label): Map<string, { readonly label: Label; readonly scopes: ReadonlySet<number> }> {
	const labels = new Map<string, { readonly label: Label; readonly scopes: ReadonlySet<number> }>();
	const walk = (node: CNode, scopes: readonly number[]): void => {
		const inside = node.type === 'compound_statement' ? [...scopes, node.start] : scopes;
		if (node.type === 'labeled_statement') labels.set(node.field('label')?.text ?? '', { label: label(), scopes: new Set(inside) });
		for (const child of node.named) if (!child.type.endsWith('_expression') && child.type !== 'declaration') walk(child, inside);
	};
	walk(body, []);
	return labels;
}

function conditional(l: Lowering, node: CNode): void {
	const { emitter } = l;
	const condition = node.field('condition');
	const consequence = node.field('consequence');
	const alternative = node.field('alternative');
	const [yes, no, done] = [emitter.label(), emitter.label(), emitter.label()];
	if (node.synthetic || !condition) {
		// An opener of ours: the patch does not show under which condition.
		const chosen = l.unknown(`${l.frame.id}@if${node.line}`, INT);
		l.interest(chosen, (interest) => { interest.truth = true; });
		emitter.branch(chosen.operand, yes);
		emitter.jump(no);
	} else {
		l.from(condition);
		branchOn(l, condition, yes, no);
	}
	const tested = node.synthetic ? undefined : l.frame.file.asides?.get(node.start)?.tested;
	emitter.place(yes);
	if (tested) inline(l, tested, [], node, INT);
	if (consequence) branch(l, consequence);
	emitter.jump(done);
	emitter.place(no);
	if (tested) inline(l, tested, [], node, INT);
	if (alternative) branch(l, alternative);
	emitter.place(done);
}

/** What a branch that nobody falls out of makes of a variable is not what it is behind it. */
function branch(l: Lowering, node: CNode): void {
	const locals = [...l.frame.locals.values()].filter((local) => local.kind === 'register');
	const fresh = locals.map((local) => local.fresh);
	compileStatement(l, node);
	const last = node.type === 'compound_statement' ? node.named.at(-1) : node;
	if (LEAVES.has(last?.type ?? '')) for (const [index, local] of locals.entries()) local.fresh = fresh[index];
}

function switched(l: Lowering, node: CNode): void {
	const { emitter, frame } = l;
	const condition = node.field('condition');
	const body = node.field('body');
	if (!body) return;
	const val = condition && !node.synthetic ? compile(l, condition) : l.unknown(`${frame.id}@switch${node.line}`, INT);
	const cases = body.named.filter((child) => child.type === 'case_statement');
	const labels = new Map(cases.map((each) => [each, emitter.label()]));
	const done = emitter.label();
	const top = emitter.label();
	if (node.synthetic && body.named[0]?.type !== 'case_statement') {
		// The label that leads to what stands before the first one is not shown.
		const unseen = l.unknown(`${frame.id}@case${node.start}`, INT);
		l.interest(unseen, (interest) => { interest.truth = true; });
		emitter.branch(unseen.operand, top);
	}
	for (const each of cases) {
		const tested = each.field('value');
		const label = labels.get(each);
		if (!tested || !label) continue;
		const constant = compile(l, tested);
		const number = 'value' in constant.operand ? constant.operand.value : 0;
		l.interest(val, (interest) => { interest.equal.add(number); });
		emitter.branch(l.alu('eq', val.operand, value(number)).operand, label);
	}
	const fallback = cases.find((each) => !each.field('value'));
	emitter.jump((fallback && labels.get(fallback)) ?? done);
	emitter.place(top);
	frame.loops.push({ breaks: done, continues: null, scopes: frame.scopes.length, unseen: node.synthetic });
	frame.scopes.push({ id: body.start, cleanups: [] });
	for (const statement of body.named) {
		const label = labels.get(statement);
		if (label) emitter.place(label);
		compileStatement(l, statement);
	}
	frame.scopes.pop();
	frame.loops.pop();
	emitter.place(done);
}

/** Its name, what stands before and after it, and its initial value. */
export function declarators(node: CNode): { readonly name: string; readonly text: string; readonly value: CNode | null; readonly prototype: boolean }[] {
	return node.children.filter((child) => child.fieldName === 'declarator').map((child) => {
		const value = child.type === 'init_declarator' ? child.field('value') : null;
		let inner: CNode = child.type === 'init_declarator' ? (child.field('declarator') ?? child) : child;
		const { text } = inner;
		let prototype = false;
		for (let next: CNode | null = inner; next && next.type !== 'identifier'; ) {
			prototype ||= next.type === 'function_declarator' && !/^\s*\(/.test(next.text);
			next = next.field('declarator') ?? next.named.find((part) => part.type.endsWith('declarator') || part.type === 'identifier') ?? null;
			if (next) inner = next;
		}
		return { name: inner.type === 'identifier' ? inner.text : (/[A-Za-z_]\w*/.exec(text)?.[0] ?? ''), text, value, prototype };
	});
}

function declaration(l: Lowering, node: CNode): void {
	const typeText = node.children.filter((child) => child.fieldName === 'type' || child.type === 'type_qualifier').map((child) => child.text).join(' ');
	if (node.children.some((child) => child.type === 'storage_class_specifier' && child.text === 'static')) return;
	for (const { name, text, value: initial, prototype } of declarators(node)) {
		if (!name || prototype) continue;
		const type = l.typeOf(typeText, text);
		const plain = /^[A-Z]/.test(typeText) && !known(parseType(typeText)) ? UNKNOWN : type;
		define(l, name, plain, initial, node);
		guardOf(l, node, null, name);
	}
}

/** Makes the local and gives it its initial value. */
function define(l: Lowering, name: string, type: CType, initial: CNode | null, node: CNode): void {
	const struct = !isPointer(type) && type.struct;
	if (struct || type.array || l.frame.addressed.has(name)) {
		const owner = struct ? l.world.name(type) : `~${l.frame.fn?.name ?? ''}.${name}`;
		if (!struct) l.world.field(owner, 'value', type);
		const address = l.world.frame(`${l.thread}:${l.frame.id}:${name}`, owner, name);
		l.frame.locals.set(name, { kind: 'memory', address, type, key: struct ? owner : `${owner}.value` });
		const place = { kind: 'memory', base: value(address), offset: 0, type, key: struct ? owner : `${owner}.value`, path: struct ? owner : `${owner}.value`, own: true } as const;
		if (initial?.type === 'initializer_list') {
			for (const pair of initial.named) {
				const field = /^\.\s*([A-Za-z_]\w*)$/.exec(pair.field('designator')?.text ?? '')?.[1];
				const given = pair.field('value');
				if (!field || !given) continue;
				const target = { ...fieldPlace(l, addressOf(l, place), field), own: true };
				store(l, target as typeof place, compile(l, given, target.kind === 'memory' ? target.type : UNKNOWN));
			}
		} else if (initial) {
			const val = compile(l, initial, type);
			if (!struct) store(l, place, val);
		}
		return;
	}
	const val = initial ? compile(l, initial, type) : undefined;
	const local = l.declare(name, known(type) ? type : (val?.type ?? type));
	if (val) {
		l.from(node);
		store(l, { kind: 'register', local }, val);
	}
}

function declarer(l: Lowering, expression: CNode): boolean {
	if (expression.type !== 'call_expression') return false;
	const type = DECLARERS[expression.field('function')?.text ?? ''];
	const name = expression.field('arguments')?.named[0]?.text;
	// A lock made in a function is static: every thread's.
	if (FILE_SCOPE.has(expression.field('function')?.text ?? '')) return true;
	if (!type || !name) return false;
	define(l, name, { base: type, pointer: 0, struct: true }, null, expression);
	return true;
}

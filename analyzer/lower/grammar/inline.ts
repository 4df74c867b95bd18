import { assignedIn } from './assigned';
import type { Lowering } from '../lowering';
import { heldAtEntry } from '../callers/contract';
import { compileStatement } from '../descent';
import type { Definition } from '../sources';
import { valueOf } from '../values/argument';
import type { CNode } from '../../parse/source';
import { type CType, isPointer, known, pointee, UNKNOWN } from '../values/ctype';
import type { Val } from '../values/value';
import { type Arguments, newFrame } from '../frame';
import { constantOf, reg, value } from '../emitted/emitter';
import { loadedAs } from '../elided/local';
import { store } from '../values/access';
import { dueOf, settle } from '../elided/due';
import { forgive, headGap } from '../elided/gap';
import { isOfError } from '../elided/label';

/** Lowers the function's body in place of the call. */
export function bodyInPlace(l: Lowering, { fn, file }: Definition, args: Arguments, node: CNode, hint: CType): Val {
	const { emitter } = l;
	const vals = args.map((arg, index) => {
		const param = fn.params[index];
		return valueOf(l, arg, param ? l.typeOf(param.type) : UNKNOWN);
	});
	holdsElements(l, { fn, file }, vals, hint);
	l.from(node);
	const atomic = file.modelled && (fn.storage.includes('ATOMIC') || fn.annotations.includes('ATOMIC') || fn.returns.includes('ATOMIC'));
	const returns = l.typeOf(fn.returns.replace(/\b(ATOMIC|CALLER|INITIAL|QUIESCENCE|(?:ENVIRONMENT|CONCERNS|PLAYED)\s*\([^)]*\))\s*/g, ''));
	const result = emitter.register();
	const outer = l.frame;
	const frame = newFrame(l, { fn, file }, `${outer.id}/${fn.name}@${node.start}`, outer, returns, result);
	frame.hint = hint;
	frame.beyond = vals.slice(fn.params.length);
	const run = (): void => {
		l.frame = frame;
		fn.params.forEach((param, index) => {
			const val = matched(l, fn, vals, index);
			if (!param.name || !val) return;
			bind(l, param.name, l.typeOf(param.type), val);
		});
		body(l);
		l.frame = outer;
	};
	const from = emitter.ops.length;
	if (atomic) {
		emitter.atomically(run);
		emitter.testsAndSets(from);
	} else run();
	l.from(node);
	const type = isPointer(hint) && (!known(returns) || returns.base === 'void') ? hint : returns;
	return { operand: reg(result), type, unknown: `r:${l.thread}:${frame.id}`, ...frame.given };
}

/**
 * The argument of a parameter. Where an operations slot changed its parameters over time (`fault(vma, vmf)`, `fault(vmf)`) and so their number
 * differs, the one of the parameter's type.
 */
function matched(l: Lowering, fn: Definition['fn'], vals: readonly Val[], index: number): Val | undefined {
	const param = fn.params[index];
	if (vals.length === fn.params.length || !param) return vals[index];
	const type = l.typeOf(param.type);
	if (!known(type) || !type.struct) return vals[index];
	return vals.find((val) => val.type.struct && val.type.base === type.base && val.type.pointer === type.pointer) ?? vals[index];
}

/** What models call a list as a whole. */
const HEADS: ReadonlySet<string> = new Set(['list', 'head', 'queue']);

/** A model that hands a `void *` out of a container: the container holds what the caller takes it for. Likewise what is put in. */
function holdsElements(l: Lowering, { fn, file }: Definition, vals: readonly Val[], hint: CType): void {
	const { returns } = fn;
	const container = vals[0]?.path;
	if (!file.modelled || l.frame.file.modelled || !container || !/^[a-z~]/.test(container)) return;
	const typed = (type: CType): boolean => known(type) && type.pointer === 1 && type.struct;
	if (/\bvoid\s*\*/.test(returns) && typed(hint)) l.world.containers.element(container, l.world.name(pointee(hint)), '');
	const [, ...rest] = vals;
	const stored = rest.find((val) => typed(val.type) && !val.path);
	if (stored && /\bvoid\s*\*/.test(returns)) l.world.containers.element(container, l.world.name(pointee(stored.type)), '');
	// A node put on a list: its owner is the list's element.
	const [node, head] = HEADS.has(fn.params[0]?.name ?? '') ? [] : vals;
	const [owner, member] = (node?.key ?? '').split('.');
	if (owner && member && head?.path && node && pointee(node.type).struct && /^(list_head|hlist_node|llist_node|rb_node)$/.test(pointee(node.type).base)) {
		l.world.containers.element(head.path, owner, member);
		if (!node.fresh) l.world.containers.begins(head.path);
	}
}

/** `&foo->bar` of a struct that is not shown, handed to a parameter that says what it points at: so that is what the field is. */
function tellsField(l: Lowering, declared: CType, { path, key, type }: Val): void {
	if (path === undefined || path !== key || declared.pointer !== 1 || !declared.struct) return;
	const [owner, member, ...deeper] = path.split('.');
	if (!owner || !member || deeper.length) return;
	if (known(pointee(type))) l.world.named(owner, member, pointee(declared));
	else l.world.field(owner, member, pointee(declared));
}

/** A parameter gets its argument. */
function bind(l: Lowering, name: string, declared: CType, val: Val): void {
	tellsField(l, declared, val);
	loadedAs(l, declared, val);
	const type = known(declared) && declared.base !== 'void' ? declared : known(val.type) ? val.type : declared;
	if (l.frame.addressed.has(name)) {
		const owner = `~${l.frame.fn?.name ?? ''}.${name}`;
		l.world.field(owner, 'value', type);
		const address = l.world.frame(`${l.thread}:${l.frame.id}:${name}`, owner, name);
		const key = `${owner}.value`;
		l.frame.locals.set(name, { kind: 'memory', address, type, key });
		store(l, { kind: 'memory', base: value(address), offset: 0, type, key, path: key, own: true }, val);
		return;
	}
	const local = l.declare(name, type);
	l.flow(local, val);
	l.assign(local.register, val);
	local.assigned = true;
	local.fn = val.fn;
	local.path = val.path;
	local.key = val.key;
	local.fresh = val.fresh;
	local.parameter = val.parameter;
	const constant = constantOf(val.operand);
	if (constant !== undefined && !isPointer(type) && !assignedIn(l.frame.fn?.body).has(name)) local.constant = constant;
}

/** Names of the local that functions return. */
const RESULT = /^(ret|retval|rc|rv|err|error|result)$/;

/** The end of the function is not shown: what it returns to its caller is what the local holds that is named for it, or an error behind a label for those. */
function returnsElided(l: Lowering): void {
	const { frame } = l;
	const results = [...frame.locals].filter(([name, local]) => RESULT.test(name) && local.kind === 'register' && local.type.pointer === 0);
	const [name, local] = results[0] ?? [];
	const last = frame.fn?.body.named.findLast(({ type }) => type === 'labeled_statement')?.field('label')?.text;
	if (results.length === 0 && last !== undefined && isOfError(last) && /\bint\b/.test(frame.fn?.returns ?? '')) {
		l.assumptions.add(`${frame.fn?.name ?? ''}() returns an error behind ${last}, in code that the patch does not show`);
		l.assign(frame.result, l.constant(-1));
		return;
	}
	if (!name || local?.kind !== 'register' || results.length !== 1 || /\bvoid\b/.test(frame.fn?.returns ?? '') || !assignedIn(frame.fn?.body).has(name)) return;
	l.assumptions.add(`${frame.fn?.name ?? ''}() returns ${name} in code that the patch does not show`);
	const val: Val = { operand: reg(local.register), type: local.type, unknown: local.unknown };
	l.flow({ unknown: `r:${l.thread}:${frame.id}` }, val);
	l.assign(frame.result, val);
}

/** Lowers the body of the current frame up to its exit. */
function body(l: Lowering): void {
	const { frame, emitter } = l;
	if (!frame.fn) return;
	const beyond = [...frame.beyond];
	for (const [name, type] of l.facts.elided.get(frame.id) ?? []) {
		if (frame.locals.has(name)) continue;
		// A parameter behind the end of what is shown of the signature.
		const passed = beyond.findIndex((val) => known(type) && val.type.base === type.base && val.type.pointer === type.pointer);
		const [argument] = passed < 0 ? [] : beyond.splice(passed, 1);
		if (argument) {
			bind(l, name, type, argument);
			continue;
		}
		const local = l.declare(name, type);
		// What is asked of the local is asked of what it begins with: said before that is chosen.
		l.world.domains.flow(l.unknownName(`${frame.id}:${name}`), local.unknown);
		const live = frame.file.live?.has(name) === true && known(type) && type.pointer === 1;
		l.assign(local.register, live ? l.constant(l.world.canonical(l.world.name({ ...type, pointer: 0 })), type) : l.unknown(`${frame.id}:${name}`, type));
	}
	emitter.local({ op: 'set', dst: frame.result, from: value(0) });
	frame.due = dueOf(l);
	headGap(l);
	heldAtEntry(l);
	compileStatement(l, frame.fn.body);
	if (frame.fn.tailElided) {
		settle(l);
		forgive(l);
		l.lent.clear();
		if (frame.parent) returnsElided(l);
	}
	emitter.place(frame.exit);
	// Labels that stand nowhere any more (in code that was cut) end the function.
	for (const { label } of frame.labels.values()) if (label.at < 0) emitter.place(label);
}

import type { CNode } from '../parse/source';
import { isError } from './condition';
import { type CType, INT, isPointer, known, parseType, pointee, pointerTo, UNKNOWN } from './ctype';
import { dueOf, settle } from './due';
import { apply, type Arguments } from './effect';
import { constantOf, reg, value } from './emitter';
import { allocate } from './effects/objects';
import { compile, effects } from './expression';
import { droppedUnseen, forgive, headGap } from './gap';
import { type IntrinsicName, intrinsic, isIntrinsic } from './intrinsic';
import { CALL_DEPTH_BOUND, CALLEE_BOUND, type Definition, type Frame, type Lowering, OPERATIONS_BOUND, type Val } from './lowering';
import { load, lookup, placeOf, store, structOf, within } from './place';
import { compileStatement, labelsIn } from './statement';

const CONTAINER = new Set(['container_of', 'container_of_const', 'list_entry', 'list_entry_rcu', 'hlist_entry', 'hlist_entry_safe', 'rb_entry', 'rb_entry_safe', 'llist_entry', 'from_timer', 'timer_container_of', 'rb_entry_rcu', 'list_entry_lockless', 'from_tasklet', 'from_work']);
const FIRST: Readonly<Record<string, boolean>> = {
	list_first_entry: false, list_first_entry_or_null: true, list_last_entry: false, list_first_or_null_rcu: true, list_last_entry_or_null: true,
};

/** Compiles a call. */
export function call(l: Lowering, node: CNode, hint: CType): Val {
	const callee = node.field('function');
	const args = node.field('arguments')?.named ?? [];
	const name = callee?.type === 'identifier' ? callee.text : '';
	const [first, second] = args;
	if (name === 'likely' || name === 'unlikely' || name === '__builtin_expect') return first ? compile(l, first, hint) : l.constant(0);
	if (name === 'IS_ERR' || name === 'IS_ERR_OR_NULL' || name === 'IS_ERR_VALUE') return first ? isError(l, compile(l, first), name === 'IS_ERR_OR_NULL') : l.constant(0);
	if (name === 'PTR_ERR' || name === 'ERR_PTR' || name === 'ERR_CAST') return first ? { ...compile(l, first), type: name === 'PTR_ERR' ? INT : hint } : l.constant(0);
	if (name === 'PTR_ERR_OR_ZERO' && first) return errorOrZero(l, compile(l, first));
	// The work item is the first member of the delayed one: they are one thing to us.
	if (name === 'to_delayed_work' && first) return { ...compile(l, first), type: pointerTo({ base: 'delayed_work', pointer: 0, struct: true }) };
	if (CONTAINER.has(name)) return container(l, node, name, args, hint);
	if (name in FIRST) return firstEntry(l, node, name, args);
	if (isIntrinsic(name) && (l.frame.file.modelled || l.frame.fn === null)) return intrinsic(l, name as IntrinsicName, node, args);
	if ((name === 'min' || name === 'max' || name === 'min_t' || name === 'max_t') && first && second) return compile(l, args.at(-1) ?? second);

	if (name && !lookup(l, name)) return named(l, name, node, args, hint);
	// A call through a pointer: bound, or passed in as a function's name.
	const target = callee ? compile(l, callee) : l.constant(0);
	if (target.fn) return named(l, target.fn, node, args, hint);
	for (const arg of args) effects(l, arg);
	if (callee) l.unmodelled.add(`${callee.text.replace(/\s+/g, '')} (a call through a pointer)`);
	return l.unknown(`${l.frame.id}@${node.start}`, hint);
}

function named(l: Lowering, name: string, node: CNode, args: readonly CNode[], hint: CType): Val {
	const frame = l.frame;
	const lazy: Arguments = args.map((arg) => ({ kind: 'argument', node: arg, frame }));
	return resolve(l, name, lazy, node, hint);
}

/** A call with values at hand: from iterators, guards, rows. */
export function callNamed(l: Lowering, name: string, args: readonly Val[], node: CNode, hint: CType = UNKNOWN): Val {
	return resolve(l, name, args.map((val) => ({ kind: 'argument', node, frame: l.frame, val })), node, hint);
}

/** The patch's and its files' own definition, else the table, else a model, else the tree; else it is not modelled. */
function resolve(l: Lowering, name: string, args: Arguments, node: CNode, hint: CType): Val {
	const { sources } = l;
	const own = sources.defined(name);
	const row = sources.table.rows.get(name);
	const model = sources.model(name);
	const partial = own !== null && (own.fn.headElided || own.fn.gaps.length > 0 || own.fn.tailElided);
	if (!row && !model) settle(l, name);
	// The tree's own version counts where the patch changes it; else what the table and the models say of it.
	if (own && !((partial || !sources.changed(name)) && (row || model)) && canInline(l, name)) return affordable(l, own, args, node, hint);
	if (row) {
		const result = apply(l, row, args, node, hint);
		unregistered(l, name, node);
		return result;
	}
	const modelled = model ?? macroOf(l, name);
	if (modelled && canInline(l, name)) return inline(l, modelled, args, node, hint);
	const pattern = sources.table.patterns.find(({ prefix, suffix }) => name.startsWith(prefix) && name.endsWith(suffix));
	if (pattern) return apply(l, pattern.row, args, node, hint);
	// Only what the files under review call themselves is looked for in the tree, while the thread is small.
	const near = !l.frame.file.modelled && sources.defined(l.frame.fn?.name ?? '') !== null && l.emitter.length < FAR_BOUND;
	const far = near && canInline(l, name) ? sources.elsewhere(name, l.frame.file.path) : null;
	if (far) return affordable(l, far, args, node, hint);
	return unmodelled(l, name, args, node, hint);
}

/** Operations up to which functions of other files are inlined. */
const FAR_BOUND = 400;

function macroOf(l: Lowering, name: string): Definition | null {
	const macro = l.sources.macro(name);
	return macro?.params ? { fn: macro.body, file: macro.file } : null;
}

function canInline(l: Lowering, name: string): boolean {
	if (l.frame.stack.length >= CALL_DEPTH_BOUND || l.emitter.length > OPERATIONS_BOUND) return false;
	return !l.frame.stack.includes(name) && l.frame.fn?.name !== name;
}

/** Names of functions that make what they return. */
const MAKERS = /(^|_)(alloc|create|dup|clone|new|make|build|copy)(_|$)/;

/** Nothing is known of it: its pointers are used, what it is given the address of is unknown after it. */
function unmodelled(l: Lowering, name: string, args: Arguments, node: CNode, hint: CType): Val {
	if (!l.frame.file.modelled) l.unmodelled.add(`${name}()`);
	for (const arg of args) {
		const val = valueOf(l, arg);
		const address = arg.node.type === 'pointer_expression' && arg.node.children[0]?.type === '&';
		const target = address ? arg.node.field('argument') : null;
		const local = target?.type === 'identifier' ? within(l, arg.frame, () => lookup(l, target.text)) : undefined;
		if (target && local?.kind === 'memory') {
			const place = within(l, arg.frame, () => placeOf(l, target));
			if (place && !(local.type.struct && local.type.pointer === 0)) store(l, place, l.unknown(`${l.frame.id}@${arg.node.start}o`, local.type));
			continue;
		}
		if (isPointer(val.type) && known(val.type) && val.type.struct && constantOf(val.operand) === undefined) touch(l, val, node);
	}
	references(l, name, args, node);
	unregistered(l, name, node);
	const returns = l.sources.returns(name);
	const type = known(hint) ? hint : (returns ?? INT);
	// Bytes that somebody hands out, and what is made anew, are nobody else's.
	if (isPointer(type) && known(type) && (!type.struct || MAKERS.test(name))) return allocate(l, type, node, true, undefined);
	return l.unknown(`${l.frame.id}@${node.start}`, type);
}

/** `foo_put(p)` and `foo_get(p)` that nobody shows are what their names say: they count references of their argument. */
function references(l: Lowering, name: string, args: Arguments, node: CNode): void {
	const drops = /(^|_)put$|^put_[a-z_]+$/.test(name);
	const takes = /(^|_)(get|hold|grab)$|^get_[a-z]+$/.test(name);
	const [argument] = args;
	if ((!drops && !takes) || args.length !== 1 || !argument) return;
	const val = valueOf(l, argument);
	if (!isPointer(val.type) || !val.type.struct) return;
	const owner = structOf(l, val);
	l.world.field(owner, '__references');
	const key = `${owner}.__references`;
	const place = { base: val.operand, offset: l.world.offset(owner, '__references') };
	const none = l.emitter.label();
	l.emitter.branch(l.alu('le', val.operand, value(0)).operand, none);
	l.from(node);
	if (drops && !l.held.has(key)) droppedUnseen(l, key);
	l.facts.counted(key, l.thread, drops ? -1 : 1);
	l.account(key, drops ? 'sub' : 'add', value(1));
	l.emitter.visible(drops ? { op: 'put', at: place, frees: true } : { op: 'get', at: place }, { key });
	if (takes) l.released(val.operand);
	l.emitter.place(none);
}

/** Names of functions after which the callbacks of what they unregister run no more. */
const UNREGISTERS = /(^|_)(unregister|deregister)(_|$)|[a-z]_(remove|del|delete)(_dev|_device|_disk|_chip|_client)?$/;

function unregistered(l: Lowering, name: string, node: CNode): void {
	if (!UNREGISTERS.test(name) || /list|timer|work|rcu|bit|idr|ida|xa_|hash|rb_|kobject/.test(name) || l.frame.file.modelled) return;
	for (const thread of l.directory.callbacks()) {
		if (thread === l.thread) continue;
		l.assumptions.add(`after ${name}() no callback of what it unregisters runs`);
		l.from(node);
		l.emitter.visible({ op: 'disable', thread }, { key: `thread ${thread}.` });
		l.emitter.visible({ op: 'join', thread }, { key: `thread ${thread}.` });
	}
}

/** The object is used by code that is not modelled: it must be live, where it is there at all. */
export function touch(l: Lowering, val: Val, node: CNode): void {
	const skip = l.emitter.label();
	const none = l.alu('le', val.operand, value(0));
	l.emitter.branch(none.operand, skip);
	l.from(node);
	l.emitter.visible({ op: 'touch', pointer: val.operand }, { key: `${structOf(l, val)}.` });
	l.emitter.place(skip);
}

export function valueOf(l: Lowering, arg: Arguments[number], hint: CType = UNKNOWN): Val {
	arg.val ??= within(l, arg.frame, () => compile(l, arg.node, hint));
	return arg.val;
}

/** Inlines the callee, unless it turns out to be too much of the thread: then it is as if nothing was known of it. */
function affordable(l: Lowering, definition: Definition, args: Arguments, node: CNode, hint: CType): Val {
	const { emitter } = l;
	for (const [index, arg] of args.entries()) {
		const param = definition.fn.params[index];
		valueOf(l, arg, param ? l.typeOf(param.type) : UNKNOWN);
	}
	const from = emitter.length;
	const saved = l.checkpoint();
	const val = inline(l, definition, args, node, hint);
	if (emitter.length - from <= CALLEE_BOUND || l.sources.changed(definition.fn.name)) return val;
	emitter.cut(from);
	saved();
	return unmodelled(l, definition.fn.name, args, node, hint);
}

/** Lowers the function's body in place of the call. */
export function inline(l: Lowering, { fn, file }: Definition, args: Arguments, node: CNode, hint: CType): Val {
	const { emitter } = l;
	const vals = args.map((arg, index) => {
		const param = fn.params[index];
		return valueOf(l, arg, param ? l.typeOf(param.type) : UNKNOWN);
	});
	holdsElements(l, file, fn.returns, vals, hint);
	l.from(node);
	const atomic = file.modelled && (fn.storage.includes('ATOMIC') || fn.annotations.includes('ATOMIC') || fn.returns.includes('ATOMIC'));
	const returns = l.typeOf(fn.returns.replace(/\b(ATOMIC|CALLER|INITIAL|QUIESCENCE|ENVIRONMENT\s*\([^)]*\))\s*/g, ''));
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
	if (atomic) emitter.atomically(run);
	else run();
	l.from(node);
	const type = isPointer(hint) && (!known(returns) || returns.base === 'void') ? hint : returns;
	return { operand: reg(result), type, unknown: `r:${l.thread}:${frame.id}` };
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

/** A model that hands a `void *` out of a container: the container holds what the caller takes it for. Likewise what is put in. */
function holdsElements(l: Lowering, file: Definition['file'], returns: string, vals: readonly Val[], hint: CType): void {
	const container = vals[0]?.path;
	if (!file.modelled || l.frame.file.modelled || !container || !/^[a-z~]/.test(container)) return;
	const typed = (type: CType): boolean => known(type) && type.pointer === 1 && type.struct;
	if (/\bvoid\s*\*/.test(returns) && typed(hint)) l.world.element(container, l.world.name(pointee(hint)), '');
	const [, ...rest] = vals;
	const stored = rest.find((val) => typed(val.type) && !val.path);
	if (stored && /\bvoid\s*\*/.test(returns)) l.world.element(container, l.world.name(pointee(stored.type)), '');
	// A node put on a list: its owner is the list's element.
	const [node, head] = vals;
	const [owner, member] = (node?.key ?? '').split('.');
	if (owner && member && head?.path && node && pointee(node.type).struct && /^(list_head|hlist_node|llist_node|rb_node)$/.test(pointee(node.type).base)) {
		l.world.element(head.path, owner, member);
		if (!node.fresh) l.world.begins(head.path);
	}
}

/** `&foo->bar` of a struct that is not shown, handed to a parameter that says what it points at: so that is what the field is. */
function tellsField(l: Lowering, declared: CType, { path, key, type }: Val): void {
	if (path === undefined || path !== key || known(pointee(type)) || declared.pointer !== 1 || !declared.struct) return;
	const [owner, member, ...deeper] = path.split('.');
	if (owner && member && !deeper.length) l.world.field(owner, member, pointee(declared));
}

/** A parameter gets its argument. */
function bind(l: Lowering, name: string, declared: CType, val: Val): void {
	tellsField(l, declared, val);
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
}

export function newFrame(l: Lowering, { fn, file }: Definition, id: string, parent: Frame | null, returns: CType, result: number): Frame {
	return {
		id, fn, file, locals: new Map(), labels: labelsIn(fn.body, () => l.emitter.label()), exit: l.emitter.label(), result, returns,
		stack: parent ? [...parent.stack, parent.fn?.name ?? ''] : [], parent, scopes: [], loops: [], addressed: addressedIn(fn.body), gapsPassed: new Set(), due: null, hint: UNKNOWN, beyond: [],
	};
}

/** Lowers the body of the current frame up to its exit. */
export function body(l: Lowering): void {
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
		const val = l.unknown(`${frame.id}:${name}`, type);
		l.flow(local, val);
		l.assign(local.register, val);
	}
	emitter.local({ op: 'set', dst: frame.result, from: value(0) });
	frame.due = dueOf(l);
	headGap(l);
	compileStatement(l, frame.fn.body);
	if (frame.fn.tailElided) {
		settle(l);
		forgive(l);
	}
	emitter.place(frame.exit);
	// Labels that stand nowhere any more (in code that was cut) end the function.
	for (const { label } of frame.labels.values()) if (label.at < 0) emitter.place(label);
}

/** Variables whose address is taken in the body. */
function addressedIn(node: CNode): ReadonlySet<string> {
	const found = new Set<string>();
	const walk = (each: CNode): void => {
		if (each.type === 'pointer_expression' && each.children[0]?.type === '&') {
			const target = each.field('argument');
			if (target?.type === 'identifier') found.add(target.text);
		}
		for (const child of each.named) walk(child);
	};
	walk(node);
	return found;
}

function container(l: Lowering, node: CNode, name: string, args: readonly CNode[], hint: CType): Val {
	const written = l.frame.file.parsed.rewritten.get(node.start)?.args;
	const pointer = args[name.startsWith('from_') || name === 'timer_container_of' ? 1 : 0];
	if (!pointer) return l.constant(0, hint);
	const ptr = compile(l, pointer);
	const typed = written?.[1]?.text ?? args[1]?.text ?? '';
	const member = (written?.[2]?.text ?? args[2]?.text ?? '').trim();
	const type = name.startsWith('from_') || name === 'timer_container_of' ? variableType(l, args[0]) ?? hint : pointerTo(typeofArgument(l, typed));
	return containerOf(l, ptr, type, member);
}

/** `typeof(*x)` or a type's name. */
function typeofArgument(l: Lowering, text: string): CType {
	const variable = /^\s*(?:typeof|__typeof__)\s*\(\s*\*\s*(\w+)\s*\)/.exec(text)?.[1];
	const local = variable ? lookup(l, variable) : undefined;
	if (local && local.kind !== 'argument') return pointee(local.type);
	return parseType(text);
}

const variableType = (l: Lowering, node: CNode | undefined): CType | undefined => {
	const local = node ? lookup(l, node.text) : undefined;
	return local && local.kind !== 'argument' ? local.type : undefined;
};

/** From a pointer to the member to its struct. */
export function containerOf(l: Lowering, ptr: Val, type: CType, member: string): Val {
	const owner = l.world.name(pointee(type));
	const parts = member.split('.');
	let inner = owner;
	let offset = 0;
	for (const part of parts) {
		const field = l.world.field(inner, part, part === parts.at(-1) && isPointer(ptr.type) ? pointee(ptr.type) : undefined);
		offset += l.world.offset(inner, part);
		inner = l.world.name(field);
	}
	const embedded = pointee(ptr.type);
	if (known(embedded) && embedded.struct && parts.length === 1) l.world.container(l.world.name(embedded), owner, member);
	if (ptr.parameter) l.world.placeParameter(ptr.parameter, owner, member);
	return { operand: l.offset(ptr.operand, -offset), type: known(pointee(type)) ? { ...pointerTo(pointee(type)) } : type, ...(ptr.unknown ? { unknown: ptr.unknown } : {}) };
}

function firstEntry(l: Lowering, node: CNode, name: string, args: readonly CNode[]): Val {
	const written = l.frame.file.parsed.rewritten.get(node.start)?.args;
	const head = args[0];
	if (!head) return l.constant(0);
	const list = compile(l, head);
	const type = typeofArgument(l, written?.[1]?.text ?? args[1]?.text ?? '');
	const member = (written?.[2]?.text ?? args[2]?.text ?? '').trim();
	if (list.path && known(type)) l.world.element(list.path, l.world.name(type), member);
	const found = callNamed(l, '__list_first', [list], node, pointerTo({ base: 'list_head', pointer: 0, struct: true }));
	if (!FIRST[name]) return containerOf(l, found, pointerTo(type), member);
	const result = l.temporary(pointerTo(type));
	const none = l.emitter.label();
	l.emitter.local({ op: 'set', dst: result.operand.reg, from: value(0) });
	l.emitter.branch(l.alu('eq', found.operand, value(0)).operand, none);
	l.assign(result.operand.reg, containerOf(l, found, pointerTo(type), member));
	l.emitter.place(none);
	return result;
}

function errorOrZero(l: Lowering, val: Val): Val {
	const error = isError(l, val, false);
	return l.alu('mul', error.operand, val.operand);
}

export { load };

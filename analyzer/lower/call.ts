import { type CNode, isWhole } from '../parse/source';
import { isError } from './condition';
import { type CType, INT, isPointer, known, pointee, pointerTo, UNKNOWN } from './ctype';
import { CONTAINER, container, FIRST, firstEntry } from './container';
import { dueOf, settle } from './due';
import { apply, type Arguments } from './effect';
import { constantOf, reg, value } from './emitter';
import { compile, effects } from './expression';
import { forgive, headGap } from './gap';
import { type IntrinsicName, intrinsic, isIntrinsic } from './intrinsic';
import { CALL_DEPTH_BOUND, CALLEE_BOUND, type Definition, type Frame, type Lowering, OPERATIONS_BOUND, type Val } from './lowering';
import { newPassage } from './passage';
import { loadedAs, lookup, store, within } from './place';
import { compileStatement, labelsIn } from './statement';
import { unmodelled, unregistered } from './unmodelled';

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
	const own = inSight(sources.defined(name));
	const told = sources.table.rows.get(name);
	const row = told?.partial ? undefined : told;
	const model = sources.model(name);
	const partial = own !== null && !isWhole(own.fn);
	if (!row && !model) settle(l, name);
	// The tree's own version counts where the patch changes it; else what the table and the models say of it.
	if (own && !((partial || !sources.changed(name)) && (row || model)) && canInline(l, name)) return affordable(l, own, args, node, hint);
	if (row) {
		const result = apply(l, row, args, node, hint);
		unregistered(l, name, node);
		return result;
	}
	const modelled = model ?? macroOf(l, name);
	if (modelled && canInline(l, name, modelled.file.modelled && modelled.fn.endLine - modelled.fn.line <= SMALL_MODEL)) return inline(l, modelled, args, node, hint);
	const pattern = told ? undefined : sources.table.patterns.find(({ prefix, suffix }) => name.startsWith(prefix) && name.endsWith(suffix));
	const ofFamily = (family: NonNullable<typeof pattern>): Val => {
		const result = apply(l, family.row, args, node, hint);
		unregistered(l, name, node);
		return result;
	};
	// A family that only says that there is a result is for where nobody knows which.
	if (pattern && pattern.row.returns !== 'nonnull') return ofFamily(pattern);
	// What the files under review call themselves is looked for in the tree while the thread is small; short ones always.
	const near = sources.defined(l.frame.fn?.name ?? '') !== null && l.emitter.length < FAR_BOUND;
	const far = !l.frame.file.modelled && canInline(l, name) ? sources.elsewhere(name, l.frame.file.path) : null;
	if (far && (near || far.fn.endLine - far.fn.line <= SHORT_FUNCTION)) return affordable(l, far, args, node, hint);
	if (pattern) return ofFamily(pattern);
	return unmodelled(l, name, args, node, hint);
}

/** A function of which a hunk's context shows no more than its end says nothing of what it does. */
const inSight = (definition: Definition | null): Definition | null => (definition?.fn.headElided && definition.fn.body.named.length === 0 ? null : definition);

/** Lines of a model that is inlined however deep. */
const SMALL_MODEL = 12;
/** Lines of a function of another file that is inlined in any thread. */
const SHORT_FUNCTION = 15;
/** Operations up to which functions of other files are inlined. */
const FAR_BOUND = 400;

function macroOf(l: Lowering, name: string): Definition | null {
	const macro = l.sources.macro(name);
	return macro?.params ? { fn: macro.body, file: macro.file } : null;
}

/** `small`: a model of a few lines, which costs less than not knowing. */
function canInline(l: Lowering, name: string, small = false): boolean {
	if (l.frame.stack.length >= CALL_DEPTH_BOUND || l.emitter.length > OPERATIONS_BOUND) return small;
	return !l.frame.stack.includes(name) && l.frame.fn?.name !== name;
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
	holdsElements(l, { fn, file }, vals, hint);
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

/** What models call a list as a whole. */
const HEADS: ReadonlySet<string> = new Set(['list', 'head', 'queue']);

/** A model that hands a `void *` out of a container: the container holds what the caller takes it for. Likewise what is put in. */
function holdsElements(l: Lowering, { fn, file }: Definition, vals: readonly Val[], hint: CType): void {
	const { returns } = fn;
	const container = vals[0]?.path;
	if (!file.modelled || l.frame.file.modelled || !container || !/^[a-z~]/.test(container)) return;
	const typed = (type: CType): boolean => known(type) && type.pointer === 1 && type.struct;
	if (/\bvoid\s*\*/.test(returns) && typed(hint)) l.world.element(container, l.world.name(pointee(hint)), '');
	const [, ...rest] = vals;
	const stored = rest.find((val) => typed(val.type) && !val.path);
	if (stored && /\bvoid\s*\*/.test(returns)) l.world.element(container, l.world.name(pointee(stored.type)), '');
	// A node put on a list: its owner is the list's element.
	const [node, head] = HEADS.has(fn.params[0]?.name ?? '') ? [] : vals;
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

const assignments = new WeakMap<CNode, ReadonlySet<string>>();

/** Names that a body assigns to. */
function assignedIn(body: CNode | undefined): ReadonlySet<string> {
	if (!body) return new Set();
	const known = assignments.get(body);
	if (known) return known;
	const found = new Set<string>();
	const walk = (each: CNode): void => {
		const target = each.type === 'assignment_expression' ? each.field('left') : each.type === 'update_expression' ? each.field('argument') : null;
		if (target?.type === 'identifier') found.add(target.text);
		for (const child of each.named) walk(child);
	};
	walk(body);
	assignments.set(body, found);
	return found;
}

export function newFrame(l: Lowering, { fn, file }: Definition, id: string, parent: Frame | null, returns: CType, result: number): Frame {
	return {
		id, fn, file, locals: new Map(), labels: labelsIn(fn.body, () => l.emitter.label()), exit: l.emitter.label(), result, returns,
		stack: parent ? [...parent.stack, parent.fn?.name ?? ''] : [], parent, scopes: [], loops: [], addressed: addressedIn(fn.body), passage: newPassage(), due: null, hint: UNKNOWN, beyond: [],
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
		// What is asked of the local is asked of what it begins with: said before that is chosen.
		l.world.domains.flow(l.unknownName(`${frame.id}:${name}`), local.unknown);
		const live = frame.file.live?.has(name) === true && known(type) && type.pointer === 1;
		l.assign(local.register, live ? l.constant(l.world.canonical(l.world.name({ ...type, pointer: 0 })), type) : l.unknown(`${frame.id}:${name}`, type));
	}
	emitter.local({ op: 'set', dst: frame.result, from: value(0) });
	frame.due = dueOf(l);
	headGap(l);
	compileStatement(l, frame.fn.body);
	if (frame.fn.tailElided) {
		settle(l);
		forgive(l);
		l.lent.clear();
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

function errorOrZero(l: Lowering, val: Val): Val {
	const error = isError(l, val, false);
	return l.alu('mul', error.operand, val.operand);
}

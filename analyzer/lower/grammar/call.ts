import type { Arguments } from '../frame';
import { familyOf } from '../../knowledge/table';
import { type CNode, isWhole } from '../../parse/source';
import { compile, effects, inline } from '../descent';
import { isError } from './condition';
import { extremum } from './extremum';
import { type CType, INT, pointerTo, UNKNOWN } from '../values/ctype';
import { CONTAINER, container, FIRST, firstEntry } from './container';
import { settle } from '../elided/due';
import { apply } from '../effects/apply';
import { handsInterrupts } from '../effects/saved-interrupts';
import { valueOf } from '../values/argument';
import { intrinsic, type IntrinsicName, isIntrinsic } from './intrinsic';
import { CALL_DEPTH_BOUND, CALLEE_BOUND, OPERATIONS_BOUND } from '../bounds';
import { trialKey } from '../again/trials';
import type { Lowering } from '../lowering';
import type { Definition } from '../sources';
import type { Val } from '../values/value';
import { lookup } from '../values/scope';
import { fills, writes } from '../values/handed-out';
import { mayWait, unmodelled, unregistered } from '../unmodelled';

/** Compiles a call. */
export function call(l: Lowering, node: CNode, hint: CType): Val {
	const callee = node.field('function');
	const args = node.field('arguments')?.named ?? [];
	const name = callee?.type === 'identifier' ? callee.text : '';
	const [first] = args;
	if (name === 'likely' || name === 'unlikely' || name === '__builtin_expect') return first ? compile(l, first, hint) : l.constant(0);
	if (name === 'IS_ERR' || name === 'IS_ERR_OR_NULL' || name === 'IS_ERR_VALUE') return first ? isError(l, compile(l, first), name === 'IS_ERR_OR_NULL') : l.constant(0);
	if (name === 'PTR_ERR' || name === 'ERR_PTR' || name === 'ERR_CAST') return first ? { ...compile(l, first), type: name === 'PTR_ERR' ? INT : hint } : l.constant(0);
	if (name === 'PTR_ERR_OR_ZERO' && first) return errorOrZero(l, compile(l, first));
	if (BITS.has(name) && first) {
		const mask = maskOf(l, first);
		if (mask !== undefined) return l.constant(mask);
	}
	// The work item is the first member of the delayed one: they are one thing to us.
	if (name === 'to_delayed_work' && first) return { ...compile(l, first), type: pointerTo({ base: 'delayed_work', pointer: 0, struct: true }) };
	if (CONTAINER.has(name)) return container(l, node, name, args, hint);
	if (name in FIRST) return firstEntry(l, node, name, args);
	if (isIntrinsic(name) && (l.frame.file.modelled || l.frame.fn === null)) return intrinsic(l, name as IntrinsicName, node, args);
	const extreme = extremum(l, name, args);
	if (extreme) return extreme;

	if (name && !lookup(l, name)) return named(l, name, node, args, hint);
	// `(loff_t)(a + b)`, to a reader who knows no types.
	const cast = TYPE.exec(callee?.text ?? '')?.[1];
	if (cast !== undefined && first && args.length === 1 && !lookup(l, cast)) return compile(l, first, hint);
	// A call through a pointer: bound, or passed in as a function's name.
	const target = callee ? compile(l, callee) : l.constant(0);
	if (target.fn) return named(l, target.fn, node, args, hint);
	for (const arg of args) effects(l, arg);
	if (callee) l.unmodelled.add(`${callee.text.replace(/\s+/g, '')} (a call through a pointer)`);
	return l.unknown(`${l.frame.id}@${node.start}`, hint);
}

const TYPE = /^\(\s*(\w+_t|(?:__)?[us](?:8|16|32|64))\s*\)$/;
const BITS: ReadonlySet<string> = new Set(['BIT', 'BIT_ULL']);
/** Numbers of bits that our integers have. */
const BITS_BOUND = 30;

/** The bit of that number; of a number that is only a name, or too large, some bit of its own. */
function maskOf(l: Lowering, { type, text }: CNode): number | undefined {
	const named = type === 'identifier' ? l.sources.constant(text) : undefined;
	const number = named ?? (type === 'number_literal' ? Number.parseInt(text, text.startsWith('0x') ? 16 : 10) : undefined);
	if (number !== undefined && number >= 0 && number <= BITS_BOUND) return 1 << number;
	return type === 'identifier' && named !== undefined ? l.sources.constant(`BIT_OF_${text}`) : undefined;
}

function named(l: Lowering, name: string, node: CNode, args: readonly CNode[], hint: CType): Val {
	const frame = l.frame;
	const lazy: Arguments = args.map((arg) => ({ kind: 'argument', node: arg, frame }));
	handsInterrupts(l, name, lazy);
	return resolve(l, name, lazy, node, hint);
}

/** The patch's and its files' own definition, else the table, else a model, else the tree; else it is not modelled. */
export function resolve(l: Lowering, name: string, args: Arguments, node: CNode, hint: CType): Val {
	const { sources } = l;
	const own = inSight(sources.defined(name));
	const told = sources.table.rows.evenPartial(name);
	const row = told?.partial ? undefined : told;
	const model = sources.model(name);
	const partial = own !== null && !isWhole(own.fn);
	if (!row && !model) settle(l, name);
	// A model that is handed the flags says itself whether it waits there: `__xa_store()` lets go of the lock that its caller holds.
	const saysItself = !row && model?.fn.params.some(({ type }) => /\bgfp_t\b/.test(type)) === true;
	if (row?.gfp === undefined && row?.sleeps === undefined && !saysItself && !l.frame.file.modelled && mayWait(l, args)) {
		l.from(node);
		l.emitter.local({ op: 'might-sleep', what: name });
	}
	// The tree's own version counts where the patch changes it; else what the table and the models say of it.
	if (own && (sources.replaced(name) || !((partial || !sources.changed(name)) && (row || model))) && canInline(l, name)) return inlineIfAffordable(l, own, args, node, hint);
	if (row) {
		const result = apply(l, row, args, node, hint);
		fills(l, row, args);
		writes(l, row, args);
		unregistered(l, name, node);
		return result;
	}
	const modelled = model ?? macroOf(l, name);
	if (modelled && canInline(l, name, modelled.file.modelled && modelled.fn.endLine - modelled.fn.line <= SMALL_MODEL)) return inline(l, modelled, args, node, hint);
	const pattern = told ? undefined : familyOf(sources.table, name);
	const ofFamily = (family: NonNullable<typeof pattern>): Val => {
		const result = apply(l, { ...family.row, api: name }, args, node, hint);
		unregistered(l, name, node);
		return result;
	};
	// A family that only says that there is a result is for where nobody knows which.
	if (pattern && pattern.row.returns !== 'nonnull') return ofFamily(pattern);
	// What the files under review call themselves is looked for in the tree while the thread is small; short ones always.
	const near = sources.defined(l.frame.fn?.name ?? '') !== null && l.emitter.length < FAR_BOUND;
	const far = !l.frame.file.modelled && canInline(l, name) ? sources.elsewhere(name, l.frame.file.path) : null;
	if (far && (near || far.fn.endLine - far.fn.line <= SHORT_FUNCTION)) return inlineIfAffordable(l, far, args, node, hint);
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

/** Places at which a function is tried, and found to be too much, before it is taken to be so everywhere. */
const TRIALS_BOUND = 2;

/** Inlines the callee, unless it turns out to be too much of the thread: then it is as if nothing was known of it. */
function inlineIfAffordable(l: Lowering, definition: Definition, args: Arguments, node: CNode, hint: CType): Val {
	const { emitter } = l;
	for (const [index, arg] of args.entries()) {
		const param = definition.fn.params[index];
		valueOf(l, arg, param ? l.typeOf(param.type) : UNKNOWN);
	}
	const { fn: { name }, file } = definition;
	if (l.sources.changed(name)) return inline(l, definition, args, node, hint);
	if (l.sources.tooMuch(file.path, name)) return unmodelled(l, name, args, node, hint);
	const site = `${l.frame.id}/${name}@${node.start}`;
	const tried = trialKey(file.path, name);
	const { tooLarge, affordable, refused, fitting } = l.facts;
	// To find that out costs as much as to lower it, and in each place where its callers are tried again: what was too much twice is so elsewhere.
	if (tooLarge.has(site) || (!affordable.has(site) && (refused.get(tried) ?? 0) >= TRIALS_BOUND)) return unmodelled(l, name, args, node, hint);
	const { limit } = l;
	const from = emitter.length;
	const saved = l.checkpoint();
	l.limit = from + CALLEE_BOUND;
	const val = inline(l, definition, args, node, hint);
	const within = emitter.length <= l.limit;
	l.limit = limit;
	if (within) {
		affordable.add(site);
		fitting.add(tried);
		return val;
	}
	tooLarge.add(site);
	refused.set(tried, (refused.get(tried) ?? 0) + 1);
	emitter.cut(from);
	saved();
	return unmodelled(l, name, args, node, hint);
}

function errorOrZero(l: Lowering, val: Val): Val {
	const error = isError(l, val, false);
	return l.alu('mul', error.operand, val.operand);
}

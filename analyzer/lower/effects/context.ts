import type { CNode } from '../../parse/source';
import { type Call, type Handler, placeAt, type RowOf } from './call';
import { value } from '../emitted/emitter';
import type { Frame } from '../frame';
import { heldAsSaid } from '../callers/callers-locks';
import type { Lowering } from '../lowering';
import type { Val } from '../values/value';
import { branchOn } from '../grammar/condition';
import { within } from '../values/scope';

/** SRCU domains are told apart by their struct; 0 is RCU. */
export function domain(c: Call, text: string | undefined): number {
	if (text === undefined) return 0;
	const place = placeAt(c, text);
	return place ? c.l.directory.domain(place.path) : 1;
}

function reader(c: Call, of: string | undefined, delta: 1 | -1): undefined {
	const { l } = c;
	const which = domain(c, of);
	if (which === 0) {
		l.lastOfReader = delta > 0 ? 'enters' : 'leaves';
		l.firstOfReader ??= l.lastOfReader;
	}
	l.emitter.local({ op: 'rcu', domain: which, delta });
	return undefined;
}

const rcuLock = (c: Call): undefined => reader(c, (c.row as RowOf<'rcu-lock'>).domain, 1);
const rcuUnlock = (c: Call): undefined => reader(c, (c.row as RowOf<'rcu-unlock'>).domain, -1);

function rcuSync(c: Call): Val | undefined {
	const which = domain(c, (c.row as RowOf<'rcu-sync'>).domain);
	c.l.emitter.visible({ op: 'grace-begin', domain: which }, { key: 'rcu.' });
	c.l.emitter.visible({ op: 'grace-wait', domain: which }, { key: 'rcu.' });
	return undefined;
}

function context(c: Call): Val | undefined {
	const { which, delta, set } = c.row as RowOf<'context'>;
	c.l.emitter.local(set ? { op: 'context-set', which, depth: delta > 0 ? 1 : 0 } : { op: 'context', which, delta });
	return undefined;
}

function mightSleep(c: Call): Val | undefined {
	if (!c.row.sleeps) c.l.emitter.local({ op: 'might-sleep', what: c.row.api });
	return undefined;
}

/**
 * BUG_ON(x). On what no thread of the scenario changes the author's word is taken: a path on which it fails is no path. On what
 * they change it is a check.
 */
function assert(c: Call): Val | undefined {
	const row = c.row as RowOf<'assert'>;
	const { l } = c;
	const node = l.sources.expression(row.when);
	if (!node) return undefined;
	const { emitter } = l;
	const from = emitter.length;
	const [fails, holds] = [emitter.label(), emitter.label()];
	const result = l.temporary();
	emitter.local({ op: 'set', dst: result.operand.reg, from: value(0) });
	const decided = new Set(l.facts.conditions);
	within(l, c.frame, () => branchOn(l, node, fails, holds));
	// Nothing is done on the strength of what is only asserted.
	if (l.checking === 0) for (const key of l.facts.conditions) if (!decided.has(key)) l.facts.conditions.delete(key);
	if (HOLDS.test(c.node.text)) contracted(l, c.caller, from);
	emitter.place(fails);
	l.from(c.node);
	emitter.local({ op: 'set', dst: result.operand.reg, from: value(1) });
	// An outline asks of no world: what a model takes for granted ends none of its paths.
	if (l.outline && l.frame.file.modelled) emitter.local({ op: 'set', dst: result.operand.reg, from: value(0) });
	else if (checkable(l, from)) emitter.local({ op: 'assert', cond: value(0), check: 'assertion', message: `${c.node.text.replace(/\s+/g, ' ').slice(0, 100)} triggers` }, row.bug && !l.frame.file.modelled ? { halts: true } : {});
	else if (!answered(c)) emitter.local({ op: 'cut', why: /^lockdep_assert/.test(row.api) ? `${row.api}() is taken to hold` : `${row.api}() is taken not to trigger` });
	emitter.place(holds);
	return result;
}

/** `WARN_ON(!inode_is_locked(inode))`: what is asked to be held, from this operation on, and nobody in sight took, the caller holds; `gives`: but for what this function in sight in part gives back. */
export function contracted(l: Lowering, at: Frame, from: number, gives: Frame | null = null): void {
	if (at.file.modelled) return;
	for (let index = from; index < l.emitter.length; index++) {
		const path = l.emitter.notes[index]?.key ?? '';
		if (l.emitter.ops[index]?.op === 'held' && path !== '') heldAsSaid(l, at, path, 'exclusive', gives, index);
	}
}

/** It triggers where the lock is not held, and for nothing else. */
const HOLDS = /^\w+\(\s*(?:unlikely\(\s*)?!\s*\w+\([^()&|]*(?:\([^()]*\)[^()&|]*)*\)\s*\)/;

/** The function does something about it, and the patch changes what, on whichever side. */
function answered({ l: { frame: { fn, file } }, node }: Call): boolean {
	const answer = fn && !file.modelled ? conditional(fn.body, node)?.field('consequence') : null;
	if (!fn || !answer) return false;
	for (let line = answer.line; line <= answer.endLine; line++) {
		const [before, here] = [file.place(line - 1), file.place(line)];
		// The document shows lines between these two that this side does not have.
		const skipped = before.input > 0 && here.input > before.input + 1 && !fn.gaps.includes(line);
		if (here.changed || (skipped && line > node.endLine)) return true;
	}
	return false;
}

/** The innermost `if` whose condition it is a part of. */
function conditional(body: CNode, node: CNode): CNode | null {
	const { start, end } = node;
	const inner = body.named.find((child) => child.start <= start && child.end >= end);
	const condition = body.type === 'if_statement' ? body.field('condition') : null;
	return (inner && conditional(inner, node)) ?? (condition && condition.start <= start && condition.end >= end ? body : null);
}

/** Its condition reads something that another thread of the scenario changes; else it states how the world begins. */
function checkable(l: Lowering, from: number): boolean {
	for (let index = from; index < l.emitter.length; index++) {
		const op = l.emitter.ops[index];
		const key = l.emitter.notes[index]?.key ?? '';
		if (op?.op === 'held' && l.taken.has(key)) return true;
		if ((op?.op === 'load' || op?.op === 'rmw') && l.facts.storedElsewhere(l.thread, key)) return true;
	}
	return false;
}

function noreturn(c: Call): Val | undefined {
	c.l.emitter.local({ op: 'cut', why: `${c.row.api}() does not return` });
	return undefined;
}

export const contextEffects = {
	'rcu-lock': rcuLock, 'rcu-unlock': rcuUnlock, 'rcu-sync': rcuSync, context, 'might-sleep': mightSleep, assert, noreturn, none: () => undefined,
} satisfies Partial<Record<string, Handler>>;

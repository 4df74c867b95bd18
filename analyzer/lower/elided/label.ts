import type { CNode } from '../../parse/source';
import { LOCKED, UNNAMED } from './account';
import { at, value } from '../emitted/emitter';
import type { Elided, ElidedLock } from '../facts';
import { forgive, isRemoved, ownId, takenIn } from './gap';
import type { Lowering } from '../lowering';
import { heldInSight } from './passage';
import type { Reading } from '../reading';

/** The code behind the label drops a reference: which must have been taken. */
function dropsBehind(l: Lowering, label: string, key: string): void {
	l.assumptions.add(`the code at ${label} drops a reference on ${key.split('.')[0]}`);
	l.account(key, 'add', value(0));
	const fine = l.emitter.label();
	l.emitter.branch(l.alu('gt', { reg: l.held.get(key) ?? 0 }, value(0)).operand, fine);
	l.emitter.local({ op: 'assert', cond: value(0), check: 'refcount-underflow', message: `the code at ${label} drops a reference on ${key.split('.')[0]} that was not taken` });
	l.emitter.place(fine);
	l.account(key, 'sub', value(1));
}

/** Where a break and a continue lead whose loop or switch nobody shows. */
export const BEHIND = 'the code behind the loop or switch';
export const ROUND = 'the next round of the loop';

const DROPS = /(^|_)(put|unref|iput|dput|fput)(_|$)/;
const ERROR = /(^|_)(err\w*|fail\w*|bad|nomem|abort|undo|unwind)(_|$|\d)/;
const UNLOCKS = /(^|_)unlock(_|$)/;
/** What a way out of an error is called by what it gives back, or by its number. */
const UNWINDS = /^(?:free|put|release|unregister|destroy|remove|del|delete|disable|unmap|stop|kill|cancel)_\w+$|^out\d+$/;

/** The label's name says that only what has failed comes there. */
export const isOfError = (label: string): boolean => ERROR.test(label) || UNWINDS.test(label);

/**
 * A goto to a label that the patch does not show: what is done there before the function returns is not known, save for what its name tells
 * when one side of the patch goes there and the other does not.
 */
export function goesUnseen(l: Lowering, node: CNode, label: string): void {
	const { frame, emitter } = l;
	l.assumptions.add(`${frame.fn?.name ?? 'a function'}() goes to ${label || 'a label'}, which the patch does not show: taken as leaving the function, releasing what it holds`);
	freesAgain(l, node, label);
	keepsOnTheWay(l, node, label);
	for (const key of label === ROUND ? [] : named(label, l.reading)) {
		const taken: Elided = { key, mode: 'exclusive', unnamed: true };
		const ours = (): boolean => [...l.facts.acquired].some(([id, all]) => id.startsWith(ownId(l, frame)) && all.has(key));
		if (frame.file.place(node.line).changed && !ours()) takenIn(l, key, taken);
		if (ours()) l.account(key, 'sub', value(1));
	}
	// The way out of an error returns one.
	if (ERROR.test(label) && /\bint\b|\blong\b/.test(frame.fn?.returns ?? '')) l.assign(frame.result, l.constant(-1));
	leads(l, node, label);
	if (RETRIES.test(label)) forgive(l);
	else if (released(l, label)) return emitter.jump(frame.exit);
	forgive(l, new Set([...l.held.keys()].filter((key) => key.startsWith(UNNAMED))));
	emitter.jump(frame.exit);
}

/** Code that is gone through again: nothing is given back there. */
const RETRIES = /^(?:re|try_?)?(?:again|try|start|restart|peat|do|do_?it|loop|retry|redo|repeat|next|more)\d*$/;

/**
 * The gotos that the patch leaves alone go there with a lock held, each of them: the code behind the label releases it. Where a goto of the patch's own leads there as
 * well it does so for all.
 */
function leads(l: Lowering, node: CNode, label: string): void {
	const { frame, facts, emitter } = l;
	if (!frame.fn || label === ROUND || label === BEHIND || UNLOCKS.test(label) || RETRIES.test(label)) return;
	const id = labelId(l, label);
	const all = facts.leading.get(id) ?? new Map<number, readonly ElidedLock[]>();
	const isOwn = (goto: CNode): boolean => frame.file.place(goto.line).changed;
	if (!isOwn(node) && !all.has(node.start)) {
		facts.leading.set(id, all.set(node.start, heldInSight(frame)));
		l.world.changed = true;
	}
	const gotos = gotosTo(frame.fn.body, label);
	const kept = gotos.filter((each) => !isOwn(each));
	if (kept.length === 0 || kept.length === gotos.length || !kept.every(({ start }) => all.has(start))) return;
	const [first = [], ...rest] = [...all.values()];
	for (const { key, kind, mode, off } of first.filter((lock) => rest.every((other) => other.some((each) => each.key === lock.key)))) {
		l.assumptions.add(`the code at ${label} releases ${key}, which is held wherever the code shown goes there`);
		l.world.reach(key);
		emitter.visible({ op: 'unlock', at: at(value(l.world.address(key)), 0), kind, mode }, { key });
		if (off) emitter.local({ op: 'context', which: off, delta: -1 });
	}
}

const gotosTo = (node: CNode, label: string): readonly CNode[] =>
	(node.type === 'goto_statement' ? ((node.field('label')?.text ?? node.named[0]?.text) === label ? [node] : []) : node.named.flatMap((each) => gotosTo(each, label)));

/** The mail speaks of something that is freed twice, and the patch no longer goes to where it is freed when this failed. */
function freesAgain(l: Lowering, node: CNode, label: string): void {
	if (!l.reading.freedTwice || label === ROUND || label === BEHIND || !isRemoved(l, node)) return;
	l.assumptions.add(`the code at ${label} frees what was freed before, as the mail has it`);
	l.emitter.local({ op: 'assert', cond: value(0), check: 'use-after-free', message: `the code at ${label} frees what was freed before, as the mail has it` });
}

/** The mail says that a lock stayed held, and the patch no longer goes to where, by its name, none is released. */
function keepsOnTheWay(l: Lowering, node: CNode, label: string): void {
	if (!l.reading.lockKept || label === ROUND || label === BEHIND || UNLOCKS.test(label) || RETRIES.test(label) || !isRemoved(l, node) || releasesBefore(l, label)) return;
	l.assumptions.add(`the code at ${label} releases no lock, as the mail has it`);
	l.emitter.local({ op: 'assert', cond: value(0), check: 'lock-held-at-return', message: `as the mail has it ${l.frame.fn?.name ?? ''}() goes to ${label} with ${[...l.frame.passage.open.keys()][0] ?? 'its lock'} held` });
}

const labelId = (l: Lowering, label: string): string => `${ownId(l, l.frame)}label ${label}`;

/** A side of the patch releases a lock of its own right before it goes there. */
export const releasesBefore = (l: Lowering, label: string): boolean => l.frame.passage.released.length > 0 || (l.facts.acquired.get(labelId(l, label))?.size ?? 0) > 0;

/**
 * The patch releases a lock right before the goto, or no longer does: one side forgets it or releases it twice, as the code behind the label does not
 * or does release it. That a remedy is meant tells which; where the mail has no word the release is what is due. True where the lock is still held at the label's end.
 */
function released(l: Lowering, label: string): boolean {
	const { frame, facts, reading, emitter } = l;
	const id = labelId(l, label);
	const locks = facts.acquired.get(id) ?? new Map<string, Elided>();
	for (const { key, kind, mode } of frame.passage.released) {
		if (locks.has(key) || reading.side === null) continue;
		facts.acquired.set(id, locks.set(key, { key, kind, mode, released: !reading.nothing && (reading.side === 'post') !== reading.remedy }));
		l.world.changed = true;
	}
	for (const key of frame.passage.gained) {
		if (locks.has(key) || !reading.droppedTwice || reading.side !== 'post') continue;
		facts.acquired.set(id, locks.set(key, { key, mode: 'exclusive', released: true }));
		l.world.changed = true;
	}
	for (const { key, kind, mode, released } of locks.values()) {
		if (kind === undefined) {
			dropsBehind(l, label, key);
			continue;
		}
		l.assumptions.add(`the code at ${label} ${released ? 'releases' : 'does not release'} ${key}`);
		if (!released) return true;
		l.world.reach(key);
		emitter.visible({ op: 'unlock', at: at(value(l.world.address(key)), 0), kind, mode }, { key });
	}
	return false;
}

/** What the label's name, or else the mail, says that the code behind it gives back. */
function named(label: string, { lockKept, referenceKept }: Reading): readonly string[] {
	const told = DROPS.test(label) || UNLOCKS.test(label);
	if (!told && lockKept) return [`${UNNAMED}${label} unlocks${LOCKED}`];
	if (!told && referenceKept) return [`${UNNAMED}${label} drops.__references`];
	return [...(DROPS.test(label) ? [`${UNNAMED}${label} drops.__references`] : []), ...(UNLOCKS.test(label) ? [`${UNNAMED}${label} unlocks${LOCKED}`] : [])];
}

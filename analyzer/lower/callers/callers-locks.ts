import type { LockKind } from '../../../sim';
import { saidHere } from './contradicted';
import { isFragment } from '../elided/passage';
import type { ElidedLock } from '../facts';
import type { Frame } from '../frame';
import type { Lowering } from '../lowering';

type Mode = ElidedLock['mode'];

/** The entry's caller holds the lock: told by a release without an acquire. */
export function callerHolds({ facts, thread, lockKinds, world }: Lowering, path: string, mode: Mode, kind?: LockKind): void {
	const locks = facts.inherited.get(thread) ?? new Map<string, ElidedLock>();
	if (locks.has(path)) return;
	facts.inherited.set(thread, locks.set(path, { key: path, kind: kind ?? lockKinds.get(path)?.kind ?? 'mutex', mode }));
	world.changed = true;
}

/**
 * The code at `at` says, before the operation of that number, that the lock is held: what nobody in sight took the entry's caller holds then. False where `from`, or who calls
 * it, gives it back in sight: what took it is not shown, and nothing is told of who called.
 */
export function heldAsSaid(l: Lowering, at: Frame, path: string, mode: Mode, from: Frame | null, index = l.emitter.length): boolean {
	if (!l.taken.has(path)) {
		if (releasedFrom(from, path)) return false;
		if (!at.file.modelled) assertedToHold(l, path, mode);
	}
	saidHere(l, at, path, index);
	return true;
}

/** The caller holds it by the code's own word, unless the thread contradicts that. */
function assertedToHold(l: Lowering, path: string, mode: Mode): void {
	const { facts, thread } = l;
	if (facts.contradicted.has(`${thread}:${path}`)) return;
	callerHolds(l, path, mode);
	const lock = facts.inherited.get(thread)?.get(path);
	if (lock) facts.asserted.set(thread, (facts.asserted.get(thread) ?? new Map<string, ElidedLock>()).set(path, lock));
}

/** A function in sight in part, this one or one that leads here, gives the lock back: its own lines that nobody shows took it, no caller. */
function releasedFrom(from: Frame | null, path: string): boolean {
	const name = path.slice(path.lastIndexOf('.') + 1);
	// What has no name of its own (a local's, the address that a call gave) no text releases by it.
	if (!/^\w+$/.test(name)) return false;
	const releases = new RegExp(`unlock\\w*\\s*\\([^;]*\\b${name}\\b|\\b${name.replace(/_(?:mutex|lock|sem)$/, '')}_unlock\\s*\\(`);
	for (let frame = from; frame; frame = frame.parent) if (frame.fn && isFragment(frame) && releases.test(frame.fn.body.text)) return true;
	return false;
}

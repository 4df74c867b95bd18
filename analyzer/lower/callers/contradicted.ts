import type { Frame } from '../frame';
import type { Lowering } from '../lowering';

/**
 * What is asserted to be held, and nobody in sight has taken, the caller holds; but not where the thread goes on from there to take the lock itself: then no caller
 * can hold it, and the assertion is as wrong as it looks. True when something of the kind was found: the thread is lowered again.
 */
export function contradicted(l: Lowering): boolean {
	const asserted = l.facts.asserted.get(l.thread);
	let found = false;
	for (const path of asserted?.keys() ?? []) {
		const from = l.said.get(path) ?? [];
		if (!from.some((index) => takes(l, path, index))) continue;
		l.facts.contradicted.add(`${l.thread}:${path}`);
		asserted?.delete(path);
		l.facts.inherited.get(l.thread)?.delete(path);
		found = true;
	}
	return found;
}

/** It is said here, before the operation of that number, that the lock is held; where no lines are left out, in which it may be released. */
export function saidHere(l: Lowering, at: Frame, path: string, index = l.emitter.length): void {
	for (let frame: Frame | null = at; frame; frame = frame.parent) if ((frame.fn?.gaps.length ?? 0) > 0) return;
	l.said.set(path, [...l.said.get(path) ?? [], index]);
}

/** Some way from the operation on takes the lock before it is released. */
function takes({ emitter: { ops, notes } }: Lowering, path: string, from: number): boolean {
	const seen = new Set([from]);
	for (const index of seen) {
		const op = ops[index];
		if (!op) continue;
		const own = notes[index]?.key === path && !notes[index]?.crossing;
		if (own && op.op === 'lock' && op.mode === 'exclusive' && !op.recursive) return true;
		if (op.op === 'end' || op.op === 'cut' || (own && op.op === 'unlock')) continue;
		if (op.label) seen.add(op.label.at);
		if (op.op !== 'jump') seen.add(index + 1);
	}
	return false;
}

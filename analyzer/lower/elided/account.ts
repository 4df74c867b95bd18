import type { CNode } from '../../parse/source';
import { isPointer, pointee } from '../values/ctype';
import { value } from '../emitted/emitter';
import type { Elided } from '../facts';
import { isRemoved, takenIn } from './gap';
import { isMadeUp } from './local';
import type { Frame } from '../frame';
import type { Lowering } from '../lowering';
import type { Val } from '../values/value';

/** What failures say of a reference that the entry keeps although it returns no error: to be judged by what the other side of the patch does. */
export const KEEPS = 'returns and keeps the reference';

/**
 * An entry that fails must not keep what it took: nobody will come to drop it. One that succeeds may hand it on where nobody looks, so that what it
 * keeps counts only beside a side of the patch that drops it.
 */
export function leaks(l: Lowering, entry: string, returned: Val, body: CNode): void {
	const { emitter } = l;
	const pointer = isPointer(returned.type);
	const answers = answersWithGet(l, body);
	if (l.held.size > 0 && !pointer) l.interest(returned, (interest) => { interest.below.add(0); });
	for (const [path, register] of l.held) {
		const [fine, succeeds] = [emitter.label(), emitter.label()];
		emitter.branch(l.alu('le', { reg: register }, value(0)).operand, fine);
		const on = path.split('.')[0] ?? '';
		// A path on which nothing fails counts where the patch itself drops the reference on one; what is returned is returned with it.
		const handsOver = pointer && !l.reading.referenceKept && (l.world.name(pointee(returned.type)) === on || on.startsWith('~') || isMadeUp(on));
		// In outline nobody looks for who drops what a field keeps.
		const judged = !l.kept.has(on) && !(answers && !path.endsWith(LOCKED)) && ((l.facts.acquired.get(droppedByPatch(l))?.has(path) && !handsOver) || path.startsWith(UNNAMED));
		if (l.tells) emitter.branch(l.alu(pointer ? 'gt' : 'ge', returned.operand, value(0)).operand, judged ? succeeds : fine);
		else emitter.jump(judged ? succeeds : fine);
		const check = path.endsWith(LOCKED) ? 'lock-held-at-return' as const : 'refcount-leak' as const;
		const what = check === 'refcount-leak' ? `the reference it took on ${on}` : `${on} held`;
		emitter.local({ op: 'assert', cond: value(0), check, message: `${entry}() returns an error and keeps ${what}` });
		emitter.place(succeeds);
		if (judged) emitter.local({ op: 'assert', cond: value(0), check, message: check === 'refcount-leak' ? `${entry}() ${KEEPS} it took on ${on}` : `${entry}() returns with ${on} held` });
		emitter.place(fine);
	}
}

/** It returns whether a reference could be taken: who is told so has it. */
const answersWithGet = (l: Lowering, body: CNode): boolean => {
	const [result] = body.type === 'return_statement' ? body.named : [];
	if (result?.type === 'call_expression') return l.sources.table.rows.get(result.field('function')?.text ?? '')?.effect === 'get-unless-zero';
	return body.named.some((child) => answersWithGet(l, child));
};

/** What begins the name of something that nobody shows. */
export const UNNAMED = 'what ';

/** What ends the ids under which the patch's own drops are kept. */
export const DROPS = ' drops';
const droppedByPatch = (l: Lowering): string => `${l.thread}${DROPS}`;

/** A line of the patch drops the reference, on whichever side. */
export function dropsByPatch(l: Lowering, key: string, node: CNode): void {
	if (l.frame.file.modelled || !l.frame.file.place(node.line).changed) return;
	const id = droppedByPatch(l);
	const all = l.facts.acquired.get(id) ?? new Map<string, Elided>();
	if (all.has(key)) return;
	l.facts.acquired.set(id, all.set(key, { key, mode: 'exclusive', released: l.reading.side === 'post' }));
	l.world.changed = true;
}

/** The mail speaks of a reference that is dropped without being held, and the patch takes this drop away: true when it is told so. */
export function droppedTwice(l: Lowering, key: string, node: CNode): boolean {
	if (!l.reading.droppedTwice || l.held.has(key) || !isRemoved(l, node) || l.facts.acquired.get(droppedByPatch(l))?.get(key)?.released) return false;
	l.emitter.local({ op: 'assert', cond: value(0), check: 'refcount-underflow', message: `${node.text.replace(/\s+/g, ' ').slice(0, TOLD_BOUND)} drops a reference that is not held, as the mail has it` });
	return true;
}

/** What begins its life with a count is given back by dropping the reference, also where the call that set it failed: only that frees all of it. */
export function freedWhileOwed(l: Lowering, owner: string, node: CNode): void {
	for (const path of l.owed) {
		const register = l.held.get(path);
		if (register === undefined || path.split('.')[0] !== owner) continue;
		const fine = l.emitter.label();
		l.emitter.branch(l.alu('le', { reg: register }, value(0)).operand, fine);
		l.emitter.local({ op: 'assert', cond: value(0), check: 'refcount-leak', message: `${node.text.replace(/\s+/g, ' ').slice(0, TOLD_BOUND)} frees the memory and keeps the reference it took on ${owner}` });
		l.emitter.place(fine);
	}
}

/** Characters of a call that are told. */
const TOLD_BOUND = 80;

/** The field under which an account is kept of a lock that only the name of an elided label tells of. */
export const LOCKED = '.__held';

/** A reference is dropped that nobody has seen taken: a fragment's elided lines took it. */
export function droppedUnseen(l: Lowering, key: string): void {
	// What the entry was handed it may drop.
	const owner = key.slice(0, key.indexOf('.'));
	for (let frame: Frame | null = l.frame; frame; frame = frame.parent) if (frame.fn?.params.some((param) => l.world.name(l.typeOf(param.type)) === owner)) return;
	takenIn(l, key, { key, mode: 'exclusive' });
}

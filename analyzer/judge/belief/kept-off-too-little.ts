import type { Failure, Program } from '../../../sim';
import type { Lowered } from '../../lower';
import { levelsOn, rank, undisturbed } from '../worlds/on-one-cpu';
import type { Access, Way } from './way';

/** What a patch puts around an access of one of two threads, and what does not keep the other one out: there the two contend, by the patch's own word. */

/** Each of the two has a lock for it, of which the patch takes one for just that: they are two locks. */
export function haveLocksApart({ origins }: Lowered, { threads }: Program, { steps }: Way, theirs: readonly Access[], mine: readonly Access[]): boolean {
	const fresh = new Set(steps.flatMap(({ thread, executed, locked }) => (executed.some((pc) => {
		const op = threads[thread]?.code[pc];
		return op?.op === 'lock' && origins[op.origin]?.changed === true;
	}) ? locked : [])));
	const held = ({ locks }: Access): boolean => locks.size > 0;
	return theirs.length > 0 && mine.length > 0 && theirs.every(held) && mine.every(held)
		&& [theirs, mine].some((own) => own.every(({ locks }) => [...locks].some((lock) => fresh.has(lock))))
		&& !theirs.some((one) => mine.some((other) => [...one.locks].some((lock) => other.locks.has(lock))));
}

/** The patch keeps something off the CPU while one of them is at it, and the other one is what still comes: an interrupt where it keeps off the scheduler alone. */
export function keepsOffTooLittle({ origins, notes }: Lowered, program: Program, { steps }: Way, { thread }: Failure, other: number, key: string | undefined): boolean {
	if (key === undefined) return false;
	const keeping = new Set<number>();
	const at: { readonly thread: number; readonly keeps: boolean; readonly level: number }[] = [];
	for (const { thread: by, pc, op, level } of levelsOn(program, steps)) {
		if (op?.op === 'context' && origins[op.origin]?.changed === true) {
			if (op.delta > 0) keeping.add(by);
			else keeping.delete(by);
		}
		if (notes[by]?.[pc]?.key === key) at.push({ thread: by, keeps: keeping.has(by), level });
	}
	const isDisturbed = (own: number, by: number): boolean => {
		const accesses = at.filter((each) => each.thread === own);
		return accesses.length > 1 && accesses.every(({ keeps, level }) => keeps && level > 0 && rank(program, by) >= undisturbed(program, own, level));
	};
	return rank(program, thread) !== rank(program, other) && (isDisturbed(thread, other) || isDisturbed(other, thread));
}

import { type Failure, POINTER_BASE, type Program, replay } from '../../sim';
import type { Lowered } from '../lower/program';
import { lastOf } from '../lower/place';
import { waitsForOutside } from './outside';

/** What either side of the scenario releases: what is released on some path is not kept on purpose. */
export interface Releases {
	readonly unlocked: ReadonlySet<string>;
	readonly put: ReadonlySet<string>;
	/** Queues that somebody wakes. */
	readonly woken: ReadonlySet<string>;
}

export function releasesOf(sides: readonly (Lowered | null)[]): Releases {
	const keys = (kind: 'unlock' | 'put' | 'wake'): ReadonlySet<string> => new Set(sides.flatMap((side) => side?.program.threads.flatMap((thread, index) =>
		thread.code.flatMap((op, at) => (op.op === kind ? [lastOf(side.notes[index]?.[at]?.key ?? '')] : []))) ?? []));
	return { unlocked: keys('unlock'), put: keys('put'), woken: keys('wake') };
}

/** A pointer that is none: NULL, an error code, an integer. */
export const isBadPointer = ({ reason }: Failure): boolean => reason === 'null' || reason === 'error-pointer' || reason === 'wild';

/** Is it the code's failure, or only our world's? */
export function credible(lowered: Lowered, failure: Failure, { unlocked, put, woken }: Releases): boolean {
	const { program, parties } = lowered;
	// A pointer that was NULL from the start is no race: some thread must have made it so.
	if (isBadPointer(failure)) return cleared(program, failure);
	switch (failure.check) {
		case 'lock-held-at-return': {
			// A function that nowhere releases the lock returns with it held on purpose.
			const name = failure.cell === undefined ? '' : program.cells[failure.cell]?.name ?? '';
			return name === '' ? unlocked.size > 0 : unlocked.has(lastOf(name));
		}
		case 'unlock-not-held':
			// In a fragment the lock may have been taken again in elided code.
			return !parties[failure.thread]?.definition.fn.headElided && (parties[failure.thread]?.definition.fn.gaps.length ?? 0) === 0;
		case 'deadlock':
			return !waitsForOutside(lowered, failure, woken);
		case 'refcount-leak':
			return put.size > 0;
		default:
			return true;
	}
}

/** Another thread took the pointer away on the way to the failure. */
function cleared(program: Program, failure: Failure): boolean {
	return replay(program, failure.schedule).steps.some((step) => step.thread !== failure.thread && step.changes.some(({ before, after }) => before >= POINTER_BASE && after <= 0));
}

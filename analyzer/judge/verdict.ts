import { type Exploration, explore, type Failure, type Options, POINTER_BASE, replay } from '../../sim';
import type { Lowered } from '../lower/program';
import { lastOf } from '../lower/place';
import type { Side } from '../review';
import { waitsForOutside } from './outside';
import { tellFailure, tellSchedule } from './tell';

/** Named bounds of one exploration; none of them is a clock, so that every machine says the same. */
export const EXPLORATION: Options = { bounds: { states: 30_000, milliseconds: 60_000, traces: 1_000 }, count: false };

export interface Judged {
	readonly lowered: Lowered;
	readonly exploration: Exploration;
	/** What is left of the failures when those that are no race of the code's are taken out. */
	readonly failures: readonly Failure[];
	readonly verdict: Side['verdict'];
}

/** What either side of the scenario releases: what is released on some path is not kept on purpose. */
export interface Releases {
	readonly unlocked: ReadonlySet<string>;
	readonly put: ReadonlySet<string>;
}

export function releasesOf(sides: readonly (Lowered | null)[]): Releases {
	const keys = (kind: 'unlock' | 'put'): ReadonlySet<string> => new Set(sides.flatMap((side) => side?.program.threads.flatMap((thread, index) =>
		thread.code.flatMap((op, at) => (op.op === kind ? [lastOf(side.notes[index]?.[at]?.key ?? '')] : []))) ?? []));
	return { unlocked: keys('unlock'), put: keys('put') };
}

export function judge(lowered: Lowered, releases: Releases = releasesOf([lowered]), options: Options = EXPLORATION): Judged {
	const exploration = explore(lowered.program, options);
	const kinds = new Set<string>();
	const failures = exploration.failures.filter((failure) => credible(lowered, failure, releases)).filter((failure) => {
		// One per kind: the same trouble at its next line is told once.
		const kind = kindOf(lowered, failure);
		return !kinds.has(kind) && kinds.add(kind);
	});
	const verdict = failures.length > 0 ? 'fails' : exploration.bound ? 'inconclusive' : 'passes';
	return { lowered, exploration, failures, verdict };
}

/** The same with its interleavings counted, for what is told in full. */
export function counted(judged: Judged): Judged {
	const exploration = explore(judged.lowered.program, { ...EXPLORATION, count: true });
	return { ...judged, exploration };
}

/** Is it the code's failure, or only our world's? */
function credible(lowered: Lowered, failure: Failure, { unlocked, put }: Releases): boolean {
	const { program, parties } = lowered;
	switch (failure.check) {
		case 'check-then-act':
		case 'use-after-free':
			// A pointer that was NULL from the start is no race: some thread must have made it so.
			return !/NULL|no pointer|error code/i.test(failure.message) || cleared(program, failure);
		case 'lock-held-at-return': {
			// A function that nowhere releases the lock returns with it held on purpose.
			const name = failure.cell === undefined ? '' : program.cells[failure.cell]?.name ?? '';
			return name === '' ? unlocked.size > 0 : unlocked.has(lastOf(name));
		}
		case 'unlock-not-held':
			// In a fragment the lock may have been taken again in elided code.
			return !parties[failure.thread]?.definition.fn.headElided && (parties[failure.thread]?.definition.fn.gaps.length ?? 0) === 0;
		case 'deadlock':
			return !waitsForOutside(lowered, failure);
		case 'refcount-leak':
			return put.size > 0;
		default:
			return true;
	}
}

/** Another thread took the pointer away on the way to the failure. */
function cleared(program: Lowered['program'], failure: Failure): boolean {
	return replay(program, failure.schedule).steps.some((step) => step.thread !== failure.thread && step.changes.some(({ before, after }) => before >= POINTER_BASE && after <= 0));
}

/**
 * What distinguishes a failure from others, alike on both sides of the patch: its check, what it breaks and by which entry it is
 * reached (for a deadlock, the locks in it).
 */
export function kindOf({ program, parties }: Lowered, failure: Failure): string {
	const object = failure.object === undefined ? '' : (program.objects[failure.object]?.type ?? '');
	const entry = parties[failure.thread]?.registration?.callback ?? parties[failure.thread]?.key ?? String(failure.thread);
	if (failure.check === 'deadlock' || failure.check === 'irq-unsafe-lock') {
		const cells = (failure.blocked ?? []).map((each) => program.cells[each.cell]?.name ?? `thread ${each.by.join()}`);
		return `${failure.check} ${[...new Set(cells)].sort().join(' ')}`;
	}
	const cell = failure.cell === undefined ? '' : lastOf(program.cells[failure.cell]?.name ?? '');
	return `${failure.check} ${object}.${cell} ${entry}`;
}

export function tellSide({ lowered, exploration, failures, verdict }: Judged): Side {
	const counts = exploration.interleavings ?? { failing: failures.length, passing: 0, exact: false };
	return {
		verdict,
		interleavings: failures.length === 0 && counts.failing > 0 ? { failing: 0, passing: counts.passing + counts.failing, exact: counts.exact } : counts,
		states: exploration.states,
		failures: failures.map((failure) => tellFailure(lowered, failure)),
		notes: exploration.notes.slice(0, 5).map((note) => tellFailure(lowered, note)),
		assumptions: [
			...lowered.assumptions,
			'one instance of each struct type, indices not told apart, loops of two rounds',
			...exploration.cuts.filter((why) => why !== '').map((why) => `not followed: ${why}`),
		],
		notModelled: lowered.unmodelled,
		...(exploration.passing ? { passing: { schedule: exploration.passing, steps: tellSchedule(lowered, exploration.passing) } } : {}),
		...(exploration.bound ? { bound: `${exploration.bound.name} bound reached at ${exploration.bound.reached}` } : {}),
	};
}

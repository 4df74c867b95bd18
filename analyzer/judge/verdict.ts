import { type Exploration, explore, type Failure, type Options } from '../../sim';
import type { Lowered } from '../lower/program';
import { lastOf } from '../lower/place';
import type { Side } from '../review';
import { tellFailure, tellSchedule } from './tell';

/** Named bounds of one exploration; none of them is a clock, so that every machine says the same. */
export const EXPLORATION: Options = { bounds: { states: 120_000, milliseconds: 30_000, traces: 3_000 } };

export interface Judged {
	readonly lowered: Lowered;
	readonly exploration: Exploration;
	/** What is left of the failures when those that are no race of the code's are taken out. */
	readonly failures: readonly Failure[];
	readonly verdict: Side['verdict'];
}

export function judge(lowered: Lowered, options: Options = EXPLORATION): Judged {
	const exploration = explore(lowered.program, options);
	const failures = exploration.failures.filter((failure) => credible(lowered, failure));
	const verdict = failures.length > 0 ? 'fails' : exploration.bound ? 'inconclusive' : 'passes';
	return { lowered, exploration, failures, verdict };
}

/** Is it the code's failure, or only our world's? */
function credible({ program, notes }: Lowered, failure: Failure): boolean {
	const threads = new Set(failure.schedule.map((entry) => entry % 64));
	const code = program.threads[failure.thread]?.code ?? [];
	const keys = (kind: string, thread: number): ReadonlySet<string> =>
		new Set(program.threads[thread]?.code.flatMap((op, index) => (op.op === kind ? [notes[thread]?.[index]?.key ?? ''] : [])) ?? []);
	switch (failure.check) {
		case 'check-then-act':
		case 'use-after-free':
			// A pointer that was NULL from the start is no race.
			return !(/NULL|no pointer|error pointer/i.test(failure.message) && threads.size < 2);
		case 'lock-held-at-return': {
			// A function that nowhere releases the lock returns with it held on purpose.
			const name = failure.cell === undefined ? '' : program.cells[failure.cell]?.name ?? '';
			const released = [...keys('unlock', failure.thread)].map(lastOf);
			return name === '' ? released.length > 0 : released.includes(lastOf(name));
		}
		case 'refcount-leak': {
			const put = [...keys('put', failure.thread)];
			return put.length > 0 && code.some((op) => op.op === 'get');
		}
		default:
			return true;
	}
}

/** What distinguishes a failure from others: its check and the kind of object it breaks. */
export function kindOf({ program }: Lowered, failure: Failure): string {
	const object = failure.object === undefined ? undefined : program.objects[failure.object]?.type;
	const cell = failure.cell === undefined ? undefined : program.cells[failure.cell]?.name;
	return `${failure.check} ${failure.check === 'deadlock' ? '' : (object ?? (cell ? lastOf(cell) : ''))}`;
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

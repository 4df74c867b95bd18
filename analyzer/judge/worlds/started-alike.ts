import type { Lowered } from '../../lower';

type Sides = readonly [Lowered | null, Lowered | null];

/** The threads of a side that wait to run in the beginning, by what they are known by. */
const pending = (side: Lowered | null): ReadonlySet<string> =>
	new Set(side?.parties.flatMap(({ key }, thread) => (key !== undefined && side.program.threads[thread]?.start === 'pending' ? [key] : [])));

/** The side with those that only the other side stops, and which wait to run there, waiting as well: that nobody stops them here is no reason why they were not started. */
function alike(side: Lowered | null, waiting: ReadonlySet<string>): Lowered | null {
	if (!side?.parties.some(({ key }, thread) => key !== undefined && waiting.has(key) && side.program.threads[thread]?.start === 'idle')) return side;
	const threads = side.program.threads.map((thread, index) => (thread.start === 'idle' && waiting.has(side.parties[index]?.key ?? '') ? { ...thread, start: 'pending' as const } : thread));
	return { ...side, program: { ...side.program, threads } };
}

/** Both sides with the same threads under way in the beginning. */
export const startedAlike = ([before, after]: Sides): Sides => [alike(before, pending(after)), alike(after, pending(before))];

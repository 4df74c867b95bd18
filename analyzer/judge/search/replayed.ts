import { type Program, type Replay, replay, type Schedule } from '../../../sim';

const known = new WeakMap<Schedule, readonly (readonly [Program, Replay])[]>();

/** What running a failure's schedule gives: asked for by whoever judges the failure, run once for each program. */
export function replayed(program: Program, schedule: Schedule): Replay {
	const before = known.get(schedule) ?? [];
	const same = before.find(([each]) => each === program);
	if (same) return same[1];
	const now = replay(program, schedule);
	known.set(schedule, [...before, [program, now]]);
	return now;
}

/** The operations that a thread ran on the way, by their places in its code. */
export const passed = (program: Program, schedule: Schedule, thread: number): readonly number[] =>
	replayed(program, schedule).steps.flatMap((step) => (step.thread === thread ? step.executed : []));

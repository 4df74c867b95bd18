import { DEFAULT_BOUNDS, type Options, type Schedule } from './exploration';
import { TooManyValues, type Width } from './machine/coding';
import { Machine } from './machine/machine';
import type { Program } from './program';
import { Known } from './search/known';
import { NEAREST_STATES, nearestPassing } from './search/nearest';

/** What `explore` says is the passing schedule nearest to a failing one, of a program that it has explored without (`nearest: false`). Yields now and then. */
export function* passingNear(program: Program, failing: Schedule, options: Options = {}): Generator<void, Schedule | undefined> {
	for (const width of [1, 2] as const) {
		try {
			return yield* search(program, failing, options, width);
		} catch (error) {
			if (!(error instanceof TooManyValues)) throw error;
		}
	}
	return undefined;
}

function* search(program: Program, failing: Schedule, options: Options, width: Width): Generator<void, Schedule | undefined> {
	const m = new Machine(program, width, options.bounds?.localOperations ?? DEFAULT_BOUNDS.localOperations, options.memory ?? program.memory);
	return yield* nearestPassing(new Known(m), failing, NEAREST_STATES);
}

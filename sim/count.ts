import { DEFAULT_BOUNDS, type Exploration, type Options } from './exploration';
import { TooManyValues, type Width } from './machine/coding';
import { Machine } from './machine/machine';
import type { Program } from './program';
import { Graph } from './search/graph';
import { Traces } from './search/traces';

/** The count of traces gives up after so many pairs of state and sleep set for each trace of its bound. */
export const NODES_PER_TRACE = 10;
/** Steps of the count between two looks at the clock and the signal. */
const SLICE = 512;

/**
 * What `explore` says of interleavings, of a program that it has explored to its end, without exploring it again. Undefined where the
 * clock, the signal or the number of values puts an end to it.
 */
export function countInterleavings(program: Program, options: Options = {}): Exploration['interleavings'] {
	const slices = countSlices(program, options);
	for (;;) {
		const next = slices.next();
		if (next.done === true) return next.value;
	}
}

/** The same in slices of a few milliseconds; each yields the number of pairs of state and sleep set so far. */
export function* countSlices(program: Program, options: Options = {}): Generator<number, Exploration['interleavings']> {
	for (const width of [1, 2] as const) {
		try {
			return yield* count(program, options, width);
		} catch (error) {
			if (!(error instanceof TooManyValues)) throw error;
		}
	}
	return undefined;
}

function* count(program: Program, options: Options, width: Width): Generator<number, Exploration['interleavings']> {
	const bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
	const started = performance.now();
	const traces = new Traces(new Graph(new Machine(program, width, bounds.localOperations, options.memory)), NODES_PER_TRACE * bounds.traces);
	while (!traces.done) {
		traces.advance(SLICE);
		if (options.signal?.aborted === true || performance.now() - started > bounds.milliseconds) return undefined;
		yield traces.nodes;
	}
	return traces.counts;
}

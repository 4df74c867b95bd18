import { NODES_PER_TRACE } from './count';
import { type Bounds, DEFAULT_BOUNDS, type Exploration, type Failure, type Options } from './exploration';
import { TooManyValues, type Width } from './machine/coding';
import { Machine } from './machine/machine';
import { SC } from './machine/memoryKinds';
import type { Program } from './program';
import { annotate } from './search/annotate';
import { DepthFirst } from './search/depthFirst';
import { Graph } from './search/graph';
import { Known } from './search/known';
import { NEAREST_STATES, nearestPassing } from './search/nearest';
import { persistentSets } from './search/persistent';
import { Points } from './search/points';
import { Races } from './search/races';
import { Remembered } from './search/remembered';
import type { Found } from './search/schedules';
import type { Search } from './search/search';
import { Shortest } from './search/shortest';
import { Sweep } from './search/sweep';
import { symmetryOf } from './search/symmetry';
import { Traces } from './search/traces';
import { Walk } from './search/walk';

/** Transitions between two looks at the clock, the signal and the bounds. */
const SLICE = 512;
/** Threads that fit into the masks of the searches. */
const MOST_THREADS = 30;
/** Programs with so many states are searched whole, and all their interleavings counted; beyond, with the reduction: preparing it costs as much as some thousand states. */
const WHOLE_STATES = 16_000;
/** What part of the bound on states may be spent before the reduction is tried. */
const WHOLE_PART = 1 / 2;
/** Nodes that the search for shortest schedules may visit; beyond them a failure keeps the schedule by which it was found. */
const SHORTEST_NODES = 400_000;
/** And no more than so many for each state of the bound. */
const NODES_PER_STATE = 4;

type Bound = NonNullable<Exploration['bound']>;

/** Explores a program to the end. With a signal that is already aborted it stops at once; one that fires later needs `exploreAsync`. */
export function explore(program: Program, options: Options = {}): Exploration {
	const slices = exploreSlices(program, options);
	for (;;) {
		const next = slices.next();
		if (next.done === true) return next.value;
	}
}

/** Explores without blocking the thread for longer than `milliseconds` at a time, so that a signal is heard. */
export async function exploreAsync(program: Program, options: Options = {}, milliseconds = 8): Promise<Exploration> {
	const slices = exploreSlices(program, options);
	for (let since = performance.now(); ;) {
		const next = slices.next();
		if (next.done === true) return next.value;
		if (performance.now() - since > milliseconds) {
			await new Promise<void>((resolve) => { setTimeout(resolve, 0); });
			since = performance.now();
		}
	}
}

/** The same in slices of a few milliseconds: each `next` does one and yields the number of states so far. */
export function* exploreSlices(program: Program, options: Options = {}): Generator<number, Exploration> {
	const memory = options.memory ?? program.memory ?? 'sc';
	const most = Math.min(options.bounds?.threads ?? MOST_THREADS, MOST_THREADS) / (memory === 'sc' ? 1 : 2);
	if (program.threads.length > most) return unexplored({ name: 'threads', reached: program.threads.length }, []);
	for (const width of [1, 2] as const) {
		try {
			return yield* attempt(program, options, width);
		} catch (error) {
			if (!(error instanceof TooManyValues)) throw error;
		}
	}
	return unexplored({ name: 'states', reached: 0 }, ['more distinct values than are told apart']);
}

/** Tells of the failures after so many of them; how many there are now. The machine is left as it is. */
function tellMet(m: Machine, found: ReadonlyMap<string, Found>, told: number, met: (failure: Failure) => void): number {
	if (found.size <= told) return found.size;
	const [words, { tracking }] = [m.words.slice(), m];
	for (const failure of annotate(m, [...found.values()].slice(told))) met(failure);
	m.words.set(words);
	m.tracking = tracking;
	return found.size;
}

const unexplored = (bound: Bound, cuts: readonly string[]): Exploration => ({ verdict: 'inconclusive', states: 0, transitions: 0, failures: [], notes: [], bound, cuts });

function* attempt(program: Program, options: Options, width: Width): Generator<number, Exploration> {
	const bounds: Bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
	const started = performance.now();
	const m = new Machine(program, width, bounds.localOperations, options.memory ?? program.memory);
	const counting = options.count !== false && options.verdictOnly !== true;
	const verdictOnly = options.verdictOnly === true;
	// The footprints of what may follow know nothing of store buffers.
	const reducible = m.memory === SC;
	const aborted = (): boolean => options.signal?.aborted === true;
	const races = new Races(m);
	const remembered = new Remembered(m);
	const watched = verdictOnly ? { remembered } : { remembered, races };
	const reducedSearch = (): DepthFirst => {
		// Of one thread there is nothing to leave out: only the order is that of the others.
		if (m.movers === 1) return new DepthFirst(m, { ...watched, total: false, stopAtFailure: verdictOnly });
		const points = new Points(m);
		const symmetry = symmetryOf(m, points);
		// Races are told in terms of the threads as they are, which a state that stands for others does not know.
		return new DepthFirst(m, { ...(symmetry === undefined ? watched : { remembered, symmetry }), total: false, stopAtFailure: verdictOnly, reduction: persistentSets(m, points) });
	};
	let reduced = reducible && options.reduction === true;
	// Whether the search has been given up once for one that bears more states.
	let large = reduced;
	let graph: Graph | undefined;
	const graphOf = (): Graph => {
		graph ??= new Graph(m, remembered);
		return graph;
	};
	let search: Search = reduced ? reducedSearch() : counting ? new Walk(graphOf(), races) : new Sweep(m, { ...watched, stopAtFailure: verdictOnly, kept: WHOLE_STATES });
	let bound: Bound | undefined;
	const exceeded = (states: number, bytes: number): Bound | undefined => {
		if (aborted()) return { name: 'cancelled', reached: states };
		if (states > bounds.states) return { name: 'states', reached: states };
		const spent = performance.now() - started;
		if (spent > bounds.milliseconds) return { name: 'milliseconds', reached: Math.round(spent) };
		if (bytes > bounds.megabytes * 1_048_576) return { name: 'megabytes', reached: Math.round(bytes / 1_048_576) };
		return undefined;
	};
	let told = 0;
	while (!search.done && bound === undefined) {
		search.advance(SLICE);
		// What turns out to be large is begun anew with the reduction, which small programs do not repay.
		if (!search.done && !large && search.states > Math.min(WHOLE_STATES, WHOLE_PART * bounds.states)) {
			large = true;
			reduced = reducible && options.reduction !== false;
			if (reduced) search = reducedSearch();
			else if (counting) search = new DepthFirst(m, { ...watched, total: true, stopAtFailure: false });
		}
		if (options.met !== undefined) told = tellMet(m, search.found, told, options.met);
		bound = search.done ? undefined : exceeded(search.states, search.bytes);
		options.progress?.(search.states);
		yield search.states;
	}
	let known: Known | undefined;
	const knownOf = (): Known => {
		known ??= new Known(m, remembered, search.explored);
		return known;
	};
	let found = [...search.found.entries()];
	// What was too large to search whole may still fail after few preemptions, which this search tries first.
	const hunting = found.length === 0 && (bound?.name === 'states' || bound?.name === 'megabytes');
	if (hunting || (found.length > 0 && !verdictOnly && bound?.name !== 'cancelled')) {
		const shortest = new Shortest(knownOf(), m.threads.length, new Set(hunting ? [''] : search.found.keys()), Math.min(SHORTEST_NODES, NODES_PER_STATE * bounds.states));
		while (!shortest.done && !(hunting && shortest.best.size > 0)) {
			shortest.advance(SLICE);
			if (aborted() || performance.now() - started > 2 * bounds.milliseconds) break;
			yield search.states;
		}
		found = hunting ? [...shortest.best].map(([key, best]) => [key, best.found]) : found.map(([key, one]) => [key, shortest.best.get(key)?.found ?? one]);
	}
	const failures = annotate(m, found.map(([, one]) => one));
	if (bound === undefined && search.outOfObjects) bound = { name: 'objects', reached: program.objects.length };
	if (bound === undefined && search.tooLong) bound = { name: 'localOperations', reached: bounds.localOperations };
	let interleavings: Exploration['interleavings'];
	if (counting && search.done && options.signal?.aborted !== true) {
		const traces = new Traces(graphOf(), NODES_PER_TRACE * bounds.traces);
		while (!traces.done) {
			traces.advance(SLICE);
			if (aborted() || performance.now() - started > 2 * bounds.milliseconds) break;
			yield search.states;
		}
		interleavings = traces.counts;
	}
	const verdict = failures.length > 0 ? 'fails' : bound !== undefined ? 'inconclusive' : 'passes';
	const total = reduced ? undefined : search.total;
	const first = failures[0];
	let { passing } = search;
	if (!verdictOnly && options.nearest !== false && first !== undefined) {
		const nearest = nearestPassing(knownOf(), first.schedule, NEAREST_STATES);
		for (let next = nearest.next(); !aborted(); next = nearest.next()) {
			if (next.done === true) {
				passing = next.value ?? passing;
				break;
			}
			yield search.states;
		}
	}
	return {
		verdict,
		states: search.states,
		transitions: search.transitions,
		failures,
		notes: races.notes,
		cuts: [...search.cuts].sort(),
		covered: m.covered.map((thread, t) => thread.slice(0, program.threads[t]!.code.length)),
		...(interleavings !== undefined ? { interleavings } : {}),
		...(total !== undefined ? { total } : {}),
		...(passing !== undefined ? { passing } : {}),
		...(bound !== undefined ? { bound } : {}),
	};
}

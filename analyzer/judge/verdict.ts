import { countSlices, type Exploration, type Failure, type Options, passingNear, type Program } from '../../sim';
import { lastOf, type Lowered } from '../lower';
import type { ScenarioReview, Side } from '../review';
import { isAskedInVain, isContended } from './belief/contended';
import { LIFETIME } from './belief/founded';
import { credible, isBadPointer, isCredibleAnyhow, type Releases, releasesOf } from './belief/credible';
import { asLarge, explored } from './search/explored';
import { past } from './search/past';
import { consistentWorlds, publishedTooEarly } from './worlds/published';
import type { Slices } from './slices';
import { inKernelTerms, tellFailure, tellSchedule } from './tell';

/** Named bounds of one exploration; none of them is a clock, so that every machine says the same. */
export const EXPLORATION: Options = { bounds: { states: 30_000, milliseconds: 60_000, traces: 1_000 }, count: false, nearest: false };
/** Of a scenario that nobody speaks of, where others wait for their turn. */
export const BRIEF: Options = { ...EXPLORATION, bounds: { ...EXPLORATION.bounds, states: 12_000 } };
/** Of one that nobody speaks of, and that the patch leaves as it was. */
export const UNCHANGED: Options = { ...EXPLORATION, bounds: { ...EXPLORATION.bounds, states: 3_000 } };
/** So often one side is explored again past what is not believed, and as long as that takes no more states than one exploration may. */
const ROUNDS_BOUND = 3;
/** Bad pointers that a thread comes upon by itself: of so many at most other worlds are explored. */
const SOLO_BOUND = 2;

/** A failure with the program whose schedule it has: one that goes on past others may begin in another world. */
export interface Believed extends Failure {
	readonly program: Program;
}

export interface Judged {
	readonly lowered: Lowered;
	readonly exploration: Exploration;
	/** How it was explored, and is explored again. */
	readonly options: Options;
	readonly releases: Releases;
	/** What is left of the failures when those that are no race of the code's are taken out, one per kind. */
	readonly failures: readonly Believed[];
	/** All of them: the same kind at several places. */
	readonly everywhere: readonly Believed[];
	/** Failures that say nothing of the patch: told below the verdict. */
	readonly aside: readonly Believed[];
	readonly verdict: Side['verdict'];
	/** States that this took, all rounds together. */
	readonly spent: number;
}

/** Explores one side, and again past what is not believed, so that this hides nothing that lies behind. `met` hears of what is believed whatever its schedule, as soon as it is met. */
export function* judge(lowered: Lowered, releases: Releases = releasesOf([lowered]), options: Options = EXPLORATION, met?: (failure: Failure) => void): Slices<Judged> {
	const failures = new Map<string, Believed>();
	const everywhere = new Map<string, Believed>();
	const solo = new Map<string, Failure>();
	const found = (here: Lowered, failure: Failure): void => {
		const place = `${failure.check} ${failure.sites.join()}`;
		if (!everywhere.has(place)) everywhere.set(place, { ...failure, program: here.program });
		// One per kind: the same trouble at its next line is told once.
		const kind = kindOf(here, failure);
		if (!failures.has(kind)) failures.set(kind, { ...failure, message: inWords(here, failure), program: here.program });
	};
	let { program } = lowered;
	let exploration = yield* explored(program, met ? { ...options, met: (failure) => { if (isCredibleAnyhow(lowered, failure)) met(failure); } } : options);
	let spent = exploration.states;
	for (let round = 0; ; round++) {
		const here = { ...lowered, program };
		const disbelieved: Failure[] = [];
		for (const failure of exploration.failures) {
			if (!credible(here, failure, releases)) {
				disbelieved.push(failure);
				if (round === 0 && isBadPointer(failure)) solo.set(`${failure.thread} ${failure.pc}`, failure);
			} else found(here, failure);
		}
		const further = disbelieved.length > 0 && round < ROUNDS_BOUND && spent < (options.bounds?.states ?? spent) ? past(here, disbelieved) : null;
		if (!further) break;
		program = further;
		exploration = yield* explored(program, asLarge(options, exploration));
		spent += exploration.states;
	}
	for (const failure of [...solo.values()].slice(0, SOLO_BOUND)) {
		for (const world of consistentWorlds(lowered, failure)) {
			const here = { ...lowered, program: world };
			for (const each of (yield* explored(world, asLarge(options, exploration))).failures) {
				if (each.thread === failure.thread && each.pc === failure.pc && isBadPointer(each) && credible(here, each, releases)) found(here, each);
			}
		}
	}
	return { lowered: { ...lowered, program }, exploration, options, releases, failures: [...failures.values()], everywhere: [...everywhere.values()], aside: [], verdict: verdictOf(exploration, failures.size), spent };
}

/** A pointer that was never set is told by its name. */
function inWords(lowered: Lowered, failure: Failure): string {
	const [cell] = failure.behind ?? [];
	return isBadPointer(failure) && cell !== undefined && publishedTooEarly(lowered, failure) ? `${failure.message}: ${lowered.program.cells[cell]?.name ?? 'it'} is not set yet` : failure.message;
}

/** A side that is not explored, since nothing would come of it where the other one was cut off. */
export const unexplored = (lowered: Lowered, { releases, options, exploration: { bound } }: Judged): Judged => ({
	lowered, options, releases, failures: [], everywhere: [], aside: [], verdict: 'inconclusive', spent: 0,
	exploration: { verdict: 'inconclusive', states: 0, transitions: 0, failures: [], notes: [], cuts: [], ...(bound ? { bound } : {}) },
});

export const verdictOf = (exploration: Exploration, failures: number): Side['verdict'] => (failures > 0 ? 'fails' : exploration.bound ? 'inconclusive' : 'passes');

export const kindsOf = ({ lowered, failures }: Judged): ReadonlySet<string> => new Set(failures.map((failure) => kindOf(lowered, failure)));

const UNFINISHED: ReadonlySet<string> = new Set(['states', 'milliseconds', 'megabytes', 'cancelled']);

/** The same with its interleavings counted and the nearest one that passes, for what is told in full. */
export function* inFull(judged: Judged): Slices<Judged> {
	const { exploration, lowered, options } = judged;
	const [first] = exploration.failures;
	const passing = first && (yield* passingNear(lowered.program, first.schedule, options));
	// What was not searched to its end cannot be counted either.
	const interleavings = exploration.bound && UNFINISHED.has(exploration.bound.name) ? undefined : yield* countSlices(lowered.program, EXPLORATION);
	return { ...judged, exploration: { ...exploration, ...(passing ? { passing } : {}), ...(interleavings ? { interleavings } : {}) } };
}

/**
 * What distinguishes a failure from others, alike on both sides of the patch: its check, what it breaks and by which entry it is
 * reached (for a deadlock, the locks in it).
 */
export function kindOf({ program, parties }: Lowered, failure: Failure): string {
	const object = failure.object === undefined ? '' : typeAnywhere(program.objects[failure.object]?.type ?? '');
	const party = parties[failure.thread];
	// Of several runs of one function it does not matter which one it is.
	const entry = party?.registration?.callback ?? party?.key ?? String(parties.findIndex((other) => other.entry === party?.entry));
	if (failure.check === 'deadlock' || failure.check === 'irq-unsafe-lock') {
		const cells = (failure.blocked ?? []).map((each) => program.cells[each.cell]?.name ?? `thread ${each.by.join()}`);
		return `${failure.check} ${[...new Set(cells)].sort().join(' ')}`;
	}
	const cell = failure.cell === undefined ? '' : lastOf(program.cells[failure.cell]?.name ?? '');
	const told = failure.object === undefined && failure.cell === undefined && ACCOUNTS.has(failure.check) ? failure.message.replace(/^.* on |^.*(?:with|keeps) /, '') : '';
	return `${failure.check} ${object}.${cell} ${entry}${told}`;
}

/** What has no struct is called after the place that makes it, which a patch moves. */
const typeAnywhere = (type: string): string => (type.startsWith('~') ? type.replace(/\d+/g, '') : type);

/** Kinds that are the same trouble with the same object by another name. */
export function troubleOf(kind: string): string {
	const [check = '', where = ''] = kind.split(' ');
	// Who waits while he holds another lock is no longer only waiting for who never comes.
	if (check === 'deadlock') return kind;
	return LIFETIME.has(check) ? `lifetime ${where.split('.')[0]}` : `${check} ${where}`;
}

const STATES = 'states bound';

/** One of the two sides was too large to be searched: beside another thread it is so as well, and there is nothing that the other side could be held against. */
export const wasTooLarge = ({ pre, post }: Pick<ScenarioReview, 'pre' | 'post'>): boolean => [pre, post].some((side) => side?.bound?.startsWith(STATES) === true);

/** Notes of one kind beyond these are not told. */
const NOTES_BOUND = 5;

/** Checks of what a function keeps, which no cell stands for. */
const ACCOUNTS: ReadonlySet<string> = new Set(['refcount-leak', 'lock-held-at-return']);

export function tellSide({ lowered, exploration, failures, aside, verdict }: Judged): Side {
	const counts = exploration.interleavings ?? { failing: failures.length, passing: 0, exact: false };
	const told = (each: Believed): ReturnType<typeof tellFailure> => ({ ...tellFailure({ ...lowered, program: each.program }, each), ...(isContended(lowered, each) ? { contended: true as const, ...(isAskedInVain(lowered, each) ? { asked: true as const } : {}) } : {}) });
	return {
		verdict,
		interleavings: failures.length === 0 && counts.failing > 0 ? { failing: 0, passing: counts.passing + counts.failing, exact: counts.exact } : counts,
		states: exploration.states,
		failures: failures.map(told),
		notes: [...aside.slice(0, NOTES_BOUND).map(told), ...exploration.notes.slice(0, NOTES_BOUND).map((note) => tellFailure(lowered, note))],
		assumptions: [
			...lowered.assumptions.map((each) => inKernelTerms(lowered, each)),
			'one object of each struct type, one element of each array, at most two rounds of each loop',
			...exploration.cuts.filter((why) => why !== '').map((why) => `not followed: ${why}`),
		],
		notModelled: lowered.unmodelled,
		...(exploration.passing ? { passing: { schedule: exploration.passing, steps: tellSchedule(lowered, exploration.passing) } } : {}),
		...(exploration.bound ? { bound: `${exploration.bound.name} bound reached at ${exploration.bound.reached}` } : {}),
	};
}

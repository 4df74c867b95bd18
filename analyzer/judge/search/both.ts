import type { Failure, Op, Options, Program } from '../../../sim';
import { type Lowered, operationsOf, sliced } from '../../lower';
import type { Releases } from '../belief/credible';
import { asLarge } from './explored';
import type { Slices } from '../slices';
import { BRIEF, EXPLORATION, judge, type Judged, UNCHANGED, unexplored } from '../verdict';

type Both = readonly [Judged | null, Judged | null];
/** Hears of a failure before the patch that is believed, as soon as it is met, where the side after it is known already. */
type Met = (failure: Failure, after: Judged) => void;

interface How {
	readonly claimed: boolean;
	readonly races?: boolean | undefined;
	readonly onlyBrought?: boolean;
	readonly met?: Met | undefined;
}

/** A program of so few operations is explored as it stands where that takes no more than so many states: that costs less than to slice it. */
interface Small {
	readonly operations: number;
	readonly states: number;
}
const SMALL: Small = { operations: 300, states: 5_000 };
/** What the mail speaks of most likely fails, and would be explored whole for that. */
const SMALL_CLAIMED: Small = { operations: 800, states: 16_000 };

/**
 * Explores both sides: what is small as it stands; of what is larger a slice of them first, which tells whether anything fails. What fails is explored again whole, so that its schedule goes
 * through all of the reviewed lines, unless that is too much to be searched, or nobody speaks of it and no failure of the slice is believed. Where the patch leaves the scenario's slice as it was, and
 * it does not fail, once is enough. `claimed`: somebody speaks of it. `races`: what is asked for are data races, which a slice does not keep. `onlyBrought`: all that is asked is
 * what the patch brings, so that where the side after passes the side before is not explored.
 */
export function* judgeBoth(before: Lowered | null, after: Lowered | null, releases: Releases, { claimed, races = false, onlyBrought = false, met }: How): Slices<Both> {
	const options = claimed ? EXPLORATION : BRIEF;
	if (races) return [before && (yield* judge(before, releases, options)), after && (yield* judge(after, releases, options))];
	const small = yield* bothSmall(before, after, releases, options, claimed ? SMALL_CLAIMED : SMALL, onlyBrought, met);
	if (small) return small;
	const left = before && sliced(before);
	yield;
	const right = after && sliced(after);
	yield;
	const unchanged = left !== null && right !== null && sameText(left.program, right.program);
	const effort = claimed ? options : affordable(unchanged ? UNCHANGED : options, [left, right]);
	const second = right && (yield* judge(right, releases, effort));
	const passes = second?.exploration.failures.length === 0 && second.failures.length === 0;
	if (unchanged && second && passes) return [asJudged(left, right, second), second];
	if (onlyBrought && left && second?.verdict === 'passes') return [unexplored(left, second), second];
	// Where what is after the patch is too much, and nothing fails that far, nothing is said of the two, whatever was before.
	if (left && second && !claimed && isCutOff(second) && second.failures.length === 0) return [unexplored(left, second), second];
	const first = left && (yield* judge(left, releases, second && !unchanged ? asLarge(effort, second.exploration) : effort));
	const brief: Both = [first, second];
	if (brief.every((side) => !side || side.failures.length === 0 && (!claimed || side.exploration.failures.length === 0))) return brief;
	// What nobody speaks of and the patch leaves as it was needs no schedule through all of its lines.
	if (unchanged && !claimed) return brief;
	// What was too much as a slice is no less as a whole.
	if (brief.some(isCutOff)) return brief;
	const again = claimed ? options : affordable(options, [before, after]);
	const old = before && (yield* judge(before, releases, again));
	if (isCutOff(old)) return brief;
	const young = after && (yield* judge(after, releases, again));
	return isCutOff(young) ? brief : [old, young];
}

const isCutOff = (side: Judged | null): boolean => side?.exploration.bound !== undefined;

/** States times operations of what nobody speaks of: a state of a large program takes longer, and there are more of them than anybody waits for. */
const WORK = 2_000_000;
const LEAST_STATES = 2_000;
/** In steps of so many, so that an edit of a line or two leaves the bound, and with it what was found before, as it was. */
const STATES_STEP = 500;

function affordable(options: Options, sides: readonly (Lowered | null)[]): Options {
	const operations = Math.max(1, ...sides.map(operationsOf));
	const states = Math.min(options.bounds?.states ?? Number.POSITIVE_INFINITY, Math.max(LEAST_STATES, Math.round(WORK / operations / STATES_STEP) * STATES_STEP));
	return { ...options, bounds: { ...options.bounds, states } };
}

/** Null where a side is too large, or turns out to be, or meets another bound. */
function* bothSmall(before: Lowered | null, after: Lowered | null, releases: Releases, options: Options, small: Small, onlyBrought: boolean, met?: Met): Slices<Both | null> {
	if ([before, after].some((side) => operationsOf(side) > small.operations)) return null;
	const bounded: Options = { ...options, bounds: { ...options.bounds, states: small.states } };
	const whole = (side: Judged | null): boolean => side === null || (side.exploration.bound === undefined && side.spent < small.states);
	const second = after && (yield* judge(after, releases, bounded));
	if (!whole(second)) return null;
	if (before && after && second && second.failures.length === 0 && sameText(before.program, after.program)) return [{ ...asJudged(before, after, second), options }, { ...second, options }];
	if (onlyBrought && before && second?.verdict === 'passes') return [unexplored(before, second), { ...second, options }];
	const first = before && (yield* judge(before, releases, bounded, second && met ? (failure) => met(failure, second) : undefined));
	return whole(first) ? [first && { ...first, options }, second && { ...second, options }] : null;
}

/** The same programs, but for what only tells where they come from. */
const sameText = (a: Program, b: Program): boolean => a.threads.length === b.threads.length && a.threads.every(({ code }, thread) => code.length === b.threads[thread]?.code.length) && textOf(a) === textOf(b);

/**
 * What was found of one side, told of the other one, whose program is the same text: in the world in which it was explored last, and with the other
 * side's lines.
 */
function asJudged(before: Lowered, after: Lowered, judged: Judged): Judged {
	const place = new Map(after.program.threads.flatMap(({ code }, thread) => code.map((op, at) => [op.origin, before.program.threads[thread]?.code[at]?.origin ?? op.origin] as const)));
	const moved = (origin: number): number => place.get(origin) ?? origin;
	const { cells, threads: explored, ...program } = judged.lowered.program;
	const threads = explored.map((thread) => ({ ...thread, code: thread.code.map((op): Op => ({ ...op, origin: moved(op.origin) })) }));
	const notes = judged.exploration.notes.map((note) => ({ ...note, sites: note.sites.map(moved) }));
	return { ...judged, lowered: { ...before, program: { ...before.program, cells, threads, ...(program.ignored ? { ignored: program.ignored } : {}) } }, exploration: { ...judged.exploration, notes } };
}

/** The program without what only tells where it comes from. */
const textOf = ({ cells, objects, threads, setup, quiescence }: Program): string =>
	JSON.stringify({ cells, objects, threads, setup, quiescence }, (key, value: unknown) => (key === 'origin' || key === 'message' ? undefined : value));

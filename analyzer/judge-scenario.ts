import { CHECKS, type Failure, type Program, type Step } from '../sim';
import { besideOther, countedByHand, inFull, inSameWorld, judgeBoth, type Judged, judgeReordered, notYet, ordersMemory, outcomeOf, racingToo, releasesOf, replayed, setAside, type Slices, startedAlike, unheard, unmasked } from './judge';
import type { JudgedScenario } from './judged-before';
import { lastOf, type Lowered } from './lower';
import { isWhole } from './parse';
import type { Outcome } from './review';
import type { Scenario } from './scenarios';

const SYNCHRONISING: ReadonlySet<string> = new Set(['lock', 'trylock', 'unlock', 'get', 'put', 'rcu', 'grace-begin', 'cancel', 'join', 'spawn', 'free', 'rmw', 'cas', 'await', 'wake', 'context', 'context-set']);

/** Of some party only parts are in sight: that they fail alike on both sides may be for what lies between. */
const inParts = ({ parties }: Lowered): boolean => parties.some(({ definition: { fn, file } }) => !file.modelled && !isWhole(fn));

/** The patch's own synchronisation lies on a schedule that still fails; or a test of its own, of what another thread changes there. */
function onSchedule({ lowered: { origins, notes }, failures }: Judged): boolean {
	return failures.some(({ program, schedule }) => {
		const { steps } = replayed(program, schedule);
		return steps.some((step) => step.executed.some((pc) => {
			const op = program.threads[step.thread]?.code[pc];
			if (op === undefined || origins[op.origin]?.changed !== true) return false;
			return SYNCHRONISING.has(op.op) || (op.op === 'load' && changedByOther(program, steps, step.thread, lastOf(notes[step.thread]?.[pc]?.key ?? '')));
		}));
	});
}

const changedByOther = (program: Program, steps: readonly Step[], thread: number, key: string): boolean =>
	steps.some((step) => step.thread !== thread && step.changes.some(({ cell }) => lastOf(program.cells[cell]?.name ?? '') === key));

/** Outcomes that say what the patch does. */
const SAYS_MORE: ReadonlySet<Outcome> = new Set(['fixes', 'introduces']);

/** Explores both programs of a scenario as far as the outcome, and what is told of it, takes. `hears` is told the outcome as soon as it is known, before the rest is done. `tells`: it is told in full, with its interleavings counted. */
export function* judgeScenario(programs: readonly [Lowered | null, Lowered | null], scenario: Scenario, remedy: boolean, hears?: (outcome: Outcome) => void, tells = true): Slices<JudgedScenario> {
	const [lowered = null, changed = null] = countedByHand(notYet(startedAlike([alone(programs[0], scenario.outline), alone(programs[1], scenario.outline)])));
	const releases = releasesOf([lowered, changed]);
	let heard: Outcome | undefined;
	const judgedAs = (outcome: Outcome): void => {
		if (heard !== outcome) hears?.(outcome);
		heard = outcome;
	};
	// Of what the mail speaks of, one failure that the other side has none of says it all: nothing of that is set aside.
	const met = ({ check }: Failure, after: Judged): void => { if (failsNowhere(after) && scenario.outline?.has(check) !== false) judgedAs('fixes'); };
	const reorders = lowered !== null && changed !== null && (scenario.reorders === true || ordersMemory([lowered, changed]));
	const judged = yield* judgeBoth(lowered, changed, releases, { claimed: scenario.claimed, races: scenario.races, onlyBrought: scenario.onlyBrought === true && !reorders, met: scenario.claimed && hears ? met : undefined });
	const [first, second] = besideOther(judged[0], judged[1], remedy);
	const about = (side: Judged | null): boolean => scenario.claimed || (remedy && side !== null && !inParts(side.lowered) && onSchedule(side));
	const outcomeHere = (left: Judged | null, right: Judged | null): Outcome => outcomeOf({ about: about(right), remedy }, left, right);
	const settle = function* (left: Judged | null, right: Judged | null): Slices<readonly [Judged | null, Judged | null]> {
		return left && right ? setAside(...(yield* unmasked(left, right, left.lowered.reading.deadlocks === true)), about(right), scenario.claimed) : [left, right];
	};
	let [before, after] = yield* settle(first, second);
	// What the patch does to memory order shows only under a memory that has some.
	if (lowered && changed && reorders && !SAYS_MORE.has(outcomeHere(before, after))) {
		const weak = yield* settle(...besideOther(yield* judgeReordered(lowered, releases), yield* judgeReordered(changed, releases), remedy));
		if (SAYS_MORE.has(outcomeHere(...weak))) [before, after] = weak;
	}
	if (before && after && outcomeHere(before, after) === 'inconclusive') [before, after] = yield* inSameWorld(before, after);
	const outcome = unheard(outcomeHere(before, after), before, after, about(after));
	judgedAs(outcome);
	if (outcome === 'fixes' && before && !scenario.marked) before = racingToo(before, after);
	if (outcome === 'introduces' && after && !scenario.marked) after = racingToo(after, before);
	const full = tells && (scenario.claimed || outcome === 'fixes' || outcome === 'introduces' || outcome === 'still-fails');
	return { before: before && full ? yield* inFull(before) : before, after: after && full ? yield* inFull(after) : after, outcome };
}

/** It was searched to its end, and nothing fails, believed or not. */
const failsNowhere = ({ exploration, failures }: Judged): boolean => exploration.verdict === 'passes' && failures.length === 0;

/** Of an outline only the checks that it can tell of count: what else goes wrong there ends no path. */
function alone(lowered: Lowered | null, checks: Scenario['outline']): Lowered | null {
	return lowered && checks ? { ...lowered, program: { ...lowered.program, without: CHECKS.filter((check) => !checks.has(check)) } } : lowered;
}

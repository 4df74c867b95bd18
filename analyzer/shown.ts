import type { Inquiry } from './inquiry';
import { wasTooLarge } from './judge';
import type { Outcome, ScenarioReview } from './review';
import { drawnScenarios, identity, isDrawnOut, propose, type Scenario, type Told, underElidedLocks } from './scenarios';

/** What the scenarios of the mail and of the shown code said, and how many were left out. */
export interface Shown {
	readonly reviews: readonly ScenarioReview[];
	/** Called and known by nobody, in any of them. */
	readonly unmodelled: ReadonlySet<string>;
	readonly leftOut: number;
	/** Sentences of scenarios that were not tried since one of their functions is too much by itself, or since the patch has taken much work already. */
	readonly remarks: readonly string[];
}

/** States after which scenarios that nobody speaks of are left out; the review says how many. */
const REVIEW_STATES_BOUND = 120_000;
/**
 * Operations of all scenarios so far, both sides together, after which those of several threads that nobody speaks of are left out where they have more than so many
 * after the patch; the review says how many. In all practice sets, and of 150 mutants of a kernel's own functions, none of these was the first to tell anything.
 */
const REVIEW_OPERATIONS_BOUND = 4_500;
const LATE_OPERATIONS_BOUND = 200;

/** Judges what the mail says first, then who else may meet the changed functions. `each` hears of every verdict with all so far. */
export async function judgeShown(inquiry: Inquiry, told: Told, each: (reviews: readonly ScenarioReview[]) => void): Promise<Shown> {
	const { surroundings: { parser, models, progress }, pre, post, remedy, attempt, operations, exceeds, proven, brokenOff } = inquiry;
	const reviews: ScenarioReview[] = [];
	const drawn = new Set<Told['diagrams'][number]>();
	for (const scenario of told.asked ? [] : drawnScenarios(parser, pre, post, models, told.diagrams)) {
		const review = await brokenOff() ? undefined : await attempt(scenario, remedy);
		if (!review || !isDrawnOut(review)) continue;
		reviews.push(review);
		drawn.add(scenario.diagram);
	}
	const proposed = propose(pre, post, models, { ...told, diagrams: told.diagrams.filter((each) => !drawn.has(each)) });
	const unmodelled = new Set<string>();
	// What the mail says is explored before others are looked for; only then is it known how many there are.
	let { claimed: scenarios } = proposed;
	let leftOut = 0;
	let states = 0;
	/** Functions that were too large to be searched by themselves, and how many scenarios were not tried for that. */
	const tooLarge = new Map<string, number>();
	let tooLate = 0;
	for (let index = 0; ; index++) {
		if (await brokenOff()) break;
		if (index === proposed.claimed.length) ({ scenarios, leftOut } = proposed.all());
		const scenario = scenarios[index];
		if (!scenario) break;
		if (!scenario.claimed && states > REVIEW_STATES_BOUND) {
			leftOut += scenarios.length - index;
			break;
		}
		// Beside another thread it is no less, and comes no further: the bound is one of states times operations. What the mail is about is tried as far as that goes.
		const large = scenario.claimed || remedy || scenario.entries.length === 1 ? undefined : scenario.entries.find((entry) => tooLarge.has(entry));
		if (large !== undefined) {
			tooLarge.set(large, (tooLarge.get(large) ?? 0) + 1);
			continue;
		}
		if (!scenario.claimed && scenario.entries.length > 1 && operations() > REVIEW_OPERATIONS_BOUND && exceeds(scenario, LATE_OPERATIONS_BOUND)) {
			tooLate++;
			continue;
		}
		const id = identity(scenario.entries);
		progress?.(id, index, scenarios.length);
		let review = await attempt(scenario, remedy, (outcome) => progress?.(id, index + 1, scenarios.length, outcome));
		if (!review) break;
		// Both sides may fail alike for a lock that only elided lines take.
		for (const held of spoken(scenario, remedy) && FAILS_ALIKE.has(review.outcome) ? underElidedLocks(scenario, pre, post) : []) {
			const other = await attempt(held, remedy);
			if (other?.outcome === 'fixes') {
				review = other;
				break;
			}
		}
		for (const name of [...(review.pre?.notModelled ?? []), ...(review.post?.notModelled ?? [])]) unmodelled.add(name);
		reviews.push(proven(review, scenario));
		if (scenario.entries.length === 1 && wasTooLarge(review)) tooLarge.set(scenario.entries[0] ?? '', 0);
		states += (review.pre?.states ?? 0) + (review.post?.states ?? 0);
		each(reviews);
	}
	const remarks = [...tooLarge].flatMap(([entry, count]) => (count === 0 ? [] : [`${entry}() is too much to be searched by itself: ${scenariosOf(count)} of it and another thread ${wasOf(count)} not tried`]));
	if (tooLate > 0) remarks.push(`the bound on a patch's operations (${REVIEW_OPERATIONS_BOUND}) was reached: ${scenariosOf(tooLate)} of several threads, of more than ${LATE_OPERATIONS_BOUND} operations each, ${wasOf(tooLate)} not tried`);
	return { reviews, unmodelled, leftOut, remarks };
}

const scenariosOf = (count: number): string => `${count} scenario${count === 1 ? '' : 's'}`;
const wasOf = (count: number): string => (count === 1 ? 'was' : 'were');

const spoken = ({ because }: Scenario, remedy: boolean): boolean => because === 'prose' || because === 'diagram' || (remedy && because === 'conflict');
const FAILS_ALIKE: ReadonlySet<Outcome> = new Set(['pre-existing', 'still-fails']);

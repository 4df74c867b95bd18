import { finished, isRemedyInHunks, turn, unlessUnproven, unprovenRemarks } from './judge';
import { meansToMend, speaksOfRemedy } from './mail/intent';
import type { Patch } from './mail/patch';
import type { Outcome, ScenarioReview } from './review';
import { lowerAfter, reviewScenario, type Surroundings } from './review-scenario';
import { operationsOf } from './lower';
import { Sizes } from './sizes';
import { castOf, identity, type Scenario, type Side, type Told } from './scenarios';

/** One patch as it is looked into: its two sides, what its mail says, and how a scenario of it is judged. */
export interface Inquiry {
	readonly surroundings: Surroundings;
	readonly patch: Patch;
	readonly pre: Side | null;
	readonly post: Side | null;
	/** The mail's subject and text, and the word that two drawn columns stand for. */
	readonly words: string;
	/** The mail is that of a patch that is meant as a remedy. */
	readonly remedy: boolean;
	/** It is one, and only its hunks are in sight. */
	readonly inHunks: boolean;
	/** The scenario with the names of those who are meant by its made-up threads, where the mail or the code has them. */
	readonly cast: <S extends Scenario>(scenario: S) => S;
	/** Undefined for a scenario that was broken off. A fault of ours in one is told, and loses nothing of the others. */
	readonly attempt: (scenario: Scenario, meant: boolean, judged?: (outcome: Outcome) => void) => Promise<ScenarioReview | undefined>;
	/** Operations of all programs that were lowered for scenarios so far; and whether one scenario has more of them after the patch: where a thread of it does not tell, it is lowered for that and not judged. */
	readonly operations: () => number;
	readonly exceeds: (scenario: Scenario, bound: number) => boolean;
	/** The review as it may be told: an accusation that the hunks alone cannot prove is inconclusive. */
	readonly proven: (review: ScenarioReview, scenario: Scenario) => ScenarioReview;
	/** A turn of the event loop, then whether somebody has broken the review off. */
	readonly brokenOff: () => Promise<boolean>;
	/** What went wrong so far, and what could not be proven: problems of the review. */
	readonly remarks: () => readonly string[];
	readonly provesAll: () => boolean;
}

export function inquire(around: Surroundings, patch: Patch, pre: Side | null, post: Side | null, told: Told): Inquiry {
	const { said, signal } = around;
	const sizes = new Sizes();
	const surroundings: Surroundings = { ...around, lowered: (programs) => { sizes.add(programs); } };
	const faults: string[] = [];
	const unproven = new Set<string>();
	const inHunks = isRemedyInHunks(surroundings.table, patch, post);
	// Who draws two columns says that there is a race, unless they draw who waits for whom.
	const words = [patch.subject, ...patch.prose.map((line) => line.text), ...(told.diagrams.length > 0 && !said.deadlocks ? ['race'] : [])].join('\n');
	return {
		surroundings, patch, pre, post, words, remedy: speaksOfRemedy(surroundings.table, words) || meansToMend(surroundings.table, patch), inHunks, cast: castOf(patch, pre, post, told),
		attempt: async (scenario, meant, judged) => {
			try {
				return await finished(reviewScenario(surroundings, patch, pre, post, scenario, meant, judged), signal);
			} catch (error) {
				const id = identity(scenario.entries);
				faults.push(`${id}: internal error, please report it: ${error instanceof Error ? error.message : String(error)}`);
				return { id, because: scenario.because, reason: scenario.reason, outcome: 'inconclusive', threads: [], pre: null, post: null, loadBearing: [] };
			}
		},
		operations: () => sizes.operations,
		exceeds: (scenario, bound) => {
			if (sizes.exceeds(scenario.entries, bound)) return true;
			const after = lowerAfter(surroundings, pre, post, scenario);
			sizes.note(after);
			return operationsOf(after) > bound;
		},
		proven: (review, scenario) => {
			const held = unlessUnproven(review, scenario, inHunks);
			if (held !== review) unproven.add(held.id);
			return held;
		},
		brokenOff: async () => {
			await turn();
			return signal?.aborted ?? false;
		},
		remarks: () => [...faults, ...unprovenRemarks(unproven)],
		provesAll: () => unproven.size === 0,
	};
}

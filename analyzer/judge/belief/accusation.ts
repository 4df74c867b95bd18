import type { CheckName } from '../../../sim';
import type { Phrases } from '../../knowledge/phrases';
import { putsRight } from '../../mail/intent';
import type { Patch } from '../../mail/patch';
import { isWhole } from '../../parse';
import type { ReviewFailure, ScenarioReview } from '../../review';
import type { Scenario, Side } from '../../scenarios';

/** What a thread does on its own in lines that are shown needs nothing that is not. */
const CERTAIN: ReadonlySet<CheckName> = new Set(['sleep-in-atomic', 'deadlock', 'unlock-not-held', 'irq-unsafe-lock']);

/** Only hunks of the patch's files are in sight, and the patch is meant as a remedy: by its subject, or by a trailer that names what it fixes. */
export const isRemedyInHunks = (table: Phrases, patch: Pick<Patch, 'subject' | 'fixes'>, post: Side | null): boolean =>
	putsRight(table, patch) && (post?.files.every(({ image }) => image.completeness === 'fragments') ?? false);

/**
 * Such a patch is not accused of what needs more than is shown: of a race with what may be out of sight, or of what is kept on ways whose ends are.
 * The scenario's review, inconclusive then.
 */
export function unlessUnproven(review: ScenarioReview, { post }: Scenario, inHunks: boolean): ScenarioReview {
	const whole = post?.every(({ definition }) => isWhole(definition.fn)) ?? false;
	const shown = review.threads.length === 1 && (whole || (review.post?.failures.every((failure) => CERTAIN.has(failure.check) || isFreedInSight(failure)) ?? false));
	return inHunks && review.outcome === 'introduces' && !shown ? { ...review, outcome: 'inconclusive' } : review;
}

/** One path frees in one line that is shown what it has freed in another one. */
const isFreedInSight = ({ check, message, steps, breaks }: ReviewFailure): boolean =>
	check === 'use-after-free' && /\bwhich it has itself freed already/.test(message) && (breaks?.inputLine ?? steps.at(-1)?.inputLine ?? 0) > 0
	&& steps.some(({ changes, inputLine, modelled }) => !modelled && (inputLine ?? 0) > 0 && changes.some((each) => each.endsWith(' is freed')));

const against = (id: string): string => id.split(' | ').map((name) => `${name}()`).join(' against ');

/** What is said of such scenarios, by their ids. */
export const unprovenRemarks = (ids: ReadonlySet<string>): readonly string[] =>
	(ids.size === 0 ? [] : [`as far as the hunks show it, ${[...ids].map(against).join('; ')} fails after the patch and not before it; the patch is meant as a remedy, and hunks are too little to say that it brings a failure: review it with the tree`]);

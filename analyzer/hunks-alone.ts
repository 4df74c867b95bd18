import type { InputReview, ScenarioReview } from './review';

/** Nothing is said of the patch: where the files are whole, its hunks may still speak of somebody whom the files do not show. */
export const isQuiet = ({ outcome }: InputReview): boolean => outcome === 'no-failure' || outcome === 'pre-existing' || outcome === 'inconclusive';

const ALONE = 'judged from the hunks alone: the whole functions of the tree showed no such failure within the bounds';

/** What the patch ends, or does by somebody whom it speaks of. */
const tells = ({ outcome, because }: ScenarioReview): boolean => outcome === 'fixes' || (outcome === 'introduces' && because === 'environment');

/**
 * The review of whole files that says nothing, with what the hunks alone tell. The assumption is stated with each: functions in sight that bound out
 * or that are not the tree's own say less than a change that speaks for itself.
 */
export function besideHunks(whole: InputReview, hunks: InputReview): InputReview {
	const told = hunks.scenarios.filter(tells).map((scenario) => ({
		...scenario, ...(scenario.post ? { post: { ...scenario.post, assumptions: [ALONE, ...scenario.post.assumptions] } } : {}),
	}));
	if (told.length === 0) return whole;
	const ids = new Set(told.map(({ id }) => id));
	return {
		...whole, outcome: told.some(({ outcome }) => outcome === 'introduces') ? 'introduces' : 'fixes',
		scenarios: [...told, ...whole.scenarios.filter(({ id }) => !ids.has(id))],
		functions: whole.functions.map((each) => hunks.functions.find(({ name }) => name === each.name) ?? each),
	};
}

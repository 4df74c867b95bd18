import type { InputReview, ScenarioReview } from './review';
import { entriesOf } from './scenarios';

/** Nothing is said of the patch: where the files are whole, its hunks may still speak of somebody whom the files do not show. */
export const isQuiet = ({ outcome }: InputReview): boolean => outcome === 'no-failure' || outcome === 'pre-existing' || outcome === 'inconclusive';

/** Of another version of the files something is said against the patch, of which they may know more, or less, than it does. */
export const isAccused = ({ outcome }: Pick<InputReview, 'outcome'>): boolean => outcome === 'introduces' || outcome === 'still-fails';

const ALONE = 'judged from the hunks alone: the whole functions of the tree showed no such failure within the bounds';

/** What the patch ends, or does by somebody whom it speaks of. */
const tells = ({ outcome, because }: ScenarioReview): boolean => outcome === 'fixes' || (outcome === 'introduces' && because === 'environment');

/** The whole functions were tried against each other to the end, and nothing failed on either side: what their hunks alone come to, without a word of the mail, is what the hunks leave out. */
const isContradicted = (whole: InputReview, { id, because }: ScenarioReview): boolean =>
	because === 'conflict' && whole.scenarios.some((each) => each.id === id && each.pre?.verdict === 'passes' && each.post?.verdict === 'passes');

/** Functions of which the hunks alone tell something, without a word of the mail, and which nobody has tried whole against each other. */
export const untried = (whole: InputReview, hunks: InputReview): readonly (readonly string[])[] =>
	hunks.scenarios.filter((each) => tells(each) && each.because === 'conflict' && !whole.scenarios.some(({ id }) => id === each.id)).map(({ id }) => entriesOf(id));

/**
 * The review of whole files that says nothing, with what the hunks alone tell. The assumption is stated with each: functions in sight that bound out
 * or that are not the tree's own say less than a change that speaks for itself. `tried`: the whole functions that were `untried`.
 */
export function besideHunks(whole: InputReview, hunks: InputReview, tried: InputReview | null): InputReview {
	const told = hunks.scenarios.filter((each) => tells(each) && ![whole, tried].some((review) => review && isContradicted(review, each))).map((scenario) => ({
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

const OTHER = 'the tree has another version of the file: what fails there is not held against the patch, whose own lines show what it ends';

/** The review of another version of the files, which accuses a patch that by its own hunks ends something and brings nothing: these are believed. */
export function insteadOfOtherVersion(whole: InputReview, hunks: InputReview, tried: InputReview | null): InputReview {
	if (hunks.outcome !== 'fixes') return whole;
	const scenarios = whole.scenarios.map((each) => (!isAccused(each) ? each : {
		...each, outcome: 'inconclusive' as const, ...(each.post ? { post: { ...each.post, assumptions: [OTHER, ...each.post.assumptions] } } : {}),
	}));
	return besideHunks({ ...whole, scenarios }, hunks, tried);
}

import type { Inquiry } from './inquiry';
import { isBenignRace, isFalseAlarm, meansToMend, speaksOfRemedy } from './mail/intent';
import type { ScenarioReview } from './review';
import { exposures, implied, impliedByLines, newOrders, outlines, type Scenario, toldScenarios, halfRemedies } from './scenarios';

/** What the world that is assumed, or what a function calls, keeps its paths from being walked: they are walked in outline. */
export async function inOutline({ surroundings: { parser, models }, pre, post, remedy, attempt, proven, brokenOff }: Inquiry): Promise<readonly ScenarioReview[]> {
	const found: ScenarioReview[] = [];
	const scenarios: readonly (Scenario & { readonly ended?: boolean })[] = [...outlines(pre, post, models), ...newOrders(pre, post, models), ...exposures(parser, pre, post, models)];
	for (const scenario of scenarios) {
		if (await brokenOff()) break;
		const ends = remedy || scenario.ended === true;
		const told = await attempt({ ...scenario, onlyBrought: !ends }, ends);
		if (told && ((told.outcome === 'fixes' && ends) || told.outcome === 'introduces')) found.push(proven(told, scenario));
	}
	return found;
}

/** Of these scenarios, what bears out what each is to tell. */
async function borneOut({ surroundings: { table }, words, cast, attempt, brokenOff }: Inquiry, scenarios: ReturnType<typeof implied>): Promise<readonly ScenarioReview[]> {
	const found: ScenarioReview[] = [];
	const taken = new Set<string | undefined>();
	for (const scenario of scenarios.map(cast)) {
		if (await brokenOff()) break;
		if ('family' in scenario && taken.has(scenario.family)) continue;
		const alone = await attempt({ ...scenario, onlyBrought: scenario.tells === 'introduces' }, false);
		if (!alone) break;
		const told = scenario.races ? racing(alone) : alone;
		if (scenario.races && told.outcome === 'fixes' && isBenignRace(table, words)) continue;
		if (told.outcome === scenario.tells || (scenario.tells === 'either' && (told.outcome === 'fixes' || told.outcome === 'introduces'))) {
			found.push({ ...assuming(told, scenario), ...(scenario.tells === 'introduces' ? { takesAway: true } : {}) });
			if ('family' in scenario) taken.add(scenario.family);
		}
	}
	return found;
}

/** What the change itself says of who may be meant. That a patch which `onlyTakes` lines away ends something is not told. */
export async function byImplication(inquiry: Inquiry, onlyTakes: boolean): Promise<readonly ScenarioReview[]> {
	const { surroundings: { parser, models, said, table }, patch, pre, post, words, inHunks } = inquiry;
	// Of what is said to be a false alarm nobody who is out of sight makes a true one.
	const alarm = !isFalseAlarm(table, words);
	const found = await borneOut(inquiry, implied(parser, pre, post, models, words, said));
	// What means to end a race, or does, is not accused on the strength of somebody that nobody shows.
	const ends = inHunks || speaksOfRemedy(table, patch.subject) || (!onlyTakes && found.some((each) => each.outcome === 'fixes'));
	// What fails in spite of the patch is not ended by what somebody is assumed to keep to.
	const stands = found.some(({ outcome }) => outcome === 'still-fails');
	return found.filter((each) => (each.outcome === 'introduces' ? !ends : each.outcome !== 'fixes' || (alarm && !(onlyTakes || stands))));
}

/**
 * The very last: the mail means to put something right, and none of its words has led to what. The lines are read as those of a mail without a word, for what they end; what the mail
 * says that there is not, or that its patch is for, is respected.
 */
export async function byLinesAlone(inquiry: Inquiry): Promise<readonly ScenarioReview[]> {
	const { surroundings: { parser, models, said, table }, patch, pre, post, words } = inquiry;
	if (!meansToMend(table, patch)) return [];
	return (await borneOut(inquiry, impliedByLines(parser, pre, post, models, words, said))).filter(({ outcome }) => outcome === 'fixes');
}

/** What the mail says that its patch ends, taken at its word: the first scenario that bears it out. `instead` of something else that was told: only what it names in the first place. */
export async function byItsWord({ surroundings: { parser }, patch, pre, post, words, cast, attempt, brokenOff }: Inquiry, instead: boolean): Promise<readonly ScenarioReview[]> {
	for (const made of toldScenarios(parser, pre, post, patch, words, instead)) {
		if (await brokenOff()) break;
		const scenario = cast(made);
		const told = await attempt(scenario, false);
		if (told?.outcome === 'fixes' && (!instead || isShown(told))) return [assuming(scenario.unordered ? unordered(told) : told, scenario)];
	}
	return [];
}

/** Each failure that the patch ends is one of lines that the mail shows. */
const isShown = ({ pre }: ScenarioReview): boolean => pre?.failures.every(({ steps }) => steps.some(({ inputLine }) => inputLine !== null && inputLine > 0)) ?? false;

/**
 * What the patch puts against what its mail claims, where that is two steps, a lock that only some take, or comes too late or too early: whatever else it may end, what it was
 * meant to end is still there. `asked`: what the change itself says of who may be meant is known already.
 */
export async function byHalves({ surroundings: { parser, models, said }, patch, pre, post, words, cast, attempt, brokenOff }: Inquiry, asked: boolean): Promise<readonly ScenarioReview[]> {
	const found: ScenarioReview[] = [];
	const misplaced = asked ? [] : implied(parser, pre, post, models, words, said).filter(({ tells }) => tells === 'still-fails');
	for (const scenario of [...halfRemedies(parser, pre, post, patch), ...misplaced].map(cast)) {
		if (await brokenOff()) break;
		const told = await attempt(scenario, true);
		if (told?.outcome === 'still-fails') found.push(assuming(told, scenario));
	}
	return found;
}

/** The same with the data race that such a window is. */
function unordered(told: ScenarioReview): ScenarioReview {
	const [first] = told.pre?.failures ?? [];
	return told.pre && first ? { ...told, pre: { ...told.pre, failures: [...told.pre.failures, { ...first, check: 'data-race', message: `${first.message}: nothing orders the two` }] } } : told;
}

/** What the scenario rests on is the first of the verdict's assumptions. */
const assuming = (told: ScenarioReview, { reason }: Scenario): ScenarioReview => (told.post ? { ...told, post: { ...told.post, assumptions: [reason, ...told.post.assumptions] } } : told);

/** The scenario as the data races in it tell it: only before, the patch ends them. */
function racing(review: ScenarioReview): ScenarioReview {
	const { pre, post } = review;
	const races = (side: typeof pre): readonly NonNullable<typeof pre>['notes'][number][] => (side?.notes ?? []).filter(({ check }) => check === 'data-race');
	if (review.outcome !== 'no-failure' || !pre || races(pre).length === 0 || races(post).length > 0) return review;
	return { ...review, outcome: 'fixes', pre: { ...pre, verdict: 'fails', failures: races(pre), notes: pre.notes.filter(({ check }) => check !== 'data-race') } };
}

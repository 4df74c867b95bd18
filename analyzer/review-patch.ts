import { CLAIMS } from './knowledge/partner-row';
import type { FileImages } from './images/image';
import type { Table } from './knowledge/table';
import { isRemedyInHunks, unlessUnproven, unprovenRemarks } from './judge/accusation';
import { worst } from './judge/outcome';
import { finished, turn } from './judge/slices';
import type { Patch } from './mail/patch';
import { type Sayings, sayings } from './mail/sayings';
import type { InputReview, Outcome, ReviewFailure, ScenarioReview } from './review';
import { exposures, harvest, identity, implied, namedLocks, nameFunctions, newOrders, onlyRenames, outlines, propose, readSide, type Scenario, type Side, standIns, type Told, toldScenarios, underElidedLocks } from './scenarios';
import { changedFunctions } from './review-functions';
import { type ReviewContext, reviewScenario, type Surroundings } from './review-scenario';
import { unread } from './unread';

/** A patch and its images to its review. Where the signal is aborted meanwhile, what comes back is a part that nobody should show. */
export async function reviewPatch(c: ReviewContext, name: string, patch: Patch, files: readonly FileImages[], told: Told, remarks: readonly string[]): Promise<InputReview> {
	const naming = nameFunctions(patch, told, (each) => [...c.models.functions.keys()].some((model) => model.startsWith(each)));
	/** Between two parts of the work that is done in one go. */
	const pause = async (): Promise<void> => { if (c.signal) await turn(); };
	const flags = new Map<string, number>();
	const said = sayings(patch);
	const table = lockTable(c, files, said);
	const side = (which: 'pre' | 'post'): Side | null => {
		if (!files.some((file) => file[which])) return null;
		return readSide(c.parser, files, which, c.models, table, c.beyond, naming, (each) => harvest(each, c.models), flags);
	};
	/** A patch of documents or build files only is one without a diff as far as C goes. */
	const noDiff = !patch.files.some(({ oldPath, newPath }) => C_FILE.test(newPath ?? oldPath ?? ''));
	const pre = noDiff ? null : side('pre');
	await pause();
	const post = side('post');
	await pause();
	const lost = unread(pre, post);
	const base = {
		input: name, subject: patch.subject, commit: patch.commit, from: patch.from, to: patch.to,
		repairs: patch.repairs.map((each) => `line ${each.input}: ${each.message}`),
		problems: [...patch.problems.map((each) => `line ${each.input}: ${each.message}`), ...lost, ...remarks],
	};
	const outline = (): void => c.outlined?.({ subject: patch.subject, from: patch.from, to: patch.to, functions: changedFunctions(pre, post, reviews) });
	const reviews: ScenarioReview[] = [];
	outline();
	const surroundings: Surroundings = { ...c, said, standIns: standIns(c.parser, pre, post, said) };
	await pause();
	const proposed = propose(pre, post, c.models, told);
	// Who draws two columns says that there is a race, unless they draw who waits for whom.
	const words = [patch.subject, ...patch.prose.map((line) => line.text), ...(told.diagrams.length > 0 && !said.deadlocks ? ['race'] : [])].join('\n');
	const remedy = REMEDY.test(words);
	const unmodelled = new Set<string>();
	const faults: string[] = [];
	const inHunks = isRemedyInHunks(patch, post);
	const unproven = new Set<string>();
	// A fault of ours in one scenario is told, and loses nothing of the others. Undefined for one that was broken off.
	const attempt = async (scenario: Scenario, meant: boolean, judged?: (outcome: Outcome) => void): Promise<ScenarioReview | undefined> => {
		try {
			return await finished(reviewScenario(surroundings, patch, pre, post, scenario, meant, judged), c.signal);
		} catch (error) {
			const id = identity(scenario.entries);
			faults.push(`${id}: internal error, please report it: ${error instanceof Error ? error.message : String(error)}`);
			return { id, because: scenario.because, reason: scenario.reason, outcome: 'inconclusive', threads: [], pre: null, post: null, loadBearing: [] };
		}
	};
	const proven = (told: ScenarioReview, scenario: Scenario): ScenarioReview => {
		const held = unlessUnproven(told, scenario, inHunks);
		if (held !== told) unproven.add(held.id);
		return held;
	};
	// What the mail says is explored before others are looked for; only then is it known how many there are.
	let { claimed: scenarios } = proposed;
	let leftOut = 0;
	let states = 0;
	for (let index = 0; ; index++) {
		await turn();
		if (c.signal?.aborted) break;
		if (index === proposed.claimed.length) ({ scenarios, leftOut } = proposed.all());
		const scenario = scenarios[index];
		if (!scenario) break;
		if (!scenario.claimed && states > REVIEW_STATES_BOUND) {
			leftOut += scenarios.length - index;
			break;
		}
		const id = identity(scenario.entries);
		c.progress?.(id, index, scenarios.length);
		let told = await attempt(scenario, remedy, (outcome) => c.progress?.(id, index + 1, scenarios.length, outcome));
		if (!told) break;
		// Both sides may fail alike for a lock that only elided lines take.
		for (const held of spoken(scenario, remedy) && FAILS_ALIKE.has(told.outcome) ? underElidedLocks(scenario, pre, post) : []) {
			const other = await attempt(held, remedy);
			if (other?.outcome === 'fixes') {
				told = other;
				break;
			}
		}
		for (const each of [...(told.pre?.notModelled ?? []), ...(told.post?.notModelled ?? [])]) unmodelled.add(each);
		reviews.push(proven(told, scenario));
		states += (told.pre?.states ?? 0) + (told.post?.states ?? 0);
		outline();
	}
	// That a patch which only takes lines away, and claims to mend nothing, ends something is told only where it brings nothing else about.
	const onlyTakes = !remedy && !CLAIMS.some((claim) => said[claim]) && !patch.files.some((file) => file.hunks.some(({ lines }) => lines.some(({ kind, text }) => kind === 'added' && text.trim() !== '')));
	const renames = onlyRenames(pre, post);
	// That something sleeps under a lock is not yet the dead lock that the mail speaks of.
	const answers = ({ outcome, pre }: ScenarioReview): boolean => outcome === 'introduces' || (outcome === 'fixes' && !onlyTakes && !(said.deadlocks && pre?.failures.every(({ check }) => check === 'sleep-in-atomic')));
	const saysNothing = (): boolean => !noDiff && !renames && !c.signal?.aborted && !reviews.some(answers);
	// What the world that is assumed, or what a function calls, keeps its paths from being walked: they are walked in outline.
	for (const scenario of saysNothing() ? [...outlines(pre, post, c.models), ...newOrders(pre, post, c.models), ...exposures(c.parser, pre, post, c.models)] : []) {
		await turn();
		if (c.signal?.aborted) break;
		const told = await attempt(scenario, remedy);
		if (told && ((told.outcome === 'fixes' && remedy) || told.outcome === 'introduces')) reviews.push(proven(told, scenario));
	}
	// Only where what is shown says nothing of the change does the change itself say who may be meant.
	if (saysNothing() || (said.usedFreed && !said.referenceKept && onlyLeaks(reviews))) {
		const found: ScenarioReview[] = [];
		const taken = new Set<string | undefined>();
		for (const scenario of implied(c.parser, pre, post, c.models, words, said)) {
			await turn();
			if (c.signal?.aborted) break;
			if ('family' in scenario && taken.has(scenario.family)) continue;
			const alone = await attempt(scenario, false);
			if (!alone) break;
			const told = scenario.races ? racing(alone) : alone;
			if (told.outcome === scenario.tells || (scenario.tells === 'either' && (told.outcome === 'fixes' || told.outcome === 'introduces'))) {
				found.push(assuming(told, scenario));
				if ('family' in scenario) taken.add(scenario.family);
			}
		}
		// What means to end a race, or does, is not accused on the strength of somebody that nobody shows.
		const ends = inHunks || REMEDY.test(patch.subject ?? '') || (!onlyTakes && found.some((each) => each.outcome === 'fixes'));
		reviews.push(...found.filter((each) => (each.outcome === 'introduces' ? !ends : each.outcome !== 'fixes' || !onlyTakes)));
	}
	// What the mail says and nothing explains so far.
	for (const scenario of saysNothing() && !reviews.some(({ outcome }) => outcome === 'still-fails') ? toldScenarios(c.parser, pre, post, patch, words) : []) {
		await turn();
		if (c.signal?.aborted) break;
		const told = await attempt(scenario, false);
		if (told?.outcome !== 'fixes') continue;
		reviews.push(assuming(told, scenario));
		break;
	}
	const scenariosTold = settled(reviews, renames);
	const seen = worst(scenariosTold.map((each) => each.outcome));
	// Nothing is said of what nobody could read, nor of what more than the hunks would have to show.
	const outcome = seen === 'no-failure' && (lost.length > 0 || unproven.size > 0) ? 'inconclusive' : seen;
	return {
		...base, problems: [...base.problems, ...faults, ...unprovenRemarks(unproven)], outcome: noDiff && (reviews.length === 0 || !c.beyond) ? 'no-diff' : outcome, scenarios: ranked(scenariosTold),
		functions: changedFunctions(pre, post, reviews), notModelled: [...unmodelled].sort(), leftOut,
	};
}

/** What the scenario rests on is the first of the verdict's assumptions. */
const assuming = (told: ScenarioReview, { reason }: Scenario): ScenarioReview => (told.post ? { ...told, post: { ...told.post, assumptions: [reason, ...told.post.assumptions] } } : told);

/** All that the patch is seen to end is a reference that was kept. */
const onlyLeaks = (reviews: readonly ScenarioReview[]): boolean => !reviews.some(({ outcome, pre }) => outcome === 'introduces' || (outcome === 'fixes' && pre?.failures.some(({ check }) => check !== 'refcount-leak')));

/**
 * Where the patch ends one race, what another scenario shows on both sides is an old failure that it leaves alone; only a diagram,
 * which says what the patch is about, outweighs that. A patch that only `renames` ends and brings nothing.
 */
function settled(all: readonly ScenarioReview[], renames: boolean): readonly ScenarioReview[] {
	const reviews = renamed(all).map((each) => (renames && (each.outcome === 'fixes' || each.outcome === 'introduces') ? { ...each, outcome: 'pre-existing' as const } : each));
	if (!reviews.some((each) => each.outcome === 'fixes')) return reviews;
	return reviews.map((each) => (each.outcome === 'still-fails' && each.because !== 'diagram' ? { ...each, outcome: 'pre-existing' as const } : each));
}

/**
 * What only the side after has, and fails there just as something failed before that only the side before has, has another name, no more. Nor is new what a
 * search of the side before did not come to within its bound, and another scenario shows there.
 */
function renamed(reviews: readonly ScenarioReview[]): readonly ScenarioReview[] {
	const trouble = ({ check, message }: ReviewFailure): string => `${check} ${message.replace(/CPU\d/g, '').replace(/\w+\(\)/g, '')}`;
	const of = (side: ScenarioReview['pre']): readonly string[] => side?.failures.map(trouble) ?? [];
	const old = new Set(reviews.flatMap((each) => (each.post === null ? of(each.pre) : [])));
	const before = new Set(reviews.flatMap(({ pre }) => [...pre?.failures ?? [], ...pre?.notes ?? []].filter(({ check }) => check !== 'data-race').map(trouble)));
	return reviews.map((each) => {
		if (each.outcome !== 'introduces' || !each.post) return each;
		const [left, right] = [of(each.pre), of(each.post)];
		const known = each.pre === null ? right.every((name) => old.has(name)) : each.pre.bound !== undefined && right.filter((name) => !left.includes(name)).every((name) => before.has(name));
		return known ? { ...each, outcome: 'pre-existing' as const } : each;
	});
}

/** States after which scenarios that nobody speaks of are left out; the review says how many. */
const REVIEW_STATES_BOUND = 120_000;

/** The table, and what the names of functions that nobody knows say of locks. */
function lockTable({ table, models, beyond }: ReviewContext, files: readonly FileImages[], said: Sayings): Table {
	const texts = files.flatMap(({ pre, post }) => [pre, post].flatMap((image) => (image ? [image.text] : [])));
	const defined = (name: string): boolean => texts.some((text) => text.includes(name) && new RegExp(String.raw`^(?:#define\s+${name}\b|[A-Za-z_][^\n;=]*\b${name}\s*\([^;]*$)`, 'm').test(text));
	return namedLocks(texts, table, (name) => models.functions.has(name) || defined(name) || (beyond?.definition(name, files[0]?.path ?? '') ?? null) !== null, said.lockKept || said.unlockedTwice);
}

/** The scenario as the data races in it tell it: only before, the patch ends them. */
function racing(review: ScenarioReview): ScenarioReview {
	const { pre, post } = review;
	const races = (side: typeof pre): readonly NonNullable<typeof pre>['notes'][number][] => (side?.notes ?? []).filter(({ check }) => check === 'data-race');
	if (review.outcome !== 'no-failure' || !pre || races(pre).length === 0 || races(post).length > 0) return review;
	return { ...review, outcome: 'fixes', pre: { ...pre, verdict: 'fails', failures: races(pre), notes: pre.notes.filter(({ check }) => check !== 'data-race') } };
}

const spoken = ({ because }: Scenario, remedy: boolean): boolean => because === 'prose' || because === 'diagram' || (remedy && because === 'conflict');
const FAILS_ALIKE: ReadonlySet<Outcome> = new Set(['pre-existing', 'still-fails']);
const C_FILE = /\.[ch]$/;

/** Words of a patch that is meant as a remedy. */
const REMEDY = /\b(rac(e|es|ed|ing|y)|dead-?lock|use.after.free|uaf|double.free|leak|corrupt|hang|fix(es)?|meanwhile|concurrent\w*|in between|while (an?|the) [\w ]{1,30} (is|are) (being \w+|running|in progress|under way))\b/i;
const RANK: readonly string[] = ['introduces', 'still-fails', 'fixes', 'pre-existing', 'inconclusive', 'no-failure'];
const ranked = (reviews: readonly ScenarioReview[]): readonly ScenarioReview[] =>
	[...reviews].sort((a, b) => RANK.indexOf(a.outcome) - RANK.indexOf(b.outcome));

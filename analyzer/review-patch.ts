import { type Program, replay, type Step } from '../sim';
import type { PatchOutline } from './engine';
import type { FileImages } from './images/image';
import type { Table } from './knowledge/row';
import { setAside } from './judge/aside';
import { besideOther } from './judge/beside';
import { releasesOf } from './judge/credible';
import { loadBearing } from './judge/load-bearing';
import { notYet } from './judge/not-yet';
import { judgeBoth } from './judge/both';
import { outcomeOf, worst } from './judge/outcome';
import { stepsOf } from './judge/tell';
import { judgeReordered, ordersMemory } from './judge/reordered';
import { finished, type Slices, turn } from './judge/slices';
import { unmasked } from './judge/unmask';
import { inFull, type Judged, tellSide } from './judge/verdict';
import type { Definition, Reading } from './lower/lowering';
import type { Party } from './lower/party';
import { lastOf } from './lower/place';
import { type Lowered, lower } from './lower/program';
import type { Patch } from './mail/patch';
import { type Sayings, sayings } from './mail/sayings';
import type { CParser } from './parse';
import type { ChangedFunction, InputReview, Outcome, ReplayOnPost, ReviewFailure, ReviewThread, ScenarioReview, Verdict } from './review';
import { harvest } from './scenarios/harvest';
import { implied } from './scenarios/implied';
import { namedLocks } from './scenarios/named-locks';
import { nameFunctions } from './scenarios/naming';
import { propose, type Told } from './scenarios/propose';
import { bindingsOf } from './scenarios/roles';
import { identity, type Scenario } from './scenarios/scenario';
import { standIns } from './scenarios/stand-ins';
import { readSide, type Side } from './scenarios/side';
import type { Beyond, Models } from './scenarios/sources';

export interface ReviewContext {
	readonly parser: CParser;
	readonly table: Table;
	readonly models: Models;
	readonly beyond: Beyond | null;
	readonly signal?: AbortSignal | undefined;
	/** With an outcome: the last of the `done` scenarios has its verdict, though not all is told of it yet. */
	readonly progress?: ((stage: string, done: number, total: number, outcome?: Outcome) => void) | undefined;
	readonly outlined?: ((outline: PatchOutline) => void) | undefined;
	/** Hears of each scenario's programs, for whoever wants to step through them freely. */
	readonly keep?: ((patch: Patch, scenario: string, side: 'pre' | 'post', lowered: Lowered) => void) | undefined;
}

/** What the mail says beside who races with whom, and the functions that nobody shows as it tells of them. */
interface Surroundings extends ReviewContext {
	readonly said: Sayings;
	readonly standIns: ReadonlyMap<string, Definition>;
}

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
	const base = {
		input: name, subject: patch.subject, commit: patch.commit, from: patch.from, to: patch.to,
		repairs: patch.repairs.map((each) => `line ${each.input}: ${each.message}`),
		problems: [...patch.problems.map((each) => `line ${each.input}: ${each.message}`), ...remarks],
	};
	const outline = (): void => c.outlined?.({ subject: patch.subject, from: patch.from, to: patch.to, functions: changedFunctions(pre, post, reviews) });
	const reviews: ScenarioReview[] = [];
	outline();
	const surroundings: Surroundings = { ...c, said, standIns: standIns(c.parser, pre, post, said) };
	await pause();
	const proposed = propose(pre, post, c.models, told);
	const words = [patch.subject, ...patch.prose.map((line) => line.text)].join('\n');
	const remedy = REMEDY.test(words);
	const unmodelled = new Set<string>();
	const faults: string[] = [];
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
		const told = await attempt(scenario, remedy, (outcome) => c.progress?.(id, index + 1, scenarios.length, outcome));
		if (!told) break;
		for (const each of [...(told.pre?.notModelled ?? []), ...(told.post?.notModelled ?? [])]) unmodelled.add(each);
		reviews.push(told);
		states += (told.pre?.states ?? 0) + (told.post?.states ?? 0);
		outline();
	}
	// Only where what is shown says nothing of the change does the change itself say who may be meant.
	if (!noDiff && !reviews.some((each) => each.outcome === 'fixes' || each.outcome === 'introduces')) {
		const spoken: ScenarioReview[] = [];
		const taken = new Set<string | undefined>();
		for (const scenario of implied(c.parser, pre, post, c.models, words, said)) {
			await turn();
			if (c.signal?.aborted) break;
			if ('family' in scenario && taken.has(scenario.family)) continue;
			const alone = await attempt(scenario, false);
			if (!alone) break;
			const told = scenario.races ? racing(alone) : alone;
			if (told.outcome === scenario.tells || (scenario.tells === 'either' && (told.outcome === 'fixes' || told.outcome === 'introduces'))) {
				spoken.push({ ...told, ...(told.post ? { post: { ...told.post, assumptions: [scenario.reason, ...told.post.assumptions] } } : {}) });
				if ('family' in scenario) taken.add(scenario.family);
			}
		}
		// What means to end a race, or does, is not accused on the strength of somebody that nobody shows.
		const ends = REMEDY.test(patch.subject ?? '') || spoken.some((each) => each.outcome === 'fixes');
		reviews.push(...spoken.filter((each) => each.outcome === 'fixes' || !ends));
	}
	const outcome = worst(settled(reviews).map((each) => each.outcome));
	return {
		...base, problems: [...base.problems, ...faults], outcome: noDiff && (reviews.length === 0 || !c.beyond) ? 'no-diff' : outcome, scenarios: ranked(settled(reviews)),
		functions: changedFunctions(pre, post, reviews), notModelled: [...unmodelled].sort(), leftOut,
	};
}

/**
 * Where the patch ends one race, what another scenario shows on both sides is an old failure that it leaves alone; only a diagram,
 * which says what the patch is about, outweighs that.
 */
function settled(all: readonly ScenarioReview[]): readonly ScenarioReview[] {
	const reviews = renamed(all);
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

const C_FILE = /\.[ch]$/;

/** Words of a patch that is meant as a remedy. */
const REMEDY = /\b(rac(e|es|ed|ing|y)|dead-?lock|use.after.free|uaf|double.free|leak|corrupt|hang|fix(es)?|meanwhile|concurrent\w*|in between|while an? [\w ]{1,30} (is|are) (running|in progress|under way))\b/i;
/** Words of a patch that mends what is not released, or released twice. */
const RELEASES = /\b(un-?lock\w*|releas\w+|leak\w*|dead-?lock\w*|forg[eo]t\w*|miss(ing|ed|es)|double|twice|imbalanc\w*|unbalanc\w*|fix(es|ed)?|hang|left (locked|held))\b/i;
const SYNCHRONISING: ReadonlySet<string> = new Set(['lock', 'trylock', 'unlock', 'get', 'put', 'rcu', 'grace-begin', 'cancel', 'join', 'spawn', 'free', 'rmw', 'cas', 'await', 'wake', 'context', 'context-set']);

/** Of some party only parts are in sight: that they fail alike on both sides may be for what lies between. */
const inParts = ({ parties }: Lowered): boolean => parties.some(({ definition: { fn, file } }) => !file.modelled && (fn.headElided || fn.tailElided || fn.gaps.length > 0));

/** The patch's own synchronisation lies on a schedule that still fails; or a test of its own, of what another thread changes there. */
function onSchedule({ lowered: { origins, notes }, failures }: Judged): boolean {
	return failures.some(({ program, schedule }) => {
		const { steps } = replay(program, schedule);
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

const RANK: readonly string[] = ['introduces', 'still-fails', 'fixes', 'pre-existing', 'inconclusive', 'no-failure'];
const ranked = (reviews: readonly ScenarioReview[]): readonly ScenarioReview[] =>
	[...reviews].sort((a, b) => RANK.indexOf(a.outcome) - RANK.indexOf(b.outcome));

function lowerSide(c: Surroundings, side: Side | null, parties: readonly Party[] | null, name: string, overrides: Scenario['overrides'], touched: ReadonlySet<string>, reading: Reading, other?: Lowered | null): Lowered | null {
	if (!side || !parties) return null;
	const sources = { ...side.sources, changed: (each: string) => touched.has(each) || c.standIns.has(each) || overrides?.has(each) === true || side.sources.changed(each), defined: (each: string) => overrides?.get(each) ?? c.standIns.get(each) ?? side.sources.defined(each) };
	return lower({
		parties, sources, oracle: side.sources.oracle, registered: side.registrations(), models: c.models, bindings: bindingsOf(parties), name, spawns: true, reading,
		...(other ? { acquired: other.acquired, givers: other.givers } : {}),
	});
}

/** Both sides: what one side shows to have been taken in elided code, the other side's elided code took too. */
function* lowerBoth(c: Surroundings, pre: Side | null, post: Side | null, scenario: Scenario, id: string, reading: Omit<Reading, 'side'>): Slices<readonly [Lowered | null, Lowered | null]> {
	// What either side changes is lowered alike on both.
	const touched = new Set([...(pre?.changed ?? []), ...(post?.changed ?? [])]);
	const { own } = scenario;
	const overrides = (side: 'pre' | 'post'): Scenario['overrides'] => (own ? new Map([...scenario.overrides ?? [], [own.name, own[side]]]) : scenario.overrides);
	const after = lowerSide(c, post, scenario.post, `${id} after`, overrides('post'), touched, { side: 'post', ...reading });
	yield;
	const before = lowerSide(c, pre, scenario.pre, `${id} before`, overrides('pre'), touched, { side: 'pre', ...reading }, after);
	yield;
	const more = before && after && ([...before.givers.keys()].some((name) => !after.givers.has(name)) || [...before.acquired].some(([gap, taken]) => [...taken.keys()].some((key) => !after.acquired.get(gap)?.has(key))));
	return [before, more ? lowerSide(c, post, scenario.post, `${id} after`, overrides('post'), touched, { side: 'post', ...reading }, before) : after];
}

function* reviewScenario(c: Surroundings, patch: Patch, pre: Side | null, post: Side | null, scenario: Scenario, remedy: boolean, judgedAs?: (outcome: Outcome) => void): Slices<ScenarioReview> {
	const id = identity(scenario.entries);
	const [lowered = null, changed = null] = notYet(yield* lowerBoth(c, pre, post, scenario, id, { ...c.said, remedy: RELEASES.test([patch.subject, ...patch.prose.map((line) => line.text)].join('\n')) }));
	const releases = releasesOf([lowered, changed]);
	const [first, second] = besideOther(...(yield* judgeBoth(lowered, changed, releases, scenario.claimed, scenario.races)), remedy);
	const about = (side: Judged | null): boolean => scenario.claimed || (remedy && side !== null && !inParts(side.lowered) && onSchedule(side));
	const settle = function* (left: Judged | null, right: Judged | null): Slices<readonly [Judged | null, Judged | null]> {
		return left && right ? setAside(...(yield* unmasked(left, right)), about(right), scenario.claimed) : [left, right];
	};
	let [before, after] = yield* settle(first, second);
	// What the patch does to memory order shows only under a memory that has some.
	if (lowered && changed && (scenario.reorders || ordersMemory([lowered, changed])) && !SAYS_MORE.has(outcomeOf(about(after), before, after))) {
		const weak = yield* settle(yield* judgeReordered(lowered, releases), yield* judgeReordered(changed, releases));
		if (SAYS_MORE.has(outcomeOf(about(weak[1]), ...weak))) [before, after] = weak;
	}
	if (before) c.keep?.(patch, id, 'pre', before.lowered);
	if (after) c.keep?.(patch, id, 'post', after.lowered);
	const outcome = outcomeOf(about(after), before, after);
	judgedAs?.(outcome);
	const conclusive = after !== null && (outcome === 'fixes' || before === null);
	const shown = after ?? before;
	const full = scenario.claimed || outcome === 'fixes' || outcome === 'introduces' || outcome === 'still-fails';
	return {
		id, because: scenario.because, reason: scenario.reason, outcome,
		threads: shown ? shown.lowered.parties.map(threadOf) : scenario.entries.map((entry, index) => ({ name: `CPU${index}`, entry, context: 'task' as const, file: null, line: null, inputLine: null })),
		pre: before && tellSide(full ? yield* inFull(before) : before), post: after && tellSide(full ? yield* inFull(after) : after),
		loadBearing: conclusive && after ? yield* loadBearing(after) : [],
		...(before && after ? replayed(before, after) : {}),
	};
}

function threadOf(party: Party): ReviewThread {
	const { fn, file } = party.definition;
	const place = file.place(fn.line);
	return {
		name: party.name, entry: party.entry, context: party.context, file: file.path, line: place.file || null, inputLine: place.input || null,
		...(party.modelled ? { modelled: true } : {}),
	};
}

/** The failing schedule of before, on the code of after: where it cannot go on, and why. */
function replayed(before: Judged, after: Judged): { readonly replay?: ReplayOnPost } {
	const [failure] = before.failures;
	if (!failure || after.verdict !== 'passes') return {};
	const { program, origins } = after.lowered;
	const { steps, stuck } = replay(program, failure.schedule);
	const blocked = stuck?.blocked[0];
	const origin = blocked ? origins[blocked.origin] : undefined;
	const who = blocked ? program.threads[blocked.thread]?.name : undefined;
	const by = blocked?.by.map((thread) => program.threads[thread]?.name).join(', ');
	const message = origin && who
		? `after the patch ${who} cannot go past ${origin.text}${origin.file && origin.line ? ` (${origin.file}:${origin.line})` : ''}${by ? ` until ${by} lets it` : ''}`
		: 'after the patch the same schedule goes through without failing';
	return { replay: { stuckAt: stuck ? stuck.at : null, message, steps: stepsOf(after.lowered, steps) } };
}

function changedFunctions(pre: Side | null, post: Side | null, reviews: readonly ScenarioReview[]): readonly ChangedFunction[] {
	const names = [...new Set([...(post?.changed ?? []), ...(pre?.changed ?? [])])];
	return names.map((name) => {
		const definition = post?.functions.get(name) ?? pre?.functions.get(name);
		const place = definition?.file.place(definition.fn.line);
		const concerned = reviews.filter((review) => review.threads.some((thread) => thread.entry === name)
			|| [review.pre, review.post].some((side) => side?.failures.some((failure) => failure.steps.some((step) => step.function === name))));
		const verdict = (which: 'pre' | 'post'): Verdict | null => {
			const all = concerned.map((review) => review[which]?.verdict).filter((each) => each !== undefined);
			if (all.length === 0) return null;
			return all.includes('fails') ? 'fails' : all.includes('inconclusive') ? 'inconclusive' : 'passes';
		};
		return {
			name, file: definition?.file.path ?? '', line: place?.file ?? 0, inputLine: firstInput(definition) ,
			scenarios: concerned.map((review) => review.id), pre: verdict('pre'), post: verdict('post'),
		};
	});
}

/** The first line of the function that the document shows. */
function firstInput(definition: Side['functions'] extends ReadonlyMap<string, infer D> ? D | undefined : never): number | null {
	if (!definition) return null;
	for (let line = definition.fn.line; line <= definition.fn.endLine; line++) {
		const { input } = definition.file.place(line);
		if (input > 0) return input;
	}
	return null;
}

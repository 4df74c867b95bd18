import type { FileImages } from './images/image';
import { replay } from '../sim';
import type { PatchOutline } from './engine';
import { type Phrases, says } from './knowledge/phrases';
import type { Table } from './knowledge/table';
import { inKernelTerms, inLanes, type Judged, lanesOf, loadBearing, type Slices, stepsOf, tellSide } from './judge';
import { assignedIn, type Definition, lower, type Lowered, lowerOnce, outlineSources, type Party, type Reading, type Trials } from './lower';
import { changesLocking } from './mail/locking-lines';
import type { Patch } from './mail/patch';
import type { Sayings } from './mail/sayings';
import type { CParser } from './parse';
import type { Outcome, ReplayOnPost, ReviewThread, ScenarioReview } from './review';
import { type Beyond, bindingsOf, changedOnEither, heldAlike, identity, leavesSomething, type Models, otherwise, type Otherwise, type Scenario, type Side } from './scenarios';
import { judgeScenario } from './judge-scenario';
import { howJudged, judgedBefore, type JudgedScenario, remember, toldBefore } from './judged-before';

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
	/** Hears of each scenario that fails after the patch, with all that it takes to judge it again after an edit. */
	readonly failing?: ((attempt: Attempt) => void) | undefined;
	/** Where the files are hunks: the whole ones, of which these are parts. */
	readonly entire?: readonly FileImages[];
	/** An edit of the side after is only tried: its lowerings are not remembered. */
	readonly trying?: boolean;
	/** What fails is all that is asked for: interleavings are not counted, and the nearest one that passes is not looked for. */
	readonly briefly?: boolean;
}

/** A scenario that was judged, and what by. */
export interface Attempt {
	readonly surroundings: Surroundings;
	readonly patch: Patch;
	readonly pre: Side | null;
	readonly post: Side;
	readonly scenario: Scenario;
	readonly remedy: boolean;
	readonly review: ScenarioReview;
}

/** What the mail says beside who races with whom, and the functions that nobody shows as it tells of them. */
export interface Surroundings extends ReviewContext {
	readonly said: Sayings;
	/** The same as a lowering takes it: read once for all scenarios of the patch. */
	readonly reading: PatchReading;
	readonly standIns: ReadonlyMap<string, Definition>;
	/** What is too much to be inlined, as the review finds it out. */
	readonly trials: Trials;
	/** Hears of both sides of each scenario that is judged, as they were lowered. */
	readonly lowered?: (programs: readonly [Lowered | null, Lowered | null]) => void;
}

type PatchReading = Omit<Reading, 'side' | 'sets'>;

/** What a lowering takes of the mail and of the patch's own lines. */
export const readingOf = (table: Phrases, patch: Patch, said: Sayings): PatchReading =>
	({ ...said, nothing: said.nothing && (!says(table, 'of-lock', patch.subject) || says(table, 'locking-changes', patch.subject)), locks: changesLocking(patch), remedy: says(table, 'mends-release', [patch.subject, ...patch.prose.map((line) => line.text)].join('\n')) });

const setsOnEither = (pre: Side | null, post: Side | null) => (fn: string, local: string): boolean =>
	[pre, post].some((side) => assignedIn(side?.functions.get(fn)?.fn.body).has(local));

/** What one side has shown that holds for the other one. */
type Known = Pick<Lowered, 'acquired' | 'givers' | 'makers' | 'frozen'> & Partial<Pick<Lowered, 'asserted'>> & { readonly noGivers?: ReadonlySet<string> };

function lowerSide(c: Surroundings, side: Side | null, parties: readonly Party[] | null, name: string, overrides: Scenario['overrides'], touched: ReadonlySet<string>, reading: Reading, outline: boolean, across: Otherwise, other?: Known | null): Lowered | null {
	if (!side || !parties) return null;
	const replaced = (each: string): boolean => overrides?.has(each) === true;
	const whole = {
		...side.sources, replaced,
		changed: (each: string) => touched.has(each) || c.standIns.has(each) || replaced(each) || side.sources.changed(each),
		defined: (each: string) => overrides?.get(each) ?? c.standIns.get(each) ?? side.sources.defined(each),
		// What is not gone into in an outline says nothing of how much it would be.
		tooMuch: (file: string, each: string) => !outline && c.trials.tooMuch(file, each),
	};
	const sources = outline ? outlineSources(whole, (definition) => overrides?.get(definition.fn.name) === definition || leavesSomething(definition, c.table, side.sources.model)) : whole;
	return (c.trying && reading.side === 'post' ? lower : lowerOnce)({
		parties, sources, outline, oracle: side.sources.oracle, registered: side.registrations(), models: c.models, bindings: bindingsOf(parties), name, spawns: true, reading, otherwise: across.bindings,
		...(other ? { acquired: other.acquired, givers: other.givers, makers: other.makers, frozen: other.frozen, ...(other.asserted && !reading.locks ? { asserted: other.asserted } : {}), ...(other.noGivers ? { noGivers: other.noGivers } : {}) } : {}),
	});
}

/** Lowers either side of the scenario, with what the other side has shown. */
function sidesOf(c: Surroundings, pre: Side | null, post: Side | null, scenario: Scenario, id: string): (which: 'pre' | 'post', other?: Known | null) => Lowered | null {
	// What either side changes is lowered alike on both.
	const touched = new Set(changedOnEither(pre, post));
	const { own } = scenario;
	const outline = scenario.outline !== undefined;
	const sets = setsOnEither(pre, post);
	const overrides = (side: 'pre' | 'post'): Scenario['overrides'] => (own ? new Map([...scenario.overrides ?? [], [own.name, own[side]]]) : scenario.overrides);
	return (which, other) => {
		const [side, name] = which === 'pre' ? [pre, `${id} before`] : [post, `${id} after`];
		const across = which === 'pre' ? otherwise(post, scenario.post, touched) : otherwise(pre, scenario.pre, touched);
		const parties = which === 'pre' ? heldAlike(scenario.pre, pre, post) : heldAlike(scenario.post, post, pre);
		return lowerSide(c, side, parties, name, new Map([...overrides(which) ?? [], ...across.functions]), touched, { side: which, ...c.reading, sets }, outline, across, other);
	};
}

/** Both sides: what one side shows to have been taken in elided code, the other side's elided code took too. */
function* lowerBoth(c: Surroundings, pre: Side | null, post: Side | null, scenario: Scenario, id: string): Slices<readonly [Lowered | null, Lowered | null]> {
	const lowered = sidesOf(c, pre, post, scenario, id);
	let after = lowered('post');
	yield;
	let before = lowered('pre', after);
	yield;
	// Where the patch takes away what took a reference, what is dropped was not handed out instead.
	const mistaken = before && after ? [...after.givers.keys()].filter((name) => before?.takenFrom.has(name) && !after?.takenFrom.has(name)) : [];
	if (before && after && mistaken.length > 0) {
		const told = (side: Lowered): Known => ({ acquired: side.acquired, asserted: side.asserted, frozen: side.frozen, makers: side.makers, givers: new Map([...side.givers].filter(([name]) => !mistaken.includes(name))), noGivers: new Set(mistaken) });
		after = lowered('post', told(after));
		yield;
		before = lowered('pre', after && told(after));
		yield;
		return [before, after];
	}
	return [before, before && after && showsMore(before, after, c.reading) ? lowered('post', before) : after];
}

/** The side before has shown something that holds for the side after and that this one did not show by itself. */
function showsMore(before: Lowered, after: Lowered, { locks }: PatchReading): boolean {
	const lacks = <Key>(one: ReadonlyMap<Key, unknown>, other?: ReadonlyMap<Key, unknown>): boolean => [...one.keys()].some((key) => !other?.has(key));
	const lacksWithin = <Key>(one: ReadonlyMap<Key, ReadonlyMap<string, unknown>>, other: ReadonlyMap<Key, ReadonlyMap<string, unknown>>): boolean => [...one].some(([key, inner]) => lacks(inner, other.get(key)));
	return lacks(before.givers, after.givers) || [...before.makers].some((name) => !after.makers.has(name)) || lacks(before.frozen, after.frozen) || lacksWithin(before.acquired, after.acquired) || (!locks && lacksWithin(before.asserted, after.asserted));
}

/** A scenario, lowered and explored on both sides of the patch, as the review tells it. `judgedAs` hears the verdict before the rest is told. */
export function* reviewScenario(c: Surroundings, patch: Patch, pre: Side | null, post: Side | null, scenario: Scenario, remedy: boolean, judgedAs?: (outcome: Outcome) => void): Slices<ScenarioReview> {
	const id = identity(scenario.entries);
	const programs = yield* lowerBoth(c, pre, post, scenario, id);
	// Not before both sides are lowered: they are to be the same program where the code is the same.
	if (!scenario.outline) for (const side of programs) if (side) c.trials.learn(side.tried);
	c.lowered?.(programs);
	const how = howJudged(scenario, remedy);
	const known = toldBefore(...programs, how);
	const before = known?.judged ?? judgedBefore(...programs, how);
	if (before) judgedAs?.(before.outcome);
	const found = before ?? (yield* judgeScenario(programs, scenario, remedy, judgedAs, !c.briefly));
	const lanes = lanesFor(found);
	const judged = inTheirLanes(found, lanes);
	const review = known?.review ?? (yield* told(judged, lanes, id, scenario));
	if (!known && !c.briefly) remember(...programs, how, judged, review);
	if (judged.before) c.keep?.(patch, id, 'pre', judged.before.lowered);
	if (judged.after) c.keep?.(patch, id, 'post', judged.after.lowered);
	if (post && review.post?.failures.length) c.failing?.({ surroundings: c, patch, pre, post, scenario, remedy, review });
	return review;
}

/** The scenario after the patch, lowered as far as that can be told without the side before. Reviewed later, it is not lowered again for that. */
export const lowerAfter = (c: Surroundings, pre: Side | null, post: Side | null, scenario: Scenario): Lowered | null => sidesOf(c, pre, post, scenario, identity(scenario.entries))('post');

/** The scenario with another side after, judged only; nothing of it is remembered. */
export function* judgeEdited({ surroundings, pre, scenario, remedy }: Attempt, post: Side, parties: Scenario['post']): Slices<JudgedScenario> {
	const edited = { ...scenario, post: parties };
	return yield* judgeScenario(yield* lowerBoth({ ...surroundings, trying: true }, pre, post, edited, identity(scenario.entries)), edited, remedy, undefined, false);
}

/** A work item that only one side's code starts has a lane of its own, on both. */
function lanesFor({ before, after }: JudgedScenario): readonly Party[] {
	const shown = after ?? before;
	return shown ? lanesOf(shown.lowered, after && before ? before.lowered : null) : [];
}

const inTheirLanes = (judged: JudgedScenario, lanes: readonly Party[]): JudgedScenario =>
	({ ...judged, before: judged.before && inLanes(judged.before, lanes), after: judged.after && inLanes(judged.after, lanes) });

/** What is told of the scenario as it was judged. */
function* told({ before, after, outcome }: JudgedScenario, lanes: readonly Party[], id: string, scenario: Scenario): Slices<ScenarioReview> {
	const conclusive = after !== null && (outcome === 'fixes' || before === null);
	return {
		id, because: scenario.because, reason: scenario.reason, outcome,
		threads: before || after ? lanes.map(threadOf) : scenario.entries.map((entry, index) => ({ name: `CPU${index}`, entry, context: 'task' as const, file: null, line: null, inputLine: null })),
		pre: before && tellSide(before), post: after && tellSide(after),
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
		...(party.modelled && party.called !== undefined && fn.name === party.entry ? { called: party.called } : {}),
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
		? `after the patch ${who} cannot go past ${inKernelTerms(after.lowered, origin.text)}${origin.file && origin.line ? ` (${origin.file.slice(origin.file.lastIndexOf('/') + 1)}:${origin.line})` : ''}${by ? ` until ${by} lets it go on` : ''}`
		: stuck ? 'after the patch it can no longer come to this' : 'after the patch the same schedule goes through without failing';
	return { replay: { stuckAt: stuck ? stuck.at : null, message, steps: stepsOf(after.lowered, steps) } };
}

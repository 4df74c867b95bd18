import { type Program, replay, type Step } from '../sim';
import type { PatchOutline } from './engine';
import type { Table } from './knowledge/table';
import { setAside } from './judge/aside';
import { besideOther } from './judge/beside';
import { releasesOf } from './judge/credible';
import { loadBearing } from './judge/load-bearing';
import { notYet } from './judge/not-yet';
import { judgeBoth } from './judge/both';
import { outcomeOf } from './judge/outcome';
import { stepsOf } from './judge/tell';
import { judgeReordered, ordersMemory } from './judge/reordered';
import type { Slices } from './judge/slices';
import { unmasked } from './judge/unmask';
import { inFull, type Judged, tellSide, verdictOf } from './judge/verdict';
import { assignedIn } from './lower/grammar/assigned';
import type { Definition } from './lower/sources';
import type { Reading } from './lower/lowering';
import { outlineSources } from './lower/outline';
import type { Party } from './lower/party';
import { lastOf } from './lower/access';
import { lowerOnce } from './lower/lowered-before';
import type { Lowered } from './lower/program';
import type { Patch } from './mail/patch';
import type { Sayings } from './mail/sayings';
import { type CParser, isWhole } from './parse';
import type { Outcome, ReplayOnPost, ReviewThread, ScenarioReview } from './review';
import { leavesSomething } from './scenarios/outlines';
import { howJudged, judgedBefore, type JudgedScenario, remember } from './judged-before';
import { type Otherwise, otherwise } from './scenarios/otherwise';
import { bindingsOf } from './scenarios/roles';
import { identity, type Scenario } from './scenarios/scenario';
import type { Side } from './scenarios/side';
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
export interface Surroundings extends ReviewContext {
	readonly said: Sayings;
	readonly standIns: ReadonlyMap<string, Definition>;
}

/** Words of a patch that mends what is not released, or released twice. */
const RELEASES = /\b(un-?lock\w*|releas\w+|leak\w*|dead-?lock\w*|forg[eo]t\w*|miss(ing|ed|es)|double|twice|imbalanc\w*|unbalanc\w*|fix(es|ed)?|hang|left (locked|held))\b/i;
const SYNCHRONISING: ReadonlySet<string> = new Set(['lock', 'trylock', 'unlock', 'get', 'put', 'rcu', 'grace-begin', 'cancel', 'join', 'spawn', 'free', 'rmw', 'cas', 'await', 'wake', 'context', 'context-set']);

/** Of some party only parts are in sight: that they fail alike on both sides may be for what lies between. */
const inParts = ({ parties }: Lowered): boolean => parties.some(({ definition: { fn, file } }) => !file.modelled && !isWhole(fn));

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

const setsOnEither = (pre: Side | null, post: Side | null) => (fn: string, local: string): boolean =>
	[pre, post].some((side) => assignedIn(side?.functions.get(fn)?.fn.body).has(local));

/** Outcomes that say what the patch does. */
const SAYS_MORE: ReadonlySet<Outcome> = new Set(['fixes', 'introduces']);


/** What one side has shown that holds for the other one. */
type Known = Pick<Lowered, 'acquired' | 'givers'> & { readonly noGivers?: ReadonlySet<string> };

function lowerSide(c: Surroundings, side: Side | null, parties: readonly Party[] | null, name: string, overrides: Scenario['overrides'], touched: ReadonlySet<string>, reading: Reading, outline: boolean, across: Otherwise, other?: Known | null): Lowered | null {
	if (!side || !parties) return null;
	const whole = { ...side.sources, changed: (each: string) => touched.has(each) || c.standIns.has(each) || overrides?.has(each) === true || side.sources.changed(each), defined: (each: string) => overrides?.get(each) ?? c.standIns.get(each) ?? side.sources.defined(each) };
	const sources = outline ? outlineSources(whole, (definition) => overrides?.get(definition.fn.name) === definition || leavesSomething(definition, c.table)) : whole;
	return lowerOnce({
		parties, sources, outline, oracle: side.sources.oracle, registered: side.registrations(), models: c.models, bindings: bindingsOf(parties), name, spawns: true, reading, otherwise: across.bindings,
		...(other ? { acquired: other.acquired, givers: other.givers, ...(other.noGivers ? { noGivers: other.noGivers } : {}) } : {}),
	});
}

/** Both sides: what one side shows to have been taken in elided code, the other side's elided code took too. */
function* lowerBoth(c: Surroundings, pre: Side | null, post: Side | null, scenario: Scenario, id: string, reading: Omit<Reading, 'side'>): Slices<readonly [Lowered | null, Lowered | null]> {
	// What either side changes is lowered alike on both.
	const touched = new Set([...(pre?.changed ?? []), ...(post?.changed ?? [])]);
	const { own } = scenario;
	const outline = scenario.outline !== undefined;
	const overrides = (side: 'pre' | 'post'): Scenario['overrides'] => (own ? new Map([...scenario.overrides ?? [], [own.name, own[side]]]) : scenario.overrides);
	const lowered = (which: 'pre' | 'post', other?: Known | null): Lowered | null => {
		const [side, name] = which === 'pre' ? [pre, `${id} before`] : [post, `${id} after`];
		const across = which === 'pre' ? otherwise(post, scenario.post, touched) : otherwise(pre, scenario.pre, touched);
		return lowerSide(c, side, scenario[which], name, new Map([...overrides(which) ?? [], ...across.functions]), touched, { side: which, ...reading }, outline, across, other);
	};
	let after = lowered('post');
	yield;
	let before = lowered('pre', after);
	yield;
	// Where the patch takes away what took a reference, what is dropped was not handed out instead.
	const mistaken = before && after ? [...after.givers.keys()].filter((name) => before?.takenFrom.has(name) && !after?.takenFrom.has(name)) : [];
	if (before && after && mistaken.length > 0) {
		const told = (side: Lowered): Known => ({ acquired: side.acquired, givers: new Map([...side.givers].filter(([name]) => !mistaken.includes(name))), noGivers: new Set(mistaken) });
		after = lowered('post', told(after));
		yield;
		before = lowered('pre', after && told(after));
		yield;
		return [before, after];
	}
	const more = before && after && ([...before.givers.keys()].some((name) => !after?.givers.has(name)) || [...before.acquired].some(([gap, taken]) => [...taken.keys()].some((key) => !after?.acquired.get(gap)?.has(key))));
	return [before, more ? lowered('post', before) : after];
}

/** A scenario, lowered and explored on both sides of the patch, as the review tells it. `judgedAs` hears the verdict before the rest is told. */
export function* reviewScenario(c: Surroundings, patch: Patch, pre: Side | null, post: Side | null, scenario: Scenario, remedy: boolean, judgedAs?: (outcome: Outcome) => void): Slices<ScenarioReview> {
	const id = identity(scenario.entries);
	const programs = yield* lowerBoth(c, pre, post, scenario, id, { ...c.said, sets: setsOnEither(pre, post), remedy: RELEASES.test([patch.subject, ...patch.prose.map((line) => line.text)].join('\n')) });
	const how = howJudged(scenario, remedy);
	const known = judgedBefore(...programs, how);
	const judged = known ?? (yield* judgeScenario(programs, scenario, remedy, judgedAs));
	if (known) judgedAs?.(known.review.outcome);
	else remember(...programs, how, judged);
	if (judged.before) c.keep?.(patch, id, 'pre', judged.before);
	if (judged.after) c.keep?.(patch, id, 'post', judged.after);
	return judged.review;
}

/** Explores both programs, and tells of them. */
function* judgeScenario(programs: readonly [Lowered | null, Lowered | null], scenario: Scenario, remedy: boolean, judgedAs?: (outcome: Outcome) => void): Slices<JudgedScenario> {
	const id = identity(scenario.entries);
	const [lowered = null, changed = null] = notYet(programs);
	const releases = releasesOf([lowered, changed]);
	const judged = yield* judgeBoth(lowered, changed, releases, scenario.claimed, scenario.races);
	const [first, second] = besideOther(asked(judged[0], scenario.outline), asked(judged[1], scenario.outline), remedy);
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
	const outcome = outcomeOf(about(after), before, after);
	judgedAs?.(outcome);
	const conclusive = after !== null && (outcome === 'fixes' || before === null);
	const shown = after ?? before;
	const full = scenario.claimed || outcome === 'fixes' || outcome === 'introduces' || outcome === 'still-fails';
	const review: ScenarioReview = {
		id, because: scenario.because, reason: scenario.reason, outcome,
		threads: shown ? shown.lowered.parties.map(threadOf) : scenario.entries.map((entry, index) => ({ name: `CPU${index}`, entry, context: 'task' as const, file: null, line: null, inputLine: null })),
		pre: before && tellSide(full ? yield* inFull(before) : before), post: after && tellSide(full ? yield* inFull(after) : after),
		loadBearing: conclusive && after ? yield* loadBearing(after) : [],
		...(before && after ? replayed(before, after) : {}),
	};
	return { review, before: before && before.lowered, after: after && after.lowered };
}

/** Of an outline only the checks that it can tell of count. */
function asked(judged: Judged | null, checks: Scenario['outline']): Judged | null {
	if (!judged || !checks) return judged;
	const of = (all: Judged['failures']): Judged['failures'] => all.filter(({ check }) => checks.has(check));
	const failures = of(judged.failures);
	return { ...judged, failures, everywhere: of(judged.everywhere), verdict: verdictOf(judged.exploration, failures.length) };
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

import type { Diagram } from '../mail/patch';
import type { RaceClaim } from '../mail/prose';
import type { Party } from '../lower/threads/party';
import { lowerOnce } from '../lower/again/lowered-before';
import type { Lowered } from '../lower/program';
import { clipped } from '../parse/plain-text';
import { environmentWords } from './names/called';
import { digestsOf, has } from './digests/digests';
import { callersDrawn } from './shown/drawn';
import { environment } from './shown/environment';
import { isIdentifier, resolvable, similar } from './names/meant';
import { partnersOf } from './shown/partners';
import { bindingsOf, neverMeet, partyOf, roleOf } from './callers/roles';
import { identity, PARTNERS_BOUND, type Scenario, SCENARIOS_BOUND } from './scenario';
import { writersOfWords } from './shown/same-word';
import { isEntry, rootsOf, type Side, changedOnEither } from './sides/side';
import type { Models } from './sides/sources';
import { summarize, type Summary } from './digests/summary';
import { touchOf } from './digests/touch';

export interface Told {
	readonly diagrams: readonly Diagram[];
	readonly claims: readonly Pick<RaceClaim, 'parties' | 'input' | 'text'>[];
	/** Every function that the prose names. */
	readonly mentioned: readonly string[];
	/** What the user asks for, instead of what would be found: the entries of each scenario. */
	readonly asked?: readonly (readonly string[])[] | undefined;
}

export interface Proposal {
	/** What the mail itself says, or the user, best first: they can be explored before anything else is looked at. */
	readonly claimed: readonly Scenario[];
	/** All of them, the claimed ones first, and how many a bound leaves out (of an entry whose environment was not even looked for, one). */
	all(): { readonly scenarios: readonly Scenario[]; readonly leftOut: number };
}

/** Weight from which on the mail's own words stand behind a scenario. */
const CLAIMED = 150;
/** Of a changed function by itself, and of the functions by which it is entered. */
const ALONE = 95;
const ROOT_ALONE = 40;
/** Of two who store to bit fields of a word that the patch changes. */
const WORD = 60;
/** Of threads of the environment. */
const ENVIRONMENT = 35;
/** Of whom the changed lines stop, or no longer do: on the other side he does not join by himself. */
const STOPPED = 12;
/** Partners of a changed function that is run without its callers. */
const DIRECT_BOUND = 3;

/** Lowers one party alone: for a look at what it does. */
function lowerParties(side: Side, models: Models, parties: readonly Party[], name: string, spawns = true): Lowered {
	return lowerOnce({ parties, sources: side.sources, oracle: side.sources.oracle, registered: side.registrations(), models, bindings: bindingsOf(parties), name, spawns });
}

/** From the patch's sides and words to the scenarios worth exploring, best first. */
export function propose(pre: Side | null, post: Side | null, models: Models, told: Told): Proposal {
	const found = new Map<string, Scenario>();
	const add: Add = (entries, because, reason, weight, within = []) => {
		const id = identity(entries);
		if (entries.length === 0 || (found.get(id)?.weight ?? -1) >= weight) return;
		const parties = (side: Side | null): readonly Party[] | null => {
			if (!side) return null;
			const made = entries.map((entry, index) => under(partyOf(side, models, counterpart(side, post ?? pre, entry), index), within[index]));
			return made.every((each) => each !== null) ? made as readonly Party[] : null;
		};
		const [before, after] = [parties(pre), parties(post)];
		if (before || after || (!pre && !post)) found.set(id, { because, reason, pre: before, post: after, entries, weight, claimed: weight >= CLAIMED });
	};
	if (told.asked) {
		for (const entries of pre || post ? told.asked : []) add(entries, 'user', `asked for: ${entries.map((name) => `${name}()`).join(', ')}`, CLAIMED);
		const scenarios = [...found.values()];
		const leftOut = told.asked.length - found.size;
		return { claimed: scenarios, all: () => ({ scenarios, leftOut }) };
	}
	const ranked = (): readonly Scenario[] => [...found.values()].sort((a, b) => b.weight - a.weight);
	fromDiagrams(told.diagrams, pre, post, models, add);
	fromClaims(told, pre, post, models, add);
	return {
		claimed: ranked().filter((each) => each.claimed).slice(0, SCENARIOS_BOUND),
		all: () => {
			const entered = fromCode(pre, post, told, add);
			// Who comes from the environment is looked for by lowering, so only where one of them would be among those that are explored.
			const others = ranked().filter(({ weight }) => weight > ENVIRONMENT).length;
			if (others >= SCENARIOS_BOUND) return { scenarios: ranked().slice(0, SCENARIOS_BOUND), leftOut: found.size - SCENARIOS_BOUND + (models.environment.length > 0 ? entered.size : 0) };
			fromEnvironment(entered, pre, post, models, add);
			return { scenarios: ranked().slice(0, SCENARIOS_BOUND), leftOut: Math.max(0, found.size - SCENARIOS_BOUND) };
		},
	};
}

/** What is changed, alone and against whom it conflicts with. Gives what is entered from outside, on which side: its environment may meet that. */
function fromCode(pre: Side | null, post: Side | null, told: Told, add: Add): ReadonlyMap<string, Side> {
	const touched = changedOnEither(pre, post);
	const sides = [pre, post].flatMap((side) => (side ? [{ side, digests: digestsOf(side) }] : []));
	const made = (name: string): boolean => pre !== null && !pre.functions.has(name) && (post?.callers.get(name) ?? []).length > 0;
	for (const { pair } of writersOfWords(sides.map(({ side }) => side))) add(pair, 'conflict', `${pair[0]}() and ${pair[1]}() store to bit fields whose word the patch changes`, WORD);
	const entries = new Map<string, Side>();
	for (const name of touched) {
		const side = post?.functions.has(name) ? post : pre;
		if (!side) continue;
		const touch = touchOf(name, sides);
		const roots = rootsOf(side, name, made(name));
		// By itself first: what goes wrong on its own paths needs no caller.
		if (!made(name)) add([name], 'conflict', `${name}() alone, along each of its paths`, ALONE);
		for (const root of new Set(made(name) ? roots : [name, ...roots])) {
			add([root], 'conflict', `${root}() alone, along each of its paths`, ROOT_ALONE);
			const [direct, entered] = [root === name, roots.includes(root)];
			for (const partner of partnersOf(side, digestsOf(side), root, touch, told.mentioned).slice(0, direct && !entered ? DIRECT_BOUND : PARTNERS_BOUND)) {
				if (made(partner.name)) continue;
				const why = partner.name === root ? `${root}() against a second run of itself` : `${root}() and ${partner.name}() touch the same data`;
				add([root, partner.name], 'conflict', why, 10 + Math.min(partner.score, 70) - (direct ? 0 : 5));
			}
			for (const { key, callback } of sides.flatMap((each) => each.side.registrations())) {
				if (callback !== root && has(touch.own.stopped, key) && side.functions.has(callback) && !neverMeet(side, root, callback)) add([root, callback], 'conflict', `${root}() stops ${callback}()`, STOPPED);
			}
			if (entered && !entries.has(root)) entries.set(root, side);
		}
	}
	return entries;
}

/** What is entered from outside against who may come at any time. */
function fromEnvironment(entered: ReadonlyMap<string, Side>, pre: Side | null, post: Side | null, models: Models, add: Add): void {
	const summaries = new Map<string, Summary | null>();
	for (const [root, side] of models.environment.length > 0 ? entered : []) {
		const definition = side.functions.get(root);
		const own = bothSummaries(side, side === post ? pre : null, models, root, summaries);
		for (const model of definition && own ? environment(side, models, definition, own, (name) => summaryOf(side, models, name, summaries)) : []) {
			const played = models.functions.get(model);
			if (!played) add([root, model], 'conflict', `${root}() against ${model}(), which may come at any time`, ENVIRONMENT);
			else add([root, model], 'environment', `${root}() against ${environmentWords(played.fn) ?? `${model}()`}, which may come at any time`, ENVIRONMENT);
		}
	}
}

/** The name under which this side has the function: itself, or what fills the operations slot that it fills on the other side. */
function counterpart(side: Side, main: Side | null, name: string): string {
	if (side.functions.has(name) || !main || side === main) return name;
	const definition = main.functions.get(name);
	const slot = definition ? roleOf(main, definition)?.slot : undefined;
	if (!slot) return name;
	const variables = main.files.flatMap((file) => file.source.parsed.initialisers.filter(({ value }) => value.replace(/^&/, '') === name).map(({ variable }) => variable));
	for (const file of side.files) {
		const entries = file.source.parsed.initialisers.filter(({ struct, field }) => `${struct.replace(/^struct\s+/, '')}.${field}` === slot);
		const entry = entries.find(({ variable }) => variables.includes(variable)) ?? entries[0];
		if (entry) return entry.value.replace(/^&/, '');
	}
	return name;
}

/** `within`: functions that nobody shows and that these are entered by. */
type Add = (entries: readonly string[], because: Scenario['because'], reason: string, weight: number, within?: readonly (string | undefined)[]) => void;

/** A party that goes by the name of who calls it. */
const under = (party: Party | null, name: string | undefined): Party | null => (party && name !== undefined ? { ...party, entry: name } : party);

/** Each column's first call that is known, or its label. */
function fromDiagrams(diagrams: readonly Diagram[], pre: Side | null, post: Side | null, models: Models, add: Add): void {
	for (const diagram of diagrams) {
		const entries = diagram.columns.map((column, index) => {
			// A column headed by a call is inside of it.
			const calls = [...Array.from(column.label.matchAll(/([A-Za-z_]\w+)\(/g), ([, name = '']) => name), ...diagram.events.filter((event) => event.column === index && event.call !== '').map((event) => event.call), ...(column.label.match(/[A-Za-z_]\w+/g) ?? [])];
			const found = calls.find((call) => resolvable(call, post ?? pre, models));
			return found !== undefined && models.functions.has(found) ? (makerOf(calls, found, post) ?? found) : found;
		});
		if (entries.length >= 2 && entries.every((entry) => entry !== undefined)) {
			add(entries as readonly string[], 'diagram', `the ${diagram.author === 'reply' ? 'reviewer' : 'changelog'} draws it at line ${diagram.input}`, 200, callersDrawn(diagram, (index, head) => models.functions.has(entries[index] ?? '') && !resolvable(head, post ?? pre, models)));
		}
	}
}

/** The changed function that makes the call, and another one of those drawn: what is drawn are its lines, one by one. */
function makerOf(calls: readonly string[], found: string, side: Side | null): string | undefined {
	return side?.changed.find((name) => {
		const text = side?.functions.get(name)?.fn.body.text ?? '';
		const made = new Set(calls.filter((call) => new RegExp(`\\b${call}\\s*\\(`).test(text)));
		return !calls.includes(name) && made.has(found) && made.size > 1;
	});
}

function fromClaims(told: Told, pre: Side | null, post: Side | null, models: Models, add: Add): void {
	const side = post ?? pre;
	const changed = new Set(changedOnEither(pre, post));
	const reached = callersOf(changed, [pre, post]);
	for (const claim of told.claims) {
		const parties = claim.parties.map((party) => similar(party, side, models).map((name) => entered(name, side, told)));
		const meant = parties.filter((names) => names.length > 0);
		if (meant.length < 2) {
			// Nobody has their source: that they race is told all the same.
			if (!side && claim.parties.filter(isIdentifier).length >= 2) add(claim.parties.filter(isIdentifier).slice(0, 2), 'prose', `the mail says so at line ${claim.input}`, CLAIMED);
			continue;
		}
		const [first = [], second = []] = meant;
		// One and the same, by what the sentence says: it meets itself.
		const itself = claim.parties.length === 2 && claim.parties[0] === claim.parties[1];
		for (const a of first) for (const b of second) if ((a === b) === itself && (changed.size === 0 || reached.has(a) || reached.has(b))) add([a, b], 'prose', `the mail says so at line ${claim.input}: ${clipped(claim.text, 120)}`, CLAIMED);
	}
	const named = told.mentioned.filter((name) => (side?.functions.has(name) && (isEntry(side, name) || changed.has(name))) || !side?.functions.has(name) && (!models.functions.has(name) && !side?.sources.table.rows.has(name) && resolvable(name, side, models)));
	// What runs only as a part of another one that is named runs as that.
	const entries = [...new Map(named.slice(0, 6).map((name) => [entered(name, side, told), changed.has(name)] as const))];
	const pairs = entries.flatMap((a, index) => entries.slice(index + 1).map((b) => [a, b] as const));
	for (const [[a, own], [b, other]] of pairs) {
		if (changed.size === 0 || own || other || changed.has(a) || changed.has(b)) add([a, b], 'prose', `the mail names ${a}() and ${b}()`, 100);
	}
}

/** What the patch changes, and who calls that, on either side: of two others it changes nothing. */
function callersOf(changed: ReadonlySet<string>, sides: readonly (Side | null)[]): ReadonlySet<string> {
	const found = new Set(changed);
	for (const name of found) for (const side of sides) for (const caller of side?.callers.get(name) ?? []) found.add(caller);
	return found;
}

/** A function that another one of those that the prose names calls, under what that one holds: by that one. */
function entered(name: string, side: Side | null, told: Told): string {
	if (!side?.functions.has(name) || isEntry(side, name)) return name;
	return side.callers.get(name)?.find((caller) => told.mentioned.includes(caller)) ?? name;
}

/** The locks of a function are those that it takes on either side of the patch; where one takes another's place, those of both. */
function bothSummaries(side: Side, other: Side | null, models: Models, name: string, summaries: Map<string, Summary | null>): Summary | null {
	const own = summaryOf(side, models, name, summaries);
	const old = own && other?.functions.has(name) ? summaryOf(other, models, name, new Map()) : null;
	if (!own || !old) return own;
	const [gone, come] = [[...old.locks].filter((lock) => !own.locks.has(lock)), [...own.locks].filter((lock) => !old.locks.has(lock))];
	return { ...own, locks: gone.length > 0 && come.length > 0 ? new Set([...own.locks].filter((lock) => old.locks.has(lock))) : new Set([...own.locks, ...old.locks]) };
}

function summaryOf(side: Side, models: Models, name: string, summaries: Map<string, Summary | null>): Summary | null {
	const known = summaries.get(name);
	if (known !== undefined) return known;
	const party = partyOf(side, models, name, 0);
	const summary = party ? summarize(lowerParties(side, models, [party], name)) : null;
	summaries.set(name, summary);
	return summary;
}

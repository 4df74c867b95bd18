import type { Definition } from '../../lower/sources';
import type { Party } from '../../lower/threads/party';
import type { Patch } from '../../mail/patch';
import { mentions } from '../../mail/prose';
import { commentsOf } from '../../mail/remarks-in-code';
import { doesAs } from './cast-deeds';
import { fitsName } from './cast-names';
import { sitesOf } from '../implied/sites';
import type { Told } from '../propose';
import type { Scenario } from '../scenario';
import type { Side } from '../sides/side';

/** A function that may be a thread that nobody shows, and how it is known, in words. */
interface Candidate {
	readonly name: string;
	readonly how: string;
	readonly score: number;
}

/** Of what the functions' lines in sight do, of the mail's words, of its drawings, and of the name itself. */
const SHOWN = 5;
const DRAWN = 4;
const CLAIMED = 3;
const CALLED = 2;
const MENTIONED = 1;
const KIN = 1;

/** What stands in a row's sentence for a name that nobody knows. */
const NOBODY = /\s*\(not in this mail\)|, not in this mail,?/;

/**
 * Who the threads are that a scenario makes up: the function that is registered for it, one whose lines in sight do what is assumed of it, or one that the mail names
 * and whose name fits. A thread that is known so goes by that function's name, and the scenario's reason says how it is known; what it does stays as assumed.
 */
export function castOf(patch: Patch, pre: Side | null, post: Side | null, told: Told): <S extends Scenario>(scenario: S) => S {
	const named = mentionsOf(patch, told);
	const sides = [post, pre].flatMap((side) => side ?? []);
	return (scenario) => {
		const [own = ''] = scenario.entries;
		const taken = new Set(scenario.entries);
		const known = new Map<string, Candidate>();
		for (const party of scenario.post ?? scenario.pre ?? []) {
			if (!party.modelled || known.has(party.entry) || runs(party.definition, own)) continue;
			const found = registered(party, sides) ?? likeliest(party, own, named, sides, taken);
			if (!found || taken.has(found.name)) continue;
			taken.add(found.name);
			known.set(party.entry, found);
		}
		if (known.size === 0) return scenario;
		const all = (parties: readonly Party[] | null): readonly Party[] | null => parties?.map((party) => played(party, known.get(party.entry)?.name)) ?? null;
		return { ...scenario, reason: reasonWith(scenario.reason, [...known.values()]), pre: all(scenario.pre), post: all(scenario.post), entries: scenario.entries.map((entry) => known.get(entry)?.name ?? entry) };
	};
}

/** The names are put where the reason says that nobody shows who it is. */
function reasonWith(reason: string, found: readonly Candidate[]): string {
	const names = found.map(({ name, how }) => `${name}(), ${how}`).join(', and ');
	return NOBODY.test(reason) ? reason.replace(NOBODY, (gap) => (gap.startsWith(',') ? `, taken for ${names},` : ` (taken for ${names})`)) : `${reason}; who that is: ${names}`;
}

const renamed = new WeakMap<Definition, Map<string, Definition>>();

/** The thread by its function's name; the same `Definition` each time. */
function played(party: Party, name: string | undefined): Party {
	if (name === undefined) return party;
	const before = renamed.get(party.definition) ?? new Map<string, Definition>();
	renamed.set(party.definition, before);
	const definition = before.get(name) ?? { ...party.definition, fn: { ...party.definition.fn, name } };
	before.set(name, definition);
	const { called: _, ...known } = party;
	return { ...known, entry: name, definition };
}

/** What the shown code registers under the thread's key. */
function registered({ key }: Party, sides: readonly Side[]): Candidate | null {
	if (key === undefined) return null;
	for (const side of sides) {
		const callback = side.registrations().find((each) => each.key === key)?.callback ?? registeredOutOfSight(key, side);
		if (callback) return { name: callback, how: 'which is registered for it', score: SHOWN };
	}
	return null;
}

/** What lines in sight register for a member of this name: a function that nobody shows. */
function registeredOutOfSight(key: string, side: Side): string | undefined {
	const member = lastOf(key);
	for (const definition of side.functions.values()) {
		for (const { row, args } of sitesOf(definition, side)) {
			if (row?.effect !== 'register') continue;
			const [at = '', callback = ''] = [row.at, row.callback].map((place) => args[Number(/arg(\d)/.exec(place)?.[1] ?? -1)]?.trim());
			if (lastOf(at) === member && /^&?[a-z_]\w*$/.test(callback)) return callback.replace('&', '');
		}
	}
	return undefined;
}

const lastOf = (place: string): string => /\w*$/.exec(place)?.[0] ?? '';

/** It calls the function itself: that is who it is. */
const runs = ({ fn }: Definition, own: string): boolean => new RegExp(`\\b${own}\\s*\\(`).test(fn.body.text);

interface Named {
	readonly name: string;
	readonly score: number;
}

/** Functions that the mail names, with what its words say of their being a party of their own. */
function mentionsOf(patch: Patch, told: Told): readonly Named[] {
	const found = new Map<string, number>();
	const add = (name: string, score: number): void => { found.set(name, Math.max(found.get(name) ?? 0, score)); };
	const lines = [...commentsOf(patch), { text: patch.subject, input: patch.from, author: 'changelog' as const }, ...patch.prose.filter(({ text }) => !TRACE.test(text))];
	const all = mentions(lines);
	for (const { name, called } of all) add(name, called ? CALLED : MENTIONED);
	for (const { name } of told.claims.flatMap(({ parties }) => parties).map((party) => ({ name: party }))) if (found.has(name)) add(name, CLAIMED);
	for (const diagram of told.diagrams) {
		for (const [index, column] of diagram.columns.entries()) {
			const head = diagram.events.find((event) => event.column === index && event.call !== '');
			if (head) add(head.call, DRAWN);
			for (const [name] of column.label.matchAll(/\b[a-z]\w*_\w+/g)) add(name, DRAWN);
		}
	}
	return [...found].map(([name, score]) => ({ name, score }));
}

/** A line of a trace: where somebody was, not who is meant. */
const TRACE = /\+0x[0-9a-f]+\/0x[0-9a-f]+/;

/** The function in sight, or in the mail's words, that fits the thread best; the first of equals. */
function likeliest(party: Party, own: string, named: readonly Named[], sides: readonly Side[], taken: ReadonlySet<string>): Candidate | null {
	const words = new Map(named.map(({ name, score }) => [name, score]));
	const shown = new Set(sides.flatMap(({ functions }) => [...functions.keys()]));
	const candidates = [...new Set([...words.keys(), ...shown])].flatMap((name): readonly Candidate[] => {
		const spoken = words.get(name) ?? 0;
		const fit = taken.has(name) ? -1 : fitsName(name, party);
		// A function that nobody names is one of many in sight: its name must fit as well.
		if (fit < 0 || (spoken === 0 && fit === 0)) return [];
		const does = sides.some((side) => doesAs(side, name, party.definition));
		// What is just mentioned and is of another part of the kernel is where somebody was.
		if (!does && (spoken === 0 || (spoken < CLAIMED && !areKin(name, own)))) return [];
		if (isKnown(name, sides) || isCalledBy(own, name, sides) || (spoken > 0 && isMember(name, sides))) return [];
		const how = does ? 'whose lines in sight do so' : 'which the mail names';
		return [{ name, how: spoken > 0 && does ? 'which the mail names' : how, score: spoken + (does ? SHOWN : 0) + fit + (areKin(name, own) ? KIN : 0) }];
	});
	const [best] = candidates.sort((a, b) => b.score - a.score);
	return best && best.score > MENTIONED + KIN ? best : null;
}

/** The table or the models know it: an API that the code calls, nobody's own thread. */
const isKnown = (name: string, sides: readonly Side[]): boolean =>
	sides.some(({ sources }) => sources.table.rows.has(name) || sources.model(name) !== null);

const isCalledBy = (own: string, name: string, sides: readonly Side[]): boolean =>
	sides.some(({ functions }) => new RegExp(`\\b${name}\\s*\\(`).test(functions.get(own)?.fn.body.text.replace(/\/\*[\s\S]*?\*\//g, '') ?? ''));

/** A field, a lock or a variable of the code in sight. */
const isMember = (name: string, sides: readonly Side[]): boolean =>
	sides.some(({ files }) => files.some(({ image }) => new RegExp(`(?:->|\\.|&)${name}\\b(?!\\s*\\()|\\b${name}\\s*(?:[-+|&]?=(?!=)|\\[|->|;|[!=]=|[<>]=? |[-+*/%] ?\\w+(?:->|\\.\\w))|\\bstruct\\s+${name}\\b`).test(image.text)));

/** Of the same driver, by the beginning of their names. */
const areKin = (a: string, b: string): boolean => {
	const [first = ''] = a.split('_');
	return first.length >= 2 && b.startsWith(`${first}_`);
};

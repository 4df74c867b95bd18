import { isNamed, type Naming } from '../../../../knowledge/namings';
import type { CNode } from '../../../../parse';
import { type Change, declared, mirrored } from '../../change';
import { type Finding, turnedBack } from '../../partner';
import { pointsOf } from '../../sections';
import { escaped, READ_SIDE, rootOf, type Site } from '../../sites';
import { isChanged, statementsOf } from '../../twins';

/**
 * `one` (the earlier statement) and `other` (the marked one) are read between `begin` and `retry` of a sequence count on one side, `other` outside of it on the other side (`reads`);
 * or they are written between `enter` and `leave` (`writes`). No lock is held around what is read outside.
 */
export const sequenceSections = (change: Change): readonly Finding[] => [...of(change), ...of(mirrored(change)).map(turnedBack), ...halfRead(change)].slice(0, 1);

/** From where to where a count is looked at, or moved on. */
interface Section {
	readonly from: Site;
	readonly to: Site;
}

/** A place of memory that others share, and a statement that reads or writes it. */
interface Access {
	readonly place: string;
	readonly node: CNode;
	readonly inside: boolean;
}

type Kind = 'reads' | 'writes';
const ENDS: Readonly<Record<Kind, readonly [Naming, Naming]>> = { reads: ['begins-torn-read', 'asks-torn-read'], writes: ['begins-torn-write', 'ends-torn-write'] };
const WORDS: Readonly<Record<Kind, readonly [string, string]>> = { reads: ['begin', 'retry'], writes: ['enter', 'leave'] };

const of = (change: Change): readonly Finding[] => (['reads', 'writes'] as const).flatMap((kind): readonly Finding[] => {
	const [before, after] = [sections(change, 'before', kind), sections(change, 'after', kind)];
	const [section] = after;
	if (!section) return [];
	const [old, now] = [accesses(change, 'before', kind, before), accesses(change, 'after', kind, after)];
	const other = now.find(({ place, inside }) => inside && old.some((each) => each.place === place) && !old.some((each) => each.place === place && each.inside));
	const was = other && old.find(({ place }) => place === other.place);
	if (!other || !was || (kind === 'reads' && isLocked(change, 'before', was.node)) || !(isChanged(change.after, other.node) || isChanged(change.before, was.node) || [section.from, section.to].some(({ changed }) => changed))) return [];
	return now.flatMap((one): readonly Finding[] => {
		const twin = old.find(({ place, node }) => place === one.place && node.type === 'expression_statement');
		if (one.place === other.place || !one.inside || one.node.type !== 'expression_statement' || !twin || (kind === 'writes' && !twin.inside)) return [];
		const [first, last] = WORDS[kind];
		return [{ words: { [kind]: '1', one: one.place, other: other.place, [first]: section.from.api, [last]: section.to.api }, tells: 'fixes', marked: { before: was.node, after: other.node }, earlier: { before: twin.node, after: one.node } }];
	}).slice(0, 1);
});

/** A read section that comes leaves out what a writer in sight writes with what it has. */
function halfRead(change: Change): readonly Finding[] {
	const [section] = sections(change, 'after', 'reads');
	if (!section || change.ways.get(section.from) !== 'added') return [];
	const [old, now] = [accesses(change, 'before', 'reads', []), accesses(change, 'after', 'reads', [section])];
	const outside = now.filter(({ place, inside, node }) => !inside && !now.some((each) => each.inside && each.place === place) && !isLocked(change, 'after', node));
	for (const other of outside) {
		const one = now.find(({ place, inside, node }) => inside && node.type === 'expression_statement' && writtenTogether(change, lastMember(place), lastMember(other.place)));
		const [twin, was] = [one, other].map((each) => old.find(({ place, node }) => place === each?.place && (each === other || node.type === 'expression_statement')));
		if (one && twin && was) return [{ words: { reads: '1', one: one.place, other: other.place, begin: section.from.api, retry: section.to.api }, tells: 'still-fails', marked: { before: was.node, after: other.node }, earlier: { before: twin.node, after: one.node } }];
	}
	return [];
}

const lastMember = (place: string): string => /\w+$/.exec(place)?.[0] ?? place;

/** Some function in sight writes both in one write section. */
const writtenTogether = ({ post }: Change, ...members: readonly string[]): boolean => [...post.functions.values()].some(({ fn }) => {
	const names = [...fn.body.text.matchAll(/\b(\w+)\s*\(/g)].map(([, name = '']) => name);
	return names.some((name) => isNamed(post.sources.table, 'begins-torn-write', name)) && members.every((member) => new RegExp(`(?:->|\\.)${escaped(member)}\\s*(?:[-+|&]?=(?!=)|\\+\\+)`).test(fn.body.text));
});

const sitesOf = (change: Change, side: 'before' | 'after'): readonly Site[] => (side === 'before' ? change.old : change.now);

/** By the count that both ends name. */
function sections(change: Change, side: 'before' | 'after', kind: Kind): readonly Section[] {
	const sites = sitesOf(change, side);
	const { table } = change.post.sources;
	const [begins, ends] = ENDS[kind];
	return sites.filter(({ api }) => isNamed(table, begins, api)).flatMap((from) => {
		const to = sites.find(({ api, args, start }) => start > from.start && isNamed(table, ends, api) && args[0] === from.args[0]);
		return to ? [{ from, to }] : [];
	});
}

const PLACE = /(?<![\w.>])&?([A-Za-z_]\w*(?:(?:->|\.)\w+)+)(?!\w*\s*\()(\s*(?:[-+|&*]?=(?!=)|\+\+|--))?/g;
const MARKABLE: ReadonlySet<string> = new Set(['expression_statement', 'return_statement', 'if_statement']);

/** What the statements of one side read, or write: not of the function's own. */
function accesses(change: Change, side: 'before' | 'after', kind: Kind, within: readonly Section[]): readonly Access[] {
	const { body } = change[side].fn;
	const counts = within.map(({ from }) => (from.args[0] ?? '').replace(/^&\s*/, ''));
	return statementsOf(body).filter(({ type }) => MARKABLE.has(type)).flatMap((node): readonly Access[] => {
		const text = (node.type === 'if_statement' ? node.field('condition') : node)?.text ?? '';
		const inside = within.some(({ from, to }) => node.start > from.start && node.start < to.start);
		return [...text.matchAll(PLACE)].flatMap(([whole = '', place = '', operator]): readonly Access[] => {
			const root = rootOf(place);
			const stores = operator !== undefined || (whole.startsWith('&') && node.type === 'expression_statement');
			if (root === null || stores !== (kind === 'writes') || (whole.startsWith('&') && kind === 'reads' && !/_(?:read|get)\s*\(\s*$/.test(text.slice(0, text.indexOf(whole)))) || counts.includes(place) || !isShared(change, root, place)) return [];
			return [{ place, node, inside }];
		});
	});
}

/** Something that the function is given, or finds, is what the place lies in. */
const isShared = (change: Change, root: string, place: string): boolean => (/->/.test(place) ? declared(change, root)?.trim().endsWith('*') !== false : declared(change, root) === undefined);

const isLocked = (change: Change, side: 'before' | 'after', node: CNode): boolean => [...(pointsOf(change[side], sitesOf(change, side)).find((point) => point.node === node)?.held.keys() ?? [])].some((lock) => lock !== READ_SIDE);

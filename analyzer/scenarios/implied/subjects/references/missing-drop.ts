import { isNamed } from '../../../../knowledge/namings';
import type { Asked } from '../../../../knowledge/partner-row';
import { dropsByName, holdsByName } from '../../../../lower/unmodelled';
import type { CNode } from '../../../../parse';
import { folded } from '../../../../parse/plain-text';
import { added, type Change, removed } from '../../change';
import type { Finding } from '../../partner';
import { placeText, rootOf, type Site } from '../../sites';
import { nextOf, statementAt, statementsOf, twins } from '../../twins';

/**
 * One side only drops the reference of `object`, by `drop`, before it comes to the marked statement; or takes none, by `safe`, when the call fails; or takes
 * one less: `extra`, by `take`, one of the row's calls or one that says so.
 */
export function missingDrops(change: Change, row: Asked): readonly Finding[] {
	return [...dropped(change), ...undone(change), ...taken(change), ...spare(change, row)];
}

/** It may well drop a reference. */
export const drops = ({ post: { sources: { table } } }: Change) => ({ row, api }: Site): boolean => row?.effect === 'put' || ((row === null || row.partial === true || row.effect === 'none') && dropsByName(api)) || ((row === null || row.partial === true) && isNamed(table, 'may-drop', api));

/** The object whose reference a call drops: the variable that its argument begins with. */
export const objectOf = (site: Site): string | null => rootOf(site.args[0] ?? '');

function dropped(change: Change): readonly Finding[] {
	const gone = removed(change);
	return added(change).flatMap((site) => {
		const object = drops(change)(site) ? objectOf(site) : null;
		// The same drop by another name, or elsewhere.
		if (!object || gone.some((each) => drops(change)(each) && objectOf(each) === object) || isTakenHere(change, site, object)) return [];
		const after = statementAt(change.after.fn.body, site.line);
		const before = after && withoutIt(change, after);
		return before && !dropsLater(change, before, site) ? [{ words: { object, drop: site.api, call: site.text }, tells: 'fixes' as const, marked: { before, after }, earlier: { before: undefined, after } }] : [];
	}).slice(0, FINDINGS_BOUND);
}

/** The patch takes the reference as well, before it drops it. */
const isTakenHere = (change: Change, drop: Site, object: string): boolean => added(change).some((site) => site.start < drop.start && site.row?.effect === 'get' && objectOf(site) === object);

/** The same drop stands on the way on, before the function returns. */
function dropsLater({ before: { fn } }: Change, from: CNode, { text }: Site): boolean {
	const rest = fn.body.text.slice(from.start - fn.body.start);
	return folded(rest.slice(0, (/\breturn\b/.exec(rest)?.index ?? rest.length) + 1)).includes(text);
}

/** A count that the function has raised is lowered before it is left, in a plain statement. */
function undone(change: Change): readonly Finding[] {
	const { fn, file } = change.after;
	return statementsOf(fn.body).flatMap((after) => {
		const object = after.type === 'expression_statement' && file.place(after.line).changed ? LOWERS.exec(folded(after.text))?.slice(1).find((each) => each !== undefined) : undefined;
		const before = object && !folded(change.before.fn.body.text).includes(folded(after.text)) ? withoutIt(change, after) : undefined;
		return object && before && /^(?:goto|return)_statement$/.test(before.type) ? [{ words: { object, drop: object, call: folded(after.text).replace(/;$/, '') }, tells: 'fixes' as const, marked: { before, after }, earlier: { before: undefined, after } }] : [];
	}).slice(0, 1);
}

const LOWERS = /^(?:([A-Za-z_]\w*(?:(?:->|\.)\w+|\[\w+\])+)\s*(?:--|-= 1)|--([A-Za-z_]\w*(?:(?:->|\.)\w+|\[\w+\])+));$/;

/** Drops of one function that are looked at. */
const FINDINGS_BOUND = 3;

/** Where the other side goes on without the drop: at what follows it, or at the jump that now leads to it. */
function withoutIt(change: Change, drop: CNode): CNode | undefined {
	const both = twins(change);
	for (let next = nextOf(change.after.fn.body, drop); next; next = nextOf(change.after.fn.body, next)) {
		const start = next.start;
		const kept = both.find(({ after }) => after.start === start);
		if (kept) return kept.before;
		if (/^(return|goto|break|continue)_statement$/.test(next.type)) break;
	}
	const { body } = change.before.fn;
	return statementsOf(body).find((node) => /^(return|goto|break|continue)_statement$/.test(node.type) && change.before.file.place(node.line).changed);
}

function taken(change: Change): readonly Finding[] {
	const gone = removed(change);
	if (gone.some(drops(change))) return [];
	return added(change).flatMap((site) => {
		const count = site.row?.effect === 'get' && site.row.fails !== undefined ? placeText(site, site.row.at) : null;
		const weaker = gone.find(({ row }) => row?.effect === 'get' && row.fails === undefined);
		return count && weaker?.row?.effect === 'get' && placeText(weaker, weaker.row.at) === count ? [{ words: { take: weaker.api, safe: site.api, object: count }, tells: 'fixes' as const }] : [];
	});
}

/** A reference that is no longer taken, and that nothing has dropped. */
function spare(change: Change, row: Asked): readonly Finding[] {
	const gone = removed(change);
	const takes = ({ row: own, api }: Site): boolean => own?.effect === 'get' || (own === null && holdsByName(api)) || (row.calls?.includes(api) ?? false);
	if ([...gone, ...added(change)].some(drops(change)) || added(change).some(takes)) return [];
	return gone.filter(takes).slice(0, 1).map((site) => ({ words: { take: site.api, extra: '1', call: site.text, object: objectOf(site) ?? 'what it finds' }, tells: 'fixes' as const }));
}

/**
 * `drop` gives up `object`, on one side before a `jump`, marked, to where nobody shows, and only behind it on the other: where that leads may do so as well.
 */
function beforeJumps(change: Change): readonly Finding[] {
	const frees = ({ row }: Site): boolean => row?.effect === 'free';
	return change.now.filter((site) => change.ways.get(site) === 'moved' && (drops(change)(site) || frees(site))).flatMap((site) => {
		const twin = change.old.find((each) => each.text === site.text && change.ways.get(each) === 'moved');
		const object = objectOf(site);
		const jump = twin && twins(change).find(({ before, after }) => before.type === 'goto_statement' && before.start > twin.start && after.start < site.start && !labelled(change, before));
		return object && jump ? [{ words: { object, drop: site.api, call: site.text, jump: jump.before.text.replace(/;$/, ''), check: frees(site) ? 'use-after-free' : 'refcount-underflow' }, tells: 'fixes' as const, marked: jump }] : [];
	}).slice(0, 1);
}

/** Where it leads is in sight. */
const labelled = ({ before }: Change, { text }: CNode): boolean => new RegExp(`(?:^|[\\n;{}])\\s*${/^goto\s+(\w+)/.exec(text)?.[1] ?? ''}\\s*:`).test(before.fn.body.text);

/** One side drops a reference of `object` once more than the other, by `drop`; `more`: the other does so as well, elsewhere. */
export function extraDrops(change: Change): readonly Finding[] {
	return [...beforeJumps(change), ...droppedMore(change)];
}

function droppedMore(change: Change): readonly Finding[] {
	return removed(change).filter(drops(change)).flatMap((site) => {
		const object = objectOf(site);
		if (!object || added(change).some((each) => drops(change)(each) && objectOf(each) === object)) return [];
		const more = change.now.some((each) => each.text === site.text);
		return [{ words: { object, drop: site.api, call: site.text, held: more ? '1' : '0' }, tells: 'fixes' as const }];
	}).slice(0, 1);
}

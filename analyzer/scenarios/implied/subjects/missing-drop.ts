import type { PartnerRow } from '../../../knowledge/partner-row';
import { dropsByName, holdsByName } from '../../../lower/unmodelled';
import type { CNode } from '../../../parse';
import { added, type Change, removed } from '../change';
import type { Finding } from '../partner';
import { placeText, rootOf, type Site } from '../sites';
import { nextOf, statementAt, statementsOf, twins } from '../twins';

/**
 * One side only drops the reference of `object`, by `drop`, before it comes to the marked statement; or takes none, by `safe`, when the call fails; or takes
 * one less: `extra`, by `take`, one of the row's calls or one that says so.
 */
export function missingDrops(change: Change, row: PartnerRow): readonly Finding[] {
	return [...dropped(change), ...taken(change), ...spare(change, row)];
}

/** Names of functions that may well drop a reference, where the mail says that one was not dropped. */
const MAY_DROP = /(^|_)(put|unref\w*|release|drop|deref|decref|dec_ref\w*|ref\w*_dec|unreference)(_|$)/;
const drops = ({ row, api }: Site): boolean => row?.effect === 'put' || ((row === null || row.partial === true || row.effect === 'none') && (dropsByName(api) || MAY_DROP.test(api)));

/** The object whose reference a call drops: the variable that its argument begins with. */
const objectOf = (site: Site): string | null => rootOf(site.args[0] ?? '');

function dropped(change: Change): readonly Finding[] {
	const gone = removed(change);
	return added(change).flatMap((site) => {
		const object = drops(site) ? objectOf(site) : null;
		// The same drop by another name, or elsewhere.
		if (!object || gone.some((each) => drops(each) && objectOf(each) === object)) return [];
		const after = statementAt(change.after.fn.body, site.line);
		const before = after && withoutIt(change, after);
		return before ? [{ words: { object, drop: site.api, call: site.text }, tells: 'fixes' as const, marked: { before, after } }] : [];
	}).slice(0, FINDINGS_BOUND);
}

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
	if (gone.some(drops)) return [];
	return added(change).flatMap((site) => {
		const count = site.row?.effect === 'get' && site.row.fails !== undefined ? placeText(site, site.row.at) : null;
		const weaker = gone.find(({ row }) => row?.effect === 'get' && row.fails === undefined);
		return count && weaker?.row?.effect === 'get' && placeText(weaker, weaker.row.at) === count ? [{ words: { take: weaker.api, safe: site.api, object: count }, tells: 'fixes' as const }] : [];
	});
}

/** A reference that is no longer taken, and that nothing has dropped. */
function spare(change: Change, row: PartnerRow): readonly Finding[] {
	const gone = removed(change);
	const takes = ({ row: own, api }: Site): boolean => own?.effect === 'get' || (own === null && holdsByName(api)) || (row.calls?.includes(api) ?? false);
	if ([...gone, ...added(change)].some(drops) || added(change).some(takes)) return [];
	return gone.filter(takes).slice(0, 1).map((site) => ({ words: { take: site.api, extra: '1', call: site.text, object: objectOf(site) ?? 'what it finds' }, tells: 'fixes' as const }));
}

/** One side drops a reference of `object` once more than the other, by `drop`; `more`: the other does so as well, elsewhere. */
export function extraDrops(change: Change): readonly Finding[] {
	return removed(change).filter(drops).flatMap((site) => {
		const object = objectOf(site);
		if (!object || added(change).some((each) => drops(each) && objectOf(each) === object)) return [];
		const more = change.now.some((each) => each.text === site.text);
		return [{ words: { object, drop: site.api, call: site.text, held: more ? '1' : '0' }, tells: 'fixes' as const }];
	}).slice(0, 1);
}

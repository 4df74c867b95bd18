import { dropsByName } from '../../../lower/unmodelled';
import { type Change, structOf } from '../change';
import type { Finding } from '../partner';
import { escaped, placeText, rootOf, type Site } from '../sites';
import { twins } from '../twins';

/** `call` drops a reference of `object`, on one side only after its last use; `counted`: its `count`, of what is freed by somebody else once that is zero. */
export function putOrders(change: Change): readonly Finding[] {
	const puts = (sites: readonly Site[]): readonly { readonly site: Site; readonly object: string; readonly words: Finding['words'] }[] => sites.flatMap((site) => {
		const { row } = site;
		const count = row?.effect === 'put' ? placeText(site, row.at) : null;
		const object = count ? rootOf(count) : null;
		const counted = row?.effect === 'put' && row.release === 'none';
		return object && count && structOf(change, object) ? [{ site, object, words: { object, call: site.text, ...(counted ? { counted: count } : {}) } }] : [];
	});
	const old = puts(change.old);
	return [...namedPuts(change), ...puts(change.now).flatMap(({ site, object, words }) => {
		const twin = old.find((each) => each.site.text === site.text);
		if (!twin || change.ways.get(site) !== 'moved') return [];
		const [before, after] = [usedAfter(change.before.fn.body, object, twin.site.endLine), usedAfter(change.after.fn.body, object, site.endLine)];
		return before === after ? [] : [{ words, tells: before ? 'fixes' as const : 'introduces' as const }];
	})];
}

/** The same of `drop`, of which only the name says so; marked is the use. */
function namedPuts(change: Change): readonly Finding[] {
	return change.now.flatMap((site) => {
		const object = site.row === null && dropsByName(site.api) && site.args.length === 1 ? rootOf(site.args[0] ?? '') : null;
		const twin = change.old.find((each) => each.text === site.text);
		if (!object || !twin || change.ways.get(site) !== 'moved' || change.now.filter((each) => each.api === site.api).length !== 1) return [];
		const use = new RegExp(`(?<![\\w.>])${escaped(object)}\\s*->`);
		const marked = twins(change).find(({ before, after }) => after.type === 'expression_statement' && use.test(after.text) && (before.line > twin.line) !== (after.line > site.line));
		return marked ? [{ words: { object, drop: site.api, call: site.text }, tells: marked.before.line > twin.line ? 'fixes' as const : 'introduces' as const, marked }] : [];
	}).slice(0, 1);
}

/** It is used behind the line: a field of it, or it is given to something that may look at it. */
function usedAfter(body: Change['after']['fn']['body'], object: string, line: number): boolean {
	const use = new RegExp(`(?<![\\w.>])${escaped(object)}\\s*(?:->|[,)](?!\\s*\\{))`);
	const test = new RegExp(`\\b(if|while)\\s*\\(\\s*!?\\s*${escaped(object)}\\s*\\)`);
	const given = new RegExp(`(?<![\\w.>])${escaped(object)}\\s*=(?!=)`);
	for (const [index, text] of body.text.split('\n').entries()) {
		if (body.line + index <= line) continue;
		if (given.test(text)) return false;
		if (use.test(text) && !test.test(text)) return true;
	}
	return false;
}

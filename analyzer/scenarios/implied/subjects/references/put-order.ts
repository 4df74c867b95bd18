import { dropsByName } from '../../../../lower/unmodelled';
import { folded } from '../../../../parse/plain-text';
import { type Change, structOf } from '../../change';
import type { Finding, Marked } from '../../partner';
import { escaped, placeText, rootOf, type Site } from '../../sites';
import { isChanged, statementAt, statementsOf, twins } from '../../twins';

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
		if (!twin || (change.ways.get(site) !== 'moved' && !isUseMoved(change, object))) return [];
		const [before, after] = [usedAfter(change.before.fn.body, object, twin.site.endLine), usedAfter(change.after.fn.body, object, site.endLine)];
		return before === after ? [] : [{ words, tells: before ? 'fixes' as const : 'introduces' as const }];
	})];
}

/** A diff may as well show that the use went past the call: the same statement, on both sides among the patch's lines. */
function isUseMoved({ before, after }: Change, object: string): boolean {
	const use = new RegExp(`(?<![\\w.>])${escaped(object)}\\s*->`);
	const own = (of: Change['after']): readonly string[] => statementsOf(of.fn.body).filter((node) => node.type === 'expression_statement' && isChanged(of, node)).map(({ text }) => folded(text));
	const went = new Set(own(before));
	return own(after).some((text) => use.test(text) && went.has(text));
}

/** The same of `drop`, of which only the name says so; marked is the use. */
function namedPuts(change: Change): readonly Finding[] {
	return change.now.flatMap((site) => {
		const object = site.row === null && dropsByName(site.api) && !OF_USE.test(site.api) && site.args.length === 1 ? rootOf(site.args[0] ?? '') : null;
		const twin = change.old.find((each) => each.text === site.text);
		if (!object || !twin || [change.now, change.old].some((sites) => sites.filter((each) => each.api === site.api).length !== 1)) return [];
		const use = new RegExp(`(?<![\\w.>])${escaped(object)}\\s*->`);
		const marked = twins(change).find(({ before, after }) => after.type === 'expression_statement' && use.test(after.text) && (before.line > twin.line) !== (after.line > site.line));
		const late = marked ? undefined : usedLate(change, object, use, twin, site);
		if (late) return [{ words: { object, drop: site.api, call: site.text }, tells: 'introduces' as const, marked: late }];
		return marked ? [{ words: { object, drop: site.api, call: site.text }, tells: marked.before.line > twin.line ? 'fixes' as const : 'introduces' as const, marked }] : [];
	}).slice(0, 1);
}

/** Counts of who needs it awake, or at hand: it lives on without them. */
const OF_USE = /(^|_)(power|pm|rpm|runtime|clk|clock|bus|hw|wake\w*|usage|users?|active|irqs?|io|mmio|cpu|budget|credits?|slot|buf\w*|desc\w*)_(put|unref)$/;

/** A line of the patch's own uses it behind the call, as none did before; on the side before the call itself is marked. */
function usedLate(change: Change, object: string, use: RegExp, twin: Site, site: Site): Marked | undefined {
	const { fn, file } = change.after;
	if (usedAfter(change.before.fn.body, object, twin.endLine)) return undefined;
	const before = statementAt(change.before.fn.body, twin.line);
	const after = statementsOf(fn.body).find((node) => node.line > site.endLine && USES.has(node.type) && use.test(node.text) && file.place(node.line).changed);
	const given = new RegExp(`(?<![\\w.>])${escaped(object)}\\s*=(?!=)`);
	const between = after ? statementsOf(fn.body).filter((node) => node.line > site.endLine && node.line <= after.line) : [];
	return before && after && !between.some(({ type, text }) => type === 'expression_statement' && given.test(text)) ? { before, after } : undefined;
}

const USES: ReadonlySet<string> = new Set(['expression_statement', 'return_statement', 'declaration']);

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

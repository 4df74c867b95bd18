import { dropsByName, holdsByName } from '../../../../lower/unmodelled';
import { added, type Change, removed, structOf } from '../../change';
import type { Finding } from '../../partner';
import { escaped, rootOf, type Site } from '../../sites';
import { statementAt, twins } from '../../twins';

/**
 * One side takes a reference of `object` (`call`) that the other does without: its count is `count` of the one `struct`, or `unseen`: `hold` is the function that takes it. Marked is the first use, alike on both
 * sides, behind it; or, with `returned`, the statement that returns it, to be used by the caller; or what comes next, where it is kept for later.
 */
export function missingHolds(change: Change): readonly Finding[] {
	return [...held(change), ...dropped(change)];
}

/** `drop` drops the function's own reference of what it returns, on one side only also when that is for the caller to use. */
function dropped(change: Change): readonly Finding[] {
	const drops = ({ row, api, args }: Site): string | null => (row?.effect === 'put' || dropsByName(api) || /(^|_)put_unlocked$/.test(api) ? rootOf(args[0] ?? '') : null);
	return change.old.flatMap((site) => {
		const object = drops(site);
		if (!object || change.ways.get(site) === 'kept') return [];
		const returned = twins(change).find(({ before }) => before.line > site.line && new RegExp(`^return\\s*\\(?(?:&\\s*)?${escaped(object)}(?:->\\w+)*\\)?\\s*;`).test(before.text));
		return returned ? [{ words: { object, drop: site.api, returned: '1', call: site.text }, tells: 'fixes' as const, marked: returned }] : [];
	}).slice(0, 1);
}

function held(change: Change): readonly Finding[] {
	return added(change).flatMap((site) => {
		const object = rootOf(site.args[0] ?? '');
		const count = countOf(site);
		const struct = object ? structOf(change, object) : null;
		if (!object || !count || removed(change).some((each) => countOf(each) !== null && rootOf(each.args[0] ?? '') === object)) return [];
		const holding = statementAt(change.after.fn.body, site.line);
		if (!struct && holding?.type !== 'expression_statement') return [];
		const words = { object, call: site.text, ...(struct ? { count, struct } : { unseen: '1', hold: site.api }) };
		const behind = twins(change).filter(({ after }) => after.line > site.endLine);
		const use = new RegExp(`(?<![\\w.>])${escaped(object)}\\s*(?:->|[,)])`);
		const used = behind.find(({ after }) => after.type !== 'return_statement' && use.test((after.field('condition') ?? after).text));
		const returned = behind.find(({ after }) => new RegExp(`^return\\s*\\(?${escaped(object)}\\)?\\s*;`).test(after.text));
		const findings: Finding[] = [];
		if (returned) findings.push({ words: { ...words, returned: '1' }, tells: 'fixes', marked: returned });
		const next = used ?? (returned ? undefined : behind[0]);
		if (next) findings.push({ words, tells: 'fixes', marked: next });
		return findings;
	}).slice(0, FINDINGS_BOUND);
}

/** References of one function that are looked at. */
const FINDINGS_BOUND = 3;

/** The count that a call raises, as the path from its object: `sk_refcnt` of `sock_hold(sk)`. */
export function countOf({ row, api, args }: Site): string | null {
	if (row?.effect === 'get' || row?.effect === 'get-unless-zero') {
		const member = /^arg0->([\w.]+)$/.exec(row.at)?.[1];
		const own = /^&\s*\w+->([\w.>-]+)$/.exec(args[0] ?? '')?.[1]?.replaceAll('->', '.');
		if (row.at === '*arg0') return own ?? null;
		return member ? [...(own ? [own] : []), member].join('.') : null;
	}
	return (!row || row.partial) && holdsByName(api) && /^\w+$/.test(args[0] ?? '') ? '__references' : null;
}

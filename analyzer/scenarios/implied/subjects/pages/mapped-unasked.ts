import type { CNode } from '../../../../parse';
import type { Asked } from '../../../../knowledge/partner-row';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { escaped, type Site } from '../../sites';
import { told, written } from '../../steps';
import { conditionals, isOwnAsked, statementsOf } from '../../twins';

const LEAVES = /\b(?:return|goto|continue|break)\b/;

/**
 * One of the row's calls (`call`) follows an entry that others may change meanwhile, and a condition (`test`) leaves where it leads to nothing: on one side only. It asks for the entry as
 * the row's `behind` has it before the call, or for what the call returned. Marked is the call's statement.
 */
export function mappedUnasked(change: Change, row: Asked): readonly Finding[] {
	const names = new Set(row.calls ?? []);
	const asks = new RegExp(row.behind ?? '(?!)');
	for (const site of change.now.filter(({ api }) => names.has(api))) {
		const before = change.old.find(({ api, args }) => api === site.api && args.join() === site.args.join());
		const [was, is] = [before ? holderOf(change.before.fn.body, before) : undefined, holderOf(change.after.fn.body, site)];
		if (!before || !was || !is) continue;
		const [old, now] = [testOf(change.before.fn.body, before, was, asks), testOf(change.after.fn.body, site, is, asks)];
		const test = now ?? old;
		if (!test || (old && now)) continue;
		const ahead = test.start < (now ? site : before).start;
		// A test that takes the other one's place asks in its own way.
		if (!isOwnAsked(change[now ? 'after' : 'before'], test) || (!now && ahead && testOf(change.after.fn.body, site, is, ANY_ENTRY))) continue;
		const found: Finding = { words: { call: told(site.text), test: told(written(test)) }, tells: now ? 'fixes' : 'introduces', marked: ahead ? { before: was, after: is } : now ? { before: was, after: test } : { before: test, after: is }, earlier: { before: old, after: now } };
		return [found, { ...found, outline: ['check-then-act'], inPart: true }];
	}
	return [];
}

/** Whatever asks for an entry. */
const ANY_ENTRY = /\bp(?:te|md|ud|4d)p?_\w+\s*\(/;

/** The condition that leaves: for the entry before the call, or for what the call returned, behind it. */
function testOf(body: CNode, site: Site, holder: CNode, asks: RegExp): CNode | undefined {
	const entries = site.args.filter((arg) => /^&?\w+(?:(?:->|\.)\w+)*$/.test(arg));
	const result = /^(?:[\w\s*]*?[\s*])?(\w+)\s*=[^=]/.exec(holder.text)?.[1];
	return conditionals(body).find((node) => {
		if (!LEAVES.test(node.field('consequence')?.text ?? '')) return false;
		const condition = written(node);
		if (node.end <= site.start) return asks.test(condition) && entries.some((entry) => new RegExp(`(?<![\\w.>])${escaped(entry)}\\b`).test(condition));
		return node.start > site.start && result !== undefined && new RegExp(`!\\s*${result}\\b|\\b${result}\\s*==\\s*NULL\\b`).test(condition);
	});
}

/** The statement that makes the call. */
const holderOf = (body: CNode, { start }: Site): CNode | undefined =>
	statementsOf(body).findLast((node) => node.start <= start && start < node.end && (node.type === 'expression_statement' || node.type === 'declaration'));

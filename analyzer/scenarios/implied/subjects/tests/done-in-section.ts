import type { Asked } from '../../../../knowledge/partner-row';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { pointsOf } from '../../sections';
import { READ_SIDE } from '../../sites';
import { twinsOf } from '../../point-twins';
import { plainCalls } from '../../plain-calls';

/**
 * A call that the row's `behind` matches (`work` by its name; `call` is how it is called) is made under `lock` on the side after, and was not made, or not under it,
 * before: marked is a statement ahead of it that both sides have under the lock.
 */
export function doneInSection(change: Change, row: Asked): readonly Finding[] {
	const [old, now] = [pointsOf(change.before, change.old), pointsOf(change.after, change.now)];
	const calls = new RegExp(`\\b(?:${row.behind ?? '(?!)'})\\s*\\(`);
	const site = change.now.find((each) => calls.test(each.text) && change.ways.get(each) !== 'kept');
	const point = site && now.find(({ node, text }) => calls.test(text) && node.start <= site.start && node.end > site.start && node.type === 'expression_statement');
	if (!site || !point) return [];
	const was = old.filter(({ text, node }) => calls.test(text) && node.type === 'expression_statement');
	return [...point.held.keys()].filter((lock) => lock !== READ_SIDE && !was.some(({ held }) => held.has(lock))).flatMap((lock): readonly Finding[] => {
		const plain = plainCalls(change, lock, 'task', true);
		const twin = twinsOf(change, old, now).findLast(({ before, after }) => after.node.start < point.node.start && after.node.type === 'expression_statement' && before.held.has(lock) && after.held.get(lock) === point.held.get(lock));
		return plain && twin ? [{ words: { ...plain, lock, call: site.text, work: site.api }, tells: 'fixes', marked: { before: twin.before.node, after: twin.after.node } }] : [];
	}).slice(0, 1);
}

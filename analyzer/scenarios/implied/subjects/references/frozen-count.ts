import type { CNode } from '../../../../parse';
import type { Asked } from '../../../../knowledge/partner-row';
import { added, type Change, removed } from '../../change';
import type { Finding } from '../../partner';
import type { Site } from '../../sites';
import { conditionals, twins } from '../../twins';

/**
 * A condition goes by a count (`plain`, a call that the row's `behind` matches) on the side before, and freezes it by one of the row's calls (`strong`; `call` is how
 * it is called) on the side after, of the same object. Marked is what goes by it on both sides, both conditions as earlier.
 */
export function frozenCounts(change: Change, row: Asked): readonly Finding[] {
	const names = new Set(row.calls ?? []);
	const looks = new RegExp(`^(?:${row.behind ?? '(?!)'})$`);
	const strong = added(change).find(({ api }) => names.has(api));
	const plain = strong && removed(change).find(({ api, args }) => looks.test(api) && args[0] === strong.args[0]);
	if (!plain || change.now.some(({ api, args, start }) => api === plain.api && args[0] === plain.args[0] && start > strong.start)) return [];
	const [was, is] = [conditionOf(change.before.fn.body, plain), conditionOf(change.after.fn.body, strong)];
	const marked = was && is && twins(change).find(({ before, after }) => isGoneBy(was, before) && isGoneBy(is, after));
	return marked ? [{ words: { object: strong.args[0] ?? '', call: strong.text, strong: strong.api, plain: plain.api }, tells: 'fixes', marked, earlier: { before: was, after: is } }] : [];
}

const conditionOf = (body: CNode, { start }: Site): CNode | undefined =>
	conditionals(body).find((node) => {
		const condition = node.field('condition');
		return condition !== null && condition.start <= start && start < condition.end;
	});

/** Done behind the condition, or in it where it does not leave. */
function isGoneBy(condition: CNode, node: CNode): boolean {
	const consequence = condition.field('consequence');
	return consequence !== null && node.start >= (/\b(?:return|goto|continue|break)\b/.test(consequence.text) ? condition.end : consequence.start) && !/^(?:return|goto)\b/.test(node.text);
}

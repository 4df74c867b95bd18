import { changedOnEither } from '../../../sides/side';
import { holdsByName } from '../../../../lower/unmodelled';
import type { CNode } from '../../../../parse';
import { added, type Change, removed } from '../../change';
import type { Finding } from '../../partner';
import { escaped, rootOf, type Site } from '../../sites';
import { folded } from '../../../../parse/plain-text';
import { nextOf, statementAt, statementsOf, twins } from '../../twins';

/**
 * `call` took a reference of `object`, and the patch takes it away alone: no other is taken, and none that was dropped is kept. Marked is what comes next, before which
 * (`earlier`) it was taken on the side before; or it was the `last` that the function does, by `hold`.
 */
export function lostHolds(change: Change): readonly Finding[] {
	const gone = removed(change);
	const holds = gone.filter(takes);
	if (holds.length !== 1 || changedOnEither(change.pre, change.post).length > 1) return [];
	return holds.flatMap((site): readonly Finding[] => {
		const object = rootOf(site.args[0] ?? '') ?? '';
		if (object === '' || added(change).some((each) => takes(each) || names(object).test(each.text)) || gone.some((each) => each !== site && names(object).test(each.text))) return [];
		const holding = statementAt(change.before.fn.body, site.line);
		if (holding?.type !== 'expression_statement' || !folded(holding.text).startsWith(site.api) || isAssigned(change, object)) return [];
		const words = { object, call: site.text, hold: site.api };
		const follows = nextOf(change.before.fn.body, holding)?.start;
		const next = twins(change).find(({ before }) => before.start === follows);
		if (next) return [{ words, tells: 'introduces', marked: next, earlier: { before: holding, after: undefined }, outline: ['use-after-free'], inPart: true }];
		return isLast(change.before.fn.body, holding) ? [{ words: { ...words, last: '1' }, tells: 'introduces' }] : [];
	});
}

const takes = ({ row, api }: Site): boolean => row?.effect === 'get' || row?.effect === 'get-unless-zero' || ((row === null || row.partial === true) && holdsByName(api));
const names = (object: string): RegExp => new RegExp(`(?<![\\w.>])${escaped(object)}\\b`);

/** What leads to the object is new, or gone: another one is spoken of. */
const isAssigned = ({ before, after }: Change, object: string): boolean => {
	const given = new RegExp(`(?<![\\w.>])${escaped(object)}\\s*=[^=;]*;`, 'g');
	const [old, now] = [before, after].map(({ fn }) => folded(fn.body.text).match(given)?.join() ?? '');
	return old !== now;
};

/** On every way through the function it comes to it, and does nothing after it. */
const isLast = (body: CNode, node: CNode): boolean => body.named.at(-1)?.start === node.start && !statementsOf(body).some(({ type }) => type === 'return_statement' || type === 'goto_statement');

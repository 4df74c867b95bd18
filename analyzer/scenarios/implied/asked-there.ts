import { folded } from '../../parse/plain-text';
import type { CNode } from '../../parse';
import type { Change } from './change';
import type { Pair } from './pairing';
import { escaped, type Site } from './sites';
import { conditionals } from './twins';

/**
 * What stands on both sides stands on one of them under a condition that only asks whether something is there: a pointer, a number that was handed out, a mark
 * of what was set up. What was never made has nothing that would have to be stopped, or used in time: nothing was taken away or added.
 */
export function isOnlyAskedFor(change: Change, { before, after }: Pair<{ readonly start: number }>): boolean {
	const [was, is] = [asked(change.before.fn.body, before.start), asked(change.after.fn.body, after.start)];
	const differing = [...is.filter((each) => !has(was, each)), ...was.filter((each) => !has(is, each))];
	return differing.length > 0 && differing.every((node) => asksPresence(node));
}

/** The same of a call that the patch has moved. */
export function isMovedThere(change: Change, site: Site): boolean {
	const isMoved = (each: Site): boolean => each.text === site.text && change.ways.get(each) === 'moved';
	const [before, after] = [change.old, change.now].map((sites) => (sites.includes(site) ? site : sites.find(isMoved)));
	return isMoved(site) && before !== undefined && after !== undefined && isOnlyAskedFor(change, { before, after });
}

const has = (nodes: readonly CNode[], node: CNode): boolean => nodes.some(({ text }) => folded(text) === folded(node.text));

/** The conditions under which it is done. */
const asked = (body: CNode, start: number): readonly CNode[] => conditionals(body).flatMap((node) => {
	const [condition, consequence] = [node.field('condition'), node.field('consequence')];
	return condition && consequence && consequence.start <= start && start < consequence.end ? [condition] : [];
});

/** The call is made where what it is given, or what leads there, was found not to be there: `if (!x->phy) put_device(&x->phy->dev)` drops nothing. */
export const isAskedAbsent = (body: CNode, { start, args }: Site): boolean => asked(body, start).some(({ text }) => {
	const place = ABSENT.exec(folded(text))?.slice(1).find((each) => each !== undefined);
	return place !== undefined && args.some((arg) => new RegExp(`^&?\\s*${escaped(place)}(?![\\w[])`).test(arg));
});

/** `x`, `x->there`, `x != NULL`, `irq > 0`, `!IS_ERR(x)`, or several of them. */
function asksPresence(node: CNode): boolean {
	if (node.type === 'parenthesized_expression') return node.named[0] !== undefined && asksPresence(node.named[0]);
	const [left, right, operator] = [node.field('left'), node.field('right'), node.field('operator')?.text ?? ''];
	if (left && right && (operator === '&&' || operator === '||')) return asksPresence(left) && asksPresence(right);
	return PRESENT.test(folded(node.text));
}

const PLACE = String.raw`[a-z_]\w*(?:(?:->|\.)\w+|\[\w+\])*`;
const PRESENT = new RegExp(`^(?:(?:un)?likely\\()?(?:${PLACE}|${PLACE} ?!= ?(?:NULL|0)|${PLACE} ?>=? ?0|! ?IS_ERR(?:_OR_NULL)?\\(${PLACE}\\))\\)?$`);

/** What the condition at this node asks of was put there by the function itself, ahead of it, by a call: it tells whether that went well, and nothing of others. */
export function isOfOwnMaking(body: CNode, node: CNode, condition: string): boolean {
	const [, place = ''] = FIELD.exec(folded(condition)) ?? [];
	return place !== '' && new RegExp(`(?<![\\w.>])${escaped(place)}\\s*=\\s*(?:\\([^()]*\\)\\s*)?\\w+\\s*\\(`).test(body.text.slice(0, node.start - body.start));
}

const FIELD = /^\(*\s*!?\s*\(*([a-z_]\w*(?:(?:->|\.)\w+)+)\)*\s*(?:[=!]=\s*(?:NULL|0))?\s*\)*$/;
const ABSENT = new RegExp(`^\\(*(?:(?:un)?likely\\()?(?:! ?(${PLACE})|(${PLACE}) ?== ?NULL|IS_ERR(?:_OR_NULL)?\\((${PLACE})\\))\\)*$`);

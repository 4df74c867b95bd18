import { isNamed } from '../../../../knowledge/namings';
import type { CNode } from '../../../../parse';
import { added, type Change } from '../../change';
import type { Finding } from '../../partner';
import { rootOf, type Site } from '../../sites';
import { movedWith, statementAt, statementsOf } from '../../twins';
import { givesUp, named, takesOut, unpublishes, unseenEnd } from './grace-period';

/**
 * `call`, which the patch adds, waits for readers before `taken` takes away from them what is freed then: `object`, in sight (`destroy`: where a function that nobody shows
 * frees it), or `left`, out of sight. Who finds it in between is not waited for.
 */
export function earlyWaits(change: Change): readonly Finding[] {
	const [wait, more] = added(change).filter(({ row }) => row?.effect === 'rcu-sync' && !row.domain);
	if (!wait || more) return [];
	const at = change.now.indexOf(wait);
	if (change.now.slice(0, at).some((site) => takesOut(change.post, site) || isNamed(change.post.sources.table, 'parts', site.api))) return [];
	const later = change.now.slice(at + 1);
	const taken = later.find((site) => unpublishes(change.post, site));
	const object = taken ? rootOf(taken.args[0] ?? '') : null;
	const marked = taken && markedAt(change, taken);
	if (!taken || !object || !marked || isTakenBefore(change, wait, object)) return [];
	const words = { call: wait.api, taken: taken.text };
	if (later.slice(later.indexOf(taken)).flatMap((each) => givesUp(change, each)).includes(object)) return [{ words: { ...words, object, ...unseenEnd(change, object) }, tells: 'still-fails', marked }];
	return named(change, object).map((left) => ({ words: { ...words, left }, tells: 'still-fails', marked }));
}

/** A pointer that leads to it, or to something else than a part of it, is cleared before that: readers may go by that one. */
const isTakenBefore = ({ after: { fn: { body } } }: Change, { start }: Site, object: string): boolean =>
	statementsOf(body).some((node) => node.end <= start && node.type === 'expression_statement' && /(?:->|\.|\])\s*\w*\s*=\s*(?:NULL|0|false|true|1)\s*;$/.test(node.text) && rootOf(node.text.split('=')[0]?.trim() ?? '') !== object);

const plain = ({ text }: CNode): string => text.replace(/_rcu\b/g, '');

/** The statement before and after the patch, which may have made readers' form of it. */
function markedAt(change: Change, { line }: Site): Finding['marked'] {
	const statement = statementAt(change.after.fn.body, line);
	return statement && movedWith(change, statement, 'after', plain);
}

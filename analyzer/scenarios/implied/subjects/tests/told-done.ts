import { beginsWith } from '../../../../knowledge/namings';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { rootOf } from '../../sites';
import { inOneSection } from '../../sections';
import { twinsOf } from '../../point-twins';
import { plainCalls } from '../../plain-calls';

/**
 * The earlier statement sets a field of `object` by which others see that it is done with, and the marked one uses the object once more; on one side only both
 * lie in one section of `lock`, which `acquire` takes and `release` gives back.
 */
export function toldDone(change: Change): readonly Finding[] {
	const twins = twinsOf(change);
	const locks = new Set(twins.flatMap(({ after }) => [...after.held.keys()]));
	return [...locks].flatMap((lock): readonly Finding[] => {
		const object = rootOf(lock);
		const calls = object && object !== lock ? plainCalls(change, lock, 'task', true) : null;
		if (!object || !calls) return [];
		for (const [at, first] of twins.entries()) {
			if (!new RegExp(`^${object}->[\\w.>-]+\\s*=\\s*(?:NULL|\\d+|true|false|[A-Z][A-Z0-9_]+);$`).test(first.after.text)) continue;
			const last = twins.slice(at + 1).find(({ before, after }) => before.node.start > first.before.node.start && beginsWith(change.post.sources.table, 'wakes', after.text) && rootOf(/\(\s*&?\s*([^,()]*)/.exec(after.text)?.[1] ?? '') === object);
			if (!last || !inOneSection(first.after, last.after, lock) || inOneSection(first.before, last.before, lock)) continue;
			return [{
				words: { ...calls, lock, object, set: first.after.text.replace(/;$/, ''), use: last.after.text.replace(/;$/, '') }, tells: 'fixes',
				earlier: { before: first.before.node, after: first.after.node }, marked: { before: last.before.node, after: last.after.node },
			}];
		}
		return [];
	}).slice(0, 1);
}

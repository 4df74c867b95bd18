import type { Asked } from '../../../../knowledge/partner-row';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { inOneSection, KEPT_OFF, type Point, pointsOf } from '../../sections';
import { lockOf, READ_SIDE, type Site } from '../../sites';
import { told } from '../../steps';
import { statementAt } from '../../twins';
import { plainCalls } from '../../plain-calls';
import { type Twin, twinsOf } from '../../point-twins';

/**
 * A condition that asks one of the row's `behind` whether what was looked up still holds (`test`, the earlier mark) is under `lock` on the side after, and comes
 * before `lock` is taken on the other: that statement, which is where the answer is gone by, is marked. `acquire` and `release` take the lock and give it back.
 * Where nobody asked before (`added`), the statement that goes by the answer (`acts`) is marked, and `asker` is asked.
 */
export function askedUnderLock(change: Change, { behind = '(?!)' }: Asked): readonly Finding[] {
	const asks = new RegExp(`\\b(?:${behind})\\s*\\(`);
	const [earlier, later] = [pointsOf(change.before, change.old), pointsOf(change.after, change.now)];
	const [was, is] = [earlier, later].map((each) => each.filter(({ node, text }) => node.type === 'if_statement' && asks.test(text)));
	const [before, after] = [was?.[0], is?.[0]];
	if (after && was?.length === 0 && is?.length === 1) return newlyAsked(change, twinsOf(change, earlier, later), after, asks);
	if (!before || !after || was?.length !== 1 || is?.length !== 1) return [];
	return [...after.held.keys()].filter((lock) => !before.held.has(lock) && lock !== READ_SIDE && KEPT_OFF[lock] === undefined).flatMap((lock): readonly Finding[] => {
		const calls = plainCalls(change, lock, 'task', true);
		const takes = (site: Site): boolean => site.row?.effect === 'lock' && lockOf(site) === lock;
		const [then, now] = [change.old.find((site) => takes(site) && site.start > before.node.start), change.now.findLast((site) => takes(site) && site.start < after.node.start)];
		const marked = { before: then && statementAt(change.before.fn.body, then.line), after: now && statementAt(change.after.fn.body, now.line) };
		return calls && marked.before && marked.after ? [{ words: { ...calls, lock, test: told(after.text) }, tells: 'fixes', marked: { before: marked.before, after: marked.after }, earlier: { before: before.node, after: after.node } }] : [];
	}).slice(0, 1);
}

function newlyAsked(change: Change, twins: readonly Twin[], asked: Point, asks: RegExp): readonly Finding[] {
	return [...asked.held.keys()].filter((lock) => lock !== READ_SIDE && KEPT_OFF[lock] === undefined).flatMap((lock): readonly Finding[] => {
		const calls = plainCalls(change, lock, 'task', true);
		const then = twins.find(({ before, after }) => after.node.start > asked.node.end && /\w\s*\(/.test(after.text) && before.held.has(lock) && inOneSection(asked, after, lock));
		if (!calls || !then) return [];
		const found: Finding = { words: { ...calls, lock, test: told(asked.text), acts: told(then.after.text), asker: /\w+(?=\s*\()/.exec(asks.exec(asked.text)?.[0] ?? '')?.[0] ?? '', added: '1' }, tells: 'fixes', marked: { before: then.before.node, after: then.after.node } };
		return [found, { ...found, outline: ['stale-mapping'], inPart: true }];
	}).slice(0, 2);
}

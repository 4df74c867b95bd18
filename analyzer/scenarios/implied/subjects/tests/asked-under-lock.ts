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
 * Where nobody asked before (`added`; `early`: and it is asked now before that lock is taken), the statement that goes by the answer (`acts`) is marked, and `asker` is asked.
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
		return calls && marked.before && marked.after ? [{ words: { ...calls, lock, test: told(after.text) }, tells: 'fixes', marked: { before: marked.before, after: marked.after }, earlier: { before: before.node, after: after.node }, passes: true }] : [];
	}).slice(0, 1);
}

function newlyAsked(change: Change, twins: readonly Twin[], asked: Point, asks: RegExp): readonly Finding[] {
	const words = (then: Twin): Readonly<Record<string, string>> => ({ test: told(asked.text), acts: told(then.after.text), asker: /\w+(?=\s*\()/.exec(asks.exec(asked.text)?.[0] ?? '')?.[0] ?? '' });
	const found = [...asked.held.keys()].filter((lock) => lock !== READ_SIDE && KEPT_OFF[lock] === undefined).flatMap((lock): readonly Finding[] => {
		const calls = plainCalls(change, lock, 'task', true);
		const then = twins.find(({ before, after }) => after.node.start > asked.node.end && /\w\s*\(/.test(after.text) && before.held.has(lock) && inOneSection(asked, after, lock));
		if (!calls || !then) return [];
		return inOutlineToo({ words: { ...calls, lock, ...words(then), added: '1' }, tells: 'fixes', marked: { before: then.before.node, after: then.after.node } });
	}).slice(0, 2);
	return found.length > 0 ? found : askedEarly(change, twins, asked, words);
}

const inOutlineToo = (found: Finding): readonly Finding[] => [found, { ...found, outline: ['stale-mapping'], inPart: true }];

/** What goes by the answer comes in the section of a lock on both sides, and the question before that is entered: the answer may be another one by then. */
function askedEarly(change: Change, twins: readonly Twin[], asked: Point, words: (then: Twin) => Readonly<Record<string, string>>): readonly Finding[] {
	const then = twins.find(({ before, after }) => after.node.start > asked.node.end && /\w\s*\(/.test(after.text) && lockBehind(asked, after, before) !== undefined);
	const lock = then && lockBehind(asked, then.after, then.before);
	const calls = lock === undefined ? null : plainCalls(change, lock, 'task', true);
	if (!then || lock === undefined || !calls) return [];
	return inOutlineToo({ words: { ...calls, lock, ...words(then), added: '1', early: '1' }, tells: 'still-fails', marked: { before: then.before.node, after: then.after.node } });
}

/** The lock whose section the statement is in and the question is not. */
const lockBehind = (asked: Point, after: Point, before: Point): string | undefined =>
	[...after.held].find(([lock, from]) => lock !== READ_SIDE && KEPT_OFF[lock] === undefined && from > asked.node.end && !asked.held.has(lock) && before.held.has(lock))?.[0];

import type { Table } from '../../knowledge';
import { callsNamed, isNamed, namesOf } from '../../knowledge/namings';
import { folded } from '../../parse/plain-text';
import type { CNode } from '../../parse';
import type { Change } from './change';
import type { Finding } from './partner';
import { escaped, heldAt, READ_SIDE, type Site } from './sites';
import { told } from './steps';
import { statementAt, statementsOf } from './twins';
import { covers, NO_CALL, sections } from './subjects/readers/read-section';


/**
 * A pointer is fetched by an rcu_dereference() right where it is followed, or handed to a function, in a read side; before, the same was done with nothing
 * held. The statement, or the condition, stands on both sides but for how the pointer is read.
 */
export function fetchedInPlace(change: Change): readonly Finding[] {
	const [inside, outside] = [sections(change.now), sections(change.old)];
	const { table } = change.post.sources;
	const head = (node: CNode): string => plain(table, headOf(node));
	return change.now.flatMap((site): readonly Finding[] => {
		if (!isNamed(table, 'reads-in-section', site.api) || site.row?.effect !== 'load' || !covers(inside, site.line)) return [];
		const after = statementAt(change.after.fn.body, site.line);
		if (!after || !isFollowed(table, headOf(after), site.text)) return [];
		const alike = statementsOf(change.before.fn.body).filter((each) => each.type === after.type && head(each) === head(after));
		const [before] = alike;
		if (!before || alike.length !== 1 || covers(outside, before.line) || !isBare(change, before)) return [];
		return [{ words: { walk: told(site.text) }, tells: 'fixes', marked: { before, after } }];
	}).slice(0, 1);
}

/** What is done first: a condition, or all of a statement that is none. */
const headOf = (node: CNode): string => folded((node.type === 'if_statement' ? (node.named[0] ?? node) : node).text);

/** A load is the place that it reads, however it is written. */
const plain = (table: Table, text: string): string =>
	text.replace(new RegExp(String.raw`${callsNamed(table, 'reads-once')}((?:[^(),]|\([^()]*\))+)(?:,(?:[^()]|\([^()]*\))*)?\)`, 'g'), '$1').replace(/\s+/g, '');

/** A member of what it points at is used, or a function gets it that is more than a test of the pointer. */
const isFollowed = (table: Table, head: string, fetch: string): boolean =>
	new RegExp(String.raw`${escaped(fetch)}\s*\)?\s*->|\b(?!(?:${NO_CALL}|${namesOf(table, 'only-looks', 'reads-once', 'writes-once')})\b)[a-z_]\w*\s*\((?:[^()]*,)?\s*${escaped(fetch)}\s*[,)]`).test(head);

/** No lock is held there in sight: a release behind lines that are not shown may be of one that is taken in them. */
function isBare({ before: { fn }, old }: Change, { start, line }: CNode): boolean {
	const at = old.findIndex((site) => site.start >= start);
	const isElsewhere = (acquire: Site | null, release: Site | null): boolean => (acquire === null || acquire.start > start) && release !== null && fn.gaps.some((gap) => gap > line && gap <= release.line);
	return at < 0 || [...heldAt(old, at)].every(([lock, { acquire, release }]) => lock === READ_SIDE || isElsewhere(acquire, release));
}

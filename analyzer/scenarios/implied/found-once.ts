import type { PartnerRow, Subject } from '../../knowledge/partner-row';
import type { Change } from './change';
import type { Finding } from './partner';
import { FINDERS } from './subjects';

const found = new WeakMap<Change, Map<Subject, readonly Finding[]>>();

/** What the row's subject finds in the change: looked for once for all rows of a subject that asks nothing of the row. */
export function findingsOf(change: Change, row: PartnerRow): readonly Finding[] {
	const find = FINDERS[row.subject];
	if (find.length > 1) return find(change, row);
	const known = found.get(change) ?? new Map<Subject, readonly Finding[]>();
	found.set(change, known);
	const before = known.get(row.subject) ?? find(change, row);
	known.set(row.subject, before);
	return before;
}

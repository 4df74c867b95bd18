import { ASKED, type PartnerRow, type Subject } from '../../knowledge/partner-row';
import type { Change } from './change';
import type { Finding } from './partner';
import { changesKind } from './read-side';
import { FINDERS } from './subjects';

/** Subjects of a read side that comes. */
const READ_SIDES: ReadonlySet<Subject> = new Set(['read-section', 'escaped-entry', 'read-walk', 'walk', 'called-section', 'lost-section']);

const found = new WeakMap<Change, Map<string, readonly Finding[]>>();

/** Rows of a subject that say the same of what its finder may ask share what it finds. */
const keys = new WeakMap<PartnerRow, string>();

function keyOf(row: PartnerRow): string {
	const key = keys.get(row) ?? JSON.stringify([row.subject, ...ASKED.map((each) => row[each] ?? null)]);
	keys.set(row, key);
	return key;
}

/** What the row's subject finds in the change: looked for once for all rows that ask alike. */
export function findingsOf(change: Change, row: PartnerRow): readonly Finding[] {
	const known = found.get(change) ?? new Map<string, readonly Finding[]>();
	found.set(change, known);
	const before = known.get(keyOf(row)) ?? (READ_SIDES.has(row.subject) && changesKind(change) ? [] : FINDERS[row.subject](change, row));
	known.set(keyOf(row), before);
	return before;
}

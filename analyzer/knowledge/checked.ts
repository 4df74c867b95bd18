import type { GuardRow, SiblingRow, Table, TypeRow } from './table';
import type { FailureRow } from './failure-row';
import type { PhraseRow } from './phrases';
import type { Naming } from './namings';
import type { PartnerRow } from './partner-row';
import type { RoleRow } from './role-row';
import type { Row } from './row';

/** A table as plain data, for an asset: rows that were checked when it was built need not be checked at each start. */
export interface CheckedTable {
	/** Rows that differ in their name only stand together; the row's own `api` is the first of the names. */
	readonly rows: readonly { readonly names: readonly string[]; readonly row: Row }[];
	readonly patterns: Table['patterns'];
	readonly guards: readonly GuardRow[];
	readonly roles: readonly RoleRow[];
	readonly types: readonly TypeRow[];
	readonly constants: readonly (readonly [string, number])[];
	readonly partners: readonly PartnerRow[];
	readonly own: readonly (readonly [string, string])[];
	readonly siblings: readonly SiblingRow[];
	readonly namings: readonly (readonly [Naming, string])[];
	readonly phrases: readonly PhraseRow[];
	readonly failures: readonly FailureRow[];
}

export function checkedTable({ rows, patterns, guards, roles, types, constants, partners, own, siblings, namings, phrases, failures }: Table): CheckedTable {
	const groups: { readonly names: string[]; readonly row: Row }[] = [];
	let last = '';
	for (const [name, row] of rows) {
		const content = JSON.stringify({ ...row, api: '' });
		if (content === last) {
			groups.at(-1)!.names.push(name);
		} else {
			groups.push({ names: [name], row });
			last = content;
		}
	}
	return { rows: groups, patterns, guards: [...guards.values()], roles, types: [...types.values()], constants: [...constants], partners, own: [...own], siblings, namings: [...namings], phrases: [...phrases.values()], failures };
}

import type { CheckedTable } from './checked';
import { SharedRows } from './shared-rows';
import type { Table } from './table';

type Keyed<Values> = Values extends readonly (infer Row)[] ? Map<string, Row> : Values extends ReadonlyMap<infer Key, infer Row> ? Map<Key, Row> : never;

/** The table as it is gathered: a later row takes the place of an earlier one of its name. */
export class Collected {
	readonly rows = new SharedRows();
	readonly patterns: Keyed<Table['patterns']> = new Map();
	readonly guards: Keyed<Table['guards']> = new Map();
	readonly roles: Keyed<Table['roles']> = new Map();
	readonly types: Keyed<Table['types']> = new Map();
	readonly constants: Keyed<Table['constants']> = new Map();
	readonly partners: Keyed<Table['partners']> = new Map();
	readonly siblings: Keyed<Table['siblings']> = new Map();
	readonly own: Keyed<Table['own']> = new Map();
	readonly namings: Keyed<Table['namings']> = new Map();
	readonly phrases: Keyed<Table['phrases']> = new Map();
	readonly failures: Table['failures'][number][] = [];

	/** What was checked when it was built. */
	take(checked: CheckedTable): void {
		for (const { names, row } of checked.rows) for (const api of names) this.rows.set(api, row);
		for (const pattern of checked.patterns) this.patterns.set(pattern.row.api, pattern);
		for (const row of checked.guards) this.guards.set(row.guard, row);
		for (const row of checked.roles) this.roles.set(row.role, row);
		for (const row of checked.types) this.types.set(row.type, row);
		for (const [name, value] of checked.constants) this.constants.set(name, value);
		for (const row of checked.partners) this.partners.set(row.partner, row);
		for (const row of checked.siblings) this.siblings.set(keyOf(row), row);
		for (const [name, says] of checked.own) this.own.set(name, says);
		for (const [naming, names] of checked.namings) this.namings.set(naming, names);
		for (const row of checked.phrases) this.phrases.set(row.phrase, row);
		this.failures.push(...checked.failures);
	}

	get table(): Table {
		const { rows, patterns, guards, roles, types, constants, partners, siblings, own, namings, phrases, failures } = this;
		return { rows, patterns: [...patterns.values()], guards, roles: [...roles.values()], types, constants, partners: [...partners.values()], siblings: [...siblings.values()], own, namings, phrases, failures };
	}
}

/** A sibling by both of its names. */
export const keyOf = ({ sibling, instead }: Table['siblings'][number]): string => `${sibling} ${instead}`;

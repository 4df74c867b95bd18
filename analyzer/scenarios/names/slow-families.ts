import type { FamilyRow, Table } from '../../knowledge/table';

/** The table, with families that sleep where these files say that what they reach lies behind a slow bus. One table for what says the same. */
export function slowFamilies(texts: readonly string[], table: Table): Table {
	const slow = table.patterns.filter((family) => isSlow(texts, family));
	if (slow.length === 0) return table;
	const key = slow.map(({ row }) => row.api).join(' ');
	const known = told.get(table) ?? new Map<string, Table>();
	told.set(table, known);
	const before = known.get(key);
	if (before) return before;
	const now = { ...table, patterns: table.patterns.map((family) => (slow.includes(family) ? { ...family, row: { ...family.row, sleeps: true } } : family)) };
	known.set(key, now);
	return now;
}

const told = new WeakMap<Table, Map<string, Table>>();

/** One file may say what the others leave out; where one speaks of both, nobody knows which is meant. */
const isSlow = (texts: readonly string[], { slow }: FamilyRow): boolean =>
	slow !== undefined && texts.some((text) => expression(slow.where).test(text)) && !texts.some((text) => expression(slow.unless).test(text));

const expressions = new Map<string, RegExp>();

function expression(written: string): RegExp {
	const known = expressions.get(written) ?? new RegExp(written);
	expressions.set(written, known);
	return known;
}

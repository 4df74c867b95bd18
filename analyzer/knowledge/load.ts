import * as v from 'valibot';
import { isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import type { CheckedTable } from './checked';
import type { GuardRow, SiblingRow, Table, TypeRow } from './table';
import type { Naming } from './namings';
import type { PartnerRow } from './partner-row';
import type { RoleRow } from './role-row';
import type { Row } from './row';
import { SharedRows } from './shared-rows';
import { constantSchema, guardSchema, nameSchema, namingSchema, ownSchema, partnerSchema, patternSchema, roleSchema, rowSchema, siblingSchema, typeSchema, wordsSchema } from './schema';
import { spelled } from './words';

/** A file of the table: its rows when parsed or even checked already (the built asset), else its YAML text, so that problems can name the line. */
export interface TableFile {
	readonly file: string;
	/** Ours, and taken as it is. */
	readonly checked?: CheckedTable;
	readonly rows?: unknown;
	readonly text?: string;
}

export interface LoadedTable {
	readonly table: Table;
	/** `mine.yaml:12: lock: …` (1-based line; `mine.yaml row 3: …` without text). The row concerned is left out. */
	readonly problems: readonly string[];
}

/** Rows of one file beyond these are an error: a table is written by people. */
const MAXIMUM_ROWS = 20_000;
const MAXIMUM_NAMES = 2_000;

interface Item {
	readonly where: string;
	readonly value: unknown;
}

/**
 * Checks the rows of all files and joins them. A later file overrides an earlier one (a user's rows come last); the same name twice in one file is
 * a problem. Never throws: hostile input gives problems.
 */
export function loadTable(files: readonly TableFile[]): LoadedTable {
	const problems: string[] = [];
	const rows = new SharedRows();
	const patterns = new Map<string, Table['patterns'][number]>();
	const guards = new Map<string, GuardRow>();
	const roles = new Map<string, RoleRow>();
	const types = new Map<string, TypeRow>();
	const constants = new Map<string, number>();
	const partners = new Map<string, PartnerRow>();
	const own = new Map<string, string>();
	const siblings = new Map<string, SiblingRow>();
	const namings = new Map<Naming, string>();

	for (const file of files) {
		if (file.checked) {
			for (const { names, row } of file.checked.rows) for (const api of names) rows.set(api, row);
			for (const pattern of file.checked.patterns) patterns.set(pattern.row.api, pattern);
			for (const row of file.checked.guards) guards.set(row.guard, row);
			for (const row of file.checked.roles) roles.set(row.role, row);
			for (const row of file.checked.types) types.set(row.type, row);
			for (const [name, value] of file.checked.constants) constants.set(name, value);
			for (const row of file.checked.partners) partners.set(row.partner, row);
			for (const [name, says] of file.checked.own) own.set(name, says);
			for (const [naming, names] of file.checked.namings) namings.set(naming, names);
			for (const row of file.checked.siblings) siblings.set(`${row.sibling} ${row.instead}`, row);
			continue;
		}
		const seen = new Set<string>();
		const words = new Map<string, string>();
		/** False, and a problem, when this file has that name already. */
		const first = (kind: string, name: string, where: string): boolean => {
			const key = `${kind} ${name}`;
			if (seen.has(key)) {
				problems.push(`${where}: ${kind} ${name} twice`);
				return false;
			}
			seen.add(key);
			return true;
		};
		const check = <const Schema extends v.GenericSchema>(schema: Schema, value: unknown, where: string): v.InferOutput<Schema> | null => {
			const result = v.safeParse(schema, value);
			if (result.success) {
				return result.output;
			}
			for (const issue of result.issues.slice(0, 3)) {
				problems.push(`${where}: ${v.getDotPath(issue) ?? 'row'}: ${issue.message}`);
			}
			return null;
		};

		for (const { where, value } of itemsOf(file, problems)) {
			if (!isRecord(value)) {
				problems.push(`${where}: not a row`);
			} else if ('api' in value) {
				let checked: Row | null | undefined;
				for (const api of namesOf(value['api'], where, problems)) {
					if (api.includes('*')) {
						const row = check(patternSchema, { ...value, api }, where);
						if (row && first('api', api, where)) {
							const star = api.indexOf('*');
							patterns.set(api, { prefix: api.slice(0, star), suffix: api.slice(star + 1), row });
						}
						continue;
					}
					// What the names of a row share is checked once.
					checked ??= check(rowSchema, { ...value, api }, where);
					if (checked === null) {
						break;
					}
					const name = check(nameSchema, api, where);
					if (name !== null && first('api', name, where)) {
						rows.set(name, checked);
					}
				}
			} else if ('role' in value) {
				for (const role of namesOf(value['role'], where, problems)) {
					const row = check(roleSchema, { ...value, role }, where);
					if (row && first('role', role, where)) {
						roles.set(role, row);
					}
				}
			} else if ('guard' in value) {
				const row = check(guardSchema, value, where);
				if (row && first('guard', row.guard, where)) {
					guards.set(row.guard, row);
				}
			} else if ('constant' in value) {
				const row = check(constantSchema, value, where);
				if (row && first('constant', row.constant, where)) {
					constants.set(row.constant, row.value);
				}
			} else if ('type' in value) {
				const row = check(typeSchema, value, where);
				if (row && first('type', row.type, where)) {
					types.set(row.type, row);
				}
			} else if ('words' in value) {
				const row = check(wordsSchema, value, where);
				if (row && first('words', row.words, where)) {
					words.set(row.words, row.prose);
				}
			} else if ('partner' in value) {
				const row = check(partnerSchema, spelled(value, words), where);
				if (row && first('partner', row.partner, where)) {
					partners.set(row.partner, row);
				}
			} else if ('sibling' in value) {
				const row = check(siblingSchema, value, where);
				const key = row && `${row.sibling} ${row.instead}`;
				if (key && first('sibling', key, where)) siblings.set(key, row);
			} else if ('naming' in value) {
				const row = check(namingSchema, value, where);
				if (row && first('naming', row.naming, where)) {
					namings.set(row.naming, row.names);
				}
			} else if ('own' in value) {
				const row = check(ownSchema, value, where);
				if (row && first('own', row.own, where)) {
					own.set(row.own, row.says);
				}
			} else {
				problems.push(`${where}: a row begins with api, role, type, constant, guard, words, naming, partner, sibling or own`);
			}
		}
	}
	return { table: { rows, patterns: [...patterns.values()], guards, roles: [...roles.values()], types, constants, partners: [...partners.values()], siblings: [...siblings.values()], own, namings }, problems };
}

/** The row for a call, by name, then by pattern (the longest that fits). */
export function findRow(table: Table, name: string): Row | undefined {
	const row = table.rows.get(name);
	if (row) {
		return row;
	}
	let best: Table['patterns'][number] | undefined;
	for (const pattern of table.patterns) {
		const length = pattern.prefix.length + pattern.suffix.length;
		if (name.length > length && name.startsWith(pattern.prefix) && name.endsWith(pattern.suffix)
			&& (!best || length > best.prefix.length + best.suffix.length)) {
			best = pattern;
		}
	}
	return best?.row;
}

function itemsOf(file: TableFile, problems: string[]): readonly Item[] {
	let values: unknown = file.rows;
	let lines: readonly number[] = [];
	// Text tells the lines, so it wins where a caller has both.
	if (file.text !== undefined) {
		const counter = new LineCounter();
		const document = parseDocument(file.text, { lineCounter: counter, prettyErrors: false });
		for (const error of document.errors.slice(0, 3)) {
			problems.push(`${file.file}:${counter.linePos(error.pos[0]).line}: ${error.message}`);
		}
		if (document.errors.length > 0) {
			return [];
		}
		try {
			// An alias is of no use in a list of rows, and an easy way to make one explode.
			values = document.toJS({ maxAliasCount: 0 });
		} catch (error) {
			problems.push(`${file.file}: ${error instanceof Error ? error.message : String(error)}`);
			return [];
		}
		if (isSeq(document.contents)) {
			lines = document.contents.items.map((item) =>
				isMap(item) && item.range ? counter.linePos(item.range[0]).line : 1);
		}
	}
	if (values === null || values === undefined) {
		return [];
	}
	if (!Array.isArray(values)) {
		problems.push(`${file.file}: not a list of rows`);
		return [];
	}
	if (values.length > MAXIMUM_ROWS) {
		problems.push(`${file.file}: more than ${MAXIMUM_ROWS} rows; the rest is left out`);
	}
	return values.slice(0, MAXIMUM_ROWS).map((value: unknown, at) => {
		const line = lines[at];
		return { where: line === undefined ? `${file.file} row ${at + 1}` : `${file.file}:${line}`, value };
	});
}

/** `name`, `[a, b]`, `get_{page,folio}`: the names a row stands for. */
function namesOf(value: unknown, where: string, problems: string[]): readonly string[] {
	const given = typeof value === 'string' ? [value] : value;
	if (!Array.isArray(given) || given.length === 0 || !given.every((name) => typeof name === 'string')) {
		problems.push(`${where}: a name or a list of names is needed`);
		return [];
	}
	const names: string[] = [];
	for (const name of given as readonly string[]) {
		if (!expand(name, names)) {
			problems.push(`${where}: more than ${MAXIMUM_NAMES} names`);
			break;
		}
	}
	return names;
}

/** Adds what `a{b,c}d` stands for; false when there would be too many. */
function expand(name: string, into: string[]): boolean {
	const brace = /\{([^{}]*)\}/u.exec(name);
	if (!brace) {
		into.push(name);
		return into.length <= MAXIMUM_NAMES;
	}
	const before = name.slice(0, brace.index);
	const after = name.slice(brace.index + brace[0].length);
	return brace[1]!.split(',').every((part) => expand(before + part + after, into));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

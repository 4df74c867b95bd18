import { overName } from './namings';
import * as v from 'valibot';
import { Collected, keyOf } from './collected';
import { itemsOf, type TableFile } from './items';
import { namesOf } from './names';
import type { Row } from './row';
import { constantSchema, failureSchema, guardSchema, nameSchema, namingSchema, ownSchema, partnerSchema, patternSchema, phraseSchema, roleSchema, rowSchema, siblingSchema, typeSchema, wordsSchema } from './schema';
import type { Table } from './table';
import { spelled } from './words';

export type { TableFile } from './items';

export interface LoadedTable {
	readonly table: Table;
	/** `mine.yaml:12: lock: …` (1-based line; `mine.yaml row 3: …` without text). The row concerned is left out. */
	readonly problems: readonly string[];
}

type Given = Readonly<Record<string, unknown>>;

/** One file as it is read. */
interface Reading {
	readonly into: Collected;
	readonly problems: string[];
	/** Words that rows further down in the file name. */
	readonly words: Map<string, string>;
	/** The row, where it is as it must be; else null, and problems. */
	readonly check: <const Schema extends v.GenericSchema>(schema: Schema, value: unknown, where: string) => v.InferOutput<Schema> | null;
	/** False, and a problem, when this file has that name already. */
	readonly first: (kind: string, name: string, where: string) => boolean;
}

/** A kind of rows that have one name each: the row is checked, and put into the table where its name is new in the file. */
const kind = <const Schema extends v.GenericSchema>(word: string, schema: Schema, nameOf: (row: v.InferOutput<Schema>) => string, put: (reading: Reading, row: v.InferOutput<Schema>) => void) =>
	(reading: Reading, value: Given, where: string): void => {
		const row = reading.check(schema, value, where);
		if (row !== null && reading.first(word, nameOf(row), where)) put(reading, row);
	};

/** What reads a row, by the word that it begins with. */
const KINDS: Readonly<Record<string, (reading: Reading, value: Given, where: string) => void>> = {
	api: readApi,
	role: (reading, value, where) => {
		for (const role of namesOf(value['role'], where, reading.problems)) {
			const row = reading.check(roleSchema, { ...value, role }, where);
			if (row && reading.first('role', role, where)) reading.into.roles.set(role, row);
		}
	},
	type: kind('type', typeSchema, ({ type }) => type, ({ into }, row) => into.types.set(row.type, row)),
	constant: kind('constant', constantSchema, ({ constant }) => constant, ({ into }, row) => into.constants.set(row.constant, row.value)),
	guard: kind('guard', guardSchema, ({ guard }) => guard, ({ into }, row) => into.guards.set(row.guard, row)),
	words: kind('words', wordsSchema, ({ words }) => words, ({ words }, row) => words.set(row.words, row.prose)),
	naming: kind('naming', namingSchema, ({ naming }) => naming, ({ into }, row) => into.namings.set(row.naming, overName(row))),
	phrase: (reading, value, where) => phrase(reading, spelled(value, reading.words), where),
	failure: (reading, value, where) => {
		const row = reading.check(failureSchema, value, where);
		if (row) reading.into.failures.push(row);
	},
	partner: (reading, value, where) => partner(reading, spelled(value, reading.words), where),
	sibling: kind('sibling', siblingSchema, keyOf, ({ into }, row) => into.siblings.set(keyOf(row), row)),
	own: kind('own', ownSchema, ({ own }) => own, ({ into }, row) => into.own.set(row.own, row.says)),
};
const KIND_NAMES = Object.keys(KINDS);

const phrase = kind('phrase', phraseSchema, (row) => row.phrase, ({ into }, row) => into.phrases.set(row.phrase, row));
const partner = kind('partner', partnerSchema, (row) => row.partner, ({ into }, row) => into.partners.set(row.partner, row));

function patternOf({ slow, ...row }: v.InferOutput<typeof patternSchema>): Table['patterns'][number] {
	const star = row.api.indexOf('*');
	return { prefix: row.api.slice(0, star), suffix: row.api.slice(star + 1), row, ...(slow ? { slow } : {}) };
}

function readApi({ into, problems, check, first }: Reading, value: Given, where: string): void {
	let checked: Row | null | undefined;
	for (const api of namesOf(value['api'], where, problems)) {
		if (api.includes('*')) {
			const row = check(patternSchema, { ...value, api }, where);
			if (row && first('api', api, where)) into.patterns.set(api, patternOf(row));
			continue;
		}
		// What the names of a row share is checked once.
		checked ??= check(rowSchema, { ...value, api }, where);
		if (checked === null) return;
		const name = check(nameSchema, api, where);
		if (name !== null && first('api', name, where)) into.rows.set(name, checked);
	}
}

/**
 * Checks the rows of all files and joins them. A later file overrides an earlier one (a user's rows come last); the same name twice in one file is
 * a problem. Never throws: hostile input gives problems.
 */
export function loadTable(files: readonly TableFile[]): LoadedTable {
	const problems: string[] = [];
	const into = new Collected();
	for (const file of files) {
		if (file.checked) {
			into.take(file.checked);
			continue;
		}
		const seen = new Set<string>();
		const reading: Reading = {
			into, problems, words: new Map(),
			check: (schema, value, where) => {
				const result = v.safeParse(schema, value);
				if (result.success) return result.output;
				for (const issue of result.issues.slice(0, 3)) problems.push(`${where}: ${v.getDotPath(issue) ?? 'row'}: ${issue.message}`);
				return null;
			},
			first: (word, name, where) => {
				const key = `${word} ${name}`;
				if (seen.has(key)) problems.push(`${where}: ${key} twice`);
				const isFirst = !seen.has(key);
				seen.add(key);
				return isFirst;
			},
		};
		for (const { where, value } of itemsOf(file, problems)) {
			const word = isRecord(value) ? Object.keys(value).find((key) => KIND_NAMES.includes(key)) : undefined;
			if (!isRecord(value)) problems.push(`${where}: not a row`);
			else if (word === undefined) problems.push(`${where}: a row begins with ${KIND_NAMES.slice(0, -1).join(', ')} or ${KIND_NAMES.at(-1)}`);
			else KINDS[word]?.(reading, value, where);
		}
	}
	return { table: into.table, problems };
}

/** The row for a call, by name, then by pattern (the longest that fits). */
export function findRow(table: Table, name: string): Row | undefined {
	const row = table.rows.evenPartial(name);
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

function isRecord(value: unknown): value is Given {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

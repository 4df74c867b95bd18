import { isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import type { CheckedTable } from './checked';

/** A file of the table: its rows when parsed or even checked already (the built asset), else its YAML text, so that problems can name the line. */
export interface TableFile {
	readonly file: string;
	/** Ours, and taken as it is. */
	readonly checked?: CheckedTable;
	readonly rows?: unknown;
	readonly text?: string;
}

/** Rows of one file beyond these are an error: a table is written by people. */
const MAXIMUM_ROWS = 20_000;

/** What stands in a file's list, and where: `mine.yaml:12`, or `mine.yaml row 3` without text. */
export interface Item {
	readonly where: string;
	readonly value: unknown;
}

/** A file's rows, as they are; what is wrong with the file goes to `problems`. */
export function itemsOf(file: TableFile, problems: string[]): readonly Item[] {
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

import { readdirSync, readFileSync } from 'node:fs';
import { loadTable, type LoadedTable, type TableFile } from '../../analyzer/knowledge';

const FOLDER = new URL('../../analyzer/knowledge/', import.meta.url);

const tableFiles = (): readonly TableFile[] => {
	const folder = new URL('table/', FOLDER);
	return readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort()
		.map((file) => ({ file, text: readFileSync(new URL(file, folder), 'utf8') }));
};

/** The table as it ships. */
export const builtinTable = (): LoadedTable => loadTable(tableFiles());

/** Each of its files alone. */
export const builtinFiles = (): readonly (LoadedTable & { readonly file: string })[] =>
	tableFiles().map((file) => ({ file: file.file, ...loadTable([file]) }));

/** Names that the models define, functions and macros alike. */
export function modelNames(): ReadonlySet<string> {
	const folder = new URL('models/', FOLDER);
	const names = new Set<string>();
	for (const file of readdirSync(folder).filter((name) => name.endsWith('.c'))) {
		const text = readFileSync(new URL(file, folder), 'utf8');
		for (const [, macro, fn] of text.matchAll(/^#define\s+(\w+)\(|^[A-Za-z_][\w *(),.]*?[ *](\w+)\([^;{]*\)\s*\n\{/gmu)) {
			names.add(macro ?? fn ?? '');
		}
	}
	return names;
}

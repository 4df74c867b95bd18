import { readdirSync, readFileSync } from 'node:fs';
import { loadTable, type LoadedTable } from '../../analyzer/knowledge';

const FOLDER = new URL('../../analyzer/knowledge/', import.meta.url);

/** The table as it ships. */
export function builtinTable(): LoadedTable {
	const folder = new URL('table/', FOLDER);
	return loadTable(readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort()
		.map((file) => ({ file, text: readFileSync(new URL(file, folder), 'utf8') })));
}

/** Names that the models define, functions and macros alike. */
export function modelNames(): ReadonlySet<string> {
	const folder = new URL('models/', FOLDER);
	const names = new Set<string>();
	for (const file of readdirSync(folder).filter((name) => name.endsWith('.c'))) {
		const text = readFileSync(new URL(file, folder), 'utf8');
		for (const [, macro, fn] of text.matchAll(/^#define\s+(\w+)\(|^[A-Za-z_][\w *()]*?[ *](\w+)\([^;{]*\)\s*\n\{/gmu)) {
			names.add(macro ?? fn ?? '');
		}
	}
	return names;
}

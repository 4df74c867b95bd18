/** Reads analyzer/knowledge into the one asset that the rims load: rows parsed, models as text. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { KnowledgeFiles } from '../analyzer/engine';

/** Files of a folder with the ending, by name, so that the asset is the same on every machine. */
const filesIn = (folder: string, ending: string): readonly string[] =>
	existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(ending)).sort() : [];

/** Throws with file, line and column where a table is no YAML list. */
export function readKnowledge(folder: string): KnowledgeFiles {
	const table = filesIn(join(folder, 'table'), '.yaml').map((file) => {
		const lineCounter = new LineCounter();
		const document = parseDocument(readFileSync(join(folder, 'table', file), 'utf8'), { lineCounter });
		const error = document.errors[0];
		if (error) {
			throw new Error(`${file}:${lineCounter.linePos(error.pos[0]).line}: ${error.message}`);
		}
		const rows: unknown = document.toJS();
		if (!Array.isArray(rows)) {
			throw new Error(`${file}: not a list of rows`);
		}
		return { file, rows: rows as readonly unknown[] };
	});
	const models = filesIn(join(folder, 'models'), '.c').map((file) => ({ file, text: readFileSync(join(folder, 'models', file), 'utf8') }));
	return { table, models };
}

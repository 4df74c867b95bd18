/** Reads analyzer/knowledge: as the sources have it, rows parsed and models as text; and into the one asset that the rims load, where rows are checked and models parsed. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { KnowledgeFiles } from '../analyzer/engine';
import { checkedTable, loadTable } from '../analyzer/knowledge';
import { createParser, loadWasmEngine, storeSource } from '../analyzer/parse';

const resolve = createRequire(import.meta.url).resolve;

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

/** Throws for a row that is wrong and for a model that does not parse: what ships has been checked. */
export async function compileKnowledge(folder: string): Promise<KnowledgeFiles> {
	const { table: files, models } = readKnowledge(folder);
	const { table, problems } = loadTable(files);
	if (problems.length > 0) {
		throw new Error(problems.join('\n'));
	}
	const parser = createParser(await loadWasmEngine({
		treeSitterWasm: readFileSync(resolve('web-tree-sitter/web-tree-sitter.wasm')),
		languageWasm: readFileSync(resolve('tree-sitter-c/tree-sitter-c.wasm')),
	}));
	const parsed = models.map(({ file, text }) => {
		const source = parser.parseFile(text);
		try {
			return { file, text, parsed: storeSource(source) };
		} catch (error) {
			throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
		} finally {
			source.dispose();
		}
	});
	parser.dispose();
	return { table: [{ file: 'the table', checked: checkedTable(table) }], models: parsed };
}

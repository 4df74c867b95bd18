import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnalyzerOptions, KnowledgeFiles } from '../analyzer/engine';

/** What the build put beside the bundle: the parsers' wasm and the knowledge. */
export async function readAssets(folder: string = dirname(fileURLToPath(import.meta.url))): Promise<AnalyzerOptions> {
	const [runtimeWasm, grammarWasm, knowledge] = await Promise.all([
		readFile(join(folder, 'web-tree-sitter.wasm')),
		readFile(join(folder, 'tree-sitter-c.wasm')),
		readFile(join(folder, 'knowledge.json'), 'utf8'),
	]);
	return { runtimeWasm, grammarWasm, knowledge: JSON.parse(knowledge) as KnowledgeFiles };
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAnalyzer } from '../../analyzer';
import type { Analyzer } from '../../analyzer/engine';
import { readKnowledge } from '../../scripts/knowledge.mts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const resolve = createRequire(import.meta.url).resolve;

/** The engine as the sources have it, with the knowledge beside them: nothing that was built. */
export const sourceAnalyzer = (): Promise<Analyzer> => createAnalyzer({
	knowledge: readKnowledge(join(root, 'analyzer', 'knowledge')),
	runtimeWasm: readFileSync(resolve('web-tree-sitter/web-tree-sitter.wasm')),
	grammarWasm: readFileSync(resolve('tree-sitter-c/tree-sitter-c.wasm')),
});

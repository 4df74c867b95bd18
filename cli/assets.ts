import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnalyzerOptions, KnowledgeFiles, SyntaxOptions } from '../analyzer/engine';
import { nativeSyntax } from './native-syntax';

/** More input than this parses so much that trees which only the collector frees would fill the memory. */
const NATIVE_BYTES_BOUND = 1 << 18;

/** Where the bundle lies, and what the build put beside it. */
export const ownFolder = (): string => dirname(fileURLToPath(import.meta.url));

/** What the build put beside the bundle, the parsers' wasm and the knowledge; the native parser where it is installed. `bytes`: how much there is to read. */
export async function readAssets(bytes: number, folder: string = ownFolder()): Promise<AnalyzerOptions> {
	const [syntax, knowledge] = await Promise.all([syntaxFor(bytes, folder), readFile(join(folder, 'knowledge.json'), 'utf8')]);
	return { ...syntax, knowledge: JSON.parse(knowledge) as KnowledgeFiles };
}

async function syntaxFor(bytes: number, folder: string): Promise<SyntaxOptions> {
	const syntax = bytes <= NATIVE_BYTES_BOUND ? nativeSyntax(folder) : null;
	if (syntax !== null) {
		return { syntax };
	}
	const [runtimeWasm, grammarWasm] = await Promise.all([readFile(join(folder, 'web-tree-sitter.wasm')), readFile(join(folder, 'tree-sitter-c.wasm'))]);
	return { runtimeWasm, grammarWasm };
}

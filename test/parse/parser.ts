import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type CParser, createParser, loadWasmEngine } from '../../analyzer/parse';

const require = createRequire(import.meta.url);

let shared: Promise<CParser> | null = null;

/** The parser with the packages' own WebAssembly, made once per process. */
export function loadParser(): Promise<CParser> {
	shared ??= loadWasmEngine({
		treeSitterWasm: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
		languageWasm: readFileSync(require.resolve('tree-sitter-c/tree-sitter-c.wasm')),
	}).then(createParser);
	return shared;
}

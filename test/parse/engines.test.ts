import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type CParser, createParser } from '../../analyzer/parse';
import { nativeSyntax } from '../../cli/native-syntax';
import { kernelTree } from '../mail/synthetic-patches';
import { loadParser } from './parser';
import { render } from './rendering';

/** Where npm's `tree-sitter` and `tree-sitter-c` are installed: the folder whose node_modules has them. */
const folder = process.env['NATIVE_TREE_SITTER'] ?? fileURLToPath(new URL('.', import.meta.url));
const native = nativeSyntax(folder);
const tree = kernelTree();
const FOLDERS = ['mm', 'fs'];
/** The native parser's trees go when they are collected, which needs a pause. */
const FILES_BETWEEN_PAUSES = 20;

if (native === null || tree === null) {
	console.log(`skipped: both parsers over ${FOLDERS.join(' and ')} (${native === null ? 'no native tree-sitter: NATIVE_TREE_SITTER names the folder where it is installed' : 'no kernel tree'})`);
}

function cFiles(of: string): string[] {
	return readdirSync(of, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
		const path = join(of, entry.name);
		return entry.isDirectory() ? cFiles(path) : /\.[ch]$/.test(entry.name) ? [path] : [];
	});
}

/** Differences in how an error was recovered from, in words that make no event. */
const KNOWN = ['fs/ufs/balloc.c: UFS_TEST_FREE_SPACE_CG without its semicolon is a statement to one, a type to the other'];

/** What lowering makes operations of: calls, in their order. */
const events = (text: string): string => text.split('\n').filter((line) => /\w\s*\(/.test(line)).join('\n');

const rendered = (parser: CParser, text: string): string => {
	const source = parser.parseFile(text);
	try {
		return render(source);
	} finally {
		source.dispose();
	}
};

it.skipIf(native === null || tree === null)('the native parser sees what the WebAssembly one sees', async () => {
	const [wasm, other] = [await loadParser(), createParser(native!)];
	const different: string[] = [];
	const otherEvents: string[] = [];
	let files = 0;
	for (const path of FOLDERS.flatMap((each) => cFiles(join(tree!, each)))) {
		const text = readFileSync(path, 'utf8');
		const [one, another] = [rendered(wasm, text), rendered(other, text)];
		if (one !== another) {
			different.push(path.slice(tree!.length + 1));
			otherEvents.push(...(events(one) === events(another) ? [] : [path]));
		}
		if (++files % FILES_BETWEEN_PAUSES === 0) {
			await new Promise((done) => setImmediate(done));
		}
	}
	console.log(`both parsers over ${files} files: ${otherEvents.length} with other events, ${different.length} seen differently at all`);
	expect(otherEvents).toEqual([]);
	expect(different).toEqual(KNOWN.map((known) => known.split(':')[0]));
}, 600_000);

it.skipIf(native === null)('garbage is given up by both alike', async () => {
	const [wasm, other] = [await loadParser(), createParser(native!)];
	for (const text of ['{'.repeat(100_000), '#$%& '.repeat(50_000), 'The quick brown fox jumps over it. '.repeat(3_000), 'int f(void) { return (1; }\n'.repeat(500)]) {
		expect(rendered(other, text)).toBe(rendered(wasm, text));
	}
}, 60_000);

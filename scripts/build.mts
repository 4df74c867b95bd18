/** Builds dist/: the command line, the extension for both hosts, its worker and webview, the knowledge and the parsers' wasm. */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { readKnowledge } from './knowledge.mts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const resolve = createRequire(import.meta.url).resolve;

const common: BuildOptions = {
	absWorkingDir: root,
	bundle: true,
	target: 'es2022',
	minify: !process.argv.includes('--readable'),
	keepNames: true,
	sourcemap: 'linked',
	sourcesContent: false,
	legalComments: 'none',
	logLevel: 'warning',
	tsconfig: join(root, 'tsconfig.json'),
};

/** CommonJS has no import.meta: web-tree-sitter's Emscripten glue asks for it at run time. */
const commonJs: BuildOptions = {
	format: 'cjs',
	define: { 'import.meta.url': '__importMetaUrl' },
	banner: { js: 'var __importMetaUrl = typeof document === "undefined" && typeof require === "function" && typeof __filename === "string" ? require("url").pathToFileURL(__filename).href : "file:///";' },
};

/** What is built from what. */
const bundles: readonly { readonly entry: string; readonly out: string; readonly options: BuildOptions }[] = [
	{
		entry: 'cli/main.ts',
		out: 'cli.mjs',
		options: {
			platform: 'node', format: 'esm',
			banner: { js: '#!/usr/bin/env node\nimport { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
		},
	},
	{ entry: 'extension/main.node.ts', out: 'extension.cjs', options: { ...commonJs, platform: 'node', external: ['vscode'] } },
	{ entry: 'extension/main.web.ts', out: 'web.cjs', options: { ...commonJs, platform: 'browser', external: ['vscode'], mainFields: ['browser', 'module', 'main'] } },
	{ entry: 'extension/worker.node.ts', out: 'worker.cjs', options: { ...commonJs, platform: 'node' } },
	{ entry: 'extension/worker.web.ts', out: 'worker.web.js', options: { platform: 'browser', format: 'iife', define: { 'import.meta.url': '"file:///"' } } },
	{ entry: 'webview/main.ts', out: 'webview.js', options: { platform: 'browser', format: 'iife' } },
];

const started = performance.now();
mkdirSync(dist, { recursive: true });
await Promise.all(bundles
	.filter(({ entry }) => existsSync(join(root, entry)))
	.map(({ entry, out, options }) => build({ ...common, ...options, entryPoints: [join(root, entry)], outfile: join(dist, out) })));
copyFileSync(resolve('web-tree-sitter/web-tree-sitter.wasm'), join(dist, 'web-tree-sitter.wasm'));
copyFileSync(join(dirname(resolve('tree-sitter-c/package.json')), 'tree-sitter-c.wasm'), join(dist, 'tree-sitter-c.wasm'));
writeFileSync(join(dist, 'knowledge.json'), JSON.stringify(readKnowledge(join(root, 'analyzer', 'knowledge'))));
console.log(`built dist/ in ${Math.round(performance.now() - started)} ms`);

/** Builds dist/: the command line, the extension for both hosts, its worker and webview, the knowledge and the parsers' wasm. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { BUNDLE } from '../cli/bundle';
import { GATHERER } from '../disk/heads-ahead';
import { compileKnowledge } from './knowledge.mts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const resolve = createRequire(import.meta.url).resolve;

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };

const common: BuildOptions = {
	absWorkingDir: root,
	bundle: true,
	target: 'es2022',
	define: { RACE_REVIEW_VERSION: JSON.stringify(version) },
	minify: !process.argv.includes('--readable'),
	sourcemap: 'linked',
	sourcesContent: false,
	legalComments: 'none',
	logLevel: 'warning',
	tsconfig: join(root, 'tsconfig.json'),
};

/** CommonJS has no import.meta: web-tree-sitter's Emscripten glue asks for it at run time. */
const commonJs: BuildOptions = {
	format: 'cjs',
	define: { ...common.define, 'import.meta.url': '__importMetaUrl' },
	banner: { js: 'var __importMetaUrl = typeof document === "undefined" && typeof require === "function" && typeof __filename === "string" ? require("url").pathToFileURL(__filename).href : "file:///";' },
};

/** What is built from what. */
const bundles: readonly { readonly entry: string; readonly out: string; readonly options: BuildOptions }[] = [
	{ entry: 'cli/start.ts', out: 'cli.mjs', options: { platform: 'node', format: 'esm', banner: { js: '#!/usr/bin/env node' } } },
	// Loaded by a script, which knows no `import()`.
	{ entry: 'cli/main.ts', out: BUNDLE, options: { ...commonJs, platform: 'node', alias: { 'web-tree-sitter': resolve('web-tree-sitter') }, supported: { 'dynamic-import': false } } },
	{ entry: 'disk/gather-heads.ts', out: GATHERER, options: { platform: 'node', format: 'cjs' } },
	{ entry: 'extension/main.node.ts', out: 'extension.cjs', options: { ...commonJs, platform: 'node', external: ['vscode'] } },
	{ entry: 'extension/main.web.ts', out: 'web.cjs', options: { ...commonJs, platform: 'browser', external: ['vscode'], mainFields: ['browser', 'module', 'main'] } },
	{ entry: 'extension/worker.node.ts', out: 'worker.cjs', options: { ...commonJs, platform: 'node' } },
	{ entry: 'extension/worker.web.ts', out: 'worker.web.js', options: { platform: 'browser', format: 'iife', define: { ...common.define, 'import.meta.url': '"file:///"' } } },
	{ entry: 'webview/main.ts', out: 'webview.js', options: { platform: 'browser', format: 'iife' } },
];

/** `npm run build -- cli.mjs`: only that, with what it loads. */
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-')).flatMap((word) => (word === 'cli.mjs' ? [word, BUNDLE, GATHERER] : [word]));
const started = performance.now();
mkdirSync(dist, { recursive: true });
copyFileSync(resolve('web-tree-sitter/web-tree-sitter.wasm'), join(dist, 'web-tree-sitter.wasm'));
copyFileSync(join(dirname(resolve('tree-sitter-c/package.json')), 'tree-sitter-c.wasm'), join(dist, 'tree-sitter-c.wasm'));
writeFileSync(join(dist, 'knowledge.json'), JSON.stringify(await compileKnowledge(join(root, 'analyzer', 'knowledge'))));
const results = await Promise.allSettled(bundles
	.filter(({ entry, out }) => existsSync(join(root, entry)) && (!wanted.length || wanted.includes(out)))
	.map(({ entry, out, options }) => build({ ...common, ...options, entryPoints: [join(root, entry)], outfile: join(dist, out) })));
// esbuild has printed what is wrong with each bundle; one that fails keeps no other from being built.
const failed = results.filter(({ status }) => status === 'rejected').length;
// In a process of its own, which has run nothing else. A bundle that is meant to be read does without.
if (!failed && common.minify && (!wanted.length || wanted.includes(BUNDLE))) {
	const { status } = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'scripts', 'compile-cli.mts')], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
	if (status !== 0) {
		throw new Error('the command line was built, and does not run');
	}
}
console.log(`built dist/ in ${Math.round(performance.now() - started)} ms${failed ? `; ${failed} of ${results.length} bundles failed` : ''}`);
process.exitCode = failed ? 1 : 0;

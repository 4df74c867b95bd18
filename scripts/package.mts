/**
 * `npm run package`: one universal VSIX with vsce (on the cache's Node 24, which it needs), held under its size, and installed and checked in the
 * embedded VS Code. `--no-check` leaves the last out.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Report } from '../test/e2e/report';
import { installedCases } from '../test/e2e/installed';
import { cacheFolder, perform } from './rig/cache';
import { ensureEmbeddedEditor, ensureNode } from './rig/embedded';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const MOST_BYTES = 3_000_000;
const VSCE = '4.1.0';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string } & Record<string, unknown>;
const built = spawnSync(process.execPath, [join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'), join('scripts', 'build.mts')], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);

const { node, env } = await ensureNode();
const tools = join(cacheFolder(), `vsce-${VSCE}`);
const vsce = join(tools, 'node_modules', '@vscode', 'vsce', 'vsce');
if (!existsSync(vsce)) {
	mkdirSync(tools, { recursive: true });
	writeFileSync(join(tools, 'package.json'), '{"private":true}\n');
	await perform({ label: `vsce ${VSCE} from npm`, command: 'npm', args: ['install', '--no-audit', '--no-fund', '--ignore-scripts', `@vscode/vsce@${VSCE}`], cwd: tools, env });
}

/** What users get: no sources, no maps, no command line, and a manifest without what only a checkout needs. */
const staged = join(root, 'artifacts', 'vsix');
const SHIPPED = ['dist/extension.cjs', 'dist/web.cjs', 'dist/worker.cjs', 'dist/heads.cjs', 'dist/worker.web.js', 'dist/webview.js', 'dist/knowledge.json', 'dist/web-tree-sitter.wasm', 'dist/tree-sitter-c.wasm',
	'media', 'l10n', 'samples', 'docs/screenshot.png', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];
rmSync(staged, { recursive: true, force: true });
for (const path of SHIPPED) cpSync(join(root, path), join(staged, path), { recursive: true });
const { devDependencies: _dev, scripts: _scripts, files: _files, bin: _bin, ...shipped } = manifest;
writeFileSync(join(staged, 'package.json'), `${JSON.stringify(shipped, null, '\t')}\n`);

for (const old of readdirSync(root).filter((name) => name.endsWith('.vsix'))) rmSync(join(root, old));
const vsix = join(root, `${manifest.name}-${manifest.version}.vsix`);
await perform({ label: 'vsce package', command: node, args: [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', vsix], cwd: staged, env });
const { size } = statSync(vsix);
console.log(`${vsix}: ${(size / 1e6).toFixed(2)} MB`);

const report = new Report('as installed');
await report.check(`the package is under ${MOST_BYTES / 1e6} MB`, async () => {
	if (size > MOST_BYTES) throw new Error(`${size} bytes`);
});
if (!process.argv.includes('--no-check')) {
	await ensureEmbeddedEditor();
	await installedCases(report, root, vsix);
}
console.log(`${report.passed} passed, ${report.failed} failed`);
process.exitCode = report.failed ? 1 : 0;

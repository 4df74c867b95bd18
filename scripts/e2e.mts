/**
 * The extension in a real VS Code, driven in a real Chromium: once in the Node extension host, once in the web-worker host; then the suite that
 * runs inside the extension host. The last line reads `N passed, N failed`.
 *
 * `npx tsx scripts/e2e.mts [--host node|web] [--only PART] [--case WORDS]`; pictures go to artifacts/pictures.
 */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandCases } from '../test/e2e/commands';
import { Report } from '../test/e2e/report';
import { readingCases } from '../test/e2e/reading';
import { seedCases } from '../test/e2e/seeds';
import { seriesCases } from '../test/e2e/series';
import { seriesWayCases } from '../test/e2e/series-ways';
import { startCases } from '../test/e2e/start';
import { steppingCases } from '../test/e2e/stepping';
import { themeCases } from '../test/e2e/themes';
import { walkthroughCases } from '../test/e2e/walkthrough';
import { workingTreeCases } from '../test/e2e/working-tree';
import { makeWorkspace } from '../test/e2e/workspace';
import { launchChromium } from './rig/browser';
import { runHostSuite } from './rig/host-suite';
import { startServer } from './rig/server';
import { Workbench } from './rig/workbench';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const words = process.argv.slice(2);
const word = (name: string): string | undefined => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
const only = word('--only');
const wanted = word('--case');
const built = word('--extension') ?? root;
/** A copy, so that a build in the meantime does not pull the extension from under the editor. */
const extension = join(root, 'artifacts', `extension-${process.pid}`);
const pictures = join(root, 'artifacts', 'pictures');
const PARTS = { reading: readingCases, stepping: steppingCases, commands: commandCases, series: seriesCases, 'series-ways': seriesWayCases, seeds: seedCases, themes: themeCases, tree: workingTreeCases, walkthrough: walkthroughCases };

const total = { passed: 0, failed: 0, second: 0 };
const failures: string[] = [];
const add = (report: Report): void => {
	total.passed += report.passed;
	total.failed += report.failed;
	total.second += report.second;
	failures.push(...report.failures);
};

async function drive(host: 'node' | 'web'): Promise<void> {
	const report = new Report(host, wanted);
	const server = await startServer({ development: true, settings: host === 'web' ? { 'remote.extensionKind': { 'kernel-race-review.kernel-race-review': ['web'] } } : {} });
	const browser = await launchChromium();
	try {
		for (const [name, cases] of Object.entries(PARTS)) {
			if (only && only !== name) continue;
			// A folder and a window of its own: no part finds what another one left.
			const workspace = makeWorkspace(root);
			const bench = await Workbench.open(browser, server, pictures, { folder: workspace.folder, extension, host });
			try {
				await cases(report, bench, { root, extension, server, workspace, browser, pictures });
			} catch (error) {
				await report.check(`${name} ran to its end`, () => Promise.reject(error));
			} finally {
				await bench.close();
				rmSync(workspace.folder, { recursive: true, force: true });
			}
		}
	} finally {
		await browser.close();
		await server.stop();
		add(report);
	}
}

if (!existsSync(join(built, 'dist', 'extension.cjs'))) throw new Error('dist/ is not built: npm run build');
for (const path of ['dist', 'media', 'samples', 'l10n', 'package.json', 'package.nls.json']) cpSync(join(built, path), join(extension, path), { recursive: true });
process.on('exit', () => rmSync(extension, { recursive: true, force: true }));
for (const host of ['node', 'web'] as const) if (!word('--host') || word('--host') === host) await drive(host);
if ((!only || only === 'start') && (!word('--host') || word('--host') === 'node')) {
	const report = new Report('npm start', wanted);
	const browser = await launchChromium();
	try {
		await startCases(report, root, browser);
	} finally {
		await browser.close();
		add(report);
	}
}
if (!only || only === 'host') {
	const report = new Report('in the extension host', wanted);
	await runHostSuite(root, extension, report);
	add(report);
}
if (failures.length) console.log(`\n${failures.join('\n\n')}`);
if (total.second) console.log(`\n${total.second} of those that passed held on the second try only`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
// A run that tested nothing has not passed.
process.exitCode = total.failed || !total.passed ? 1 : 0;

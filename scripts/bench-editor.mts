/**
 * Prints what issue 6 bounds, measured in the embedded VS Code: activation, first lens on a 500-line patch, the extension host's longest block during a
 * review, the stepper's time to be usable and its steps a second. Figures depend on the machine; the bounds are beside them. The package is built and
 * installed: an editor that develops an extension waits half as long again before it asks for lenses.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from '../test/e2e/installed';
import { LONG_RUN_STEPS as STEPS, longRun } from '../test/e2e/long-run';
import { eventually, Report } from '../test/e2e/report';
import { makeWorkspace } from '../test/e2e/workspace';
import { launchChromium } from './rig/browser';
import { runHostSuite } from './rig/host-suite';
import { startServer } from './rig/server';
import { Workbench } from './rig/workbench';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const LONG_PATCH_LINES = 500;
const LONG_PATCHES = 10;
const IDLE_FRAMES = 120;

const say = (what: string, value: string, bound: string): void => console.log(`${what.padEnd(52)} ${value.padStart(12)}   bound ${bound}`);

/** A patch of that many lines that touches one small driver: comments, which cost reading but no search. */
function longPatch(): string {
	const comments = Array.from({ length: LONG_PATCH_LINES - 12 }, (_, at) => `+/* note ${at} */`);
	return ['--- a/drivers/misc/nib.c', '+++ b/drivers/misc/nib.c', `@@ -1,6 +1,${6 + comments.length} @@`, ' static int nib_open(struct nib *nib)', ' {', ' \tmutex_lock(&nib->lock);', ...comments, ' \tnib->count++;', ' \tmutex_unlock(&nib->lock);', ' }', ''].join('\n');
}

const workspace = makeWorkspace(root);
for (let at = 0; at < LONG_PATCHES; at++) writeFileSync(join(workspace.folder, `long${at}.patch`), longPatch());
const pictures = join(root, 'artifacts', 'pictures');
mkdirSync(pictures, { recursive: true });
const packed = spawnSync(process.execPath, [join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'), join(root, 'scripts', 'package.mts'), '--no-check'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
if (packed.status !== 0) throw new Error('the package could not be built');
const server = await startServer();
await install(server, join(root, readdirSync(root).find((name) => name.endsWith('.vsix'))!));
console.log(`${cpus().length} processors, load ${loadavg()[0]!.toFixed(1)}`);
const browser = await launchChromium();
try {
	const bench = await Workbench.open(browser, server, pictures, { folder: workspace.folder });
	const { page } = bench;
	/** From the file's lines on the screen to a lens over its function. */
	const firstLens = async (name: string): Promise<number> => {
		await page.keyboard.press('ControlOrMeta+P');
		await page.locator('.quick-input-widget input:focus').waitFor();
		await page.keyboard.type(name);
		await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor();
		// Watched in the page itself: what drives it from outside has waits of its own.
		const shown = page.evaluate(() => new Promise<number>((resolve) => {
			let began = 0;
			const timer = setInterval(() => {
				if (!began && [...document.querySelectorAll('.view-line')].some((line) => line.textContent?.includes('nib_open'))) began = performance.now();
				if (!began || ![...document.querySelectorAll('.codelens-decoration a')].some((lens) => lens.textContent?.includes('nib_open'))) return;
				clearInterval(timer);
				resolve(performance.now() - began);
			}, 2);
		}));
		await page.keyboard.press('Enter');
		return shown;
	};
	const lensIn = `from a ${LONG_PATCH_LINES}-line patch to the function's lens`;
	say(`${lensIn}, activation included`, `${Math.round(await firstLens('long0.patch'))} ms`, '-');
	await eventually('verdict', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review: [^l]/.test(text)), 60_000);
	await bench.command('Race Review: Show the log');
	const log = await eventually('log', async () => (await page.locator('.part.panel .view-lines').allTextContents()).join(' ').replaceAll('\u00a0', ' '), (text) => /activated in/.test(text));
	say('activation', `${/activated in the \w+ host in ([\d.]+) ms/.exec(log)?.[1]} ms`, '100 ms');
	await bench.command('View: Toggle Panel Visibility');
	const lenses: number[] = [];
	for (let at = 1; at < LONG_PATCHES; at++) {
		await bench.command('View: Close All Editors');
		lenses.push(await firstLens(`long${at}.patch`));
	}
	lenses.sort((a, b) => a - b);
	say(`${lensIn}, median of ${lenses.length}`, `${Math.round(lenses[Math.floor(lenses.length / 2)] ?? Number.NaN)} ms`, '300 ms');
	say('  least and most', `${Math.round(lenses[0] ?? Number.NaN)} to ${Math.round(lenses.at(-1) ?? Number.NaN)} ms`, '-');

	await bench.openFile('fix.patch');
	await bench.goToLine(1);
	await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Step through/.test(text)), 60_000);
	await bench.clickLens('Step through');
	await bench.stepper.locator('race-lanes .row').first().waitFor();
	const frame = await bench.stepperFrame();
	const usable = await frame.evaluate(() => {
		const script = performance.getEntriesByType('resource').find(({ name }) => name.includes('webview.js'));
		const row = performance.getEntriesByName('race-usable')[0];
		return row && script ? row.startTime - script.startTime : Number.NaN;
	});
	say('stepper: from its script to its first row', `${Math.round(usable)} ms`, '200 ms');

	await frame.evaluate((model) => window.postMessage({ kind: 'show', model, run: 'r', step: 0, strings: {} }, '*'), longRun('benchmark'));
	await bench.stepper.locator(`race-lanes .row[aria-setsize="${STEPS}"]`).first().waitFor();
	const idle = await frame.evaluate(async (frames) => {
		const mark = document.body.appendChild(document.createElement('i'));
		const began = performance.now();
		for (let at = 0; at < frames; at++) {
			mark.textContent = String(at);
			await new Promise((next) => requestAnimationFrame(next));
		}
		mark.remove();
		return frames / ((performance.now() - began) / 1_000);
	}, IDLE_FRAMES);
	say('this browser here: frames that change one word', `${idle.toFixed(1)} /s`, '-');
	const perSecond = await frame.evaluate(async (steps) => {
		const began = performance.now();
		for (let at = 1; at < steps; at++) {
			window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }));
			await new Promise((next) => requestAnimationFrame(next));
		}
		return (steps - 1) / ((performance.now() - began) / 1_000);
	}, STEPS);
	const own = await frame.evaluate(async (steps) => {
		const stepper = document.querySelector('race-stepper') as unknown as { updateComplete: Promise<unknown> };
		const began = performance.now();
		for (let at = 1; at < steps; at++) {
			window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }));
			await stepper.updateComplete;
		}
		return (performance.now() - began) / (steps - 1);
	}, STEPS);
	say('stepper: script and layout of one step', `${own.toFixed(1)} ms`, '16 ms');
	say(`stepper: ${STEPS} steps, one a frame`, `${perSecond.toFixed(1)} /s`, '60 /s');
	await bench.close();
	const figures = await runHostSuite(root, root, new Report('in the extension host'));
	for (const [what, milliseconds] of Object.entries(figures)) say(`extension host: ${what}`, `${milliseconds.toFixed(1)} ms`, '50 ms');
} finally {
	await browser.close();
	await server.stop();
	rmSync(workspace.folder, { recursive: true, force: true });
}

/**
 * Prints what issue 6 bounds, measured in the embedded VS Code: activation, first lens on a 500-line patch, the extension host's longest block during a
 * review, the stepper's time to be usable and its steps a second. Figures depend on the machine; the bounds are beside them. The package is built and
 * installed: an editor that develops an extension waits half as long again before it asks for lenses.
 *
 * Steps a second are counted in a browser that is not held to its screen's rate: one that is held makes 60 frames a second at the most, so that each
 * late one, whoever made it late, would keep the count below 60. What that one misses is told beside what it misses when one word changes instead.
 * Both are counted between the frames' own times: up to the first frame it is only a part of one.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Frame } from 'playwright-core';
import { install } from '../test/e2e/installed';
import { LONG_RUN_STEPS as STEPS, longRun } from '../test/e2e/long-run';
import { eventually, Report } from '../test/e2e/report';
import { makeWorkspace } from '../test/e2e/workspace';
import { launchChromium, NO_FRAME_LIMIT } from './rig/browser';
import { runHostSuite } from './rig/host-suite';
import { startServer } from './rig/server';
import { Workbench } from './rig/workbench';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const LONG_PATCH_LINES = 500;
const LONG_PATCHES = 10;
/** A frame that took longer than so many usual ones has missed one. */
const LATE = 1.5;

const say = (what: string, value: string, bound: string): void => console.log(`${what.padEnd(52)} ${value.padStart(12)}   bound ${bound}`);

/** A patch of that many lines that touches one small driver: comments, which cost reading but no search. */
function longPatch(): string {
	const comments = Array.from({ length: LONG_PATCH_LINES - 12 }, (_, at) => `+/* note ${at} */`);
	return ['--- a/drivers/misc/nib.c', '+++ b/drivers/misc/nib.c', `@@ -1,6 +1,${6 + comments.length} @@`, ' static int nib_open(struct nib *nib)', ' {', ' \tmutex_lock(&nib->lock);', ...comments, ' \tnib->count++;', ' \tmutex_unlock(&nib->lock);', ' }', ''].join('\n');
}

/** Opens the stepper on the fix, with a run of a thousand steps in it; resolves with its frame. `shown` is called when its own run is there, before that one. */
async function longStepper(bench: Workbench, shown: (frame: Frame) => Promise<void> = async () => undefined): Promise<Frame> {
	await bench.openFile('fix.patch');
	await bench.goToLine(1);
	await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Step through/.test(text)), 60_000);
	await bench.clickLens('Step through');
	await bench.stepper.locator('race-lanes .row').first().waitFor();
	const frame = await bench.stepperFrame();
	await shown(frame);
	await frame.evaluate((model) => window.postMessage({ kind: 'show', model, run: 'r', step: 0, strings: {} }, '*'), longRun('benchmark'));
	await bench.stepper.locator(`race-lanes .row[aria-setsize="${STEPS}"]`).first().waitFor();
	return frame;
}

/** Milliseconds between frames in each of which one step is taken, or just one word is changed. */
const intervals = (frame: Frame, act: 'step' | 'word'): Promise<readonly number[]> => frame.evaluate(async ({ steps, stepping }) => {
	const mark = document.body.appendChild(document.createElement('i'));
	const times: number[] = [];
	for (let at = 0; at < steps; at++) {
		if (stepping) window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }));
		else mark.textContent = String(at);
		times.push(await new Promise((next) => requestAnimationFrame(next)));
	}
	mark.remove();
	return times.slice(1).map((time, at) => time - (times[at] ?? time));
}, { steps: STEPS, stepping: act === 'step' });

const perSecond = (between: readonly number[]): string => (1_000 * between.length / between.reduce((sum, each) => sum + each, 0)).toFixed(1);

/** Frames that were missed, of how many. */
function missed(between: readonly number[]): string {
	const usual = [...between].sort((a, b) => a - b)[Math.floor(between.length / 2)] ?? Number.NaN;
	return `${between.filter((each) => each > usual * LATE).reduce((sum, each) => sum + Math.round(each / usual) - 1, 0)} of ${between.length}`;
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

	const frame = await longStepper(bench, async (opened) => {
		const usable = await opened.evaluate(() => {
			const script = performance.getEntriesByType('resource').find(({ name }) => name.includes('webview.js'));
			const row = performance.getEntriesByName('race-usable')[0];
			return row && script ? row.startTime - script.startTime : Number.NaN;
		});
		say('stepper: from its script to its first row', `${Math.round(usable)} ms`, '200 ms');
	});
	const own = await frame.evaluate(async (steps) => {
		const stepper = document.querySelector('race-stepper') as unknown as { updateComplete: Promise<unknown> };
		const began = performance.now();
		for (let at = 1; at < steps; at++) {
			window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }));
			await stepper.updateComplete;
		}
		return (performance.now() - began) / (steps - 1);
	}, STEPS);
	say('stepper: script and layout of one step', `${own.toFixed(1)} ms`, '16 ms');
	await frame.evaluate(() => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home' })));
	const word = await intervals(frame, 'word');
	const step = await intervals(frame, 'step');
	say('at the screen\'s rate, one word a frame', `${perSecond(word)} /s`, '-');
	say('  missed frames', missed(word), '-');
	say('at the screen\'s rate, one step a frame', `${perSecond(step)} /s`, '-');
	say('  missed frames', missed(step), '-');
	await bench.close();
	const unheld = await launchChromium(NO_FRAME_LIMIT);
	try {
		const fast = await Workbench.open(unheld, server, pictures, { folder: workspace.folder });
		say(`stepper: ${STEPS} steps, each in a frame of its own`, `${perSecond(await intervals(await longStepper(fast), 'step'))} /s`, '60 /s');
		await fast.close();
	} finally {
		await unheld.close();
	}
	const figures = await runHostSuite(root, root, new Report('in the extension host'));
	for (const [what, milliseconds] of Object.entries(figures)) say(`extension host: ${what}`, `${milliseconds.toFixed(1)} ms`, '50 ms');
} finally {
	await browser.close();
	await server.stop();
	rmSync(workspace.folder, { recursive: true, force: true });
}

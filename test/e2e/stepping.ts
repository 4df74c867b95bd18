import type { Workbench } from '../../scripts/rig/workbench';
import { Key } from './keys';
import { LONG_RUN_STEPS, longRun } from './long-run';
import { eventually, expectEqual, expectThat, type Report } from './report';

const STATE_FLUSH_MS = 8_000;
const FOLLOW_MS = 300;

/** The stepper by mouse, and again by keyboard alone. */
export async function steppingCases(report: Report, bench: Workbench): Promise<void> {
	const { page, stepper } = bench;
	const current = (): Promise<number> => stepper.locator('race-lanes .row.current').first().getAttribute('data-step').then((text) => Number(text ?? -1));
	const count = (): Promise<number> => stepper.locator('race-lanes').first().locator('.row').count();
	/** The editor's cursor, once it has stopped following the stepper. */
	const settledCursor = async (): Promise<number> => {
		let before = -1;
		return eventually('the cursor comes to rest', async () => {
			const line = await bench.cursorLine();
			const rests = line === before;
			before = line;
			await page.waitForTimeout(FOLLOW_MS);
			return rests ? line : -1;
		}, (line) => line > 0);
	};
	const button = (name: string) => stepper.getByRole('button', { name, exact: true });

	const open = async (): Promise<void> => {
		await bench.openFile('fix.patch');
		await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Step through|Simulate/.test(text)));
		await bench.goToLine(1);
		await bench.clickLens('Step through');
		await stepper.locator('race-lanes .row').first().waitFor();
	};

	await report.check('the lens opens the stepper with a lane per CPU', async () => {
		await open();
		const heads = await stepper.locator('race-lanes .head').allTextContents();
		expectThat(heads.length >= 2 && heads.some((text) => /quill_fault/.test(text)), () => `lanes: ${heads.join(' / ')}`);
		expectEqual(await current(), 0, 'first step');
	}, bench);

	await report.check('mouse: forward, back, next context switch, to the failure; the editor\'s cursor goes along', async () => {
		await button('Step forward').click();
		await eventually('step', current, (step) => step === 1);
		await button('Step back').click();
		await eventually('step', current, (step) => step === 0);
		await button('Next context switch').click();
		const switched = await eventually('switch', current, (step) => step > 0);
		await button('To the failure').click();
		const last = await count() - 1;
		await eventually('failure', current, (step) => step === last);
		expectThat(last >= switched, () => `the failure (${last}) is before the switch (${switched})`);
		const broken = await stepper.locator('race-lanes .broken').first().textContent();
		expectThat(!!broken?.trim(), () => 'the failing step does not say what broke');
		const lines = new Set<number>();
		for (let step = last; step >= 0; step--) {
			lines.add(await bench.cursorLine());
			if (step) await button('Step back').click();
			await eventually('step back', current, (at) => at === Math.max(0, step - 1));
			await page.waitForTimeout(120);
		}
		expectThat(lines.size >= 2, () => `the editor's cursor stood on ${[...lines].join(', ')} only`);
	}, bench, open);

	await report.check('mouse: clicking a step, the scrubber, the table, before and after', async () => {
		await stepper.locator('race-lanes .row').nth(1).click();
		await eventually('clicked', current, (step) => step === 1);
		await stepper.locator('input[type=range]').fill('0');
		await eventually('scrubbed', current, (step) => step === 0);
		await button('Table').click();
		await stepper.locator('.steps-table tbody tr').first().waitFor();
		await button('Table').click();
		await stepper.locator('race-lanes .row').first().waitFor();
		const options = await stepper.locator('select optgroup').evaluateAll((groups) => groups.map((group) => group.getAttribute('label')));
		expectThat(options.includes('Before the patch'), () => `sides: ${options.join(', ')}`);
	}, bench, open);

	await report.check('keyboard alone: steps, switches, failure, table, sides, play', async () => {
		await stepper.locator('race-lanes .steps').first().focus();
		await page.keyboard.press(Key.first);
		await eventually('first', current, (step) => step === 0);
		await page.keyboard.press(Key.forward);
		await eventually('forward', current, (step) => step === 1);
		await page.keyboard.press(Key.back);
		await eventually('back', current, (step) => step === 0);
		await page.keyboard.press(Key.nextSwitch);
		await eventually('switch', current, (step) => step > 0);
		await page.keyboard.press(Key.failure);
		const last = await count() - 1;
		await eventually('failure', current, (step) => step === last);
		await page.keyboard.press(Key.table);
		await stepper.locator('.steps-table').waitFor();
		await page.keyboard.press(Key.table);
		await stepper.locator('race-lanes .row').first().waitFor();
		await page.keyboard.press(Key.play);
		await eventually('playing from the start', current, (step) => step < last);
		await page.keyboard.press(Key.play);
	}, bench, open);

	await report.check('beside the nearest passing schedule, by mouse and by keyboard', async () => {
		const lanes = (): Promise<number> => stepper.locator('race-lanes').count();
		await button('Beside the nearest passing schedule').click();
		await eventually('both', lanes, (shown) => shown === 2);
		await bench.picture(`beside-${bench.host}`);
		await stepper.locator('race-lanes .steps').first().focus();
		await page.keyboard.press(Key.compare);
		await eventually('one', lanes, (shown) => shown === 1);
	}, bench, open);

	await report.check('each step is said to screen readers', async () => {
		await stepper.locator('race-lanes .steps').first().focus();
		await page.keyboard.press(Key.first);
		const first = await eventually('live region', () => stepper.locator('[aria-live]').textContent(), (text) => /^\s*1 \/ \d+\. CPU/.test(text ?? ''));
		await page.keyboard.press(Key.forward);
		await eventually('live region', () => stepper.locator('[aria-live]').textContent(), (text) => text !== first && /^\s*2 \//.test(text ?? ''));
	}, bench, open);

	await report.check('the editor\'s cursor moves the stepper', async () => {
		await stepper.locator('race-lanes .steps').first().focus();
		await page.keyboard.press(Key.first);
		await eventually('first', current, (step) => step === 0);
		await page.keyboard.press(Key.failure);
		const last = await count() - 1;
		await eventually('failure', current, (step) => step === last);
		const line = await settledCursor();
		await page.keyboard.press(Key.first);
		await eventually('first', current, (step) => step === 0);
		await bench.focusEditor();
		// The cursor may still be on its way to where the stepper was: it is put there until the stepper has followed.
		await eventually('the stepper followed', async () => {
			await bench.goToLine(1);
			await bench.goToLine(line);
			await page.waitForTimeout(FOLLOW_MS);
			return current();
		}, (step) => step > 0 && step <= last, 30_000);
	}, bench, open);

	await report.check('a run of 1,000 steps: every step can be reached, and only what is near is drawn', async () => {
		await bench.reset();
		await open();
		const frame = await bench.stepperFrame();
		await frame.evaluate((model) => window.postMessage({ kind: 'show', model, run: 'r', step: 0, strings: {} }, '*'), longRun('long'));
		const drawn = (): Promise<number> => stepper.locator(`race-lanes .row[aria-setsize="${LONG_RUN_STEPS}"]`).count();
		await eventually('drawn', drawn, (rows) => rows > 0 && rows < LONG_RUN_STEPS / 2);
		const inSight = async (step: number): Promise<void> => {
			await eventually(`step ${step} in sight`, () => stepper.locator('race-lanes .row.current').evaluateAll((rows) => rows.map((row) => {
				const { top, bottom } = row.getBoundingClientRect();
				return top >= 0 && bottom <= window.innerHeight ? Number(row.getAttribute('data-step')) : -1;
			})), (steps) => steps.length === 1 && steps[0] === step);
		};
		await page.keyboard.press(Key.failure);
		await inSight(LONG_RUN_STEPS - 1);
		await page.keyboard.press(Key.first);
		await inSight(0);
		await stepper.locator('input[type=range]').fill('500');
		await inSight(500);
		// Scrolled there by hand, with nothing stepped.
		await stepper.locator('main.scroll').evaluate((pane) => { pane.scrollTop = pane.scrollHeight; });
		await stepper.locator(`race-lanes #step-${LONG_RUN_STEPS - 1}`).waitFor();
		expectThat(await drawn() < LONG_RUN_STEPS / 2, () => 'everything is drawn');
	}, bench);

	await report.check('a reload keeps the reader\'s place', async () => {
		await bench.reset();
		await open();
		await stepper.locator('race-lanes .steps').first().focus();
		await page.keyboard.press(Key.failure);
		const last = await count() - 1;
		await eventually('failure', current, (step) => step === last);
		// In a browser the editor writes its own state down every few seconds.
		await page.waitForTimeout(STATE_FLUSH_MS);
		await page.reload();
		await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
		await stepper.locator('race-lanes .row').first().waitFor({ timeout: 60_000 });
		await eventually('place', current, (step) => step === last, 30_000);
	}, bench, open);
}

import type { Workbench } from '../../scripts/rig/workbench';
import { Key } from './keys';
import { eventually, type Report } from './report';

const TITLE = 'Review a race';
const LONG_MS = 60_000;
/** Steps, their buttons, and what is there when they are done. */
const STEPS = ['Open a patch with a race', 'Step through the failing schedule', 'Check your own'] as const;

/** The first-run pages, as a new user meets them: each step's page, its button, and its tick; with the mouse, and again with the keyboard alone. */
export async function walkthroughCases(report: Report, bench: Workbench): Promise<void> {
	const { page, stepper } = bench;
	const step = (title: string) => page.locator('.getting-started-step', { hasText: title }).first();
	const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
	const open = async (): Promise<void> => {
		await bench.reset();
		await bench.command('Welcome: Open Walkthrough...');
		await page.locator('.quick-input-widget input:focus').waitFor();
		await page.keyboard.type(TITLE);
		await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: TITLE }).waitFor({ timeout: LONG_MS });
		await page.keyboard.press(Key.enter);
		await step(STEPS[0]).waitFor();
	};
	const back = async (): Promise<void> => {
		await page.locator('.tab', { hasText: 'Walkthrough' }).or(page.locator('.tab', { hasText: 'Welcome' })).first().click();
		await step(STEPS[0]).waitFor();
	};
	/** Of its step's page: a picture or text beside it. */
	const ticked = (title: string): Promise<unknown> => eventually(`${title} is ticked`, () => step(title).locator('.codicon.complete, .codicon-getting-started-step-checked, .complete').count(), (found) => found > 0);
	const sample = async (): Promise<void> => {
		await page.locator('.tab.active', { hasText: 'quill.mbox' }).waitFor();
		await eventually('verdict', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review: (fixes|introduces)|before [✓✗]/.test(text)), LONG_MS);
	};
	const stepping = async (): Promise<void> => {
		await stepper.locator('race-lanes .row').first().waitFor({ timeout: LONG_MS });
		// Where the schedule begins in a model, the diff is in sight all the same.
		await page.locator('.view-line', { hasText: /mutex_lock\(&\w+->lock\);/ }).first().waitFor();
	};
	const series = (): Promise<unknown> => eventually('sources', () => page.locator('.quick-input-list .monaco-list-row:visible').allTextContents(), (rows) => rows.some((row) => /git range/.test(row)));
	const holds = [sample, stepping, series] as const;

	await report.check('the walkthrough, with the mouse', async () => {
		await open();
		for (const [index, title] of STEPS.entries()) {
			if (index > 0) await back();
			await step(title).click();
			const media = page.locator('.getting-started-media');
			await (index < 2 ? media.locator('img').first() : media.locator('iframe, webview').first()).waitFor({ state: 'attached' });
			await bench.picture(`walkthrough-${index + 1}-${bench.host}`);
			await step(title).locator('.monaco-button').first().click();
			await holds[index]?.();
			await page.keyboard.press(Key.escape);
		}
		await back();
		for (const title of STEPS) await ticked(title);
		await bench.picture(`walkthrough-done-${bench.host}`);
	}, bench);

	await report.check('the walkthrough, with the keyboard alone', async () => {
		await open();
		for (const [index, title] of STEPS.entries()) {
			if (index > 0) await open();
			await page.keyboard.press('Home');
			// The steps are one stop of Tab each, the buttons of the open one between them.
			for (let tab = 0; tab < TABS_BOUND && !(await focused()).startsWith(title); tab++) await page.keyboard.press('Tab');
			await page.keyboard.press(Key.enter);
			await step(title).locator('.monaco-button').first().waitFor();
			for (let tab = 0; tab < TABS_BOUND && !BUTTONS.includes(await focused()); tab++) await page.keyboard.press('Tab');
			await page.keyboard.press(Key.enter);
			await holds[index]?.();
			await page.keyboard.press(Key.escape);
		}
	}, bench);
}

const BUTTONS: readonly string[] = ['Open the sample series', 'Step through', 'Check a patch series…'];
/** Stops of Tab in the window beyond these are somebody else's. */
const TABS_BOUND = 40;

import type { Workbench } from '../../scripts/rig/workbench';
import type { CaseContext } from './context';
import { eventually, expectThat, type Report } from './report';
import { TestingView } from './testing-view';
import { MANY_PATCHES } from './workspace';

const RUN_MS = 60_000;
/** Long enough for another patch to come, were the run still going. */
const QUIET_MS = 3_000;
const LONG = 'many.mbox';
/** A scenario of the series' first patch. */
const SCENARIO = /quill_fault \| quill_discard|quill_discard \| quill_fault/;

/** A series in the Testing view, by mouse and by keyboard alone: stopping its run, the way to the diff, the way to the stepper. */
export async function seriesWayCases(report: Report, bench: Workbench, { workspace }: CaseContext): Promise<void> {
	const { page } = bench;
	const view = new TestingView(bench);
	const ways = ['mouse', 'keyboard'] as const;

	const series = async (): Promise<void> => {
		await view.ask('A folder');
		await view.path('Folder of the series', `${workspace.folder}/series/`);
		await view.shown('series', [/0001-fix\.patch/, /0002-bug\.patch/, /introduces a failure/]);
		await bench.command('View: Close All Editors');
		await page.locator('.tab').first().waitFor({ state: 'detached' });
	};

	for (const way of ways) await report.check(`from a scenario of the series to its lines in the patch: by ${way}`, async () => {
		await series();
		await view.focusRow(SCENARIO);
		if (way === 'mouse') await view.menuOf(view.row(SCENARIO).first(), 'Go to Test');
		else await page.keyboard.press('Alt+Enter');
		await page.locator('.tab.active', { hasText: '0001-fix.patch' }).waitFor();
		// Into the diff, not to the mail's head.
		const line = await eventually('cursor', () => bench.cursorLine(), (at) => at > 20);
		const text = (await page.locator('.editor-instance .view-lines').first().textContent() ?? '').replaceAll('\u00a0', ' ');
		expectThat(/quill_fault|quill_discard/.test(text), () => `line ${line} shows ${text.slice(0, 200)}`);
	}, bench);

	for (const way of ways) await report.check(`from a scenario of the series to the stepper: by ${way}`, async () => {
		await series();
		await view.focusRow(SCENARIO);
		if (way === 'mouse') {
			await view.row(SCENARIO).first().hover();
			await view.row(SCENARIO).first().locator('[aria-label^="Step through"]').click();
		} else await view.menuOfFocused('Step through');
		await bench.stepper.locator('race-lanes .row').first().waitFor({ timeout: RUN_MS });
		const heads = await bench.stepper.locator('race-lanes .head').allTextContents();
		expectThat(heads.some((text) => /quill_fault/.test(text)) && heads.some((text) => /quill_discard/.test(text)), () => `lanes: ${heads.join(' / ')}`);
		await page.locator('.tab', { hasText: '0001-fix.patch' }).first().waitFor();
	}, bench);

	/** What the series itself says once it was stopped; -1: nothing yet. */
	const stoppedAfter = async (): Promise<number> => Number(/stopped after (\d+) patch/.exec((await view.rows()).find(({ text, level }) => level === 1 && text.includes(LONG))?.text ?? '')?.[1] ?? -1);

	for (const way of ways) await report.check(`a run that is stopped keeps what is done: by ${way}`, async () => {
		await view.ask('Files');
		await view.path('Patches of the series', `${workspace.folder}/${LONG}`);
		await view.shown(LONG, [/fixes/]);
		if (way === 'mouse') await page.locator('.part.sidebar [aria-label^="Cancel Test Run"]').first().click();
		else await bench.command('Test: Cancel Test Run');
		const count = await eventually('stopped', stoppedAfter, (patches) => patches >= 0);
		expectThat(count > 0 && count < MANY_PATCHES, () => `it was stopped after ${count} of ${MANY_PATCHES} patches`);
		await page.waitForTimeout(QUIET_MS);
		expectThat(await stoppedAfter() === count, () => 'it goes on after it was stopped');
		// What is done has its verdict still.
		await view.shown(LONG, [/fixes/]);
		await bench.picture(`series-stopped-${bench.host}`);
	}, bench);

	await report.check('from a patch of a long mailbox to the stepper', async () => {
		await bench.command('View: Close All Editors');
		await view.row(/do not map a page.*fixes/).first().hover();
		await view.row(/do not map a page.*fixes/).first().locator('[aria-label^="Step through"]').click();
		await bench.stepper.locator('race-lanes .row').first().waitFor({ timeout: RUN_MS });
		const heads = await bench.stepper.locator('race-lanes .head').allTextContents();
		expectThat(heads.some((text) => /quill_fault/.test(text)), () => `another patch's lanes: ${heads.join(' / ')}`);
	}, bench);
}

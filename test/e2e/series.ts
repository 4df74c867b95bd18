import type { Workbench } from '../../scripts/rig/workbench';
import { Key } from './keys';
import { eventually, expectThat, type Report } from './report';

/** *Check a patch series…* in the Testing view. */
export async function seriesCases(report: Report, bench: Workbench): Promise<void> {
	const { page } = bench;
	const rows = (): Promise<readonly string[]> => page.locator('.test-explorer .monaco-list-row').allTextContents();

	await report.check('a series from the active document runs in the Testing view: series, patch, scenario', async () => {
		await bench.openFile('quill.mbox');
		await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review/.test(text)));
		await bench.command('Race Review: Check a patch series…');
		await eventually('sources', () => page.locator('.quick-input-list .monaco-list-row').allTextContents(), (all) => all.some((text) => /active document/.test(text)));
		await page.keyboard.type('active');
		await page.keyboard.press(Key.enter);
		await page.locator('.test-explorer').waitFor();
		await eventually('series', rows, (texts) => texts.some((text) => /quill\.mbox/.test(text)));
		const shown = await eventually('patches', async () => {
			const all = await rows();
			if (all.length === 1) await page.locator('.test-explorer .monaco-list-row .monaco-tl-twistie').first().click();
			return all;
		}, (texts) => texts.some((text) => /do not map a page that was discarded/.test(text)) && texts.some((text) => /hold the device's lock/.test(text)));
		expectThat(shown.some((text) => /introduces a failure/.test(text)), () => `no outcome among ${shown.join(' / ')}`);
		await bench.picture('series');
	}, bench);
}

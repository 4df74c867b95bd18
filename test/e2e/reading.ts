import { Key } from './keys';
import type { Workbench } from '../../scripts/rig/workbench';
import { eventually, expectThat, type Report } from './report';

/** What a reader sees on opening a patch: lenses, marks, problems, hovers, outline, status bar. */
export async function readingCases(report: Report, bench: Workbench): Promise<void> {
	const { page } = bench;
	/** Where these cases begin. */
	const fix = async (): Promise<void> => {
		await bench.openFile('fix.patch');
		await eventually('lenses', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review: fixes/.test(text)));
		await bench.goToLine(50);
	};

	await report.check('the fix shows its verdict over the patch and over the changed function', async () => {
		await bench.openFile('fix.patch');
		const shown = await eventually('lenses', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review: fixes/.test(text)));
		expectThat(shown.some((text) => /before: [1-9]\d* of \d+ interleavings fail, after: 0 of/.test(text)), () => `no counts in ${shown.join(' / ')}`);
		await bench.goToLine(50);
		await eventually('function lens', () => bench.lensTexts(), (texts) => texts.some((text) => /quill_fault\(\): before ✗ {1,2}after ✓/.test(text)));
	}, bench);

	await report.check(`it runs in the ${bench.host} extension host`, async () => {
		await bench.command('Race Review: Show the log');
		await eventually('log', async () => (await page.locator('.output-view-content, .part.panel .view-lines').allTextContents()).join(' ').replaceAll('\u00a0', ' '), (text) => text.includes(`activated in the ${bench.host} host`));
		await bench.command('View: Toggle Panel Visibility');
		await bench.focusEditor();
	}, bench, fix);

	await report.check('lines are marked with a letter each', async () => {
		const letters = await eventually('annotations', () => bench.annotations(), (texts) => texts.some((text) => /^\s*[BL]\s/.test(text)));
		expectThat(letters.some((text) => /load-bearing/.test(text)), () => `no load-bearing line among ${letters.join(' / ')}`);
	}, bench, fix);

	await report.check('a hover tells the scenario, the step and what is assumed', async () => {
		await bench.hoverAnnotated();
		const text = await eventually('hover', async () => (await page.locator('.monaco-hover:visible').allTextContents()).join('\n'), (hover) => /Race review/.test(hover));
		expectThat(/quill_fault\(\)/.test(text), () => `the hover does not name the function: ${text}`);
		await page.keyboard.press(Key.escape);
	}, bench, fix);

	await report.check('Problems lists one entry per failure, as information', async () => {
		await bench.command('View: Focus Problems');
		await bench.command('Problems: Focus on Problems View').catch(() => undefined);
		const rows = await eventually('problems', () => page.locator('.markers-panel .monaco-list-row').allTextContents(), (texts) => texts.some((text) => /race-review/.test(text)));
		const failures = rows.filter((text) => /race-review\(?/.test(text) && /before the patch/.test(text));
		expectThat(failures.length > 0, () => `no failure among ${rows.join(' / ')}`);
		expectThat(rows.length < 30, () => `${rows.length} rows flood Problems`);
		await bench.picture(`problems-${bench.host}`);
		await bench.command('View: Toggle Panel Visibility');
	}, bench, fix);

	await report.check('the outline shows patch, function, scenario and failure', async () => {
		await bench.command('Focus on Review View');
		const rows = page.locator('[id="workbench.view.extension.kernelRaceReview"] .monaco-list-row');
		await eventually('outline', () => rows.allTextContents(), (texts) => texts.some((text) => /quill_fault\(\)/.test(text)));
		await rows.filter({ hasText: 'quill_fault()' }).first().click();
		await page.keyboard.press('ArrowRight');
		await eventually('scenarios', () => rows.allTextContents(), (texts) => texts.some((text) => /quill_\w+ \| quill_\w+|fixes/.test(text)));
		await bench.picture(`outline-${bench.host}`);
	}, bench, fix);

	await report.check('the status bar names the outcome', async () => {
		await eventually('status', async () => (await page.locator('.statusbar-item').allTextContents()).join(' '), (text) => /Race review: fixes/.test(text));
	}, bench, fix);

	await report.check('a patch that brings a race is an error, and the lens says so', async () => {
		await bench.openFile('bug.patch');
		await eventually('lenses', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review: introduces a failure/.test(text)));
	}, bench);

	await report.check('a mail as an archive shows it is reviewed on its own lines', async () => {
		await bench.openFile('archived.txt');
		await eventually('lenses', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review: fixes/.test(text)));
	}, bench);

	for (const [file, sentence] of [['empty.patch', /empty|no patch|no diff/i], ['prose.txt', /no patch|no diff/i], ['script.patch', /no C|no diff|no patch/i]] as const) {
		await report.check(`${file}: one clear sentence`, async () => {
			await bench.openFile(file);
			await bench.command('Race Review: Review this patch');
			await eventually('lens', () => bench.lensTexts(), (all) => all.some((text) => /^Race review: /.test(text)));
			const text = await bench.notification(sentence);
			expectThat(!/\bat \w+ \(|Error:/.test(text), () => `a stack trace: ${text}`);
		}, bench);
	}
}

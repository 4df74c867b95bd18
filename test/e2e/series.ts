import type { CaseContext } from './context';
import type { Workbench } from '../../scripts/rig/workbench';
import { Key } from './keys';
import { eventually, expectThat, type Report } from './report';

/** *Check a patch series…* in the Testing view. */
export async function seriesCases(report: Report, bench: Workbench, { workspace }: CaseContext): Promise<void> {
	const { page } = bench;
	const ask = async (from: string): Promise<void> => {
		await bench.command('Race Review: Check a patch series…');
		await eventually('sources', () => page.locator('.quick-input-list .monaco-list-row').allTextContents(), (all) => all.some((text) => text.includes(from)));
		await page.keyboard.type(from);
		await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: from }).waitFor();
		await page.keyboard.press(Key.enter);
	};
	/** The editor's own dialog for files and folders: a path, and Enter. */
	const path = async (title: string, wanted: string): Promise<void> => {
		const box = page.locator('.quick-input-widget', { hasText: title });
		await box.waitFor();
		const input = box.locator('input').first();
		// The dialog puts a path of its own there first.
		await eventually('a path', () => input.inputValue(), (value) => value.length > 0);
		await page.waitForTimeout(500);
		await input.fill(wanted);
		await eventually('path', () => input.inputValue(), (value) => value === wanted);
		await page.keyboard.press(Key.enter);
		const accept = box.locator('.monaco-button', { hasText: 'Check' });
		await page.waitForTimeout(1_000);
		if (await accept.isVisible()) await accept.click();
	};
	const shown = async (name: string, patches: readonly RegExp[]): Promise<void> => {
		await eventually('series', rows, (texts) => texts.some((text) => text.includes(name)), 60_000);
		await page.locator('.test-explorer .monaco-list-row', { hasText: name }).first().click();
		await page.keyboard.press('Control+Shift+ArrowRight').catch(() => undefined);
		await eventually('patches', async () => {
			await page.locator('.test-explorer .monaco-list-row .monaco-tl-twistie.collapsed').first().click({ timeout: 1_000 }).catch(() => undefined);
			return rows();
		}, (texts) => patches.every((patch) => texts.some((text) => patch.test(text))), 60_000);
	};
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
		const listed = await eventually('patches', async () => {
			const all = await rows();
			if (all.length === 1) await page.locator('.test-explorer .monaco-list-row .monaco-tl-twistie').first().click();
			return all;
		}, (texts) => texts.some((text) => /do not map a page that was discarded/.test(text)) && texts.some((text) => /hold the device's lock/.test(text)));
		expectThat(listed.some((text) => /introduces a failure/.test(text)), () => `no outcome among ${listed.join(' / ')}`);
		await bench.picture('series');
	}, bench);

	await report.check('a series from a folder: its patches in the order of their names', async () => {
		await ask('A folder');
		await path('Folder of the series', `${workspace.folder}/series/`);
		await shown('series', [/0001-fix\.patch/, /0002-bug\.patch/, /introduces a failure/]);
	}, bench);

	await report.check('a series from files', async () => {
		await ask('Files');
		await path('Patches of the series', `${workspace.folder}/series/0002-bug.patch`);
		await shown('0002-bug.patch', [/introduces a failure/]);
	}, bench);

	await report.check('a series from a git range', async () => {
		await ask('A git range');
		await page.locator('.quick-input-widget', { hasText: 'Git range of the series' }).waitFor();
		await page.keyboard.type('HEAD~1..HEAD');
		await page.keyboard.press(Key.enter);
		await shown('HEAD~1..HEAD', [/hold the device's lock/, /introduces a failure/]);
	}, bench);
}

import type { Locator } from 'playwright-core';
import type { CaseContext } from './context';
import type { Workbench } from '../../scripts/rig/workbench';
import { Key } from './keys';
import { eventually, type Report } from './report';

/** A row's text is its label, what is said of the series, and the time its run took. */
const isCalled = (text: string, name: string): boolean => text.trim().startsWith(name) && /^\s*(?:\d|no failure|$)/.test(text.trim().slice(name.length));

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
	/** Each row of the Testing view with how deep it lies. */
	const rows = (): Promise<readonly { readonly text: string; readonly level: number }[]> => page.locator('.test-explorer .monaco-list-row').evaluateAll((all) => all
		.map((row) => ({ text: row.textContent ?? '', level: Number(row.getAttribute('aria-level')), at: row.getBoundingClientRect().top }))
		.sort((a, b) => a.at - b.at));
	/** What lies under the series of that name: another one's rows say nothing of it. */
	const under = async (name: string): Promise<readonly string[]> => {
		const all = await rows();
		const head = all.findIndex(({ text, level }) => level === 1 && isCalled(text, name));
		if (head < 0) return [];
		const next = all.findIndex(({ level }, at) => at > head && level === 1);
		return all.slice(head, next < 0 ? undefined : next).map(({ text }) => text);
	};
	/** Opens the series, and what lies in it, until the patches are there. */
	const shown = async (name: string, patches: readonly RegExp[]): Promise<readonly string[]> => {
		await page.locator('.test-explorer').waitFor();
		await eventually('series', () => under(name), (texts) => texts.length > 0, 60_000);
		return eventually('patches', async () => {
			// The list shows what fits: other series are folded.
			for (const row of await page.locator('.test-explorer .monaco-list-row[aria-level="1"]').all()) {
				const text = await row.textContent({ timeout: 1_000 }).catch(() => null);
				const open = await row.getAttribute('aria-expanded', { timeout: 1_000 }).catch(() => null);
				if (text !== null && open !== null && (open === 'true') !== isCalled(text, name)) await row.locator('.monaco-tl-twistie').click({ timeout: 1_000 }).catch(() => undefined);
			}
			await page.locator('.test-explorer .monaco-list-row[aria-level="2"] .monaco-tl-twistie.collapsed').first().click({ timeout: 1_000 }).catch(() => undefined);
			return under(name);
		}, (texts) => patches.every((patch) => texts.some((text) => patch.test(text))), 60_000);
	};

	await report.check('a series from the active document runs in the Testing view: series, patch, scenario', async () => {
		await bench.openFile('quill.mbox');
		await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review/.test(text)));
		await bench.command('Race Review: Check a patch series…');
		await eventually('sources', () => page.locator('.quick-input-list .monaco-list-row').allTextContents(), (all) => all.some((text) => /active document/.test(text)));
		await page.keyboard.type('active');
		await page.keyboard.press(Key.enter);
		await shown('quill.mbox', [/do not map a page that was discarded/, /hold the device's lock/, /introduces a failure/]);
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
		await shown('series/0002-bug.patch', [/introduces a failure/]);
	}, bench);

	/** Opens the second patch's own rows where they are folded. */
	const unfold = async (): Promise<readonly string[]> => {
		await page.locator('.test-explorer .monaco-list-row[aria-level="2"]', { hasText: '0002-back.patch' }).locator('.monaco-tl-twistie.collapsed').click({ timeout: 1_000 }).catch(() => undefined);
		return under('mended');
	};
	await report.check('what a later patch of the series does with a failure is told with it', async () => {
		await ask('A folder');
		await path('Folder of the series', `${workspace.folder}/mended/`);
		await shown('mended', [/0001-bug\.patch/, /introduces a failure; fixed by 2\/2/]);
		await eventually('brought by', unfold, (texts) => texts.some((text) => /fixes; brought by 1\/2/.test(text)));
		await eventually('at its end', async () => (await rows()).map(({ text }) => text), (texts) => texts.some((text) => /mended.*no failure left at its end/.test(text)));
		await bench.picture(`series-fates-${bench.host}`);
	}, bench);

	const row = (text: string): Locator => page.locator('.test-explorer .monaco-list-row', { hasText: text });
	await report.check('from a patch of the series to the stepper, though the patch is in no editor', async () => {
		await bench.command('View: Close All Editors');
		await page.locator('.tab').first().waitFor({ state: 'detached' });
		await row('hold the lock for the lookup only').first().hover();
		await row('hold the lock for the lookup only').first().locator('[aria-label^="Step through"]').click();
		await bench.stepper.locator('race-lanes .row').first().waitFor({ timeout: 60_000 });
		await bench.command('View: Close All Editors');
	}, bench);

	await report.check('one patch is run again, alone', async () => {
		const back = row('0002-back.patch').first();
		await unfold();
		await back.hover();
		await back.locator('[aria-label^="Run Test"], [aria-label^="Review"]').first().click();
		await eventually('again', unfold, (texts) => texts.some((text) => /take the reference under.*fixes/.test(text)), 60_000);
	}, bench);

	if (bench.host === 'web') {
		await report.check('a series from a git range: one clear sentence where git cannot be run', async () => {
			await ask('A git range');
			await bench.notification(/^A git range needs git, which cannot be run in a browser/);
		}, bench);
		return;
	}

	await report.check('a series from a git range', async () => {
		await ask('A git range');
		await page.locator('.quick-input-widget', { hasText: 'Git range of the series' }).waitFor();
		await page.keyboard.type('HEAD~1..HEAD');
		await page.keyboard.press(Key.enter);
		await shown('HEAD~1..HEAD', [/hold the device's lock/, /introduces a failure/]);
	}, bench);
}

import type { CaseContext } from './context';
import type { Workbench } from '../../scripts/rig/workbench';
import { Key } from './keys';
import { eventually, expectThat, type Report } from './report';
import { TestingView } from './testing-view';

/** *Check a patch series…* in the Testing view. */
export async function seriesCases(report: Report, bench: Workbench, { workspace }: CaseContext): Promise<void> {
	const { page } = bench;
	const view = new TestingView(bench);

	await report.check('a series from the active document runs in the Testing view: series, patch, scenario', async () => {
		await bench.openFile('quill.mbox');
		await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review/.test(text)));
		await bench.command('Race Review: Check a patch series…');
		await eventually('sources', () => page.locator('.quick-input-list .monaco-list-row').allTextContents(), (all) => all.some((text) => /active document/.test(text)));
		await page.keyboard.type('active');
		await page.keyboard.press(Key.enter);
		await view.shown('quill.mbox', [/do not map a page that was discarded/, /hold the device's lock/, /introduces a failure/]);
		await bench.picture('series');
	}, bench);

	await report.check('a series from a folder: its patches in the order of their names', async () => {
		await view.ask('A folder');
		await view.path('Folder of the series', `${workspace.folder}/series/`);
		await view.shown('series', [/0001-fix\.patch/, /0002-bug\.patch/, /introduces a failure/]);
	}, bench);

	await report.check('a series from a maildir: its mails in the order they came', async () => {
		await view.ask('A folder');
		await view.path('Folder of the series', `${workspace.folder}/mail/`);
		const texts = await view.shown('mail', [/mail\/cur\/9\.fix/, /mail\/cur\/10\.bug/, /introduces a failure/]);
		const [first, second] = [/9\.fix/, /10\.bug/].map((name) => texts.findIndex((text) => name.test(text)));
		expectThat(first! < second!, () => texts.join(' / '));
	}, bench);

	await report.check('a series from files', async () => {
		await view.ask('Files');
		await view.path('Patches of the series', `${workspace.folder}/series/0002-bug.patch`);
		await view.shown('series/0002-bug.patch', [/introduces a failure/]);
	}, bench);

	/** Opens the second patch's own rows where they are folded. */
	const unfold = async (): Promise<readonly string[]> => {
		await page.locator('.test-explorer .monaco-list-row[aria-level="2"]', { hasText: '0002-back.patch' }).locator('.monaco-tl-twistie.collapsed').click({ timeout: 1_000 }).catch(() => undefined);
		return view.under('mended');
	};
	await report.check('what a later patch of the series does with a failure is told with it', async () => {
		await view.ask('A folder');
		await view.path('Folder of the series', `${workspace.folder}/mended/`);
		await view.shown('mended', [/0001-bug\.patch/, /introduces a failure; fixed by 2\/2/]);
		await eventually('brought by', unfold, (texts) => texts.some((text) => /fixes; brought by 1\/2/.test(text)));
		await eventually('at its end', async () => (await view.rows()).map(({ text }) => text), (texts) => texts.some((text) => /mended.*no failure left at its end/.test(text)));
		await bench.picture(`series-fates-${bench.host}`);
	}, bench);

	await report.check('from a patch of the series to the stepper, though the patch is in no editor', async () => {
		await bench.command('View: Close All Editors');
		await page.locator('.tab').first().waitFor({ state: 'detached' });
		await view.row('hold the lock for the lookup only').first().hover();
		await view.row('hold the lock for the lookup only').first().locator('[aria-label^="Step through"]').click();
		await bench.stepper.locator('race-lanes .row').first().waitFor({ timeout: 60_000 });
		await bench.command('View: Close All Editors');
	}, bench);

	await report.check('one patch is run again, alone', async () => {
		const back = view.row('0002-back.patch').first();
		await unfold();
		await back.hover();
		await back.locator('[aria-label^="Run Test"], [aria-label^="Review"]').first().click();
		await eventually('again', unfold, (texts) => texts.some((text) => /take the reference under.*fixes/.test(text)), 60_000);
	}, bench);

	if (bench.host === 'web') {
		await report.check('a series from a git range: one clear sentence where git cannot be run', async () => {
			await view.ask('A git range');
			await bench.notification(/^A git range needs git, which cannot be run in a browser/);
		}, bench);
		return;
	}

	await report.check('a series from a git range', async () => {
		await view.ask('A git range');
		await page.locator('.quick-input-widget', { hasText: 'Git range of the series' }).waitFor();
		await page.keyboard.type('HEAD~1..HEAD');
		await page.keyboard.press(Key.enter);
		await view.shown('HEAD~1..HEAD', [/hold the device's lock/, /introduces a failure/]);
	}, bench);
}

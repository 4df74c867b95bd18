import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workbench } from '../../scripts/rig/workbench';
import type { CaseContext } from './context';
import { Key } from './keys';
import { eventually, expectThat, type Report } from './report';

const COLUMNS = 78;

/** Every command, with the mouse where it has a place to click, and with the keyboard alone. */
export async function commandCases(report: Report, bench: Workbench, context: CaseContext): Promise<void> {
	const { page, stepper } = bench;
	const copied = (what: string, holds: (text: string) => boolean): Promise<string> => eventually(what, () => bench.clipboard(), holds);
	const isTable = (text: string): boolean => /CPU0\s+CPU1/.test(text);
	const forget = (): Promise<void> => page.evaluate(() => navigator.clipboard.writeText('nothing yet'));
	const ready = async (): Promise<void> => {
		await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Step through/.test(text)));
	};
	/** A chord of the extension's own: Ctrl+Alt+R, then the letter. */
	const chord = async (letter: string): Promise<void> => {
		await page.keyboard.press('Control+Alt+r');
		await page.keyboard.press(letter);
	};
	const quickPick = (): Promise<readonly string[]> => page.locator('.quick-input-list .monaco-list-row:visible').allTextContents();

	await report.check('copy as CPU table, from the lens: at most 78 columns', async () => {
		await bench.openFile('fix.patch');
		await ready();
		await forget();
		await bench.lens('Copy CPU table').first().click();
		const table = await copied('table', isTable);
		const wide = table.split('\n').find((line) => line.length > COLUMNS);
		expectThat(wide === undefined, () => `wider than ${COLUMNS}: ${wide}`);
	}, bench);

	await report.check('copy as CPU table, by keyboard', async () => {
		await forget();
		await bench.focusEditor();
		await chord('c');
		await copied('table', isTable);
	}, bench);

	await report.check('copy as review reply, from the lens and by keyboard', async () => {
		await forget();
		await bench.goToLine(1);
		await bench.lens('Reply').first().click();
		await copied('reply', (text) => /^> /m.test(text));
		await forget();
		await chord('m');
		await copied('reply', (text) => /^> /m.test(text));
	}, bench);

	await report.check('simulate, from the function\'s lens, opens at the failure', async () => {
		await bench.goToLine(50);
		await bench.lens('Simulate').first().click();
		await stepper.locator('race-lanes .row').first().waitFor();
		await eventually('at the failure', () => stepper.locator('race-lanes .row.breaks.current').count(), (found) => found === 1);
		await bench.closeStepper();
	}, bench);

	await report.check('step through, by keyboard', async () => {
		await bench.focusEditor();
		await chord('s');
		await stepper.locator('race-lanes .row').first().waitFor();
		await bench.closeStepper();
	}, bench);

	await report.check('replay the failing schedule after the patch, by palette: who blocks it', async () => {
		await bench.focusEditor();
		await bench.command('Race Review: Replay the failing schedule after the patch');
		await stepper.locator('race-lanes .row').first().waitFor();
		const message = await eventually('message', async () => (await stepper.locator('.message').allTextContents()).join(' '), (text) => /replayed after the patch/.test(text));
		expectThat(/cannot|until|can be taken|goes on|holds|waits/i.test(message), () => `no blocking point in: ${message}`);
		await bench.closeStepper();
	}, bench);

	await report.check('simulate with…: functions to choose from, and the scenario made of them', async () => {
		await bench.focusEditor();
		await bench.goToLine(50);
		await chord('w');
		await eventually('functions', quickPick, (rows) => rows.some((row) => /quill_fault\(\)/.test(row)) && rows.some((row) => /quill_discard\(\)/.test(row)));
		await page.keyboard.type('quill_fault');
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Space');
		await page.keyboard.press('Control+A');
		await page.keyboard.type('quill_discard');
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Space');
		await page.keyboard.press(Key.enter);
		await stepper.locator('race-lanes .row').first().waitFor();
		await bench.closeStepper();
	}, bench);

	await report.check('why is this assumed?, by keyboard', async () => {
		await bench.focusEditor();
		await chord('a');
		await eventually('assumptions', quickPick, (rows) => rows.length > 0);
		await page.keyboard.press(Key.escape);
	}, bench);

	for (const [label, holds] of [['Markdown', /# Kernel Race Review/], ['SARIF', /sarif/i]] as const) {
		await report.check(`export as ${label}`, async () => {
			await bench.openFile('fix.patch');
			await bench.command('Race Review: Export…');
			await eventually('formats', quickPick, (rows) => rows.some((row) => row.includes(label)));
			await page.keyboard.type(label);
			await page.keyboard.press(Key.enter);
			await eventually('exported', async () => (await page.locator('.editor-instance .view-lines').last().textContent() ?? '').replaceAll('\u00a0', ' '), (text) => holds.test(text));
			await bench.command('View: Revert and Close Editor');
		}, bench);
	}

	await report.check('go to the next failure', async () => {
		await bench.openFile('fix.patch');
		await bench.goToLine(1);
		await chord('n');
		await eventually('cursor', () => bench.cursorLine(), (line) => line > 1);
	}, bench);

	await report.check('choose the next step yourself, with undo', async () => {
		await bench.focusEditor();
		await chord('u');
		const choices = stepper.locator('.choice vscode-button:not([secondary])');
		await choices.first().waitFor();
		await choices.first().click();
		await eventually('a step', () => stepper.locator('race-lanes .row').count(), (rows) => rows === 1);
		await choices.first().click();
		await eventually('two steps', () => stepper.locator('race-lanes .row').count(), (rows) => rows === 2);
		await stepper.getByRole('button', { name: 'Undo' }).click();
		await eventually('one step less', () => stepper.locator('race-lanes .row').count(), (rows) => rows === 1);
		await bench.closeStepper();
	}, bench);

	await report.check('mark as not a bug…: the reason is kept, and the review heeds it', async () => {
		await bench.openFile('bug.patch');
		await ready();
		await bench.focusEditor();
		await bench.goToLine(1);
		await bench.command('Race Review: Mark as not a bug…');
		await page.locator('.quick-input-widget input').waitFor();
		await page.keyboard.type('sessions are never freed in this test');
		await page.keyboard.press(Key.enter);
		const file = join(context.workspace.folder, '.race-review', 'suppressions');
		await eventually('file', async () => (existsSync(file) ? readFileSync(file, 'utf8') : ''), (text) => /sessions are never freed in this test/.test(text));
	}, bench);
}

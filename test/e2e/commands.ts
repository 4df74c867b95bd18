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
		await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Step through|Simulate/.test(text)));
		// The title's button comes with the same context key that puts the commands into the palette.
		await page.locator('.editor-actions [aria-label^="Step through"]').first().waitFor();
	};
	/** A chord of the extension's own: Ctrl+Alt+R, then the letter. */
	const chord = async (letter: string): Promise<void> => {
		await page.keyboard.press('Control+Alt+r');
		await page.keyboard.press(letter);
	};
	/** Each case begins from an open, reviewed patch and nothing else, so that one that fails takes no other with it. */
	const fresh = async (file: string): Promise<void> => {
		await bench.reset();
		await bench.openFile(file);
		await ready();
	};
	const check = (name: string, file: string, act: () => Promise<void>): Promise<boolean> => report.check(name, async () => {
		await fresh(file);
		await act();
	}, bench);
	const quickPick = (): Promise<readonly string[]> => page.locator('.quick-input-list .monaco-list-row:visible').allTextContents();

	await check('copy as CPU table, from the lens: at most 78 columns', 'fix.patch', async () => {
		await forget();
		await bench.goToLine(1);
		await bench.clickLens('Copy CPU table');
		const table = await copied('table', isTable);
		const wide = table.split('\n').find((line) => line.length > COLUMNS);
		expectThat(wide === undefined, () => `wider than ${COLUMNS}: ${wide}`);
	});

	await check('copy as CPU table, by keyboard', 'fix.patch', async () => {
		await forget();
		await bench.focusEditor();
		await chord('c');
		await copied('table', isTable);
	});

	await check('copy as review reply, from the lens and by keyboard', 'fix.patch', async () => {
		await forget();
		await bench.goToLine(1);
		await bench.clickLens('Reply');
		await copied('reply', (text) => /^> /m.test(text));
		await forget();
		await chord('m');
		await copied('reply', (text) => /^> /m.test(text));
	});

	await check('simulate, from the function\'s lens, opens at the failure', 'fix.patch', async () => {
		await bench.goToLine(50);
		await bench.clickLens('Simulate');
		await stepper.locator('race-lanes .row').first().waitFor();
		await eventually('at the failure', () => stepper.locator('race-lanes .row.breaks.current').count(), (found) => found === 1);
	});

	await check('step through, by keyboard', 'fix.patch', async () => {
		await bench.focusEditor();
		await chord('s');
		await stepper.locator('race-lanes .row').first().waitFor();
	});

	await check('replay the failing schedule after the patch, by palette: who blocks it', 'fix.patch', async () => {
		await bench.focusEditor();
		await bench.command('Race Review: Replay the failing schedule after the patch');
		await stepper.locator('race-lanes .row').first().waitFor();
		const message = await eventually('message', async () => (await stepper.locator('.message').allTextContents()).join(' '), (text) => /replayed after the patch/.test(text));
		expectThat(/cannot|until|can be taken|goes on|holds|waits/i.test(message), () => `no blocking point in: ${message}`);
	});

	await check('simulate with…: functions to choose from, and the scenario made of them', 'fix.patch', async () => {
		await bench.focusEditor();
		await bench.goToLine(50);
		await chord('w');
		await eventually('functions', quickPick, (rows) => rows.some((row) => /quill_fault\(\)/.test(row)) && rows.some((row) => /quill_discard\(\)/.test(row)));
		// The two that meet in the scenario at the cursor are picked already.
		await page.keyboard.press(Key.enter);
		await stepper.locator('race-lanes .row').first().waitFor();
	});

	await check('why is this assumed?, by keyboard', 'fix.patch', async () => {
		await bench.focusEditor();
		await chord('a');
		await eventually('assumptions', quickPick, (rows) => rows.length > 0);
		await page.keyboard.press(Key.escape);
	});

	for (const [label, holds] of [['Markdown', /# Kernel Race Review/], ['SARIF', /sarif/i], ['Promela', /proctype|inline|active|init/]] as const) {
		await check(`export as ${label}`, 'fix.patch', async () => {
			await bench.command('Race Review: Export…');
			await bench.answer(/Export the review/, label);
			await eventually('exported', async () => (await page.locator('.editor-instance .view-lines').last().textContent() ?? '').replaceAll('\u00a0', ' '), (text) => holds.test(text));
		});
	}

	await check('go to the next failure', 'fix.patch', async () => {
		await bench.goToLine(1);
		await chord('n');
		await eventually('cursor', () => bench.cursorLine(), (line) => line > 1);
	});

	await check('choose the next step yourself, with undo', 'fix.patch', async () => {
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
	});

	await check('mark as not a bug…: the reason is kept, and the review heeds it', 'bug.patch', async () => {
		await bench.focusEditor();
		await bench.goToLine(1);
		await bench.command('Race Review: Mark as not a bug…');
		await bench.answer(/Why is this no bug/, 'sessions are never freed in this test');
		const file = join(context.workspace.folder, '.race-review', 'suppressions');
		await eventually('file', async () => (existsSync(file) ? readFileSync(file, 'utf8') : ''), (text) => /sessions are never freed in this test/.test(text));
	});
}

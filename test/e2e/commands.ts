import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Workbench } from '../../scripts/rig/workbench';
import type { CaseContext } from './context';
import { Key } from './keys';
import { eventually, expectEqual, expectThat, type Report } from './report';

const COLUMNS = 78;
const LONG_MS = 60_000;

/** With the mouse: the editor's own menu and clicks. With the keyboard: the command's chord, or the palette. */
type Way = 'mouse' | 'keyboard';

interface Walk {
	/** As palette and menu show it. */
	readonly title: string;
	/** The letter behind Ctrl+Alt+R; null: from the palette. */
	readonly chord: string | null;
	/** What is open; null: nothing. */
	readonly file: string | null;
	readonly line?: number;
	/** Instead of waiting for the verdict. */
	readonly before?: () => Promise<void>;
	/** Instead of the menu, where there is a better place to click. */
	readonly click?: () => Promise<void>;
	readonly holds: (way: Way) => Promise<void>;
	/** Afterwards, whether it held or not. */
	readonly after?: () => Promise<void>;
}

/** Every command, with the mouse and again with the keyboard alone. Each case begins from one open document, so that one that fails takes no other with it. */
export async function commandCases(report: Report, bench: Workbench, context: CaseContext): Promise<void> {
	const { page, stepper } = bench;
	const copied = (what: string, holds: (text: string) => boolean): Promise<string> => eventually(what, () => bench.clipboard(), holds);
	const isTable = (text: string): boolean => /CPU0\s+CPU1/.test(text);
	const firstRow = (): Promise<void> => stepper.locator('race-lanes .row').first().waitFor();
	const quickPick = (): Promise<readonly string[]> => page.locator('.quick-input-list .monaco-list-row:visible').allTextContents();
	const shown = async (): Promise<string> => (await page.locator('.editor-instance .view-lines').last().textContent() ?? '').replaceAll('\u00a0', ' ');
	const choose = async (way: Way, text: string): Promise<void> => {
		if (way === 'keyboard') {
			await page.keyboard.type(text);
			await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: text }).waitFor();
			await page.keyboard.press(Key.enter);
		} else await page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click();
	};
	const ready = async (): Promise<void> => {
		await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Step through|Simulate/.test(text)), LONG_MS);
		// The title's button comes with the same context key that puts the commands into palette and menu.
		await page.locator('.editor-actions [aria-label^="Step through"]').first().waitFor();
	};
	// In the status bar: the lens of a patch in work may be below what is on the screen.
	const reviewing = (): Promise<unknown> => eventually('in work', () => page.locator('.statusbar-item').allTextContents(), (texts) => texts.some((text) => /Race review(?: \d+\/\d+)?$/.test(text.trim())), LONG_MS);

	const suppressions = join(context.workspace.folder, '.race-review', 'suppressions');
	/** The patch brings a failure again: nothing is marked. */
	const unmarked = async (): Promise<void> => {
		await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /introduces a failure/.test(text)), LONG_MS);
		await ready();
	};
	const suggested = async (): Promise<void> => {
		await unmarked();
		await eventually('suggestion', () => bench.lensTexts(), (texts) => texts.some((text) => /Would end it: /.test(text)), LONG_MS);
	};
	/** What was marked is forgotten, and the editor has noticed. */
	const forget = async (): Promise<void> => {
		rmSync(dirname(suppressions), { recursive: true, force: true });
		await bench.reset();
		await bench.openFile('bug.patch');
		await unmarked();
	};

	const walks: readonly Walk[] = [
		{
			title: 'Review this patch', chord: 'r', file: 'prose.txt', before: async () => undefined,
			holds: async () => { await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /^Race review: /.test(text))); },
		},
		{
			title: 'Cancel the review', chord: null, file: 'many.mbox', before: async () => { await reviewing(); },
			holds: async () => { await eventually('cancelled', () => bench.lensTexts(), (texts) => texts.some((text) => /cancelled; review again/.test(text))); },
		},
		{ title: 'Step through', chord: 's', file: 'fix.patch', click: () => page.locator('.editor-actions [aria-label^="Step through"]').first().click(), holds: firstRow },
		{
			title: 'Simulate', chord: 'f', file: 'fix.patch', line: 50,
			holds: async () => {
				await firstRow();
				await eventually('at the failure', () => stepper.locator('race-lanes .row.breaks.current').count(), (found) => found === 1);
			},
		},
		{
			title: 'Simulate with…', chord: 'w', file: 'fix.patch', line: 50,
			holds: async (way) => {
				await eventually('functions', quickPick, (rows) => rows.some((row) => /quill_fault\(\)/.test(row)) && rows.some((row) => /quill_discard\(\)/.test(row)));
				// The two that meet in the scenario at the cursor are picked already.
				if (way === 'keyboard') await page.keyboard.press(Key.enter);
				else await page.locator('.quick-input-action .monaco-button, .quick-input-header .monaco-button', { hasText: 'OK' }).first().click();
				await firstRow();
			},
		},
		{
			title: 'Replay the failing schedule after the patch', chord: 'p', file: 'fix.patch',
			holds: async () => {
				await firstRow();
				const message = await eventually('message', async () => (await stepper.locator('.message').allTextContents()).join(' '), (text) => /replayed after the patch/.test(text));
				expectThat(/cannot|until|can be taken|goes on|holds|waits/i.test(message), () => `no blocking point in: ${message}`);
			},
		},
		{
			title: 'Choose the next step yourself', chord: 'u', file: 'fix.patch',
			holds: async (way) => {
				const choices = stepper.locator('.choice vscode-button:not([secondary])');
				const rows = (): Promise<number> => stepper.locator('race-lanes .row').count();
				const take = async (): Promise<void> => {
					await choices.first().waitFor();
					if (way === 'mouse') await choices.first().click();
					else {
						await choices.first().focus();
						await page.keyboard.press(Key.enter);
					}
				};
				await take();
				await eventually('a step', rows, (count) => count === 1);
				await take();
				await eventually('two steps', rows, (count) => count === 2);
				if (way === 'mouse') await stepper.getByRole('button', { name: 'Undo' }).click();
				else await page.keyboard.press('u');
				await eventually('one step less', rows, (count) => count === 1);
			},
		},
		{
			title: 'Copy as CPU table', chord: 'c', file: 'fix.patch',
			holds: async () => {
				const wide = (await copied('table', isTable)).split('\n').find((line) => line.length > COLUMNS);
				expectThat(wide === undefined, () => `wider than ${COLUMNS}: ${wide}`);
			},
		},
		{ title: 'Copy as review reply', chord: 'm', file: 'fix.patch', holds: async () => { await copied('reply', (text) => /^> /m.test(text)); } },
		{
			title: 'Export…', chord: 'e', file: 'fix.patch',
			holds: async (way) => {
				await eventually('formats', quickPick, (rows) => rows.some((row) => /Markdown/.test(row)));
				await choose(way, 'Markdown');
				await eventually('exported', shown, (text) => /# Kernel Race Review/.test(text));
			},
		},
		{
			title: 'Why is this assumed?', chord: 'a', file: 'fix.patch',
			holds: async () => {
				await eventually('assumptions', quickPick, (rows) => rows.length > 0);
				await page.keyboard.press(Key.escape);
			},
		},
		{
			title: 'Mark as not a bug…', chord: 'x', file: 'bug.patch', before: unmarked, after: forget,
			holds: async (way) => {
				const reason = `sessions are never freed in this test, says the ${way} in the ${bench.host} host`;
				await bench.answer(/Why is this no bug/, reason);
				await eventually('file', async () => (existsSync(suppressions) ? readFileSync(suppressions, 'utf8') : ''), (text) => text.includes(reason));
				// What was marked is told as that: over the patch, and in the outline.
				await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review: /.test(text)) && !texts.some((text) => /introduces a failure/.test(text)));
				await bench.command('Focus on Review View');
				const rows = page.locator('[id="workbench.view.extension.kernelRaceReview"] .monaco-list-row');
				await rows.filter({ hasText: 'quill_session_get()' }).first().click();
				await page.keyboard.press('ArrowRight');
				await eventually('outline', () => rows.allTextContents(), (texts) => texts.some((text) => text.includes(reason)));
				await bench.command('View: Show Explorer');
			},
		},
		{ title: 'Open the other image', chord: 'o', file: 'fix.patch', line: 50, holds: () => page.locator('.tab.active', { hasText: 'quill.c' }).waitFor() },
		{
			title: 'Check a patch series…', chord: 't', file: 'bug.patch',
			holds: async (way) => {
				await eventually('sources', quickPick, (rows) => rows.some((row) => /active document/.test(row)));
				await choose(way, 'The active document');
				await eventually('series', () => page.locator('.test-explorer .monaco-list-row').allTextContents(), (texts) => texts.some((text) => /bug\.patch/.test(text)));
				await bench.command('View: Show Explorer');
			},
		},
		{
			title: 'Go to the next failure', chord: 'n', file: 'fix.patch', line: 1,
			// Into the diff: the menu's own click has put the cursor near the mail's head.
			holds: async () => { await eventually('cursor', () => bench.cursorLine(), (line) => line > 40); },
		},
		{
			title: 'Show what would end it', chord: 'l', file: 'bug.patch', before: suggested,
			holds: async () => {
				await page.locator('.tab.active', { hasText: 'What would end it' }).waitFor();
				await eventually('the lines', shown, (text) => /would end it: /.test(text) && /\+\t| {2,}/.test(text) && /found by search/.test(text));
			},
		},
		{
			title: 'Insert what would end it', chord: 'i', file: 'bug.patch', before: suggested,
			holds: async () => { await bench.notification(/^A mail or a diff is left as it was sent/); },
		},
		{ title: 'Open the sample series', chord: null, file: 'fix.patch', holds: () => page.locator('.tab.active', { hasText: 'quill.mbox' }).waitFor() },
		{
			title: 'Show the log', chord: null, file: 'fix.patch',
			holds: async () => {
				await eventually('log', async () => (await page.locator('.part.panel .view-lines').allTextContents()).join(' ').replaceAll('\u00a0', ' '), (text) => /\[info\] \S+\.patch: /.test(text));
				await bench.command('View: Toggle Panel Visibility');
			},
		},
	];

	await report.check('every command that is contributed is walked', async () => {
		const manifest = JSON.parse(readFileSync(join(context.extension, 'package.json'), 'utf8')) as { contributes: { commands: readonly { title: string }[] } };
		const words = JSON.parse(readFileSync(join(context.extension, 'package.nls.json'), 'utf8')) as Readonly<Record<string, string>>;
		const titles = manifest.contributes.commands.map(({ title }) => words[title.replaceAll('%', '')] ?? title);
		expectEqual(walks.map(({ title }) => title).sort().join(', '), titles.sort().join(', '), 'commands');
	});

	for (const { title, chord, file, line, before, click, holds, after } of walks) for (const way of ['mouse', 'keyboard'] as const) {
		await report.check(`${title}: by ${way}`, async () => {
			await bench.reset();
			await page.evaluate(() => navigator.clipboard.writeText('nothing yet'));
			try {
				if (file) await bench.openFile(file);
				await (before ?? ready)();
				if (line) await bench.goToLine(line);
				if (way === 'mouse') await (click ?? (() => bench.menu(title)))();
				else if (chord) await bench.chord(chord);
				else await bench.command(`Race Review: ${title}`);
				await holds(way);
				// A key that no command took has been typed into the patch.
				const typed = await page.locator('.tab.dirty').allTextContents();
				expectThat(!typed.some((name) => file !== null && name.includes(file)), () => `${typed.join(', ')} was changed`);
			} finally {
				await after?.();
			}
		}, bench);
	}

	const formats = [['SARIF', 'fix.patch', /sarif/i], ['Promela', 'fix.patch', /proctype|inline|active|init/], ['Litmus', 'nib.patch', /^C nib[\s\S]*exists/]] as const;
	for (const [label, file, holds] of formats) {
		await report.check(`export as ${label}`, async () => {
			await bench.reset();
			await bench.openFile(file);
			await ready();
			await bench.chord('e');
			await bench.answer(/Export the review/, label);
			await eventually('exported', shown, (text) => holds.test(text));
		}, bench);
	}

	await report.check('a key that is pressed while the review runs is told where it has to wait, and done with the verdict', async () => {
		await bench.reset();
		await bench.openFile('many.mbox');
		await reviewing();
		await bench.chord('s');
		const row = stepper.locator('race-lanes .row').first().waitFor({ timeout: LONG_MS });
		// On a slow page the first verdict may be there before the key is: then nothing has to be told.
		const told = eventually('told', () => page.locator('.statusbar-item').allTextContents(), (texts) => texts.some((text) => /what you asked for follows with the verdict/.test(text)), LONG_MS);
		await Promise.any([told, row]);
		await row;
	}, bench);

	await report.check('from a cover letter the way leads to the worst of its series', async () => {
		await bench.reset();
		await bench.openFile('quill.mbox');
		await ready();
		await bench.chord('s');
		await firstRow();
		await page.locator('.tab', { hasText: 'Race: quill_session' }).waitFor();
	}, bench);

	await report.check('the lenses copy too', async () => {
		await bench.reset();
		await bench.openFile('fix.patch');
		await ready();
		await bench.goToLine(1);
		await bench.clickLens('Copy CPU table');
		await copied('table', isTable);
		await bench.clickLens('Reply');
		await copied('reply', (text) => /^> /m.test(text));
	}, bench);
}

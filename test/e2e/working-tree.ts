import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Workbench } from '../../scripts/rig/workbench';
import type { CaseContext } from './context';
import { eventually, type Report } from './report';

const FILE = 'drivers/misc/quill.c';

/** C files of the working tree against HEAD: the lens follows what is typed. */
export async function workingTreeCases(report: Report, { host }: Workbench, { root, extension, server, browser, pictures }: CaseContext): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'krr-tree-'));
	const git = (...args: readonly string[]): void => { execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder, stdio: 'ignore' }); };
	mkdirSync(dirname(join(folder, FILE)), { recursive: true });
	cpSync(join(root, 'samples', 'tree', FILE), join(folder, FILE));
	git('init', '-q');
	git('add', '.');
	git('commit', '-qm', 'before');
	// What the sample's second patch does: the reference is taken after the lock was dropped.
	const before = readFileSync(join(folder, FILE), 'utf8');
	const after = before.replace(/(\tsession = xa_load\([^\n]*\n)(\tif \(session\)\n\t\tkref_get\([^\n]*\n)(\tmutex_unlock\([^\n]*\n)/, '$1$3$2');
	if (after === before) throw new Error('the sample\'s tree has changed: the edit of this test finds nothing');
	writeFileSync(join(folder, FILE), after);
	const bench = await Workbench.open(browser, server, pictures, { folder, extension, host });
	const { page } = bench;
	/** From the file's own words: the lens over the function that the edit changed. */
	const functionLine = after.slice(0, after.indexOf('quill_session_get(struct')).split('\n').length + 4;
	const unlockLine = before.slice(0, before.indexOf('mutex_unlock', before.indexOf('quill_session_get(struct'))).split('\n').length;
	const summary = async (wanted: RegExp): Promise<void> => {
		await bench.goToLine(1);
		await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => wanted.test(text)), 60_000);
	};
	const verdict = async (outcome: RegExp, sides: RegExp): Promise<void> => {
		await summary(outcome);
		await bench.goToLine(functionLine);
		await eventually('function lens', () => bench.lensTexts(), (texts) => texts.some((text) => sides.test(text)), 60_000);
	};
	const head = (text: string): void => {
		writeFileSync(join(folder, FILE), text);
		git('commit', '-qam', 'head', '--allow-empty');
	};
	if (host === 'web') {
		await report.check('a changed C file: one clear sentence where there is no git', async () => {
			await bench.openFile('quill.c');
			await bench.command('Race Review: Review this patch');
			await bench.notification(/^Race review: a C file is compared with HEAD, and there is no git here/);
			await summary(/there is no git here/);
		}, bench).finally(() => bench.close());
		rmSync(folder, { recursive: true, force: true });
		return;
	}
	try {
		await report.check('a changed C file carries the verdict against HEAD', async () => {
			await bench.openFile('quill.c');
			await verdict(/Race review: introduces/, /quill_session_get\(\): before ✓ {1,2}after ✗/);
			await bench.picture('working-tree');
		}, bench);

		const wouldEnd = /Would end it: .*(kref_get|mutex_unlock)\(/;
		/** The edit is in the file: it is as in HEAD again. */
		const mended = async (): Promise<void> => {
			await summary(/nothing to review|no failing schedule|fixes/);
			await page.locator('.tab.dirty', { hasText: 'quill.c' }).waitFor();
			await bench.picture('suggestion-inserted');
			await bench.focusEditor();
			await page.keyboard.press('ControlOrMeta+Z');
			await verdict(/Race review: introduces/, /quill_session_get\(\): before ✓ {1,2}after ✗/);
		};

		await report.check('what would end the failure stands over its line, and a click inserts it', async () => {
			await bench.goToLine(functionLine + 6);
			await eventually('suggestion', () => bench.lensTexts(), (texts) => texts.some((text) => wouldEnd.test(text)), 60_000);
			await bench.picture('suggestion');
			await bench.clickLens(/^Insert$/);
			await mended();
		}, bench, () => bench.openFile('quill.c'));

		await report.check('the same as a quick fix, with the keyboard alone', async () => {
			await bench.goToLine(unlockLine);
			await eventually('suggestion', () => bench.lensTexts(), (texts) => texts.some((text) => wouldEnd.test(text)), 60_000);
			await bench.focusEditor();
			await page.keyboard.press('ControlOrMeta+.');
			await page.locator('.action-widget .monaco-list-row', { hasText: 'Insert what would end it' }).first().waitFor();
			await bench.picture('suggestion-quick-fix');
			await page.keyboard.press('Enter');
			await mended();
		}, bench, () => bench.openFile('quill.c'));

		await report.check('a change on disk is reviewed again', async () => {
			writeFileSync(join(folder, FILE), before);
			await summary(/nothing to review/);
			await bench.goToLine(functionLine);
			await eventually('nothing left', () => bench.lensTexts(), (texts) => !texts.length, 60_000);
			writeFileSync(join(folder, FILE), after);
			await verdict(/Race review: introduces/, /quill_session_get\(\): before ✓ {1,2}after ✗/);
		}, bench, () => bench.openFile('quill.c'));

		await report.check('what is typed is reviewed as one types', async () => {
			writeFileSync(join(folder, FILE), before);
			await summary(/nothing to review/);
			await bench.goToLine(unlockLine);
			await page.keyboard.press('ControlOrMeta+Shift+K');
			await verdict(/Race review: introduces/, /quill_session_get\(\): before ✓ {1,2}after ✗/);
			await page.keyboard.press('ControlOrMeta+Z');
			await summary(/nothing to review/);
		}, bench, () => bench.openFile('quill.c'));

		await report.check('a commit is what it is compared with from then on', async () => {
			head(after);
			await summary(/nothing to review/);
			head(before);
			writeFileSync(join(folder, FILE), after);
			await verdict(/Race review: introduces/, /quill_session_get\(\): before ✓ {1,2}after ✗/);
		}, bench, () => bench.openFile('quill.c'));

		await report.check('both sides of the diff editor are marked on their own lines', async () => {
			await bench.reset();
			// Now HEAD has the race, and the working tree its fix.
			head(after);
			writeFileSync(join(folder, FILE), before);
			await bench.openFile('quill.c');
			await verdict(/Race review: fixes/, /quill_session_get\(\): before ✗ {1,2}after ✓/);
			// Git looks at the folder in its own time; before that it has no changes to open.
			await eventually('the diff editor', async () => {
				await bench.command('Git: Open Changes');
				return page.locator('.editor.original').first().waitFor({ timeout: 3_000 }).then(() => true, () => false);
			}, Boolean);
			const words = (side: 'original' | 'modified') => (): Promise<readonly string[]> => page.locator(`.editor.${side} .view-line span[class*="ced-"]`).evaluateAll((spans) => spans.flatMap((span) => {
				const { content } = getComputedStyle(span, '::after');
				return content && content !== 'none' && content !== 'normal' ? [content.replace(/^"|"$/g, '')] : [];
			}));
			await eventually('the other side', words('original'), (texts) => texts.some((text) => /^\s*B\s/.test(text)), 60_000);
			await eventually('this side', words('modified'), (texts) => texts.some((text) => /^\s*[LBP]\s/.test(text)), 60_000);
			await bench.picture('diff-editor');
		}, bench);
	} finally {
		await bench.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Workbench } from '../../scripts/rig/workbench';
import type { CaseContext } from './context';
import { eventually, type Report } from './report';

const FILE = 'drivers/misc/quill.c';

/** C files of the working tree against HEAD: the lens follows what is typed. */
export async function workingTreeCases(report: Report, _bench: Workbench, { root, extension, server, browser, pictures }: CaseContext): Promise<void> {
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
	const bench = await Workbench.open(browser, server, pictures, { folder, extension });
	const { page } = bench;
	/** From the file's own words: the lens over the function that the edit changed. */
	const functionLine = after.slice(0, after.indexOf('quill_session_get(struct')).split('\n').length + 4;
	const verdict = async (wanted: RegExp): Promise<void> => {
		await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review: [^l]/.test(text) && !/nothing to review/.test(text)), 60_000);
		await bench.goToLine(functionLine);
		await eventually('function lens', () => bench.lensTexts(), (texts) => texts.some((text) => wanted.test(text)), 60_000);
	};
	try {
		await report.check('a changed C file carries the verdict against HEAD', async () => {
			await bench.openFile('quill.c');
			await verdict(/quill_session_get\(\): before ✓ {1,2}after ✗/);
			await bench.picture('working-tree');
		}, bench);

		await report.check('a change on disk is reviewed again', async () => {
			writeFileSync(join(folder, FILE), before);
			await eventually('nothing left', () => bench.lensTexts(), (texts) => texts.some((text) => /nothing to review/.test(text)) || !texts.length, 60_000);
			git('commit', '-qam', 'nothing', '--allow-empty');
		}, bench, 'the summary above the file is still that of the text before');

		await report.check('both sides of the diff editor are marked on their own lines', async () => {
			// Now HEAD has the race, and the working tree its fix.
			writeFileSync(join(folder, FILE), after);
			git('commit', '-qam', 'the race');
			writeFileSync(join(folder, FILE), before);
			await bench.command('View: Close All Editors');
			await bench.openFile('quill.c');
			await verdict(/quill_session_get\(\): before ✗ {1,2}after ✓/);
			await bench.command('Git: Open Changes');
			await page.locator('.diff-editor, .monaco-diff-editor').first().waitFor();
			const words = (side: 'original' | 'modified') => (): Promise<readonly string[]> => page.locator(`.editor.${side} .view-line span[class*="ced-"]`).evaluateAll((spans) => spans.flatMap((span) => {
				const { content } = getComputedStyle(span, '::after');
				return content && content !== 'none' && content !== 'normal' ? [content.replace(/^"|"$/g, '')] : [];
			}));
			await eventually('the other side', words('original'), (texts) => texts.some((text) => /^\s*B\s/.test(text)), 60_000);
			await eventually('this side', words('modified'), (texts) => texts.some((text) => /^\s*[LBP]\s/.test(text)), 60_000);
			await bench.picture('diff-editor');
		}, bench, 'the summary above the file is still that of the text before');
	} finally {
		await bench.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

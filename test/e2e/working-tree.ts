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
	const bench = await Workbench.open(browser, server, pictures, { folder, extension });
	try {
		await report.check('a changed C file carries the verdict against HEAD', async () => {
			if (after === before) throw new Error('the sample\'s tree has changed: the edit of this test finds nothing');
			writeFileSync(join(folder, FILE), after);
			await bench.openFile('quill.c');
			await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review: /.test(text) && !/nothing to review/.test(text)), 60_000);
			await bench.goToLine(after.slice(0, after.indexOf('quill_session_get(struct')).split('\n').length + 4);
			await eventually('function lens', () => bench.lensTexts(), (texts) => texts.some((text) => /quill_session_get\(\): before ✓ {1,2}after ✗/.test(text)), 30_000);
			await bench.picture('working-tree');
		}, bench, 'on a loaded machine the file may be compared with HEAD before its change on disk is seen');
	} finally {
		await bench.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

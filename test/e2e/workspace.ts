import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder that is open in the editor under test: the sample series, what an archive makes of it, and documents that are no patch. */
export interface TestWorkspace {
	readonly folder: string;
}

/** Copies of the series in a document whose review takes long enough to be cancelled. */
const MANY = 40;
/** A cover letter and two patches each. */
export const MANY_PATCHES = MANY * 3;

/** Small enough for a litmus test: loads and stores of integers. */
const NIB = `--- a/drivers/misc/nib.c
+++ b/drivers/misc/nib.c
@@ -1,16 +1,16 @@
 static int nib_ready;
 static int nib_data;
 
 void nib_publish(void)
 {
-	WRITE_ONCE(nib_ready, 1);
 	WRITE_ONCE(nib_data, 1);
+	smp_store_release(&nib_ready, 1);
 }
 
 int nib_consume(void)
 {
-	int ready = READ_ONCE(nib_ready);
+	int ready = smp_load_acquire(&nib_ready);
 
 	return ready & READ_ONCE(nib_data);
 }
`;

const SEED = '001_54a2088a20ba2987.txt';

/** As a web archive shows a mail: no blanks at the line's start, so that context lines lost their marker and indentation. */
const eaten = (mail: string): string => mail.split('\n').map((line) => (/^[-+@]/.test(line) ? line.replace(/^([-+])\s+/, '$1 ') : line.trimStart())).join('\n');

const titled = (mail: string, subject: string): string => mail.replace(/^Subject: .*$/m, `Subject: ${subject}`);

/** The mail of the patch that takes this one back. */
function reversed(mail: string): string {
	const at = mail.indexOf('\n@@ ');
	const end = mail.lastIndexOf('\n-- \n');
	const other: Readonly<Record<string, string>> = { '+': '-', '-': '+' };
	const hunks = mail.slice(at, end).replace(/^@@ -(\S+) \+(\S+) @@/gm, '@@ -$2 +$1 @@').replace(/^[+-]/gm, (marker) => other[marker]!);
	return mail.slice(0, at) + hunks + mail.slice(end);
}

export function makeWorkspace(root: string): TestWorkspace {
	const folder = mkdtempSync(join(tmpdir(), 'krr-workspace-'));
	const series = readFileSync(join(root, 'samples', 'quill.mbox'), 'utf8');
	copyFileSync(join(root, 'samples', 'quill.mbox'), join(folder, 'quill.mbox'));
	const [, first = '', second = ''] = series.split(/^(?=From [0-9a-f]{40} )/m).filter(Boolean);
	writeFileSync(join(folder, 'fix.patch'), first);
	writeFileSync(join(folder, 'archived.txt'), eaten(first.slice(first.indexOf('Subject:'))));
	writeFileSync(join(folder, 'bug.patch'), second);
	writeFileSync(join(folder, 'many.mbox'), series.repeat(MANY));
	writeFileSync(join(folder, 'nib.patch'), NIB);
	// The file that the patches are for, where the tree has it.
	cpSync(join(root, 'samples', 'tree', 'drivers'), join(folder, 'drivers'), { recursive: true });
	mkdirSync(join(folder, 'series'));
	writeFileSync(join(folder, 'series', '0001-fix.patch'), first);
	writeFileSync(join(folder, 'series', '0002-bug.patch'), second);
	// A maildir: by time and counter, not by the digits' letters.
	for (const inner of ['cur', 'new', 'tmp']) mkdirSync(join(folder, 'mail', inner), { recursive: true });
	writeFileSync(join(folder, 'mail', 'cur', '9.fix.host,S'), first);
	writeFileSync(join(folder, 'mail', 'cur', '10.bug.host,S'), second);
	mkdirSync(join(folder, 'mended'));
	writeFileSync(join(folder, 'mended', '0001-bug.patch'), titled(second, '[PATCH 1/2] misc: quill: hold the lock for the lookup only'));
	writeFileSync(join(folder, 'mended', '0002-back.patch'), titled(reversed(second), '[PATCH 2/2] misc: quill: take the reference under the lock again'));
	const seed = join(root, '..', 'shared', 'seeds', SEED);
	if (existsSync(seed)) copyFileSync(seed, join(folder, 'seed.txt'));
	writeFileSync(join(folder, 'empty.patch'), '');
	writeFileSync(join(folder, 'prose.txt'), 'Dear all,\n\nplease find the minutes attached.\n');
	writeFileSync(join(folder, 'script.patch'), '--- a/tools/x.py\n+++ b/tools/x.py\n@@ -1,2 +1,2 @@\n-print(1)\n+print(2)\n # end\n');
	// A history whose last commit is the series' second patch.
	const git = (...args: readonly string[]): void => { execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder, stdio: 'pipe' }); };
	git('init', '-q');
	git('add', 'drivers');
	git('commit', '-qm', 'before');
	git('am', '-q', '-3', join(folder, 'bug.patch'));
	return { folder };
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isDocument, readInputs } from '../../cli/inputs';

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'race-review-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (path: string, content: string | Uint8Array): void => {
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	writeFileSync(join(folder, path), content);
};

const gitIn = (...words: string[]): void => {
	execFileSync('git', ['-C', folder, '-c', 'user.name=A. Author', '-c', 'user.email=author@example.org', '-c', 'commit.gpgSign=false', ...words], { stdio: 'ignore' });
};

/** `name: first line` of a document, `name! sentence` of what cannot be used. */
const read = async (words: readonly string[], stdin = ''): Promise<readonly string[]> => {
	const inputs = await readInputs(words, { cwd: folder, repository: folder, stdin: async () => Buffer.from(stdin) });
	return inputs.map((input) => (isDocument(input)
		? `${input.name}: ${Buffer.from(input.bytes).toString('latin1').split('\n')[0]}`
		: `${input.name}! ${input.sentence.replaceAll(folder, 'HERE')}`));
};

describe('inputs', () => {
	it('are files, in the order given', async () => {
		put('b.patch', 'second\n');
		put('a.mbox', 'first\n');
		expect(await read(['a.mbox', 'b.patch'])).toEqual(['a.mbox: first', 'b.patch: second']);
	});
	it('are standard input', async () => {
		expect(await read(['-'], 'From me\n')).toEqual(['-: From me']);
		expect(await read(['-'], ' \n\n')).toEqual(['-! standard input is empty']);
	});
	it('say in one sentence what cannot be used, and go on', async () => {
		put('empty.patch', '');
		put('blank.patch', '\r\n \t\n');
		put('program.patch', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]));
		put('good.patch', 'good\n');
		mkdirSync(join(folder, 'bare'));
		expect(await read(['empty.patch', 'blank.patch', 'program.patch', 'none.patch', 'v1..v2', 'bare', 'good.patch'])).toEqual([
			'empty.patch! the file is empty',
			'blank.patch! the file is empty',
			'program.patch! a binary file, neither a patch nor a mail',
			'none.patch! there is no such file',
			'v1..v2! no such file or folder, and no range of commits in HERE',
			'bare! the folder holds no patches or mails',
			'good.patch: good',
		]);
	});
	it('take a mailbox for text, whatever one of its mails holds', async () => {
		put('list.mbox', 'From me\n\0');
		expect((await read(['list.mbox']))[0]).toMatch(/^list\.mbox: From me/);
	});
	it('take a UTF-16 mail for text', async () => {
		put('wide.eml', Buffer.from('\ufeffFrom me\n', 'utf16le'));
		expect(await read(['wide.eml'])).toHaveLength(1);
		expect((await read(['wide.eml']))[0]).not.toContain('!');
	});
	it('are the patches of a folder, by name or in quilt order, and the mails of a maildir', async () => {
		put('series/0002-b.patch', 'b\n');
		put('series/0001-a.patch', 'a\n');
		put('series/notes.org', 'no\n');
		put('quilt/x.patch', 'x\n');
		put('quilt/sub/y.patch', 'y\n');
		put('quilt/series', '# order\nsub/y.patch -p1\nx.patch\ngone.patch\n../../etc/passwd\n/etc/passwd\n');
		put('mail/cur/2:2,S', 'two\n');
		put('mail/new/1', 'one\n');
		put('mail/tmp/3', 'no\n');
		expect(await read(['series', 'quilt', 'mail'])).toEqual([
			'series/0001-a.patch: a', 'series/0002-b.patch: b',
			'quilt/sub/y.patch: y', 'quilt/x.patch: x', 'quilt/gone.patch! named by the series but not there',
			'mail/cur/2:2,S: two', 'mail/new/1: one',
		]);
	});
	it('are ranges of commits, single commits, and the working tree; nothing that the repository names is run', async () => {
		gitIn('init', '-q');
		put('foo.c', 'int a;\n');
		gitIn('add', '.');
		gitIn('commit', '-qm', 'foo: one');
		put('foo.c', 'int a, b;\n');
		gitIn('commit', '-qam', 'foo: two');
		const ran = join(folder, 'ran');
		put('evil.sh', `#!/bin/sh\ntouch ${ran}\ncat\n`);
		execFileSync('chmod', ['+x', join(folder, 'evil.sh')]);
		for (const key of ['diff.external', 'core.fsmonitor', 'core.pager', 'gpg.program', 'filter.evil.clean', 'filter.evil.process', 'diff.evil.textconv', 'diff.evil.command']) {
			gitIn('config', key, join(folder, 'evil.sh'));
		}
		gitIn('config', 'log.showSignature', 'true');
		gitIn('config', 'filter.evil.required', 'true');
		put('.gitattributes', '*.c filter=evil diff=evil\n');
		expect((await read(['HEAD~1..HEAD']))[0]).toMatch(/^HEAD~1\.\.HEAD: From [0-9a-f]{40} /);
		expect((await read(['HEAD']))[0]).toMatch(/^HEAD: From [0-9a-f]{40} /);
		expect(await read(['HEAD..HEAD'])).toEqual(['HEAD..HEAD! the range holds no commits']);
		expect(await read([])).toEqual(['working tree! no C is changed against HEAD']);
		put('foo.c', 'int a, b, c;\n');
		expect(await read([])).toEqual(['working tree: diff --git a/foo.c b/foo.c']);
		const { existsSync } = await import('node:fs');
		expect(existsSync(ran)).toBe(false);
	});
	it('need a repository for that', async () => {
		expect(await read([])).toEqual(['working tree! HERE is no git working tree; name a patch, or see race-review --help']);
	});
});

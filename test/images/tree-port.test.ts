import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { findDefinition, finderOf } from '../../analyzer/images/definitions';
import { wordHash } from '../../disk/heads';
import { GATHERER, HeadsAhead } from '../../disk/heads-ahead';
import { TreeFiles } from '../../disk/tree-files';
import { treePort } from '../../disk/tree-port';
import { kernelTree } from '../mail/synthetic-patches';

const base = mkdtempSync(join(tmpdir(), 'krr-tree-'));
const folder = join(base, 'tree');
const put = (path: string, text: string): void => {
	mkdirSync(join(folder, path, '..'), { recursive: true });
	writeFileSync(join(folder, path), text);
};
put('mm/a.c', 'int near_one(void)\n{\n\treturn shared_word;\n}\n');
put('mm/b.c', 'int beside(void)\n{\n\treturn shared_word;\n}\n');
put('include/linux/deep/far.h', 'int far_one(void);\n');
put('include/linux/deep/done.h', 'typedef void (*done_fn)(int how);\nextern void (*last_done)(int how);\n');
put('drivers/deep/down/far.c', 'int far_one(void)\n{\n\treturn shared_word;\n}\nstatic int hidden(void)\n{\n}\n');
writeFileSync(join(base, 'secret.c'), 'int secret;\n');
symlinkSync(join(base, 'secret.c'), join(folder, 'mm', 'link.c'));
symlinkSync(base, join(folder, 'out'));
symlinkSync('a.c', join(folder, 'mm', 'inside.c'));
afterAll(() => {
	vi.unstubAllEnvs();
	rmSync(base, { recursive: true, force: true });
});

describe('a tree in a folder', () => {
	const tree = treePort(folder);
	it('reads what is in it and nothing else', () => {
		expect(tree.read('mm/a.c')).toContain('near_one');
		expect(tree.read('mm/inside.c')).toContain('near_one');
		for (const path of ['../secret.c', 'mm/../../secret.c', join(base, 'secret.c'), '/etc/passwd', 'mm/link.c', 'out/secret.c', 'mm', '', 'mm/none.c', 'mm/a.c\0', 'C:\\x', '..\\secret.c', '\\\\host\\x']) {
			expect(tree.read(path), path).toBeNull();
		}
		expect(tree.list?.('out')).toEqual([]);
		expect(tree.list?.('../')).toEqual([]);
		expect(tree.list?.('mm')).toEqual(['a.c', 'b.c']);
	});
	it('finds words nearest first', () => {
		expect(tree.grep?.('shared_word', 'mm/b.c', 9)).toEqual(['mm/a.c', 'mm/b.c']);
		expect(tree.grep?.('shared_word', '', 9)).toContain('drivers/deep/down/far.c');
		expect(tree.grep?.('shared', 'mm/b.c', 9)).toEqual([]);
		expect(tree.grep?.('.*', 'mm/b.c', 9)).toEqual([]);
	});
	it('finds definitions elsewhere only when a header makes them known, in the folder that is named like it, or when nothing says where to begin', () => {
		expect(findDefinition('far_one', 'mm/a.c', tree).map(({ path }) => path)).toEqual(['drivers/deep/down/far.c']);
		expect(findDefinition('hidden', 'mm/a.c', tree)).toEqual([]);
		expect(findDefinition('hidden', '', tree).map(({ path }) => path)).toEqual(['drivers/deep/down/far.c']);
	});
	it('finds the typedef of a pointer to functions, and no variable of that kind', () => {
		expect(findDefinition('done_fn', 'mm/a.c', tree).map(({ path, kind }) => `${kind} ${path}`)).toEqual(['typedef include/linux/deep/done.h']);
		expect(findDefinition('last_done', 'mm/a.c', tree)).toEqual([]);
	});
	it('takes no header that only declares a function for where it is defined, though the same file was read for what it declares', () => {
		const heads = (near: string): readonly string[] => [...tree.heads?.('far_one', near) ?? []].flat();
		expect(heads('mm/a.c')).toEqual(['drivers/deep/down/far.c']);
		expect(heads('include/linux/deep/beside.h')).toEqual(['drivers/deep/down/far.c']);
		expect(heads('mm/a.c')).toEqual(['drivers/deep/down/far.c']);
	});
	it('gives the same answers where a thread has read ahead, and sees what was edited since', async () => {
		const script = join(base, GATHERER);
		await build({ entryPoints: [join(import.meta.dirname, '..', '..', 'disk', 'gather-heads.ts')], bundle: true, platform: 'node', format: 'cjs', outfile: script, logLevel: 'error' });
		const ahead = new HeadsAhead(script, folder, ['include', 'mm', 'none'], null);
		const listing = new TreeFiles(folder);
		const told = ['include', 'mm', 'none', 'mm', 'drivers'].map((each) => {
			const read: string[] = [];
			const taken = ahead.take(each, () => [...listing.under(each, new Set())], (file) => { read.push(file); });
			// Each file is read by one of the two.
			return taken && [taken.files, [...read, ...taken.heads?.files ?? []]];
		});
		const include = ['include/linux/deep/done.h', 'include/linux/deep/far.h'];
		const mm = ['mm/a.c', 'mm/b.c'];
		expect(told).toEqual([[include, include], [mm, mm], [[], []], null, null]);
		vi.stubEnv('XDG_CACHE_HOME', join(base, 'cache'));
		const tree = treePort(folder, false, script);
		const where = (name: string, near: string): string => findDefinition(name, near, tree).map(({ path }) => path).join();
		expect([where('far_one', 'mm/a.c'), where('hidden', 'mm/a.c'), where('beside', 'mm/a.c'), where('later', 'mm/a.c')]).toEqual(['drivers/deep/down/far.c', '', 'mm/b.c', '']);
		put('mm/b.c', 'int beside(void)\n{\n}\nint later(void)\n{\n}\n');
		finderOf(tree).edited();
		expect(where('later', 'mm/a.c')).toBe('mm/b.c');
	});
	it('gives the same answers where an earlier run has kept what it read, believes nothing of it that was edited since, and nothing at all of a file that is not as it was written', async () => {
		const script = join(base, GATHERER);
		const kept = join(base, 'kept', 'tree.heads');
		const folders = ['include', 'mm'];
		/** What a thread has of the folders, and whether it wrote it down. */
		const gathered = async (): Promise<string> => {
			const written = (): number => statSync(kept, { throwIfNoEntry: false })?.ino ?? 0;
			const before = written();
			const ahead = new HeadsAhead(script, folder, folders, kept);
			await ahead.ended;
			const heads = folders.map((each) => ahead.take(each, () => [], () => {})?.heads);
			const defines = (word: string): readonly string[] => heads.flatMap((each) => each?.files.filter((_, at) => each.hashes.subarray(each.spans[3 * at], each.spans[3 * at + 1]).includes(wordHash(word))) ?? []);
			return `${defines('near_one').join()}; ${defines('fresh_one').join()}; ${written() === before ? 'not written' : 'written'}`;
		};
		const first = await gathered();
		expect(first).toBe('mm/a.c; ; written');
		expect(await gathered()).toBe('mm/a.c; ; not written');
		put('mm/c.c', 'int fresh_one(void)\n{\n}\n');
		expect(await gathered()).toBe('mm/a.c; mm/c.c; written');
		put('mm/c.c', 'int other_one(void)\n{\n}\n');
		expect(await gathered()).toBe('mm/a.c; ; written');
		const bytes = readFileSync(kept);
		bytes[bytes.length - 1]! ^= 1;
		writeFileSync(kept, bytes);
		expect(await gathered()).toBe('mm/a.c; ; written');
		rmSync(join(folder, 'mm/c.c'));
		expect(await gathered()).toBe('mm/a.c; ; written');
	});
	it('sees edits', async () => {
		put('mm/a.c', 'int renamed(void)\n{\n}\n');
		await new Promise((done) => { setTimeout(done, 600); });
		// As each review begins.
		finderOf(tree).edited();
		expect(findDefinition('renamed', 'mm/b.c', tree).map(({ path }) => path)).toEqual(['mm/a.c']);
		expect(findDefinition('near_one', 'mm/b.c', tree)).toEqual([]);
	});
	it('is empty where there is no folder', () => expect(treePort(join(base, 'none')).read('a.c')).toBeNull());
	it('has objects of its repository', () => {
		const repository = join(base, 'repository');
		mkdirSync(repository);
		const git = (...words: string[]): string => execFileSync('git', ['-C', repository, '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...words], { encoding: 'utf8' }).trim();
		git('init', '-q');
		writeFileSync(join(repository, 'x.c'), 'old\n');
		git('add', 'x.c');
		git('commit', '-qm', 'one');
		writeFileSync(join(repository, 'x.c'), 'new\n');
		git('commit', '-qam', 'two');
		const commit = git('rev-parse', 'HEAD');
		const port = treePort(repository);
		expect([port.show?.(commit, 'x.c'), port.show?.(`${commit}^`, 'x.c'), port.show?.(commit, 'none.c'), port.show?.('--help', 'x.c'), port.show?.(commit, '../x.c')]).toEqual(['new\n', 'old\n', null, null, null]);
		expect([port.blob?.(git('rev-parse', `${commit}:x.c`).slice(0, 10)), port.blob?.('ffffffff'), port.blob?.('HEAD')]).toEqual(['new\n', null, null]);
		expect(treePort(repository, false).blob?.(git('rev-parse', `${commit}:x.c`))).toBe(null);
		expect(treePort(folder).blob?.('abcdef12')).toBeNull();
	});
});

const kernel = kernelTree();
if (kernel === null) {
	console.log('skipped: look-ups in a kernel tree (no KERNEL_TREE, and scripts/fetch-linux.mts was not run)');
}
describe.skipIf(kernel === null)('a kernel tree', () => {
	it('has what a patch of mm/ asks for', () => {
		const tree = treePort(kernel!);
		const where = (name: string, near: string): string => findDefinition(name, near, tree).map(({ path, kind }) => `${kind} ${path}`).join();
		expect([where('filemap_fault', 'mm/memory.c'), where('vm_fault', 'mm/memory.c'), where('unmap_mapping_range', 'mm/truncate.c'), where('VM_FAULT_LOCKED', 'mm/filemap.c'), where('no_such_function_anywhere', 'mm/filemap.c')])
			.toEqual(['function mm/filemap.c', 'struct include/linux/mm.h', 'function mm/memory.c', 'constant include/linux/mm_types.h', '']);
	}, 60_000);
});

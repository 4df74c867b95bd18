import { describe, expect, it } from 'vitest';
import { imagesOf, type Image } from '../../analyzer/images';
import { readSeries } from '../../analyzer/mail';
import type { TreePort } from '../../analyzer/ports';
import { diffText, kernelTree, type MadePatch, mailText, makePatches } from '../mail/synthetic-patches';
import { MANGLINGS } from '../mail/manglings';

const FILE = 'int a;\nint b;\nint c;\n\nvoid f(void)\n{\n\tone();\n\ttwo();\n\tthree();\n}\n\nvoid g(void)\n{\n\tfour();\n\tfive();\n\tsix();\n}\n';
const AFTER = FILE.replace('\ttwo();\n', '\tlock();\n\ttwo();\n').replace('\tfive();\n', '');
const PATCH = [
	'Subject: x', '', 'diff --git a/x.c b/x.c', 'index aaaa1111..bbbb2222 100644', '--- a/x.c', '+++ b/x.c',
	'@@ -6,4 +6,5 @@ void f(void)', ' {', ' \tone();', '+\tlock();', ' \ttwo();', ' \tthree();', '@@ -14,3 +15,2 @@ void g(void)', ' \tfour();', '-\tfive();', ' \tsix();', '',
].join('\n');

const treeOf = (files: Readonly<Record<string, string>>, more: Partial<TreePort> = {}): TreePort => ({ read: (path) => files[path] ?? null, ...more });
const images = (text: string, tree?: TreePort, base?: ReadonlyMap<string, string | null>) => imagesOf(readSeries(text).patches[0]!, tree, base);

/** Line by line: file line, input line, change, text. */
const shown = (image: Image | null): string => image === null ? 'none' : image.text.split('\n').slice(0, -1).map((text, at) =>
	`${image.gaps.includes(at + 1) ? '~~\n' : ''}${image.fileLines[at]} ${image.inputLines[at]} ${image.changed[at] ? '*' : ' '} ${text}`).join('\n');

describe('fragments', () => {
	it('show the hunks alone, with gaps between', () => {
		const [file] = images(PATCH).files;
		expect(file!.pre!.completeness).toBe('fragments');
		expect(shown(file!.pre)).toBe('6 8   {\n7 9   \tone();\n8 11   \ttwo();\n9 12   \tthree();\n~~\n14 14   \tfour();\n15 15 * \tfive();\n16 16   \tsix();');
		expect(shown(file!.post)).toBe('6 8   {\n7 9   \tone();\n8 10 * \tlock();\n9 11   \ttwo();\n10 12   \tthree();\n~~\n15 14   \tfour();\n16 16   \tsix();');
		expect(file!.post!.hunks).toEqual([{ line: 1, section: 'void f(void)', input: 7 }, { line: 6, section: 'void g(void)', input: 13 }]);
	});
	it('are whole for a file that the patch adds', () => {
		const [file] = images('--- /dev/null\n+++ b/n.c\n@@ -0,0 +1,2 @@\n+int x;\n+int y;\n').files;
		expect([file!.pre, file!.post!.completeness, file!.post!.text]).toEqual([null, 'whole', 'int x;\nint y;\n']);
	});
	it('leave out what is no C', () => expect(images('--- a/Makefile\n+++ b/Makefile\n@@ -1 +1 @@\n-a\n+b\n').files).toEqual([]));
});

describe('whole files', () => {
	const found = (tree: TreePort, text = PATCH, base?: ReadonlyMap<string, string | null>) => {
		const { files: [file], remarks } = images(text, tree, base);
		return [file!.pre!.text === FILE, file!.post!.text === AFTER, file!.pre!.completeness, remarks.map(({ message }) => message).join()];
	};
	it('from the tree, forward', () => expect(found(treeOf({ 'x.c': FILE }))).toEqual([true, true, 'whole', 'x.c: tree patched forward']));
	it('from the tree, backward', () => expect(found(treeOf({ 'x.c': AFTER }))).toEqual([true, true, 'whole', 'x.c: tree patched backward']));
	it('from the blob before', () => expect(found(treeOf({}, { blob: (id) => (id === 'aaaa1111' ? FILE : null) }))).toEqual([true, true, 'whole', 'x.c: blob aaaa1111']));
	it('from the blob after', () => expect(found(treeOf({ 'x.c': 'other' }, { blob: (id) => (id === 'bbbb2222' ? AFTER : null) }))).toEqual([true, true, 'whole', 'x.c: blob bbbb2222']));
	it('from the commit itself', () => expect(found(treeOf({ 'x.c': 'other' }, { show: (commit) => (commit === 'abcdef012345^' ? FILE : null) }), PATCH.replace('\n\n', '\n\ncommit abcdef012345 upstream.\n\n'))).toEqual([true, true, 'whole', 'x.c: commit abcdef012345^']));
	it('from the commit that it fixes, when nothing newer fits', () => expect(found(treeOf({ 'x.c': 'other' }, { show: (commit) => (commit === 'abcdef012345' ? FILE : null) }), PATCH.replace('\n\n', '\n\nFixes: abcdef012345 ("x")\n\n'))).toEqual([true, true, 'whole', 'x.c: commit abcdef012345 that it fixes']));
	it('from the series so far before anything else', () => expect(found(treeOf({ 'x.c': 'other' }), PATCH, new Map([['x.c', FILE]]))).toEqual([true, true, 'whole', 'x.c: as the series so far leaves it']));
	it('with an offset', () => {
		const { files: [file], remarks } = images(PATCH, treeOf({ 'x.c': `int before;\n${FILE}` }));
		expect([file!.pre!.text, remarks[0]!.message]).toEqual([`int before;\n${FILE}`, 'x.c: tree patched forward, offset 1']);
	});
	it('with fuzz, where the tree has other context', () => {
		const other = FILE.replace('{\n\tone();', '{\n\tint new_one;\n\tone();');
		const { files: [file], remarks } = images(PATCH, treeOf({ 'x.c': other }));
		expect(remarks[0]!.message).toMatch(/tree patched forward.*fuzz 1/);
		expect([file!.pre!.text, file!.post!.text]).toEqual([other, other.replace('\ttwo();\n', '\tlock();\n\ttwo();\n').replace('\tfive();\n', '')]);
	});
	it('with the tree\'s white space where the mail lost it', () => {
		const eaten = PATCH.split('\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/^ /, '')).join('\n');
		const { files: [file], remarks } = images(eaten, treeOf({ 'x.c': FILE }));
		expect([file!.pre!.text, remarks[0]!.message]).toEqual([FILE, 'x.c: tree patched forward, white space ignored']);
		// `two();` stands in the mail's first column and in the image's second.
		const line = file!.pre!.text.split('\n').indexOf('\ttwo();');
		expect([file!.pre!.inputLines[line], file!.pre!.columns[line]]).toEqual([11, -1]);
	});
	it('never by force', () => {
		const { files: [file], remarks } = images(PATCH, treeOf({ 'x.c': FILE.replace('five', 'fifty').replace('six', 'sixty') }));
		expect([file!.pre!.completeness, remarks[0]!.message]).toEqual(['fragments', 'x.c: 1 of 2 hunks fit the file that the tree has; hunks only']);
		expect(images(PATCH, treeOf({})).remarks[0]!.message).toBe('x.c: the tree does not have the file; hunks only');
	});
	it('around the hunks, where the tree has the functions in another shape', () => {
		const newer = FILE.replace('\ttwo();\n\tthree();\n', '\tif (ready())\n\t\ttwo();\n\tthree();\n\tlate();\n').replace('\tfour();\n\tfive();\n\tsix();\n', '\tfour();\n\tfive();\n\tmore();\n\tsix();\n\tseven();\n');
		const old = PATCH.replace(' \ttwo();', ' \ttwo();\n \tand();').replace('-6,4 +6,5', '-6,5 +6,6');
		const { files: [file], remarks } = images(old, treeOf({ 'x.c': newer }));
		expect(remarks[0]!.message).toMatch(/as a skeleton, \d+ %/);
		expect(file!.pre!.text).toBe(FILE.replace('\ttwo();\n', '\ttwo();\n\tand();\n').replace('\tthree();\n', '\tthree();\n\tlate();\n').replace('\tsix();\n', '\tsix();\n\tseven();\n'));
		expect(file!.post!.text).toBe(file!.pre!.text.replace('\ttwo();\n', '\tlock();\n\ttwo();\n').replace('\tfive();\n', ''));
	});
	it('not where an addition without context says nothing of its place', () => {
		const { files: [file] } = images('--- a/x.c\n+++ b/x.c\n@@ ... @@\n+int z;\n', treeOf({ 'x.c': FILE }));
		expect(file!.pre!.completeness).toBe('fragments');
	});
	it('for patch after patch of a series', () => {
		const first = images('--- /dev/null\n+++ b/n.c\n@@ -0,0 +1,2 @@\n+int x;\n+int y;\n');
		const second = images('--- a/n.c\n+++ b/n.c\n@@ -1,2 +1,3 @@\n int x;\n+int between;\n int y;\n', undefined, first.after);
		expect(second.files[0]!.post!.text).toBe('int x;\nint between;\nint y;\n');
		const moved = images('diff --git a/n.c b/m.c\nsimilarity index 100%\nrename from n.c\nrename to m.c\n', undefined, second.after);
		expect([moved.after.get('n.c'), moved.after.get('m.c')]).toEqual([null, 'int x;\nint between;\nint y;\n']);
	});
});

const tree = kernelTree();
if (tree === null) {
	console.log('skipped: images of real kernel files (no KERNEL_TREE, and scripts/fetch-linux.mts was not run)');
}
describe.skipIf(tree === null)('real files', () => {
	const patches = tree === null ? [] : makePatches(tree, 150);
	const text = (patch: MadePatch, name: string) => MANGLINGS.find((each) => each.name === name)!.mangle(patch, 1) as string;
	const check = (patch: MadePatch, document: string, given: string): void => {
		const { files: [file] } = images(document, treeOf({ [patch.path]: given }));
		expect([patch.path, file!.pre!.completeness, file!.pre!.text === patch.before]).toEqual([patch.path, 'whole', true]);
		expect(file!.post!.text.replace(/\s/g, '') === patch.after.replace(/\s/g, ''), patch.path).toBe(true);
	};
	it('come out before and after, from the tree before', () => {
		for (const patch of patches) {
			check(patch, mailText(patch).join('\n'), patch.before);
		}
	});
	it('and from the tree after', () => {
		for (const patch of patches) {
			check(patch, diffText(patch).join('\n'), patch.after);
		}
	});
	it('and when the mail\'s white space was eaten', () => {
		let whole = 0;
		for (const patch of patches) {
			const { files: [file] } = images(text(patch, 'white space eaten'), treeOf({ [patch.path]: patch.before }));
			whole += file?.pre?.text === patch.before && file.post!.text.replace(/\s/g, '') === patch.after.replace(/\s/g, '') ? 1 : 0;
		}
		expect(whole / patches.length).toBeGreaterThan(0.98);
	});
});

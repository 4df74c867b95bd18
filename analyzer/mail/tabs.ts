import type { FilePatch, HunkLine, Remark } from './patch';

/** Tabs that a mail program or a page turned into spaces, told from the indentation. */

const TAB = 8;
/** So many indented lines at least must speak for it. */
const EVIDENCE = 4;
/** And this share of them must agree on where the tab stops are. */
const AGREEMENT = 0.6;
const TABBED_FILE = /\.(?:[chS]|dts|dtsi)$|(?:^|\/)(?:Makefile|Kbuild|Kconfig)$/;

const lead = (text: string): number => text.length - text.trimStart().length;

/**
 * Where no line of the whole diff has a tab though many are indented by whole stops, leading spaces become tabs again. What stood
 * before the text (the marker, a quotation) moved the stops; the commonest remainder tells by how much.
 */
export function restoreTabs(files: readonly FilePatch[]): { readonly files: readonly FilePatch[]; readonly repairs: readonly Remark[] } {
	const concerned = files.filter((file) => TABBED_FILE.test(file.newPath ?? file.oldPath ?? ''));
	const remainders = new Array<number>(TAB).fill(0);
	let indented = 0;
	for (const { hunks } of concerned) {
		for (const { lines } of hunks) {
			for (const { text } of lines) {
				if (text.includes('\t')) {
					return { files, repairs: [] };
				}
				const width = lead(text);
				// ` *` of a comment and small continuation indents say nothing.
				if (width >= 5 && width < text.length && text[width] !== '*') {
					indented++;
					remainders[width % TAB]!++;
				}
			}
		}
	}
	const best = remainders.indexOf(Math.max(...remainders));
	if (indented < EVIDENCE || remainders[best]! < indented * AGREEMENT) {
		return { files, repairs: [] };
	}
	const offset = (TAB - best) % TAB;
	const restored = (line: HunkLine): HunkLine => {
		const before = lead(line.text);
		const width = before + offset;
		if (width < TAB || before === 0) {
			return line;
		}
		const indent = '\t'.repeat(Math.floor(width / TAB)) + ' '.repeat(width % TAB);
		// The place moves along, so that a column of the text still is that many columns behind `from`.
		return { ...line, text: indent + line.text.trimStart(), from: line.from + before - indent.length };
	};
	const chosen = new Set(concerned);
	return {
		files: files.map((file) => (chosen.has(file) ? { ...file, hunks: file.hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.map(restored) })) } : file)),
		repairs: [{ message: `tabs had become spaces; restored from the indentation of ${indented} lines, not within lines`, input: concerned.find(({ hunks }) => hunks.length > 0)?.input ?? 1 }],
	};
}

import { type Survey, survey } from './damage';
import * as syntax from './diff-syntax';
import { readFileHeader } from './file-header';
import { readHunk } from './hunk';
import type { Passage } from './passage';
import type { FilePatch, Hunk, Remark } from './patch';
import type { Unquoting } from './quotation';
import { restoreTabs } from './tabs';

/** All diffs of a message. */
export interface DiffReading {
	readonly files: readonly FilePatch[];
	/** Depth of quotation of the diff (the least, where there are several), or null where there is none. */
	readonly depth: number | null;
	readonly repairs: readonly Remark[];
	readonly problems: readonly Remark[];
}

/** A path for hunks whose file is not named: no tree has it. */
const UNNAMED = 'unnamed.c';
/** The rest of a hunk that a reviewer cut a piece out of. */
const CONTINUED: syntax.HunkHeader = { oldStart: 0, oldCount: 0, newStart: 0, newCount: 0, section: '', parents: 1 };
const DIFFSTAT = /^\s?(\S+\.[chS])\s+\|\s+\d+/;

interface OpenFile {
	readonly file: FilePatch;
	readonly hunks: Hunk[];
	readonly how: Unquoting;
}

/** Reads every file and hunk of the passage, taking their lines; the rest of the lines is left for prose. */
export function readDiff(passage: Passage): DiffReading {
	const done: OpenFile[] = [];
	const repairs: Remark[] = [];
	const problems: Remark[] = [];
	const surveys = new Map<string, Survey>();
	const surveyAt = (how: Unquoting): Survey => {
		const key = `${how.depth}${how.spaced}`;
		const known = surveys.get(key) ?? survey(passage, how);
		if (!surveys.has(key) && known.eaten) {
			repairs.push({ message: `leading white space of context lines was lost (${known.count} lines); kinds of lines told from their markers`, input: known.first });
		}
		surveys.set(key, known);
		return known;
	};
	let open: OpenFile | null = null;
	let at = 0;
	while (at < passage.length) {
		const how = headingAt(passage, at);
		if (how === null) {
			at++;
			continue;
		}
		const head = readFileHeader(passage, at, how);
		if (head !== null) {
			repairs.push(...head.repairs);
			problems.push(...head.problems);
			open = { file: head.file, hunks: [], how };
			done.push(open);
			at = Math.max(head.next, at + 1);
			continue;
		}
		const line = passage.at(at, how)!;
		const header = syntax.hunkHeader(line.text);
		if (header === null) {
			at++;
			continue;
		}
		if (open === null || open.how.depth !== how.depth) {
			open = { file: unnamedFile(passage, line.input, problems), hunks: [], how };
			done.push(open);
		}
		passage.take(at);
		const damage = surveyAt(how);
		let reading = readHunk(passage, at + 1, how, header, line.input, damage);
		for (;;) {
			repairs.push(...reading.repairs);
			problems.push(...reading.problems);
			if (reading.hunk.lines.length > 0) {
				open.hunks.push(reading.hunk);
			}
			at = Math.max(reading.next, at + 1);
			const after = reading.end === 'snip' ? passage.next(reading.next + 1, how) : passage.length;
			const rest = passage.at(after, how);
			if (rest === null || !/^[-+ \t]/.test(rest.text) || headingAt(passage, after) !== null) {
				break;
			}
			reading = readHunk(passage, after, how, { ...CONTINUED, section: header.section }, rest.input, damage);
		}
	}
	// A mail with a diff of its own below the one that it quotes: its own is the patch.
	const depth = done.length === 0 ? null : Math.min(...done.map(({ how }) => how.depth));
	const deeper = done.filter(({ how }) => how.depth !== depth);
	if (deeper.length > 0) {
		problems.push({ message: `the diff quoted here (${deeper.length === 1 ? '1 file' : `${deeper.length} files`}) is left out: the mail has one of its own`, input: deeper[0]!.file.input });
	}
	const files = done.filter(({ how }) => how.depth === depth).map(({ file, hunks }) => ({ ...file, hunks }));
	const tabs = restoreTabs(files);
	return { files: tabs.files, depth, repairs: [...repairs, ...tabs.repairs], problems };
}

/** How to unquote the line, when it may be a heading of a file or a hunk; null when it cannot. */
function headingAt(passage: Passage, at: number): Unquoting | null {
	const { text } = passage.lines[at]!;
	const { depth, end } = /[>]/.test(text.slice(0, 12)) ? passage.quotationAt(at) : { depth: 0, end: 0 };
	const spaced = depth > 0 && text[end] === ' ';
	const start = end + (spaced ? 1 : 0);
	switch (text[start]) {
		case '@': return text.startsWith('@@', start) ? { depth, spaced } : null;
		case 'd': return text.startsWith('diff ', start) ? { depth, spaced } : null;
		case '-': return text.startsWith('--- ', start) ? { depth, spaced } : null;
		case 'I': return text.startsWith('Index: ', start) ? { depth, spaced } : null;
		case 'S': return text.startsWith('Submodule ', start) ? { depth, spaced } : null;
		default: return null;
	}
}

/** A quoted hunk whose file header was cut: the file is the diffstat's, when that has only one. */
function unnamedFile(passage: Passage, input: number, problems: Remark[]): FilePatch {
	const named = new Set<string>();
	for (const { text } of passage.lines) {
		const stat = text.includes('|') ? DIFFSTAT.exec(text.replace(/^(?:\s?>)+/, '')) : null;
		if (stat !== null && !stat[1]!.startsWith('.../')) {
			named.add(stat[1]!);
		}
	}
	const path = named.size === 1 ? [...named][0]! : UNNAMED;
	problems.push({ message: path === UNNAMED ? 'the file of this hunk is not named' : `the file of this hunk is not named; the diffstat has only ${path}`, input });
	return { oldPath: path, newPath: path, change: 'modified', hunks: [], input };
}

import { combinedLines } from './combined-hunk';
import type { TextLine } from './document';
import { GIT_VERSION, type HunkHeader, SIGNATURE } from './diff-syntax';
import { type HunkEnd, hunkEnd, isOldNewPair } from './hunk-end';
import type { Passage } from './passage';
import type { Hunk, HunkLine, InputLine, LineKind, Remark } from './patch';
import type { Unquoting } from './quotation';

/** What happened to white space on the way here; told from the whole message, so that one odd hunk does not decide. */
export interface Damage {
	/** Context lines lost their leading blank: what has no marker is context. */
	readonly eaten: boolean;
}

const WHOLE: Damage = { eaten: false };

/** A hunk, the index of the line after it, and why it ended there. */
export interface HunkReading {
	readonly hunk: Hunk;
	readonly next: number;
	readonly end: HunkEnd | 'counted';
	readonly repairs: readonly Remark[];
	readonly problems: readonly Remark[];
}

interface Row {
	readonly index: number;
	readonly line: TextLine;
}

/** A line this long may have been wrapped by a mail program: what follows without a marker is its rest. */
const WRAPPED_FROM = 50;
/** The narrowest that mail programs wrap at. */
const WRAPPED_AT = 68;
/** Prose behind the last hunk of a mail whose white space was eaten: a sentence, and nothing that C is made of. */
const SENTENCE = /^[A-Z"'(]?[A-Za-z'"]+,? [A-Za-z'"(]+[,)]? .*[a-z]{2,}|^(?:Thanks|Cheers|Regards|Hi|Hello)\b/;
const CODE = /[;{}=]|->|^\s*(?:\*|\/\*|#|\/\/)|\*\/\s*$|^\s*\w+:\s*$|,\s*$|\)\s*$|&&|\|\||\w\([^)]|^\s*$/;

export const proseLike = (text: string): boolean => SENTENCE.test(text) && !CODE.test(text);

const kindOf = (line: TextLine, damage: Damage): LineKind | 'note' | 'bare' => {
	switch (line.text[0]) {
		case '+': return 'added';
		case '-': return 'removed';
		case ' ':
		case '\t':
		case undefined: return 'context';
		case '\\': return line.text[1] === ' ' ? 'note' : damage.eaten ? 'context' : 'bare';
		default: return damage.eaten ? 'context' : 'bare';
	}
};

/** The hunk line with its marker taken off. A context line that has none keeps all its text; where blanks were eaten, ` * x` is a comment's own. */
const hunkLine = (line: TextLine, kind: LineKind, damage: Damage): HunkLine => {
	const marked = kind !== 'context' || (damage.eaten ? /^ [^ *]/ : /^ /).test(line.text);
	const text = marked ? line.text.slice(1) : line.text;
	const from = line.from + (marked ? 1 : 0);
	return { kind, text, input: line.input, from, to: line.from + line.text.length };
};

/** Wrapped: the rest of the line stands on the next one. The place stays that of the first part. */
const rejoined = (line: HunkLine, rest: TextLine): HunkLine => ({ ...line, text: `${line.text.replace(/ $/, '')} ${rest.text.trimStart()}` });

/** The line before is as long as a mail program lets it be: this one's first word did not fit any more. */
const overflows = (before: HunkLine, rest: TextLine): boolean =>
	before.to - before.from + 1 + (/^\S*/.exec(rest.text)?.[0].length ?? 0) >= WRAPPED_AT && before.to - before.from >= WRAPPED_FROM && /[;,{(*&|)=]/.test(rest.text);

const counted = (lines: readonly HunkLine[]): { readonly old: number; readonly new: number } => {
	let added = 0;
	let removed = 0;
	for (const { kind } of lines) {
		added += kind === 'added' ? 1 : 0;
		removed += kind === 'removed' ? 1 : 0;
	}
	return { old: lines.length - added, new: lines.length - removed };
};

const toHunk = (header: HunkHeader, lines: readonly HunkLine[], input: InputLine): Hunk => ({
	oldStart: header.oldStart, newStart: header.newStart, oldCount: header.oldCount, newCount: header.newCount, section: header.section, lines, input,
});

/** A marker line that nobody would write below a finished hunk: it belongs to it, whatever the counts say. */
const strayMarker = (passage: Passage, index: number, how: Unquoting): boolean => {
	const text = passage.at(index, how)?.text;
	return text !== undefined && /^[-+]/.test(text) && !/^-- |^--$|^---|^- \w|^\+ \w/.test(text) && hunkEnd(passage, index, how) === null;
};

/** By the counts alone, when they are right: every line has its marker, and nothing is left over. Null otherwise. */
function exact(passage: Passage, at: number, how: Unquoting, header: HunkHeader): { readonly lines: readonly HunkLine[]; readonly taken: readonly number[]; readonly next: number } | null {
	const lines: HunkLine[] = [];
	const taken: number[] = [];
	let oldLeft = header.oldCount;
	let newLeft = header.newCount;
	let index = at;
	while (oldLeft > 0 || newLeft > 0) {
		index = passage.next(index, how);
		const line = passage.at(index, how);
		if (line === null) {
			return null;
		}
		const kind = kindOf(line, WHOLE);
		if (kind === 'bare' || line.text[0] === '\t' || (line.text.startsWith('--') && signature(passage, index, how)) || (line.text.startsWith('--- ') && isOldNewPair(passage, index, how))) {
			return null;
		}
		if (kind !== 'note') {
			oldLeft -= kind === 'added' ? 0 : 1;
			newLeft -= kind === 'removed' ? 0 : 1;
			if (oldLeft < 0 || newLeft < 0) {
				return null;
			}
			lines.push(hunkLine(line, kind, WHOLE));
		}
		taken.push(index);
		index++;
	}
	const last = passage.at(index, how)?.text;
	if (last?.startsWith('\\ ')) {
		taken.push(index);
		index++;
	}
	const following = how.depth === 0 ? index : passage.next(index, how);
	return strayMarker(passage, following, how) || contextLeftOver(passage, following, how) ? null : { lines, taken, next: index };
}

/** `-- ` and git's version below it, or nothing: no removed line, whatever the counts say. */
function signature(passage: Passage, index: number, how: Unquoting): boolean {
	if (!SIGNATURE.test(passage.at(index, how)!.text)) {
		return false;
	}
	const after = passage.at(passage.next(index + 1, how), how)?.text;
	return after === undefined || GIT_VERSION.test(after);
}

/** Context lines between the counted end and the next header: the counts were too small. */
function contextLeftOver(passage: Passage, at: number, how: Unquoting): boolean {
	let index = at;
	let written = 0;
	for (; index < passage.length && /^(?:[ \t].*)?$/.test(passage.at(index, how)?.text ?? '-'); index++) {
		written += passage.at(index, how)!.text === '' ? 0 : 1;
	}
	const end = written > 0 ? hunkEnd(passage, index, how) : null;
	return end === 'hunk' || end === 'file' || end === 'signature' || (written > 0 && strayMarker(passage, index, how));
}

/** By the markers: all rows up to what surely ends the hunk, then cut where prose begins. */
function byMarkers(passage: Passage, at: number, how: Unquoting, header: HunkHeader, damage: Damage): HunkReading {
	const rows: Row[] = [];
	let index = passage.next(at, how);
	let end: HunkEnd = 'end';
	while (index < passage.length) {
		const found = hunkEnd(passage, index, how);
		if (found !== null) {
			end = found;
			break;
		}
		rows.push({ index, line: passage.at(index, how)! });
		index = passage.next(index + 1, how);
	}
	const closed = end === 'hunk' || end === 'file' || end === 'signature';
	const vouched = header.oldCount > 0 || header.newCount > 0;
	const lines: HunkLine[] = [];
	const repairs: Remark[] = [];
	let oldLeft = header.oldCount;
	let newLeft = header.newCount;
	let kept = 0;
	let cut = false;
	let stop = -1;
	let section = header.section;
	for (const [at, { line }] of rows.entries()) {
		const kind = kindOf(line, damage);
		const satisfied = vouched && oldLeft <= 0 && newLeft <= 0;
		if (satisfied && stop < 0 && !(kind === 'bare' && at > 0 && lines.length > 0 && overflows(lines.at(-1)!, line))) {
			stop = surplusEnd(rows, at, closed, damage);
		}
		if (stop >= 0 && at >= stop) {
			cut = true;
			break;
		}
		if (kind === 'note') {
			kept = at + 1;
			continue;
		}
		if (kind === 'bare') {
			const before = lines.at(-1);
			if (before === undefined && at === 0 && header.section !== '') {
				section = `${header.section} ${line.text.trim()}`;
				repairs.push({ message: 'wrapped line joined with the line before it', input: line.input });
				kept = 1;
				continue;
			}
			if (before === undefined || before.to - before.from < WRAPPED_FROM || (satisfied && !overflows(before, line))) {
				cut = true;
				break;
			}
			lines[lines.length - 1] = rejoined(before, line);
			repairs.push({ message: 'wrapped line joined with the line before it', input: line.input });
			kept = at + 1;
			continue;
		}
		if (kind === 'context' && line.text !== '' && damage.eaten && !closed && proseLike(line.text)) {
			cut = true;
			break;
		}
		oldLeft -= kind === 'added' ? 0 : 1;
		newLeft -= kind === 'removed' ? 0 : 1;
		lines.push(hunkLine(line, kind, damage));
		kept = at + 1;
	}
	// Blank lines before the next header or the end are the mail's, unless the counts ask for them.
	while (kept > 0 && rows[kept - 1]!.line.text === '' && lines.at(-1)?.text === '' && (!vouched || oldLeft < 0 || newLeft < 0)) {
		lines.pop();
		kept--;
		oldLeft++;
		newLeft++;
	}
	for (const row of rows.slice(0, kept)) {
		passage.take(row.index);
	}
	const next = kept < rows.length ? rows[kept]!.index : index;
	return { hunk: toHunk({ ...header, section }, lines, 0), next, end: cut || kept < rows.length ? 'end' : end, repairs, problems: [] };
}

/** What may follow once the counts are satisfied, asked once per hunk: the index of the row at which it surely ends. */
function surplusEnd(rows: readonly Row[], at: number, closed: boolean, damage: Damage): number {
	const blank = rows.findLastIndex(({ line }) => line.text !== '') + 1;
	if (blank <= at) {
		return at;
	}
	let index = at;
	if (!closed) {
		while (index < blank && /^[-+]/.test(rows[index]!.line.text) && !/^[-+] \w/.test(rows[index]!.line.text)) {
			index++;
		}
		return index;
	}
	for (; index < blank; index++) {
		const { line } = rows[index]!;
		const kind = kindOf(line, damage);
		if (kind === 'bare' || (kind === 'context' && damage.eaten && proseLike(line.text.trim()))) {
			return at;
		}
	}
	return blank;
}

/**
 * Reads the lines below the header that stands at `at - 1`; `input` is the header's line. Takes the lines it uses.
 * Counts are believed when the markers agree with them; else markers decide and the difference is told.
 */
export function readHunk(passage: Passage, at: number, how: Unquoting, header: HunkHeader, input: InputLine, damage: Damage): HunkReading {
	if (header.parents > 1) {
		const { lines, next } = combinedLines(passage, at, how, header.parents);
		return { hunk: toHunk(header, lines, input), next, end: 'end', repairs: [], problems: [] };
	}
	const counts = header.oldCount > 0 || header.newCount > 0;
	const plain = counts ? exact(passage, at, how, header) : null;
	if (plain !== null) {
		for (const index of plain.taken) {
			passage.take(index);
		}
		return { hunk: toHunk(header, plain.lines, input), next: plain.next, end: 'counted', repairs: [], problems: [] };
	}
	const reading = byMarkers(passage, at, how, header, damage);
	const shown = counted(reading.hunk.lines);
	const differs = counts && (shown.old !== header.oldCount || shown.new !== header.newCount);
	const message = `the hunk's header says ${header.oldCount} old and ${header.newCount} new lines, ${shown.old} and ${shown.new} are there`;
	const short = shown.old < header.oldCount || shown.new < header.newCount;
	return {
		...reading,
		hunk: { ...reading.hunk, input },
		repairs: differs && !short ? [...reading.repairs, { message: `${message}; read by their markers`, input }] : reading.repairs,
		problems: differs && short ? [{ message: `${message}; the rest is missing`, input }] : [],
	};
}

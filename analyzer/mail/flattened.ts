import { isMarker, isTightMarker, lineEnd, skipBlanks } from './c-line-ends';
import { type Lines, Tally, type TextLine } from './document';
import { hunkHeader } from './diff-syntax';
import { proseLike } from './hunk-line';
import type { Remark } from './patch';

/**
 * A diff whose lines were joined into paragraphs: one line of the document holds a file's headers and a hunk up to its next
 * blank line. Cuts it into lines again, each with its columns. White space runs are gone, so lines are told by C's structure.
 */

const HEADERS = /(?:^|\s)(diff --git \S+ \S+)(?= )|(?:^|\s)(index [0-9a-f]{4,40}\.\.[0-9a-f]{4,40}(?: \d{6})?)(?= )|(?:^|\s)(--- (?:[a-z]\/\S+|\/dev\/null))(?= \+\+\+ )|(?:^|\s)(\+\+\+ (?:[a-z]\/\S+|\/dev\/null))(?= @@ )|(?:^|\s)((?:new|deleted) file mode \d{6})(?= )|(?:^|\s)(@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@)(?= |$)/g;
const FLATTENED = /(?:^| )@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@(?: |$)/;
const ATTRIBUTION = /^On .{6,}(?:wrote|writes):?\s*$/;

const isFlattened = (text: string): boolean =>
	FLATTENED.test(text) && ((/(?:^| )diff --git /.test(text) && !/^diff --git \S+ \S+$/.test(text)) || / [+-] /.test(text.slice(text.indexOf('@@'))));

/** Longer lines are left as they are: no mail has them. */
const LONGEST = 200_000;
/** What stands behind a marker in question is looked at so far back. */
const LOOK_BACK = 320;

/** What a hunk's header still wants, and where its header is among the lines made. */
interface Counts {
	old: number;
	new: number;
	readonly header: number;
	/** Column in the header's line at which its section text begins. */
	readonly section: number;
}

/**
 * The text behind a header is its section or, where it has none, the first line of context: when just one line of each side is
 * missing at the end, it was the latter.
 */
function settle(left: Counts | null, out: TextLine[]): void {
	if (left === null || left.old !== 1 || left.new !== 1) {
		return;
	}
	const header = out[left.header]!;
	const section = header.text.slice(left.section - header.from);
	if (section.trim() !== '' && !SURELY_SECTION.test(section.trim())) {
		const from = left.section + section.length - section.trimStart().length;
		out.splice(left.header, 1, { ...header, text: header.text.slice(0, left.section - header.from).trimEnd() }, { text: section.trim(), input: header.input, from });
	}
}

/** Replaces each flattened line by the lines it was made of. A document that has none comes back as it is. */
export function unflattened(lines: readonly TextLine[]): Lines {
	if (!lines.some(({ text }) => text.length > 60 && isFlattened(text))) {
		return { lines, repairs: [] };
	}
	const tally = new Tally();
	const out: TextLine[] = [];
	let left: Counts | null = null;
	for (const line of lines) {
		const flat = line.text.length < LONGEST && isFlattened(line.text);
		if (!flat && (left === null || (left.old <= 0 && left.new <= 0) || ATTRIBUTION.test(line.text) || proseLike(line.text))) {
			settle(left, out);
			left = null;
			out.push(line);
			continue;
		}
		tally.at(line.input);
		if (left !== null && line.text.trim() !== '' && !/^(?:diff --git|@@ -)/.test(line.text)) {
			// The blank line that kept the paragraphs apart was a line of context.
			out.push({ text: '', input: line.input, from: line.from });
			left.old--;
			left.new--;
		}
		left = cut(line, left, out);
	}
	settle(left, out);
	const repairs: readonly Remark[] = tally.remarks((count) => `a diff flattened onto single lines was cut into lines again (${count}); its white space is lost`);
	return { lines: out, repairs };
}

const piece = (line: TextLine, from: number, to: number): TextLine => ({ text: line.text.slice(from, to).trimEnd(), input: line.input, from: line.from + from });

/** Cuts one line; returns what its last hunk still wants. */
function cut(line: TextLine, before: Counts | null, out: TextLine[]): Counts | null {
	let left = before;
	let at = 0;
	for (const match of line.text.matchAll(HEADERS)) {
		const written = match.slice(1).find((part) => part !== undefined)!;
		const start = match.index + match[0].length - written.length;
		if (start > at) {
			left = segment(line, at, start, left, out);
		}
		at = start + written.length;
		settle(left, out);
		const header = hunkHeader(written);
		if (header === null) {
			out.push(piece(line, start, at));
			left = null;
		} else {
			left = { old: header.oldCount, new: header.newCount, header: out.length, section: line.from + at };
			const end = sectionEnd(line.text, skipBlanks(line.text, at, line.text.length));
			out.push(piece(line, start, end));
			at = end;
		}
	}
	return at < line.text.length ? segment(line, at, line.text.length, left, out) : left;
}

/** A section is a line that begins in the first column with a word: a declaration, the head of a function, a macro's use, a label. */
const MAYBE_SECTION = /^(?:(?:static|extern|inline|struct|union|enum|typedef|const|volatile|void|int|long|unsigned|signed|bool|char|short|s?size_t|[us]\d+|__\w+)\b|(?:\w+ )+\**\w+\(|[A-Z][A-Z0-9_]+\(|\w+:(?: |$))/;
const NO_SECTION = /^(?:if|for|while|do|return|else|case|default|goto|break|continue|switch)\b/;
/** The head of a function or the beginning of a type: never the first line of a hunk's context by chance. */
const SURELY_SECTION = /^(?!.*;).*[){,]$/;
/** Git shows so much of the line that a section is. */
const SECTION = 80;
const HEAD = /^(?!else\b|return\b|goto\b)(?:\w+ )+\**\w+\(/;
const PARAMETER = /^ (?:\w+ )*\**\w+(?:\[\w*\])? ?(?=[,)])|^ \.\.\.(?=\))/;

/** The section text of a hunk header is the beginning of one line of C: up to where that line ends. */
function sectionEnd(text: string, from: number): number {
	const rest = text.slice(from, from + LOOK_BACK);
	if (!MAYBE_SECTION.test(rest) || NO_SECTION.test(rest)) {
		return from;
	}
	const head = HEAD.exec(rest.slice(0, SECTION));
	if (head !== null) {
		// The head of a function: to its bracket, or to the comma behind which no parameter follows.
		for (let at = head[0].length; at < Math.min(rest.length, SECTION); at++) {
			if (rest[at] === ')' && !/^\s*[;,]/.test(rest.slice(at + 1))) {
				return from + at + 1;
			}
			if (rest[at] === ',' && !PARAMETER.test(rest.slice(at + 1, at + 1 + SECTION))) {
				return from + at + 1;
			}
		}
	}
	const marker = / [+-] /.exec(rest);
	return lineEnd(text, from, from + (marker === null ? rest.length : marker.index));
}

/** Lines of a hunk (or prose, outside of one) between two columns. */
function segment(line: TextLine, from: number, to: number, before: Counts | null, out: TextLine[]): Counts | null {
	if (before === null) {
		const text = piece(line, from, to);
		if (text.text.trim() !== '') {
			out.push(text);
		}
		return null;
	}
	const left = { ...before };
	let at = skipBlanks(line.text, from, to);
	/** The removed line of the run that an added one may be the counterpart of. */
	let removed: string | null = null;
	let limit = at;
	while (at < to) {
		const marker = /^[+-](?= |$)|^[+-](?=\S)/.exec(line.text.slice(at, Math.min(to, at + 2)))?.[0];
		limit = at < limit ? limit : nextMarker(line.text, marker === undefined ? at : at + 1, to);
		let end = limit;
		if (marker !== undefined && /^ [+-] /.test(line.text.slice(at + 1, at + 4))) {
			end = at + 1;
		} else if (limit > at) {
			end = Math.min(limit, lineEnd(line.text, marker === undefined ? at : at + 1, limit));
			end = likeRemoved(line.text, at, end, limit, marker, removed);
		}
		const text = piece(line, at, end);
		out.push(text);
		removed = marker === '-' ? text.text.slice(1).trim() : marker === '+' ? removed : null;
		left.old -= marker === '+' ? 0 : 1;
		left.new -= marker === '-' ? 0 : 1;
		at = skipBlanks(line.text, end, to);
	}
	return left;
}

/** The next blank followed by a marker that can be nothing else, from `from` on. */
function nextMarker(text: string, from: number, to: number): number {
	let start = from;
	for (let at = from; at < to; at++) {
		const tight = / [+-][^ ]/.test(text.slice(at, at + 3));
		if (text[at] !== ' ' || (text[at + 1] !== '+' && text[at + 1] !== '-') || (tight && text[at + 2] === '>')) {
			continue;
		}
		// What the marker stands behind: the last line of C before it.
		start = Math.max(start, at - LOOK_BACK);
		for (let end = lineEnd(text, start, at); end < at && end > start && skipBlanks(text, end, at) < at; end = lineEnd(text, start, at)) {
			start = end;
		}
		const before = text.slice(Math.max(start, at - LOOK_BACK), at);
		const after = text.slice(at + 2, at + 30);
		if (tight ? isTightMarker(before, after) : isMarker(before, after)) {
			return at;
		}
	}
	return to;
}

/** An added line that goes on past its removed counterpart's end is cut where that one ended: `addr,` and `addr, unsigned long end`. */
function likeRemoved(text: string, at: number, end: number, limit: number, marker: string | undefined, counterpart: string | null): number {
	if (marker !== '+' || counterpart === null || !counterpart.endsWith(',')) {
		return end;
	}
	const tail = / \S+ ?\S*,$/.exec(counterpart)?.[0] ?? counterpart;
	const found = text.slice(at, Math.min(limit, at + LOOK_BACK)).indexOf(tail);
	return found >= 0 ? at + found + tail.length : end;
}

import type { Image } from '../../images/image';
import { Canvas } from '../prepass/canvas';
import { type Conditional, selectBranches } from '../prepass/branches';
import { readMacros } from '../prepass/macros';
import { ARROW, IDENTIFIER, type Tokens, tokenize, word } from '../prepass/tokens';
import type { MacroSource } from '../source';
import { startsOfLines } from '../lines';
import { touchedIn } from '../touched';
import { Layout } from './layout';

/** A stretch of an image's lines with nothing elided inside. */
export interface Stretch {
	/** 1-based lines of the image's text, both included. */
	readonly fromLine: number;
	readonly toLine: number;
	/** Offsets in the image's text. */
	readonly from: number;
	/** Behind the last character of its last line, its newline excluded. */
	readonly to: number;
	/** Token range. */
	readonly first: number;
	readonly last: number;
	/** Of the hunk header; `''` where there is none. */
	readonly section: string;
	/** Lines of the real file that are elided before it; 0 at the file's beginning, Infinity when unknown. */
	readonly elidedBefore: number;
	/** The indentation of its lines can be trusted. */
	readonly indented: boolean;
}

/** An image without comments and preprocessor lines, cut where source is elided. */
export interface Cut {
	readonly text: string;
	readonly tokens: Tokens;
	readonly layout: Layout;
	readonly stretches: readonly Stretch[];
	readonly macros: readonly MacroSource[];
	readonly conditionals: readonly Conditional[];
}

export function cutImage(image: Image): Cut {
	const lineStarts = startsOfLines(image.text);
	const lines = lineStarts.length;
	const cuts = new Set<number>();
	for (const line of image.gaps) cuts.add(line);
	for (const hunk of image.hunks) if (!continues(image, hunk.line)) cuts.add(hunk.line);
	cuts.delete(1);
	const firstLines = [1, ...[...cuts].filter((line) => line > 1 && line <= lines).sort((a, b) => a - b)];
	const boundaries = firstLines.slice(1).map((line) => lineStarts[line - 1]!);

	const canvas = new Canvas(image.text);
	firstLines.forEach((line, index) => {
		const end = boundaries[index] ?? image.text.length;
		blankOpenComment(image.text, canvas, lineStarts[line - 1]!, end);
		blankMacroTail(image.text, canvas, lineStarts[line - 1]!, end, index > 0 || image.fileLines[0] !== 1);
	});
	const lexed = tokenize(canvas.toString(), boundaries);
	for (let at = 0; at < lexed.comments.length; at += 2) canvas.blank(lexed.comments[at]!, lexed.comments[at + 1]!);
	for (const directive of lexed.directives) canvas.blank(directive.start, directive.end);
	const { structure, conditionals } = selectBranches(lexed, canvas, { changed: touchedIn(image, lineStarts), within: 'fragments' });
	const { tokens } = structure;
	const text = canvas.toString();
	const layout = new Layout(tokens);
	const sections = sectionsByLine(image);

	let token = 0;
	const stretches = firstLines.map((fromLine, index): Stretch => {
		const toLine = (firstLines[index + 1] ?? lines + 1) - 1;
		const from = lineStarts[fromLine - 1]!;
		const end = boundaries[index] ?? image.text.length;
		const first = token;
		while (token < tokens.count && tokens.start[token]! < end) token++;
		return {
			fromLine, toLine, from,
			to: trimmedEnd(image.text, from, end),
			first, last: token,
			section: sectionOf(sections, fromLine, toLine),
			elidedBefore: elidedBefore(image, fromLine),
			indented: false,
		};
	});
	const margins = stretches.map(({ first, last }) => countMargins(layout, tokens, first, last));
	const all = margins.reduce((sum, { deep, flat }) => ({ deep: sum.deep + deep, flat: sum.flat + flat }), { deep: 0, flat: 0 });
	const trusted = all.deep > 0 && all.flat * 4 <= all.deep;
	const judged = stretches.map((stretch, index): Stretch => {
		const { deep, flat } = margins[index]!;
		return { ...stretch, indented: deep + flat === 0 ? trusted : deep > 0 && flat === 0 };
	});
	return { text, tokens, layout, stretches: judged, macros: readMacros(lexed), conditionals };
}

function continues(image: Image, line: number): boolean {
	const here = image.fileLines[line - 1] ?? 0;
	const before = image.fileLines[line - 2] ?? 0;
	return here > 0 && before > 0 && here === before + 1;
}

function elidedBefore(image: Image, line: number): number {
	const here = image.fileLines[line - 1] ?? 0;
	if (here <= 0) return Number.POSITIVE_INFINITY;
	const before = line > 1 ? (image.fileLines[line - 2] ?? 0) : 0;
	return line > 1 && before <= 0 ? Number.POSITIVE_INFINITY : Math.max(0, here - before - 1);
}

function sectionsByLine(image: Image): Map<number, string> {
	return new Map([...image.hunks].reverse().map(({ line, section }) => [line, section]));
}

/** Of the hunk that begins in these lines. */
function sectionOf(sections: ReadonlyMap<number, string>, fromLine: number, toLine: number): string {
	for (let line = fromLine; line <= toLine; line++) {
		const section = sections.get(line);
		if (section !== undefined) return section;
	}
	return '';
}

function trimmedEnd(text: string, from: number, end: number): number {
	let to = end;
	while (to > from && /\s/.test(text[to - 1]!)) to--;
	return to;
}

/** Columns below this are the margin: labels stand there, statements do not, unless white space was lost. */
const MARGIN = 4;
const STATEMENT = /^(?:if|return|goto|for|while|switch|else|break|continue|do|case)$/;

/** Lines that are indented as statements are, and statements that stand at the margin. */
function countMargins(layout: Layout, tokens: Tokens, first: number, last: number): { readonly deep: number; readonly flat: number } {
	let deep = 0;
	let flat = 0;
	for (let at = first; at < last; at++) {
		if (!layout.beginsLine(at)) continue;
		if (layout.column(at) >= MARGIN) deep++;
		else if (tokens.kind[at] === IDENTIFIER && (STATEMENT.test(word(tokens, at)) || tokens.kind[at + 1] === ARROW)) flat++;
	}
	return { deep, flat };
}

/** A hunk that begins inside a comment: what comes before its end (or all, when it has none) is comment. */
function blankOpenComment(text: string, canvas: Canvas, from: number, end: number): void {
	const part = text.slice(from, end);
	const close = part.indexOf('*/');
	const open = part.indexOf('/*');
	if (close >= 0 && (open < 0 || close < open)) {
		canvas.blank(from, from + close + 2);
		return;
	}
	// Lines of a comment whose both ends are elided, up to the first line that is none.
	const lines = part.split('\n');
	let offset = from;
	let starred = 0;
	for (const line of lines) {
		if (!/^[ \t]*\*(?:[ \t]|\r?$)/.test(line)) break;
		starred += 1;
		offset += line.length + 1;
	}
	const rest = lines.slice(starred).every((line) => line.trim() === '');
	// One such line in front of code may be `* p = x;`.
	if (starred > 1 || (starred > 0 && rest && !/;\s*$/.test(lines[0]!))) canvas.blank(from, Math.min(offset, end));
}

/** A hunk that begins inside a macro's definition: its lines up to the last that ends with a backslash, and the one behind it. */
function blankMacroTail(text: string, canvas: Canvas, from: number, end: number, elided: boolean): void {
	if (!elided) return;
	let at = from;
	let tail = -1;
	while (at < end) {
		let newline = text.indexOf('\n', at);
		if (newline < 0 || newline > end) newline = end;
		const line = text.slice(at, newline);
		if (/^[ \t]*#/.test(line)) break;
		if (/\\\s*$/.test(line)) tail = newline + 1;
		else if (tail !== at) break;
		else {
			tail = -1;
			canvas.blank(from, newline);
			return;
		}
		at = newline + 1;
	}
	if (tail > 0) canvas.blank(from, Math.min(tail, end));
}

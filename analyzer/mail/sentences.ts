import type { InputLine, ProseLine } from './patch';

/** A sentence of prose, joined over its lines. */
export interface Sentence {
	readonly text: string;
	readonly author: ProseLine['author'];
	/** The document line of a character of `text`. */
	lineAt(offset: number): InputLine;
}

const TRAILER = /^\s*(?:[A-Z][\w-]*-by|Cc|Fixes|Link|Closes|Reported-and-\S+|Message-I[dD]|In-Reply-To|Stable-dep-of|Depends-on|Origin|References|Patch-mainline|Git-(?:commit|repo)|Upstream-(?:commit|status)|Bug(?:Link|zilla)?(?=:\s+(?:https?:|(?:\w{1,8}[#/])?#?\d+\s*$))|Ref|From|To|Date|Author|Change-Id|base-commit):\s/i;
const DIFFSTAT = /^\s?\S+\s+\|\s+(?:\d+|Bin)|^\s?\d+ files? changed|^\s?(?:create|delete|rename) mode/;
const RULE = /^\s*[-=*_~#]{3,}\s*$/;
/** Longer texts are cut: prose of hostile length must not cost more than its length. */
const LONGEST = 20_000;

/** Paragraphs (blank lines, trailers, list items and rules end one) cut into sentences. */
export function sentences(prose: readonly ProseLine[]): readonly Sentence[] {
	const out: Sentence[] = [];
	let paragraph: ProseLine[] = [];
	const flush = (): void => {
		if (paragraph.length > 0) {
			cut(paragraph, out);
			paragraph = [];
		}
	};
	let length = 0;
	for (const line of prose) {
		const before = paragraph.at(-1);
		const ends = line.text.trim() === '' || TRAILER.test(line.text) || DIFFSTAT.test(line.text) || RULE.test(line.text);
		if (ends || (before !== undefined && (before.author !== line.author || line.input > before.input + 1 || /^\s*(?:[-*o]|\d+[.)])\s/.test(line.text))) || length > LONGEST) {
			flush();
			length = 0;
		}
		if (!ends) {
			paragraph.push(line);
			length += line.text.length;
		}
	}
	flush();
	return out;
}

function cut(lines: readonly ProseLine[], out: Sentence[]): void {
	const starts: number[] = [];
	let text = '';
	for (const line of lines) {
		starts.push(text.length + (text === '' ? 0 : 1));
		text += (text === '' ? '' : ' ') + line.text.trim();
	}
	const lineAt = (offset: number): InputLine => lines[Math.max(0, starts.findLastIndex((start) => start <= offset))]!.input;
	let from = 0;
	const push = (to: number): void => {
		const sentence = text.slice(from, to).trim();
		const start = from + (text.slice(from, to).length - text.slice(from, to).trimStart().length);
		if (sentence !== '') {
			out.push({ text: sentence, author: lines[0]!.author, lineAt: (offset) => lineAt(start + offset) });
		}
		from = to;
	};
	for (const match of text.matchAll(/(?<!\b(?:e\.g|i\.e|wrt|vs|etc|cf|eg|ie))[.!?:]["')]*\s+(?=["'(]?[A-Z_a-z])/g)) {
		push(match.index + match[0].length);
	}
	push(text.length);
}

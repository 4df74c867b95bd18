import type { TextLine } from './document';
import type { HunkLine, LineKind } from './patch';

/** What happened to white space on the way here; told from the whole message, so that one odd hunk does not decide. */
export interface Damage {
	/** Context lines lost their leading blank: what has no marker is context. */
	readonly eaten: boolean;
}

export const WHOLE: Damage = { eaten: false };

export interface Row {
	readonly index: number;
	readonly line: TextLine;
}

/** A line this long may have been wrapped by a mail program: what follows without a marker is its rest. */
export const WRAPPED_FROM = 50;
/** The narrowest that mail programs wrap at. */
const WRAPPED_AT = 68;
/** Prose behind the last hunk of a mail whose white space was eaten: a sentence, and nothing that C is made of. */
const SENTENCE = /^[A-Z"'(]?[A-Za-z'"]+,? [A-Za-z'"(]+[,)]? .*[a-z]{2,}|^(?:Thanks|Cheers|Regards|Hi|Hello)\b/;
const CODE = /[;{}=]|->|^\s*(?:\*|\/\*|#|\/\/)|\*\/\s*$|^\s*\w+:\s*$|,\s*$|\)\s*$|&&|\|\||\w\([^)]|^\s*$/;

export const proseLike = (text: string): boolean => SENTENCE.test(text) && !CODE.test(text);

export const kindOf = (line: TextLine, damage: Damage): LineKind | 'note' | 'bare' => {
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
export const hunkLine = (line: TextLine, kind: LineKind, damage: Damage): HunkLine => {
	const marked = kind !== 'context' || (damage.eaten ? /^ [^ *]/ : /^ /).test(line.text);
	const text = marked ? line.text.slice(1) : line.text;
	const from = line.from + (marked ? 1 : 0);
	return { kind, text, input: line.input, from, to: line.from + line.text.length };
};

/** Wrapped: the rest of the line stands on the next one. The place stays that of the first part. */
export const rejoined = (line: HunkLine, rest: TextLine): HunkLine => ({ ...line, text: `${line.text.replace(/ $/, '')} ${rest.text.trimStart()}` });

/** The line before is as long as a mail program lets it be: this one's first word did not fit any more. */
export const overflows = (before: HunkLine, rest: TextLine): boolean =>
	before.to - before.from + 1 + (/^\S*/.exec(rest.text)?.[0].length ?? 0) >= WRAPPED_AT && before.to - before.from >= WRAPPED_FROM && /[;,{(*&|)=]/.test(rest.text);

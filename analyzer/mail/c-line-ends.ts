/** Where lines of C ended before white space was collapsed: told from the text alone. */

/** What a scan is in the middle of at the end of a piece. */
interface Scan {
	depth: number;
	statement: string;
}

/** A line of kernel C is rarely longer; past this a comma ends it. */
const LONGEST_LINE = 80;
/** No head of a function is longer. */
const LONGEST_HEAD = 400;
/** A comment is looked through so far. */
const LONGEST_COMMENT = 4_000;
const CONDITION = /^(?:\}\s*)?(?:else\s+)?(?:if|while|for|switch|\w*for_each\w*)\b/;
const LABEL = /^(?:case\b.*|default|[A-Za-z_]\w*)$/;
/** `int f(struct page *page) {`, or the rest of such a head: its bracket stands on a line of its own. */
const FUNCTION_HEAD = /^(?!.*\b(?:if|while|for|switch|return|else|\w*for_each\w*)\b).*(?:\b(?:struct|unsigned|int|void|long|char|bool|const|\w+_t)\b.*|\w+[\s*]+\w+\(\w*)\)\s*\{$/;
const DIRECTIVE = /^#\s*(?:else|endif)\b/;

/** The end (exclusive) of the line of C that begins at `from` in `text`, at most `to`. */
export function lineEnd(text: string, from: number, to: number): number {
	const start = skipBlanks(text, from, to);
	const directive = DIRECTIVE.exec(text.slice(start, Math.min(to, start + 12)));
	if (directive !== null) {
		return start + directive[0].length;
	}
	if (text[start] === '#') {
		return start + (/^#\s*(?:ifn?def\s+\w+|include\s+\S+|undef\s+\w+)/.exec(text.slice(start, to))?.[0].length ?? directiveLength(text.slice(start, to)));
	}
	const scan: Scan = { depth: 0, statement: '' };
	const isFor = /^for\s*\(/.test(text.slice(start, start + 8));
	let comma = -1;
	for (let at = start; at < to; at++) {
		const c = text[at]!;
		if (text.startsWith('/*', at)) {
			const close = text.slice(at, Math.min(to, at + LONGEST_COMMENT)).indexOf('*/', 2);
			const end = close < 0 ? to : at + close + 2;
			if (scan.statement.trim() === '' || end === to) {
				return commentLine(text, at + 2, end);
			}
			at = end - 1;
			continue;
		}
		if (at === start && c === '*' && /^\*(?:\s|\/)/.test(text.slice(at, at + 2))) {
			return commentLine(text, at + 1, to);
		}
		if (c === '"' || c === "'") {
			const end = literalEnd(text, at, to);
			scan.statement += text.slice(at, end);
			at = end - 1;
			continue;
		}
		scan.statement += c;
		if (c === '(' || c === '[') {
			scan.depth++;
		} else if (c === ')' || c === ']') {
			scan.depth = Math.max(0, scan.depth - 1);
			if (c === ')' && scan.depth === 0 && CONDITION.test(scan.statement) && !/^\s*\{/.test(text.slice(at + 1, Math.min(to, at + 8)))) {
				return at + 1;
			}
		} else if (c === ',' && scan.depth > 0) {
			if (at - start >= LONGEST_LINE && comma > 0) {
				return comma;
			}
			comma = at + 1;
		} else if (scan.depth === 0 || (c === ';' && !isFor)) {
			if (c === '{' && scan.statement.length < LONGEST_HEAD && FUNCTION_HEAD.test(scan.statement)) {
				return at;
			}
			if (c === ';' || c === '{') {
				return at + 1;
			}
			if (c === '}' && !/^\s*(?:else\b|while\b|[;,)])/.test(text.slice(at + 1, Math.min(to, at + 12)))) {
				return at + 1;
			}
			if (c === ':' && LABEL.test(scan.statement.slice(0, -1).trim()) && text[at + 1] !== ':') {
				return at + 1;
			}
			if (c === 'e' && at - start < 12 && /^\}?\s*else$/.test(scan.statement.trim()) && /^\s+(?!if\b)[^{]/.test(text.slice(at + 1, at + 8))) {
				return at + 1;
			}
		}
	}
	return to;
}

/** A comment's lines begin with ` * `; its last ends with the bracket. */
function commentLine(whole: string, from: number, limit: number): number {
	const to = Math.min(limit, from + LONGEST_COMMENT);
	const text = whole.slice(0, to);
	const close = text.indexOf('*/', from - 1);
	const star = text.indexOf(' * ', from);
	const blank = text.indexOf(' */', from);
	const end = close < 0 || close + 2 > to ? to : close + 2;
	// ` */` on a line of its own ends a comment of several lines.
	const stop = star >= 0 && star < end ? star : blank >= 0 && blank + 3 === end && !text.startsWith('/*', from - 2) ? blank : end;
	return Math.max(stop, Math.min(from, to));
}

/** `#define`, `#if …`: to where another directive, a comment or a declaration begins. */
function directiveLength(text: string): number {
	const next = / (?=#\s*[a-z]+\b|\/\*|static\b|extern\b|struct \w+ \{)/.exec(text.slice(1));
	return next === null ? text.length : next.index + 1;
}

/** Whether a `+` or `-` between blanks at `at` can only be a line's marker, given the text of the line before it. */
export function isMarker(before: string, after: string): boolean {
	const left = before.trimEnd();
	// `- * of a comment`, `+ /*`, `+ +`: no operator is followed by these.
	if (/^\s*(?:\*(?:\s|\/|$)|\/\*|[+-](?:\s|$)|#\s*(?:include|if|ifdef|ifndef|else|endif|define|undef)\b)/.test(after)) {
		return true;
	}
	if (left === '' || /[;{},(&|?=<>!~^%*/+-]$/.test(left) || /\*\/$/.test(left) || /^#/.test(left.trimStart())) {
		// Behind an operator or a bracket no binary operator can stand; a unary one has no blank behind it.
		return true;
	}
	if (/:$/.test(left)) {
		return !left.includes('?');
	}
	if (/\)$/.test(left)) {
		return CONDITION.test(left.trimStart()) && balanced(left);
	}
	if (/\belse$/.test(left.trimStart())) {
		return true;
	}
	// The head of a function: its body's bracket or a type word begins the next line.
	return balanced(left) && /^\s*(?:\{|static\b|return\b|if\b|goto\b)/.test(after);
}

/** The same for a `+` or `-` with no blank behind it: only text in the first column gives such a marker; else it is a sign. */
export function isTightMarker(before: string, after: string): boolean {
	const left = before.trimEnd();
	if (/^(?:[}{]|#\s*[a-z]|\/\*|\*\/)/.test(after)) {
		return true;
	}
	if (/^(?:static|extern|void|int|bool|struct|unsigned|long|enum|union|typedef|const|inline|EXPORT_\w+|__\w+)\b/.test(after)) {
		return true;
	}
	return (left === '' || /(?:[;{}]|\*\/)$/.test(left)) && /^\w+:/.test(after);
}

function balanced(text: string): boolean {
	let depth = 0;
	for (const c of text) {
		depth += c === '(' ? 1 : c === ')' ? -1 : 0;
	}
	return depth === 0;
}

export function skipBlanks(text: string, from: number, to: number): number {
	let at = from;
	while (at < to && text[at] === ' ') {
		at++;
	}
	return at;
}

function literalEnd(text: string, from: number, to: number): number {
	for (let at = from + 1; at < to; at++) {
		if (text[at] === '\\') {
			at++;
		} else if (text[at] === text[from]) {
			return at + 1;
		}
	}
	return from + 1;
}

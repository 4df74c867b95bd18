/** Definitions in a text at the level of regular expressions: they say where, the parser confirms. */

export type DefinitionKind = 'function' | 'struct' | 'macro' | 'constant' | 'typedef';

/** Where a definition probably stands. */
export interface DefinitionPlace {
	readonly path: string;
	readonly kind: DefinitionKind;
	/** UTF-16 offsets in the file's text. */
	readonly start: number;
	readonly end: number;
	/** 1-based line of `start`. */
	readonly line: number;
	/** The definition itself. */
	readonly text: string;
}

/** Longest macro or head that is looked at. */
const LONGEST_HEAD = 4_000;

/** Definitions of a name in one text. Declarations, calls and uses are none. */
export function definitionsIn(name: string, path: string, text: string): readonly DefinitionPlace[] {
	const places: DefinitionPlace[] = [];
	for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
		if (/\w/.test(text[at - 1] ?? ' ') || /\w/.test(text[at + name.length] ?? ' ')) {
			continue;
		}
		const range = rangeOf(name, text, at);
		if (range !== null && !places.some(({ start }) => start === range.start)) {
			places.push({ path, ...range, line: lineOf(text, range.start), text: text.slice(range.start, range.end) });
		}
	}
	return places;
}

/** What a header has for configurations without the feature: an empty body, with the real function's prototype beside it. */
export function isStub(name: string, place: DefinitionPlace, text: string): boolean {
	return place.kind === 'function' && place.path.endsWith('.h') && /\{\s*(?:return[^;]*;)?\s*\}\s*$/.test(place.text)
		&& new RegExp(`^(?:extern\\s+)?[A-Za-z_][\\w\\s*]*\\b${name}\\s*\\([^{}]*?\\)[^{};=]*;`, 'm').test(text);
}

interface Range {
	readonly kind: DefinitionKind;
	readonly start: number;
	readonly end: number;
}

function rangeOf(name: string, text: string, at: number): Range | null {
	const lineStart = text.lastIndexOf('\n', at) + 1;
	const before = text.slice(lineStart, at);
	const lineEnd = endOfLine(text, at);
	if (/^\s*#\s*define\s+$/.test(before)) {
		let end = lineEnd;
		while (text[end - 1] === '\\' && end < text.length && end - at < LONGEST_HEAD) {
			end = endOfLine(text, end + 1);
		}
		return { kind: 'macro', start: lineStart, end };
	}
	if (/^(?:typedef\s+)?(?:struct|union|enum)\s+$/.test(before)) {
		// Attributes may stand between the name and the bracket; a variable of the type has none.
		return /^\s*(?:__\w+\s*)*\{/.test(text.slice(at + name.length, at + name.length + 80)) ? block('struct', text, lineStart) : null;
	}
	if (/^\s*\}\s*$/.test(before) && /^\s*;/.test(text.slice(at + name.length, at + name.length + 4))) {
		const start = text.lastIndexOf('\ntypedef', at) + 1;
		return start > 0 ? { kind: 'typedef', start, end: lineEnd } : null;
	}
	if (/^typedef\b[^;]*$/.test(before) && /^\s*(?:;|\)\()/.test(text.slice(at + name.length, at + name.length + 4))) {
		return { kind: 'typedef', start: lineStart, end: lineEnd };
	}
	if (/^[ \t]+$/.test(before)) {
		return /^\s*(?:=[^;{]*)?,?\s*(?:\/\*.*|\/\/.*)?$/.test(text.slice(at + name.length, lineEnd)) && inEnum(text, lineStart) ? { kind: 'constant', start: lineStart, end: lineEnd } : null;
	}
	const call = /^\s*\(/.test(text.slice(at + name.length, at + name.length + 3));
	const wrapped = /^(?:SYSCALL_DEFINE\d|COMPAT_SYSCALL_DEFINE\d|BPF_CALL_\d)\($/.test(before);
	if ((!call && !wrapped) || !/^(?:[A-Za-z_][\w\s*,()]*)?$/.test(before) || /\b(?:return|else|case|goto)\b/.test(before)) {
		return null;
	}
	const head = headEnd(text, wrapped ? at - 1 : at + name.length);
	if (head === null) {
		return null;
	}
	// The return type may stand on the line before.
	const previous = text.slice(text.lastIndexOf('\n', lineStart - 2) + 1, Math.max(0, lineStart - 1));
	const start = before === '' && /^[A-Za-z_][\w\s*]*$/.test(previous) ? lineStart - previous.length - 1 : lineStart;
	const range = block('function', text, head);
	return range === null ? null : { ...range, start };
}

/** The offset of the `{` behind the parameter list that opens after `from`, or null: a declaration, a call, a macro's use. */
function headEnd(text: string, from: number): number | null {
	let depth = 0;
	for (let at = from; at < text.length && at < from + LONGEST_HEAD; at++) {
		const c = text[at];
		if (c === '(') {
			depth++;
		} else if (c === ')') {
			depth--;
		} else if (depth === 0 && c === '{') {
			return at;
		} else if (depth === 0 && (c === ';' || c === '=' || c === ',')) {
			return null;
		} else if (c === '#' && text[at - 1] === '\n') {
			return null;
		}
	}
	return null;
}

/** To the bracket in the first column that closes it, or on one line: kernel style keeps it there. */
function block(kind: DefinitionKind, text: string, from: number): Range | null {
	const line = endOfLine(text, from);
	const single = /\{[^{}]*\}\s*;?\s*$/.test(text.slice(from, line));
	const close = single ? -1 : text.indexOf('\n}', from);
	if (!single && close < 0) {
		return null;
	}
	return { kind, start: text.lastIndexOf('\n', from) + 1, end: single ? line : endOfLine(text, close + 1) };
}

function inEnum(text: string, lineStart: number): boolean {
	const before = text.slice(Math.max(0, lineStart - 20_000), lineStart);
	const open = before.lastIndexOf('{');
	const close = before.lastIndexOf('}');
	return open > close && /\benum\b[^;{}()]*$/.test(before.slice(0, open));
}

const endOfLine = (text: string, at: number): number => {
	const end = text.indexOf('\n', at);
	return end < 0 ? text.length : end;
};

const lineOf = (text: string, offset: number): number => {
	let line = 1;
	for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
		line++;
	}
	return line;
};

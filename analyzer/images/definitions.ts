import type { TreePort } from '../ports';

/** Finds definitions by name in a tree, lazily: the regex level says where, the parser confirms. */

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

/** So many of the headers of a file, and of their headers, are known as its own. */
const HEADERS = 400;
/** Files of one folder looked into by name alone. */
const FOLDER = 200;
/** Files of the tree that looked as if they had the definition and did not: no more are tried. */
const CANDIDATES = 40;
/** Longest macro or head that is looked at. */
const LONGEST_HEAD = 4_000;

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm;
const NAME = /^[A-Za-z_]\w*$/;

/** One per tree. Remembers what it found; before it says so again it looks whether the file still has it there. */
export class DefinitionFinder {
	private readonly found = new Map<string, readonly DefinitionPlace[]>();
	private readonly closures = new Map<string, { readonly own: string; readonly headers: ReadonlySet<string> }>();

	constructor(private readonly tree: TreePort) {}

	/** Candidates, nearest to the file `near` first; empty when the tree has none. */
	find(name: string, near: string): readonly DefinitionPlace[] {
		if (!NAME.test(name)) {
			return [];
		}
		const key = `${name} ${near.slice(0, near.lastIndexOf('/') + 1)}`;
		const known = this.found.get(key);
		if (known !== undefined && this.stillTrue(known)) {
			return known;
		}
		const places = this.search(name, near);
		this.found.set(key, places);
		return places;
	}

	/** Files that use any of the words, those with the most of them first, then the nearest. */
	users(words: readonly string[], near: string, limit: number): readonly string[] {
		const counts = new Map<string, number>();
		for (const word of words) {
			for (const path of this.tree.grep?.(word, near, limit * 2) ?? []) {
				counts.set(path, (counts.get(path) ?? 0) + 1);
			}
		}
		return [...counts].sort((a, b) => b[1] - a[1]).slice(0, limit).map(([path]) => path);
	}

	/** A tree may have been edited: forget what was not found. What was found is checked anyhow. */
	edited(): void {
		for (const [key, places] of this.found) {
			if (places.length === 0) {
				this.found.delete(key);
			}
		}
	}

	private stillTrue(places: readonly DefinitionPlace[]): boolean {
		return places.every(({ path, start, end, text }) => this.tree.read(path)?.slice(start, end) === text);
	}

	private search(name: string, near: string): readonly DefinitionPlace[] {
		const seen = new Set<string>();
		let stubs: readonly DefinitionPlace[] = [];
		const look = (path: string): readonly DefinitionPlace[] => {
			if (seen.has(path)) {
				return [];
			}
			seen.add(path);
			const text = this.tree.read(path);
			const places = text === null ? [] : definitionsIn(name, path, text);
			if (places.length > 0 && places.every((place) => isStub(name, place, text!))) {
				stubs = [...stubs, ...places];
				return [];
			}
			return places;
		};
		const own = look(near);
		if (own.length > 0) {
			return own;
		}
		let tried = 0;
		for (const batch of this.tree.heads?.(name, near) ?? this.unindexed(name, near)) {
			const headers = batch.length > 1 ? this.headersOf(near) : null;
			const ordered = headers === null ? batch : [...batch].sort((a, b) => Number(headers.has(b)) - Number(headers.has(a)));
			for (const path of ordered) {
				const places = look(path);
				if (places.length > 0) {
					return places;
				}
				if (++tried > CANDIDATES) {
					return stubs;
				}
			}
		}
		return stubs;
	}

	/** A tree that keeps no index: the file's headers, its folder, then wherever the word stands. */
	private *unindexed(name: string, near: string): Generator<readonly string[]> {
		const folder = near.slice(0, near.lastIndexOf('/') + 1);
		const has = (path: string): boolean => this.tree.read(path)?.includes(name) ?? false;
		yield [...this.headersOf(near)].filter(has);
		yield (this.tree.list?.(folder.replace(/\/$/, '')) ?? []).slice(0, FOLDER).map((file) => folder + file).filter(has);
		yield this.tree.grep?.(name, near, CANDIDATES) ?? [];
	}

	/** The headers that a file includes, and those that they do. */
	private headersOf(near: string): ReadonlySet<string> {
		const own = this.includes(near).join(' ');
		const known = this.closures.get(near);
		if (known?.own === own) {
			return known.headers;
		}
		const headers = new Set<string>();
		let level = this.includes(near);
		for (let depth = 0; depth < 2; depth++) {
			const next: string[] = [];
			for (const path of level) {
				if (!headers.has(path) && headers.size < HEADERS) {
					headers.add(path);
					next.push(...this.includes(path));
				}
			}
			level = next;
		}
		this.closures.set(near, { own, headers });
		return headers;
	}

	private includes(path: string): readonly string[] {
		const folder = path.slice(0, path.lastIndexOf('/') + 1);
		const text = this.tree.read(path);
		if (text === null) {
			return [];
		}
		return [...text.matchAll(INCLUDE)].flatMap(([, local, global]) => {
			if (local !== undefined) {
				return local.includes('..') ? [] : [folder + local, `include/${local}`];
			}
			return global!.startsWith('asm/') ? [`arch/x86/include/${global}`, `include/asm-generic/${global!.slice(4)}`] : [`include/${global}`, `include/uapi/${global}`];
		});
	}
}

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
function isStub(name: string, place: DefinitionPlace, text: string): boolean {
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

const finders = new WeakMap<TreePort, DefinitionFinder>();

/** The finder of a tree: one for all who ask. */
export function finderOf(tree: TreePort): DefinitionFinder {
	const finder = finders.get(tree) ?? new DefinitionFinder(tree);
	finders.set(tree, finder);
	return finder;
}

/** Candidates for the definition of `name` as seen from the file `near`. */
export const findDefinition = (name: string, near: string, tree: TreePort): readonly DefinitionPlace[] => finderOf(tree).find(name, near);

/** Files that use the words, best first. */
export const findUsers = (words: readonly string[], near: string, tree: TreePort, limit: number): readonly string[] => finderOf(tree).users(words, near, limit);

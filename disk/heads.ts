/** Heads of definitions in C, found line by line in a file's bytes: each is the hash of the name. */

const FIRST_CAPACITY = 1 << 14;

export const Byte = { Tab: 9, Newline: 10, Space: 32, Hash: 35, Open: 40, Close: 41, Star: 42, Comma: 44, Slash: 47, Semicolon: 59, Equals: 61, BraceOpen: 123, BraceClose: 125 } as const;

/** 1 for letters, digits and `_`. */
const WORD = new Uint8Array(256);
for (const c of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz') {
	WORD[c.charCodeAt(0)] = 1;
}

/** FNV-1a of a word's bytes. */
export function wordHash(word: string): number {
	let hash = 0x811c9dc5;
	for (let at = 0; at < word.length; at++) {
		hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
	}
	return hash >>> 0;
}

const TYPES = new Set(['struct', 'union', 'enum'].map(wordHash));
const TYPEDEF = wordHash('typedef');
const DEFINE = wordHash('define');

/** A growing list of them. */
export class Hashes {
	values = new Uint32Array(FIRST_CAPACITY);
	length = 0;

	push(hash: number): void {
		if (this.length === this.values.length) {
			this.grow(this.length * 2);
		}
		this.values[this.length++] = hash;
	}

	append(hashes: Uint32Array): void {
		if (this.length + hashes.length > this.values.length) {
			this.grow(Math.max(this.length + hashes.length, this.values.length * 2));
		}
		this.values.set(hashes, this.length);
		this.length += hashes.length;
	}

	private grow(capacity: number): void {
		const grown = new Uint32Array(capacity);
		grown.set(this.values.subarray(0, this.length));
		this.values = grown;
	}
}

/** Where the word ends that was read last. */
let wordEnd = 0;

/** The hash of the word that begins there, up to `wordEnd`; 0 where none begins. */
function wordAt(bytes: Buffer, from: number, length: number): number {
	let hash = 0x811c9dc5;
	let at = from;
	while (WORD[bytes[at]!] === 1 && at < length) {
		hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
		at++;
	}
	wordEnd = at;
	return at === from ? 0 : hash >>> 0;
}

/** Behind blanks and tabs. */
function behindBlanks(bytes: Buffer, from: number): number {
	let at = from;
	while (bytes[at] === Byte.Space || bytes[at] === Byte.Tab) {
		at++;
	}
	return at;
}

/** Begins the line behind a function's body. */
const CLOSING = Buffer.from('\n}');
const DIRECTIVE = Buffer.from('\n#');

/**
 * Adds the hash of each name that a line of the file may define to `out`, and of each that one only declares to `declared`. Bodies without directives are passed by in one go.
 * There must be a line feed at `length`: it ends every scan.
 */
export function addHeads(bytes: Buffer, length: number, out: Hashes, declared: Hashes): void {
	const found = (pattern: Buffer, from: number): number => {
		const place = bytes.indexOf(pattern, from);
		return place < 0 || place >= length ? length : place;
	};
	/** The next one, as far as it was looked for. */
	let directive = -1;
	let at = 0;
	while (at < length) {
		const first = bytes[at]!;
		const second = bytes[at + 1]!;
		if (first === Byte.Newline) {
			at++;
			continue;
		}
		if (first === Byte.BraceOpen && second === Byte.Newline && at > 1 && bytes[at - 2] === Byte.Close) {
			if (directive < at) {
				directive = found(DIRECTIVE, at);
			}
			const close = found(CLOSING, at);
			if (close < directive) {
				at = close + 1;
				continue;
			}
		} else if ((first === Byte.Tab || first === Byte.Space) && (second < 65 || second > 90) && second !== Byte.Tab && second !== Byte.Space) {
			// Nearly all lines of other bodies.
		} else if (first === Byte.Hash) {
			at = addMacro(bytes, at + 1, length, out);
		} else if (first === Byte.Tab || first === Byte.Space || first === Byte.BraceClose) {
			at = addEnumerator(bytes, at, length, out);
		} else if (WORD[first] === 1) {
			at = addHead(bytes, at, length, out, declared);
		}
		while (bytes[at] !== Byte.Newline) {
			at++;
		}
		at++;
	}
}

/** `#define name`; gives where it stopped. */
function addMacro(bytes: Buffer, from: number, length: number, out: Hashes): number {
	const hash = wordAt(bytes, behindBlanks(bytes, from), length);
	if (hash !== DEFINE) {
		return wordEnd;
	}
	const name = wordAt(bytes, behindBlanks(bytes, wordEnd), length);
	if (name !== 0) {
		out.push(name);
	}
	return wordEnd;
}

/** An enumerator on a line of its own, or what stands behind a closing bracket. */
function addEnumerator(bytes: Buffer, from: number, length: number, out: Hashes): number {
	const closes = bytes[from] === Byte.BraceClose;
	const at = behindBlanks(bytes, from + 1);
	const initial = bytes[at]!;
	// Enumerators are upper case; an assignment to a variable is not.
	const hash = closes || (initial >= 65 && initial <= 90) ? wordAt(bytes, at, length) : 0;
	if (hash === 0) {
		return at;
	}
	const behind = behindBlanks(bytes, wordEnd);
	const next = bytes[behind];
	if (closes ? next === Byte.Semicolon : next === Byte.Comma || next === Byte.Equals || next === Byte.Newline || next === Byte.Slash) {
		out.push(hash);
	}
	return behind;
}

/** What begins in the first column: a function, a struct, a typedef, a macro's use; or a prototype. */
function addHead(bytes: Buffer, from: number, length: number, out: Hashes, declared: Hashes): number {
	let at = from;
	let last = 0;
	let type = false;
	let typedef = false;
	let macro = false;
	// `struct foo *` at a line's end returns one; it defines none.
	let pointer = false;
	for (let words = 0; at < length; words++) {
		const begun = at;
		const hash = wordAt(bytes, at, length);
		at = wordEnd;
		if (hash !== 0) {
			pointer = false;
			type ||= words < 2 && TYPES.has(hash);
			typedef ||= words === 0 && hash === TYPEDEF;
			macro = words === 0 && bytes[at] === Byte.Open && bytes[at - 1]! <= 57;
			last = hash;
		}
		while (at < length && (bytes[at] === Byte.Space || bytes[at] === Byte.Tab || bytes[at] === Byte.Star)) {
			pointer ||= bytes[at] === Byte.Star;
			at++;
		}
		const next = bytes[at];
		if (next === Byte.Open) {
			const before = out.length;
			if (last !== 0) {
				out.push(last);
			}
			at++;
			if (macro || typedef) {
				// `SYSCALL_DEFINE2(name, …`, `typedef int (*name)(…`
				while (at < length && bytes[at] === Byte.Star) {
					at++;
				}
				const inner = wordAt(bytes, at, length);
				at = wordEnd;
				if (inner !== 0) {
					out.push(inner);
				}
			}
			while (bytes[at] !== Byte.Newline) {
				at++;
			}
			// A prototype, or a macro's use.
			if (!typedef && bytes[at - 1] === Byte.Semicolon) {
				for (let each = before; each < out.length; each++) {
					declared.push(out.values[each]!);
				}
				out.length = before;
			}
			return at;
		}
		if (next === Byte.BraceOpen || next === Byte.Newline || next === Byte.Semicolon || next === Byte.Slash || at >= length) {
			if ((type && !pointer && next !== Byte.Semicolon) || (typedef && last !== 0)) {
				out.push(last);
			}
			return at;
		}
		if (at === begun) {
			return at;
		}
	}
	return at;
}

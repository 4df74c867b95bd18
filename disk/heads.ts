/** Heads of definitions in C, found line by line in a file's bytes: each is the hash of the name. */

const FIRST_CAPACITY = 1 << 14;

export const Byte = { Tab: 9, Newline: 10, Space: 32, Hash: 35, Open: 40, Star: 42, Comma: 44, Slash: 47, Semicolon: 59, Equals: 61, BraceOpen: 123, BraceClose: 125 } as const;

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
			const grown = new Uint32Array(this.length * 2);
			grown.set(this.values);
			this.values = grown;
		}
		this.values[this.length++] = hash;
	}
}

/**
 * Adds the hash of each name that a line of the file may define; with `declared`, or declare. There must be a line feed at `length`: it ends
 * every scan.
 */
export function addHeads(bytes: Uint8Array, length: number, declared: boolean, out: Hashes): void {
	let at = 0;
	/** Reads a word from `at` on; 0 where none begins. */
	const word = (): number => {
		let hash = 0x811c9dc5;
		const from = at;
		while (WORD[bytes[at]!] === 1 && at < length) {
			hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
			at++;
		}
		return at === from ? 0 : hash >>> 0;
	};
	const blanks = (): void => {
		while (at < length && (bytes[at] === Byte.Space || bytes[at] === Byte.Tab)) {
			at++;
		}
	};
	while (at < length) {
		const before = out.length;
		let called = false;
		const first = bytes[at]!;
		const second = bytes[at + 1]!;
		if (first === Byte.Newline || ((first === Byte.Tab || first === Byte.Space) && (second < 65 || second > 90) && second !== Byte.Tab && second !== Byte.Space)) {
			// Nearly all lines: a body's.
		} else if (first === Byte.Hash) {
			at++;
			blanks();
			if (word() === DEFINE) {
				blanks();
				const hash = word();
				if (hash !== 0) {
					out.push(hash);
				}
			}
		} else if (first === Byte.Tab || first === Byte.Space || first === Byte.BraceClose) {
			at++;
			blanks();
			const initial = bytes[at]!;
			// Enumerators are upper case; an assignment to a variable is not.
			const hash = first === Byte.BraceClose || (initial >= 65 && initial <= 90) ? word() : 0;
			if (hash !== 0) {
				blanks();
				const next = bytes[at];
				if (first === Byte.BraceClose ? next === Byte.Semicolon : next === Byte.Comma || next === Byte.Equals || next === Byte.Newline || next === Byte.Slash) {
					out.push(hash);
				}
			}
		} else if (WORD[first] === 1) {
			let last = 0;
			let type = false;
			let typedef = false;
			let macro = false;
			// `struct foo *` at a line's end returns one; it defines none.
			let pointer = false;
			for (let words = 0; at < length; words++) {
				const from = at;
				const hash = word();
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
					called = !typedef;
					if (last !== 0) {
						out.push(last);
					}
					at++;
					if (macro || typedef) {
						// `SYSCALL_DEFINE2(name, …`, `typedef int (*name)(…`
						while (at < length && bytes[at] === Byte.Star) {
							at++;
						}
						const inner = word();
						if (inner !== 0) {
							out.push(inner);
						}
					}
					break;
				}
				if (next === Byte.BraceOpen || next === Byte.Newline || next === Byte.Semicolon || next === Byte.Slash || at >= length) {
					if ((type && !pointer && next !== Byte.Semicolon) || (typedef && last !== 0)) {
						out.push(last);
					}
					break;
				}
				if (at === from) {
					break;
				}
			}
		}
		// A variable of its own: `at` lives in the closures' context, which is slow to count up.
		let end = at;
		while (bytes[end] !== 10) {
			end++;
		}
		// A prototype, or a macro's use.
		if (called && !declared && bytes[end - 1] === Byte.Semicolon) {
			out.length = before;
		}
		at = end + 1;
	}
}

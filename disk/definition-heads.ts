/** Told from a file's bytes: does a word stand as it does in the head of a definition? */

export const isWord = (byte: number | undefined): boolean =>
	byte !== undefined && ((byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 97 && byte <= 122));

const skipBlanks = (bytes: Buffer, from: number): number => {
	let at = from;
	while (bytes[at] === 32 || bytes[at] === 9) {
		at++;
	}
	return at;
};

const BEFORE_TYPE = /^(?:typedef\s+)?(?:struct|union|enum)\s+$/;

/**
 * The head of a function (in the first column, an opening bracket behind the name, no semicolon at the line's end), of a struct,
 * a macro, a typedef (also of a pointer to functions), or an enumerator on a line of its own.
 */
export function isHead(bytes: Buffer, at: number, end: number): boolean {
	const start = bytes.lastIndexOf(10, at) + 1;
	const after = skipBlanks(bytes, end);
	const next = bytes[after];
	const newline = bytes.indexOf(10, end);
	const lineEnd = newline < 0 ? bytes.length : newline;
	let last = lineEnd - 1;
	while (last > end && (bytes[last] === 32 || bytes[last] === 9 || bytes[last] === 13)) {
		last--;
	}
	const first = bytes[start];
	if (first === 9 || first === 32) {
		return skipBlanks(bytes, start) === at && (next === 61 || next === 44 || next === 10 || next === 47 || after >= bytes.length);
	}
	if (first === 35) {
		return /^#\s*define\s+$/.test(bytes.toString('latin1', start, at));
	}
	if (next === 40) {
		return isWord(first) && bytes[last] !== 59;
	}
	if (first === 116 && next === 41 && bytes[skipBlanks(bytes, after + 1)] === 40) {
		// `typedef … (*name)(…`
		return /^typedef\s[^;]*\(\s*\*\s*$/.test(bytes.toString('latin1', start, at));
	}
	if (first === 125 || first === 116) {
		// `} name;` and `typedef … name;`
		return next === 59 || (first === 116 && BEFORE_TYPE.test(bytes.toString('latin1', start, at)));
	}
	if (next === 44 && /_DEFINE\d?\($/.test(bytes.toString('latin1', start, at))) {
		return true;
	}
	// `struct foo *` in front of a function's name, or alone on the line before it: its type, no definition.
	return bytes[last] !== 59 && next !== 42 && BEFORE_TYPE.test(bytes.toString('latin1', start, at));
}

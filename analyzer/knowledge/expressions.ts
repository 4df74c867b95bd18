/** Expressions by their text and flags: the table's few are asked of every call and every mail. */
const compiled = new Map<string, RegExp>();

export function expression(text: string, flags = ''): RegExp {
	const key = `${flags} ${text}`;
	const known = compiled.get(key) ?? new RegExp(text, flags);
	compiled.set(key, known);
	return known;
}

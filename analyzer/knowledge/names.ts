/** Names of one row beyond these are an error. */
const MAXIMUM_NAMES = 2_000;

/** `name`, `[a, b]`, `get_{page,folio}`: the names a row stands for. */
export function namesOf(value: unknown, where: string, problems: string[]): readonly string[] {
	const given = typeof value === 'string' ? [value] : value;
	if (!Array.isArray(given) || given.length === 0 || !given.every((name) => typeof name === 'string')) {
		problems.push(`${where}: a name or a list of names is needed`);
		return [];
	}
	const names: string[] = [];
	for (const name of given as readonly string[]) {
		if (!expand(name, names)) {
			problems.push(`${where}: more than ${MAXIMUM_NAMES} names`);
			break;
		}
	}
	return names;
}

/** Adds what `a{b,c}d` stands for; false when there would be too many. */
function expand(name: string, into: string[]): boolean {
	const brace = /\{([^{}]*)\}/u.exec(name);
	if (!brace) {
		into.push(name);
		return into.length <= MAXIMUM_NAMES;
	}
	const before = name.slice(0, brace.index);
	const after = name.slice(brace.index + brace[0].length);
	return brace[1]!.split(',').every((part) => expand(before + part + after, into));
}

/** What stands on both sides of the patch. */
export interface Pair<T> {
	readonly before: T;
	readonly after: T;
}

/** What is alike by its key on both sides, in the order of the side after: the n-th of a key with the n-th. */
export function paired<T>(before: readonly T[], after: readonly T[], key: (each: T) => string): readonly Pair<T>[] {
	const rest = new Map<string, T[]>();
	for (const each of before) {
		const alike = rest.get(key(each));
		if (alike) alike.push(each);
		else rest.set(key(each), [each]);
	}
	return after.flatMap((each) => {
		const twin = rest.get(key(each))?.shift();
		return twin === undefined ? [] : [{ before: twin, after: each }];
	});
}

/** Those whose key no other one of them has. */
export function single<T>(all: readonly T[], key: (each: T) => string): readonly T[] {
	const counts = new Map<string, number>();
	for (const each of all) counts.set(key(each), (counts.get(key(each)) ?? 0) + 1);
	return all.filter((each) => counts.get(key(each)) === 1);
}

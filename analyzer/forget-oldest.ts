/** What a map holds beyond the bound is forgotten, in the order in which it came: what is used again is to be set anew. */
export function forgetOldest<K>(kept: Map<K, unknown>, bound: number): void {
	for (const oldest of kept.keys()) {
		if (kept.size <= bound) return;
		kept.delete(oldest);
	}
}

import type { TextLine } from './document';

/** Commits that a mail names. */
export interface References {
	/** The commit that the patch itself is (or came from). */
	readonly commit: string | null;
	readonly fixes: readonly string[];
	readonly base: string | null;
}

/** In the order they are believed. `From <40 hex>` of format-patch is the local commit: an upstream id says more to a tree. */
const COMMIT = [
	/^\s*\[\s*Upstream commit ([0-9a-f]{8,40})\s*\]/i,
	/^\s*commit ([0-9a-f]{8,40}) upstream\b/i,
	/^\s*\(cherry picked from commit ([0-9a-f]{8,40})/i,
	/^\s*commit ([0-9a-f]{8,40})(?: \(.*\))?\s*$/,
	/^From ([0-9a-f]{40}) /,
] as const;
const FIXES = /\bFixes: ([0-9a-f]{6,40})\b/gi;
const BASE = /^\s*base-commit: ([0-9a-f]{40})\s*$/;
const NULL_COMMIT = /^0+$/;

/** Looks through lines without their quotation. */
export function references(lines: readonly TextLine[]): References {
	const found: (string | undefined)[] = [];
	const fixes = new Set<string>();
	let base: string | null = null;
	for (const { text } of lines) {
		if (/commit|From /i.test(text)) {
			for (const [rank, pattern] of COMMIT.entries()) {
				found[rank] ??= pattern.exec(text)?.[1];
			}
			base ??= BASE.exec(text)?.[1] ?? null;
		}
		if (/fixes:/i.test(text)) {
			for (const match of text.matchAll(FIXES)) {
				fixes.add(match[1]!.toLowerCase());
			}
		}
	}
	const commit = found.find((id) => id !== undefined && !NULL_COMMIT.test(id)) ?? null;
	return { commit, fixes: [...fixes], base };
}

import type { ImageLine } from './patch';

/** The lines that a unified diff is known by. All patterns are for a line without its quotation. */

export interface HunkHeader {
	readonly oldStart: ImageLine;
	readonly oldCount: number;
	readonly newStart: ImageLine;
	readonly newCount: number;
	readonly section: string;
	/** 1 for `@@`; a combined diff has one marker column per parent. */
	readonly parents: number;
}

const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@(.*)$/;
const COMBINED_HUNK = /^(@@@+)((?: -\d{1,9}(?:,\d{1,9})?)+) \+(\d{1,9})(?:,(\d{1,9}))? @@@+(.*)$/;
/** `@@` with nothing readable: quilt's hand-cut and reviewers' shortened headers. */
const BARE_HUNK = /^@@(?: [.\u2026-].*)?(?: @@(.*))?$/;

export function hunkHeader(text: string): HunkHeader | null {
	if (!text.startsWith('@@')) {
		return null;
	}
	const plain = HUNK.exec(text);
	if (plain !== null) {
		const [, oldStart, oldCount, newStart, newCount, section] = plain;
		return {
			oldStart: Number(oldStart), oldCount: Number(oldCount ?? 1), newStart: Number(newStart), newCount: Number(newCount ?? 1),
			section: section!.trim(), parents: 1,
		};
	}
	const combined = COMBINED_HUNK.exec(text);
	if (combined !== null) {
		const [oldStart, oldCount] = combined[2]!.trim().split(' ')[0]!.slice(1).split(',');
		return {
			oldStart: Number(oldStart), oldCount: Number(oldCount ?? 1), newStart: Number(combined[3]), newCount: Number(combined[4] ?? 1),
			section: combined[5]!.trim(), parents: combined[1]!.length - 1,
		};
	}
	const bare = BARE_HUNK.exec(text);
	return bare === null ? null : { oldStart: 0, oldCount: 0, newStart: 0, newCount: 0, section: (bare[1] ?? '').trim(), parents: 1 };
}

export const GIT_DIFF = /^diff --git (.*)$/;
export const COMBINED_DIFF = /^diff --(?:cc|combined) (.*)$/;
export const PLAIN_DIFF = /^diff (?:-\S+ )+\S+ \S+/;
export const INDEX_LINE = /^Index: (\S.*)$/;
export const INDEX_RULE = /^={20,}$/;
export const OLD_FILE = /^--- (\S.*)$/;
export const NEW_FILE = /^\+\+\+ (\S.*)$/;
export const BLOBS = /^index ([0-9a-f]{4,64}(?:,[0-9a-f]{4,64})*)\.\.([0-9a-f]{4,64})(?:[ ,](\d{6}))?/;
export const BINARY = /^(?:GIT binary patch|(?:Binary )?[Ff]iles .* differ)\s*$/;
export const SUBMODULE = /^Submodule (\S+) ([0-9a-f]+\.{2,3}[0-9a-f]+|contains|\(.*\))/;
/** What may stand between `diff --git` and the hunks. */
export const EXTENDED = /^(?:old mode|new mode|new file mode|deleted file mode|mode|similarity index|dissimilarity index|rename from|rename to|rename old|rename new|copy from|copy to|index) /;
export const SIGNATURE = /^-- ?$/;
export const GIT_VERSION = /^\d+\.\d+(?:\.\S+)*(?:\s.*)?$/;
export const FORMAT_PATCH_FROM = /^From [0-9a-f]{40} /;
export const LOG_COMMIT = /^commit [0-9a-f]{7,40}(?: \(.*\))?$/;
/** A reviewer's cut: `[...]`, `[snip]`, `...`, `8<`. */
export const SNIPPED = /^\s*(?:\[\s*(?:\.{2,}|\u2026|snip.*|cut.*|trim.*|skip.*)\s*\]|<\s*snip\s*>|\.{3,}|\u2026|-{2,}\s*8<.*)\s*$/i;

/** `a/` and `b/` (or git's `i/`, `w/`, `c/`, `o/`) taken off; a trailing timestamp too; null for /dev/null. */
export function diffPath(written: string, prefixed: boolean): string | null {
	const path = unquotedName(written.replace(/\t.*$/, '').replace(/\s+(?:\d{4}-\d\d-\d\d|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )[\s\S]*$/, '').replace(/\s+\((?:revision|working copy)[^)]*\)$/, '').trim());
	if (path === '/dev/null') {
		return null;
	}
	return prefixed ? path.replace(/^[^/]+\//, '') : path;
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** Git's C-style quoted names: `"a/\303\244.c"` is UTF-8 in octal. */
export function unquotedName(name: string): string {
	if (!/^".*"$/.test(name)) {
		return name;
	}
	const bytes: number[] = [];
	const inner = name.slice(1, -1);
	for (let at = 0; at < inner.length; at++) {
		if (inner[at] !== '\\') {
			bytes.push(...new TextEncoder().encode(inner[at]));
			continue;
		}
		const octal = /^[0-3][0-7]{2}/.exec(inner.slice(at + 1));
		if (octal !== null) {
			bytes.push(Number.parseInt(octal[0], 8));
			at += 3;
		} else {
			bytes.push(ESCAPES[inner[at + 1] ?? ''] ?? 63);
			at++;
		}
	}
	return new TextDecoder().decode(new Uint8Array(bytes));
}

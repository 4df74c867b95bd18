import * as syntax from './diff-syntax';
import type { Passage } from './passage';
import type { Unquoting } from './quotation';

/** Why a hunk cannot go on past a line. */
export type HunkEnd = 'hunk' | 'file' | 'signature' | 'mail' | 'snip' | 'end';

const LIST_FOOTER = /^(?:_{20,}|To unsubscribe from this list|Patches currently in .*queue which might be from)/;
const ATTRIBUTION = /^On .{6,}(?:wrote|writes):?\s*$|^.{3,80} (?:wrote|writes):\s*$|^-+ ?Original Message ?-+$/;

const textAt = (passage: Passage, index: number, how: Unquoting): string | null => passage.at(passage.next(index, how), how)?.text ?? null;

/** `--- x` and `+++ y` one after the other, and either a hunk after them or names that are paths. */
export function isOldNewPair(passage: Passage, index: number, how: Unquoting): boolean {
	const old = passage.at(index, how)?.text;
	if (old === undefined || !old.startsWith('--- ') || !syntax.OLD_FILE.test(old)) {
		return false;
	}
	const second = passage.next(index + 1, how);
	const next = passage.at(second, how)?.text;
	if (next === undefined || !syntax.NEW_FILE.test(next)) {
		return false;
	}
	const after = textAt(passage, second + 1, how);
	return after?.startsWith('@@') === true || (/^--- (?:\/dev\/null|\S*[\w]\/\S+|"\S+")/.test(old) && /^\+\+\+ (?:\/dev\/null|\S*[\w]\/\S+|"\S+")/.test(next));
}

/** Whether no hunk reaches past this line, and why. Asked of lines that the hunk's counts do not vouch for. */
export function hunkEnd(passage: Passage, index: number, how: Unquoting): HunkEnd | null {
	const text = passage.at(index, how)?.text;
	if (text === undefined) {
		return 'end';
	}
	switch (text[0]) {
		case '@':
			return syntax.hunkHeader(text) === null ? null : 'hunk';
		case 'd':
			return syntax.GIT_DIFF.test(text) || syntax.COMBINED_DIFF.test(text) || syntax.PLAIN_DIFF.test(text) ? 'file' : null;
		case '-': {
			if (syntax.SIGNATURE.test(text)) {
				const after = textAt(passage, index + 1, how);
				return after === null || after === '' || syntax.GIT_VERSION.test(after) || !/^[-+ \t\\@d]/.test(after) ? 'signature' : null;
			}
			if (ATTRIBUTION.test(text)) {
				return 'mail';
			}
			return isOldNewPair(passage, index, how) ? 'file' : null;
		}
		case 'I':
			return syntax.INDEX_LINE.test(text) ? 'file' : null;
		case 'G':
		case 'B':
			return syntax.BINARY.test(text) ? 'file' : null;
		case 'S':
			return syntax.SUBMODULE.test(text) ? 'file' : null;
		case 'F':
			return syntax.FORMAT_PATCH_FROM.test(text) ? 'mail' : null;
		case 'c':
			return syntax.LOG_COMMIT.test(text) ? 'mail' : null;
		case '.':
		case '[':
		case '<':
		case '\u2026':
			return syntax.SNIPPED.test(text) ? 'snip' : null;
		default:
			return ATTRIBUTION.test(text) || LIST_FOOTER.test(text) ? 'mail' : null;
	}
}

import type { Passage } from './passage';
import type { Unquoting } from './quotation';
import { GIT_VERSION, type HunkHeader, SIGNATURE } from './diff-syntax';
import type { HunkLine } from './patch';
import { hunkLine, kindOf, WHOLE } from './hunk-line';
import { hunkEnd, isOldNewPair } from './hunk-end';

/** By the counts alone, when they are right: every line has its marker, and nothing is left over. Null otherwise. */
export function exact(passage: Passage, at: number, how: Unquoting, header: HunkHeader): { readonly lines: readonly HunkLine[]; readonly taken: readonly number[]; readonly next: number } | null {
	const lines: HunkLine[] = [];
	const taken: number[] = [];
	let oldLeft = header.oldCount;
	let newLeft = header.newCount;
	let index = at;
	while (oldLeft > 0 || newLeft > 0) {
		index = passage.next(index, how);
		const line = passage.at(index, how);
		if (line === null) {
			return null;
		}
		const kind = kindOf(line, WHOLE);
		if (kind === 'bare' || line.text[0] === '\t' || (line.text.startsWith('--') && signature(passage, index, how)) || (line.text.startsWith('--- ') && isOldNewPair(passage, index, how))) {
			return null;
		}
		if (kind !== 'note') {
			oldLeft -= kind === 'added' ? 0 : 1;
			newLeft -= kind === 'removed' ? 0 : 1;
			if (oldLeft < 0 || newLeft < 0) {
				return null;
			}
			lines.push(hunkLine(line, kind, WHOLE));
		}
		taken.push(index);
		index++;
	}
	const last = passage.at(index, how)?.text;
	if (last?.startsWith('\\ ')) {
		taken.push(index);
		index++;
	}
	const following = how.depth === 0 ? index : passage.next(index, how);
	return strayMarker(passage, following, how) || contextLeftOver(passage, following, how) ? null : { lines, taken, next: index };
}

/** A marker line that nobody would write below a finished hunk: it belongs to it, whatever the counts say. */
const strayMarker = (passage: Passage, index: number, how: Unquoting): boolean => {
	const text = passage.at(index, how)?.text;
	return text !== undefined && /^[-+]/.test(text) && !/^-- |^--$|^---|^- \w|^\+ \w/.test(text) && hunkEnd(passage, index, how) === null;
};

/** `-- ` and git's version below it, or nothing: no removed line, whatever the counts say. */
function signature(passage: Passage, index: number, how: Unquoting): boolean {
	if (!SIGNATURE.test(passage.at(index, how)!.text)) {
		return false;
	}
	const after = passage.at(passage.next(index + 1, how), how)?.text;
	return after === undefined || GIT_VERSION.test(after);
}

/** Context lines between the counted end and the next header: the counts were too small. */
function contextLeftOver(passage: Passage, at: number, how: Unquoting): boolean {
	let index = at;
	let written = 0;
	for (; index < passage.length && /^(?:[ \t].*)?$/.test(passage.at(index, how)?.text ?? '-'); index++) {
		written += passage.at(index, how)!.text === '' ? 0 : 1;
	}
	const end = written > 0 ? hunkEnd(passage, index, how) : null;
	return end === 'hunk' || end === 'file' || end === 'signature' || (written > 0 && strayMarker(passage, index, how));
}

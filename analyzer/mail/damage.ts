import { hunkHeader } from './diff-syntax';
import type { Damage } from './hunk-line';
import { hunkEnd } from './hunk-end';
import type { Passage } from './passage';
import type { InputLine } from './patch';
import type { Unquoting } from './quotation';

/** How many lines without any marker stand in hunks for each one that has a blank. */
const EATEN_RATIO = 4;

export interface Survey extends Damage {
	/** First context line that lost its blank, and how many there are. */
	readonly first: InputLine;
	readonly count: number;
}

/**
 * Looks at all hunks of a passage at one depth: where next to no context line begins with a blank but many lines have no
 * marker, leading blanks were eaten. A few lines without a marker among many with one are wrapped lines instead.
 */
export function survey(passage: Passage, how: Unquoting): Survey {
	let bare = 0;
	let blank = 0;
	let first: InputLine = 0;
	for (let at = 0; at < passage.length; at++) {
		const text = passage.at(at, how)?.text;
		const header = text?.startsWith('@@') ? hunkHeader(text) : null;
		if (header === null) {
			continue;
		}
		// A little further than the counts say, since they may be wrong; never as far as the prose behind a short hunk.
		let left = Math.max(header.oldCount, header.newCount, 1);
		let index = passage.next(at + 1, how);
		while (left > 0 && index < passage.length && hunkEnd(passage, index, how) === null) {
			const line = passage.at(index, how)!;
			const kind = line.text[0];
			if (kind === ' ') {
				// ` * x` may be a comment that lost its blank as well as one that kept it.
				blank += /^ [^ *]/.test(line.text) ? 1 : 0;
			} else if (kind !== undefined && !'+-\\'.includes(kind)) {
				bare++;
				first ||= line.input;
			}
			left -= kind === '-' && header.newCount > header.oldCount ? 0 : 1;
			index = passage.next(index + 1, how);
		}
		at = index - 1;
	}
	return { eaten: bare > 0 && bare > blank * EATEN_RATIO, first, count: bare };
}

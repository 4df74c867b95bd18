import type { Passage } from './passage';
import type { Unquoting } from './quotation';
import type { HunkHeader } from './diff-syntax';
import { type Damage, hunkLine, kindOf, overflows, proseLike, rejoined, type Row, WRAPPED_FROM } from './hunk-line';
import { type HunkEnd, hunkEnd } from './hunk-end';
import type { HunkLine, Remark } from './patch';

/** A hunk's lines as their markers have them; `section` with what a wrapped header left on the next line. */
export interface MarkedLines {
	readonly lines: readonly HunkLine[];
	readonly section: string;
	/** Index of the line after the hunk, and why it ended there. */
	readonly next: number;
	readonly end: HunkEnd;
	readonly repairs: readonly Remark[];
}

/** By the markers: all rows up to what surely ends the hunk, then cut where prose begins. */
export function byMarkers(passage: Passage, at: number, how: Unquoting, header: HunkHeader, damage: Damage): MarkedLines {
	const rows: Row[] = [];
	let index = passage.next(at, how);
	let end: HunkEnd = 'end';
	while (index < passage.length) {
		const found = hunkEnd(passage, index, how);
		if (found !== null) {
			end = found;
			break;
		}
		rows.push({ index, line: passage.at(index, how)! });
		index = passage.next(index + 1, how);
	}
	const closed = end === 'hunk' || end === 'file' || end === 'signature';
	const vouched = header.oldCount > 0 || header.newCount > 0;
	const lines: HunkLine[] = [];
	const repairs: Remark[] = [];
	let oldLeft = header.oldCount;
	let newLeft = header.newCount;
	let kept = 0;
	let cut = false;
	let stop = -1;
	let section = header.section;
	for (const [at, { line }] of rows.entries()) {
		const kind = kindOf(line, damage);
		const satisfied = vouched && oldLeft <= 0 && newLeft <= 0;
		if (satisfied && stop < 0 && !(kind === 'bare' && at > 0 && lines.length > 0 && overflows(lines.at(-1)!, line))) {
			stop = surplusEnd(rows, at, closed, damage);
		}
		if (stop >= 0 && at >= stop) {
			cut = true;
			break;
		}
		if (kind === 'note') {
			kept = at + 1;
			continue;
		}
		if (kind === 'bare') {
			const before = lines.at(-1);
			if (before === undefined && at === 0 && header.section !== '') {
				section = `${header.section} ${line.text.trim()}`;
				repairs.push({ message: 'wrapped line joined with the line before it', input: line.input });
				kept = 1;
				continue;
			}
			if (before === undefined || before.to - before.from < WRAPPED_FROM || (satisfied && !overflows(before, line))) {
				cut = true;
				break;
			}
			lines[lines.length - 1] = rejoined(before, line);
			repairs.push({ message: 'wrapped line joined with the line before it', input: line.input });
			kept = at + 1;
			continue;
		}
		if (kind === 'context' && line.text !== '' && damage.eaten && !closed && proseLike(line.text)) {
			cut = true;
			break;
		}
		oldLeft -= kind === 'added' ? 0 : 1;
		newLeft -= kind === 'removed' ? 0 : 1;
		lines.push(hunkLine(line, kind, damage));
		kept = at + 1;
	}
	// Blank lines before the next header or the end are the mail's, unless the counts ask for them.
	while (kept > 0 && rows[kept - 1]!.line.text === '' && lines.at(-1)?.text === '' && (!vouched || oldLeft < 0 || newLeft < 0)) {
		lines.pop();
		kept--;
		oldLeft++;
		newLeft++;
	}
	for (const row of rows.slice(0, kept)) {
		passage.take(row.index);
	}
	const next = kept < rows.length ? rows[kept]!.index : index;
	return { lines, section, next, end: cut || kept < rows.length ? 'end' : end, repairs };
}

/** What may follow once the counts are satisfied, asked once per hunk: the index of the row at which it surely ends. */
function surplusEnd(rows: readonly Row[], at: number, closed: boolean, damage: Damage): number {
	const blank = rows.findLastIndex(({ line }) => line.text !== '') + 1;
	if (blank <= at) {
		return at;
	}
	let index = at;
	if (!closed) {
		while (index < blank && /^[-+]/.test(rows[index]!.line.text) && !/^[-+] \w/.test(rows[index]!.line.text)) {
			index++;
		}
		return index;
	}
	for (; index < blank; index++) {
		const { line } = rows[index]!;
		const kind = kindOf(line, damage);
		if (kind === 'bare' || (kind === 'context' && damage.eaten && proseLike(line.text.trim()))) {
			return at;
		}
	}
	return blank;
}

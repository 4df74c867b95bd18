import { type Cell, cellsOf, isFiller, isRule } from './diagram-cells';
import { columnEvents } from './diagram-columns';
import { Events, readCell } from './diagram-events';
import { guessedEvents } from './diagram-guess';
import { crowdedHeadings, headingsOf } from './diagram-labels';
import { chains, type Found, prefixedList } from './diagram-lists';
import { proseLike } from './hunk-line';
import type { Diagram, ProseLine } from './patch';

/** Finds the interleavings that people (and lockdep) draw in changelogs and replies. */

const TRAILER = /^\s*(?:[A-Z][\w-]*-by|Cc|Fixes|Link|Closes|Message-I[dD]):\s|^---\s*$|^-- $|^\s*\*\*\* DEADLOCK/;
const TIMESTAMP = /^\s?\[\s*\d+\.\d{3,}\](?:\[[^\]]{1,12}\])? ?/;
const LOCKDEP = /unsafe locking scenario/i;
/** Rows of a diagram at most, so that prose of any length costs only its length. */
const LONGEST = 120;
const FEWEST_STAGGERED = 4;
/** Two beginnings so far apart are two columns even without headings. */
const STAGGER = 12;

/** Diagrams in document order. A line belongs to one at most. */
export function diagramsOf(prose: readonly ProseLine[]): readonly Diagram[] {
	const lines = prose.map((line) => (TIMESTAMP.test(line.text) ? { ...line, text: line.text.replace(TIMESTAMP, '') } : line));
	const found: Diagram[] = [];
	for (let at = 0; at < lines.length; ) {
		const one = lines[at]!.text.trim() === '' ? null : diagramAt(lines, at);
		if (one === null) {
			at++;
		} else {
			found.push(one.diagram);
			at = Math.max(one.next, at + 1);
		}
	}
	return found;
}

function diagramAt(lines: readonly ProseLine[], at: number): Found | null {
	return headed(lines, at) ?? prefixedList(lines, at) ?? chains(lines, at) ?? lockdepAlone(lines, at) ?? staggered(lines, at);
}

/** Columns below headings; where the columns are gone, below headings that crowd one line. */
function headed(lines: readonly ProseLine[], at: number): Found | null {
	const { text } = lines[at]!;
	const headings = headingsOf(cellsOf(text));
	if (headings !== null) {
		const body = bodyOf(lines, at + 1, headings.cells[0]!.start, headings.cells[1]!.start);
		const rows = lines.slice(body.from, body.to);
		const events = columnEvents(headings.cells, rows);
		if (events !== null && (headings.certain ? events.calls >= 1 || events.fewest(headings.cells.length) >= 2 : believable(events, rows, headings.cells))) {
			return finish(headings.cells, events, lines[at]!, body.to, false);
		}
		if (!headings.certain) {
			return null;
		}
	}
	const crowded = headings?.cells ?? crowdedHeadings(text);
	if (crowded === null || crowdedHeadings(lines[at + 1]?.text ?? '') !== null) {
		return null;
	}
	const body = bodyOf(lines, at + 1, 0, 0);
	const rows = lines.slice(body.from, body.to);
	const starts = new Set(rows.filter((row) => row.text.trim() !== '').map((row) => row.text.length - row.text.trimStart().length));
	const events = rows.length > 0 && starts.size === 1 ? guessedEvents(crowded, rows) : null;
	return events === null ? null : finish(crowded, events, lines[at]!, body.to, true);
}

/** Names alone above a text prove nothing: at least two rows in each of the first two columns, and calls among them. */
function believable(events: Events, rows: readonly ProseLine[], headings: readonly Cell[]): boolean {
	const done = events.done();
	const ruled = rows.length > 0 && isRule(rows[0]!.text);
	const inColumn = (column: number): number => done.filter((event) => event.column === column).length;
	const right = headings.slice(1).every((_, index) => inColumn(index + 1) >= 1);
	const staggeredRows = rows.some(({ text }) => /^(?:\t{2,}|\s{12,})\S/.test(text));
	return right && inColumn(0) >= 1 && events.calls >= 2 && (ruled || (done.length >= 4 && staggeredRows));
}

/** The rows below a heading: to two blank lines, a trailer, another heading, or text that is none of the diagram's. */
function bodyOf(lines: readonly ProseLine[], from: number, left: number, right: number): { readonly from: number; readonly to: number } {
	let to = from;
	let blanks = 0;
	// A blank line below the headings is common; further ones end the diagram only when prose follows.
	let index = from;
	for (; index < lines.length && index - from < LONGEST; index++) {
		const { text, author, input } = lines[index]!;
		if (author !== lines[from - 1]!.author || input > lines[index - 1]!.input + 1 + blanks || TRAILER.test(text)) {
			break;
		}
		if (text.trim() === '') {
			if (++blanks > 2) {
				break;
			}
			continue;
		}
		if (!isRule(text) && !isFiller(text) && !belongs(text, left, blanks > 0 && to > from)) {
			break;
		}
		if (blanks >= 2 && to > from && cellsOf(text).length === 1 && readCell(text).call === '' && text.length - text.trimStart().length < right) {
			break;
		}
		if (index > from && headingsOf(cellsOf(text))?.certain) {
			break;
		}
		blanks = 0;
		to = index + 1;
	}
	return { from, to };
}

function belongs(text: string, left: number, afterBlank: boolean): boolean {
	const indent = text.length - text.trimStart().length;
	const cells = cellsOf(text);
	if (cells.length >= 2 && !proseLike(text.trim())) {
		return true;
	}
	if (indent === 0 && proseLike(text) && readCell(text).call === '') {
		return false;
	}
	if (afterBlank && indent === 0) {
		// Prose that begins a new paragraph, against an event that stands alone.
		const short = text.trim().split(/\s+/).length <= 6;
		return short && (readCell(text).call !== '' || (left === 0 && !/[.:,]\s*$/.test(text) && !proseLike(text)));
	}
	return indent > 0 || left === 0 || text.length < 50;
}

/** Lockdep's drawing of a lock taken again by an interrupt on the same CPU: one column. */
function lockdepAlone(lines: readonly ProseLine[], at: number): Found | null {
	if (!/^\s*CPU0\s*$/.test(lines[at]!.text) || !lines.slice(Math.max(0, at - 3), at).some(({ text }) => LOCKDEP.test(text))) {
		return null;
	}
	const events = new Events();
	let index = at + 1;
	for (; index < lines.length && index < at + LONGEST && !TRAILER.test(lines[index]!.text); index++) {
		const { text, input } = lines[index]!;
		if (!isRule(text) && text.trim() !== '') {
			events.add(0, text, text.length - text.trimStart().length, input, index * 2);
		}
	}
	return events.calls === 0 ? null : finish([{ text: 'CPU0', start: 0 }], events, lines[at]!, index, false);
}

/** Calls that begin at two places far apart, in turns, with no heading above them. Each column is named for its first call. */
function staggered(lines: readonly ProseLine[], at: number): Found | null {
	const first = lines[at]!;
	if (readCell(first.text).call === '' || !/^\s/.test(first.text) || (at > 0 && lines[at - 1]!.text.trim() !== '')) {
		return null;
	}
	let end = at;
	while (end < lines.length && end - at < LONGEST && /^\s+\S/.test(lines[end]!.text) && lines[end]!.author === first.author) {
		end++;
	}
	const rows = lines.slice(at, end);
	if (rows.length < FEWEST_STAGGERED) {
		return null;
	}
	const cells = rows.map(({ text }) => cellsOf(text));
	const starts = [...new Set(cells.flatMap((row) => row.map(({ start }) => start)))].sort((a, b) => a - b);
	const gaps = starts.slice(1).map((start, index) => ({ start, gap: start - starts[index]! })).sort((a, b) => b.gap - a.gap);
	const bound = gaps[0];
	if (bound === undefined || bound.gap < STAGGER) {
		return null;
	}
	const events = new Events();
	const sides: number[] = [];
	for (const [row, line] of rows.entries()) {
		for (const cell of cells[row]!) {
			const side = cell.start >= bound.start ? 1 : 0;
			sides.push(side);
			events.add(side, cell.text, cell.start, line.input, row);
		}
	}
	const turns = sides.filter((side, index) => index > 0 && side !== sides[index - 1]).length;
	const done = events.done();
	const calls = (side: number) => done.filter(({ column, call }) => column === side && call !== '');
	if (turns < 2 || calls(0).length < 2 || calls(1).length < 1 || events.calls < done.length * 0.6) {
		return null;
	}
	return finish([0, 1].map((side) => ({ text: `${calls(side)[0]!.call}()`, start: 0 })), events, first, end, false);
}

const finish = (headings: readonly Cell[], events: Events, first: ProseLine, next: number, guessed: boolean): Found => ({
	diagram: { columns: headings.map(({ text }) => ({ label: text.replace(/^\[|\]$|:$/g, '') })), events: events.done(), input: first.input, author: first.author, guessed },
	next,
});

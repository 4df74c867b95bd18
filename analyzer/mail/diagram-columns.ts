import { type Cell, cellsOf, isFiller, isRule, pipesOf } from './diagram-cells';
import { Events } from './diagram-events';
import type { ProseLine } from './patch';

/** Which column a cell is in, told from where cells begin. */

/** Text may begin so far right of its heading and still be the first of its column. */
const SLACK = 12;
/** No gap this small parts columns where the cells' own rows do not show it. */
const NARROW = 4;

/**
 * Where each column but the first begins: at the widest gap between beginnings of cells, around the heading, that no line with two
 * cells contradicts. Text under a heading stands right below it, left of it or right of it.
 */
function boundaries(headings: readonly Cell[], rows: readonly (readonly Cell[])[]): readonly number[] {
	const starts = [...new Set(rows.flatMap((row) => row.map(({ start }) => start)))].sort((a, b) => a - b);
	const found: number[] = [];
	for (let column = 1; column < headings.length; column++) {
		const heading = headings[column]!.start;
		const left = Math.max(headings[column - 1]!.start, found.at(-1) ?? -1);
		const right = Math.min(heading + SLACK, headings[column + 1]?.start ?? Number.POSITIVE_INFINITY);
		// In lines with as many cells as headings each cell is its column's.
		const sure = rows.filter((row) => row.length === headings.length).map((row) => row[column]!.start);
		const highest = Math.min(right, ...sure);
		const lowest = Math.max(left, ...rows.filter((row) => row.length === headings.length).map((row) => row[column - 1]!.start).filter((start) => start < highest));
		let best = { score: 0, at: Math.min(heading, highest) };
		for (let index = 0; index < starts.length; index++) {
			const at = starts[index]!;
			const before = starts[index - 1] ?? 0;
			if (at <= lowest || at > highest || at - before < NARROW) {
				continue;
			}
			// A wide gap, near the heading; exactly below it above all.
			const score = at - before - Math.abs(at - heading) / 2 + (at === heading ? SLACK : 0);
			if (score > best.score) {
				best = { score, at };
			}
		}
		found.push(best.at);
	}
	return found;
}

const columnAt = (bounds: readonly number[], start: number): number => bounds.filter((bound) => start >= bound).length;

/** Events of the rows below headings, or null when nothing shows that there are columns. */
export function columnEvents(headings: readonly Cell[], lines: readonly ProseLine[]): Events | null {
	const rows = lines.map(({ text }) => (isRule(text) || isFiller(text) ? [] : cellsOf(text)));
	const piped = pipeBounds(headings, lines);
	const bounds = piped ?? boundaries(headings, rows);
	const events = new Events();
	for (const [row, cells] of rows.entries()) {
		for (const cell of cells) {
			events.add(columnAt(bounds, cell.start), cell.text, cell.start, lines[row]!.input, row);
		}
	}
	return events.columns.size >= 2 && (events.columns.has(1) || headings.length > 2) ? events : null;
}

/** Pipes at the same place in most rows, one less than there are columns (or more: a frame). */
function pipeBounds(headings: readonly Cell[], lines: readonly ProseLine[]): readonly number[] | null {
	const written = lines.filter(({ text }) => text.trim() !== '');
	const counts = new Map<number, number>();
	for (const { text } of written) {
		for (const at of pipesOf(text)) {
			counts.set(at, (counts.get(at) ?? 0) + 1);
		}
	}
	const bounds: number[] = [];
	for (let column = 1; column < headings.length; column++) {
		const between = [...counts].filter(([at]) => at > headings[column - 1]!.start && at < headings[column]!.start + SLACK && at > (bounds.at(-1) ?? -1));
		const best = between.sort((a, b) => b[1] - a[1])[0];
		if (best === undefined || best[1] < written.length * 0.6) {
			return null;
		}
		bounds.push(best[0]);
	}
	return bounds;
}

import { Events, readCell } from './diagram-events';
import { loneHeading, prefixedEvent } from './diagram-labels';
import type { Diagram, ProseLine } from './patch';

/** Interleavings without columns: a heading before each event, or chains of calls one below the other. */

/** Lines without a heading that may stand between two that have one. */
const BETWEEN = 2;
const FEWEST = 3;
const LONGEST_CHAIN = 40;
const LONGEST_LIST = 60;

export interface Found {
	readonly diagram: Diagram;
	/** Index of the line behind it. */
	readonly next: number;
}

/** `CPU0: foo()`, `CPU1: bar()`, …: at least three, of at least two threads. */
export function prefixedList(lines: readonly ProseLine[], at: number): Found | null {
	// From the middle of a list there is no more to be had than from its beginning.
	if (prefixedEvent(lines[at]!.text) === null || (at > 0 && prefixedEvent(lines[at - 1]!.text) !== null)) {
		return null;
	}
	const labels: string[] = [];
	const events = new Events();
	let last = at;
	let count = 0;
	for (let index = at; index < lines.length && index - at < LONGEST_LIST && index - last <= BETWEEN && lines[index]!.author === lines[at]!.author; index++) {
		const { text, input } = lines[index]!;
		const event = prefixedEvent(text);
		if (event === null) {
			continue;
		}
		const label = event.label.replace(/[[\]]/g, '');
		let column = labels.findIndex((known) => known.toLowerCase() === label.toLowerCase());
		if (column < 0) {
			column = labels.push(label) - 1;
		}
		const indent = text.indexOf(event.event);
		events.add(column, event.event, indent, input, index * 2);
		count++;
		last = index;
	}
	return labels.length >= 2 && count >= FEWEST && events.calls >= 2 ? finish(labels, events, lines[at]!, last + 1) : null;
}

/** A heading on a line of its own with calls below it, then another. */
export function chains(lines: readonly ProseLine[], at: number): Found | null {
	const labels: string[] = [];
	const events = new Events();
	let index = at;
	let end = at;
	while (index < lines.length) {
		const label = loneHeading(lines[index]!.text);
		if (label === null || lines[index]!.author !== lines[at]!.author) {
			break;
		}
		const column = labels.push(label) - 1;
		let calls = 0;
		let blanks = 0;
		const from = ++index;
		for (; index < lines.length && index - from < LONGEST_CHAIN; index++) {
			const { text, input } = lines[index]!;
			if (text.trim() === '') {
				if (++blanks > 1 && calls > 0) {
					break;
				}
				continue;
			}
			if (loneHeading(text) !== null || (blanks > 0 && calls > 0 && !/^\s/.test(text)) || (readCell(text).call === '' && !/^\s/.test(text) && !/^[-|.<([]/.test(text) && !/^=+$|^-+$/.test(text))) {
				break;
			}
			blanks = 0;
			if (!/^\s*[-=~]+\s*$/.test(text)) {
				events.add(column, text, text.length - text.trimStart().length, input, index * 2);
				calls += readCell(text).call === '' ? 0 : 1;
			}
			end = index + 1;
		}
		if (calls === 0) {
			break;
		}
		while (index < lines.length && lines[index]!.text.trim() === '') {
			index++;
		}
	}
	return labels.length >= 2 && events.columns.size >= 2 ? finish(labels, events, lines[at]!, end) : null;
}

const finish = (labels: readonly string[], events: Events, first: ProseLine, next: number): Found => ({
	diagram: { columns: labels.map((label) => ({ label })), events: events.done(), input: first.input, author: first.author, guessed: false },
	next,
});

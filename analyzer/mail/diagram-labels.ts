import type { Cell } from './diagram-cells';

/** Headings of a diagram's columns. */

const ACTOR = String.raw`(?:cpu|core|thread|task|process|proc|context|worker|vcpu|user|node)`;
/** `CPU0`, `cpu 1`, `CPU#2`, `Thread A`, `task-1`, `T1`, `P0`, `[CPU 0]`. */
const STRONG_SOURCE = String.raw`\[?(?:${ACTOR}[ _#-]?(?:\d{1,3}|[a-z])\b|[TPC]\d{1,2}\b)\]?`;
const STRONG = new RegExp(`^${STRONG_SOURCE}`, 'i');
const STRONG_ANYWHERE = new RegExp(String.raw`(?<![\w.])${STRONG_SOURCE}`, 'gi');
/** A name behind a heading: ` - write(2)`, `(reader)`, `: kswapd`. */
const FUNCTION = /^(?:\w+:)?[A-Za-z_]\w*\((?:[^()]{0,40})\)?:?$|^[a-z_]\w*_\w+:?$/;
const ROLE = /^\[?(?:\w+ )?(?:reader|writer|producer|consumer|parent|child|waiter|waker|sender|receiver|owner|reclaim(?:er)?|kswapd|ksoftirqd|kworker|softirq|hardirq|irq|interrupt|nmi|timer|workqueue|process context|irq context|host|guest|client|server|userspace|kernel|driver|device|umount|mount|unlink|open|close|read|write|fault|page fault|truncate|migration|allocator|freer|user)(?: \w+)?\]?:?$/i;
const BARE = /^(?:[A-H]|\d|task|process|thread)(?: \w+)?:?$/i;
const LONGEST = 60;

export type Strength = 'strong' | 'function' | 'role' | 'bare';

function strengthOf(label: string): Strength | null {
	const text = label.trim();
	if (text.length > LONGEST || text === '') {
		return null;
	}
	if (STRONG.test(text)) {
		return 'strong';
	}
	return FUNCTION.test(text) ? 'function' : ROLE.test(text) ? 'role' : BARE.test(text) ? 'bare' : null;
}

/** A line's cells as headings, or null. `certain`: what they say needs no columns below it to be believed. */
export function headingsOf(written: readonly Cell[]): { readonly cells: readonly Cell[]; readonly certain: boolean } | null {
	// Two headings may have only one blank between them.
	const cells = written.length < 2 ? written : written.flatMap((cell) => crowdedHeadings(cell.text)?.map(({ text, start }) => ({ text, start: cell.start + start })) ?? [cell]);
	if (cells.length < 2 || cells.length > 9) {
		return null;
	}
	const strengths = cells.map(({ text }) => strengthOf(text));
	const strong = strengths.filter((strength) => strength === 'strong').length;
	if (strong >= 2) {
		// A second cell of a heading (`CPU0  (task A)`) belongs to the one before; a first one may name the rows.
		const joined: Cell[] = [];
		for (const [index, cell] of cells.entries()) {
			const before = joined.at(-1);
			if (strengths[index] === 'strong' || strengths[index] === 'role' || strengths[index] === 'function') {
				joined.push(cell);
			} else if (before !== undefined) {
				joined[joined.length - 1] = { ...before, text: `${before.text} ${cell.text}` };
			}
		}
		return { cells: joined, certain: true };
	}
	const named = strengths.every((strength) => strength !== null);
	return named ? { cells, certain: false } : null;
}

/** Several strong headings in a line that has lost its blanks: each reaches to the next. */
export function crowdedHeadings(text: string): readonly Cell[] | null {
	const matches = [...text.matchAll(STRONG_ANYWHERE)];
	if (matches.length < 2 || text.length > 160 || text.slice(0, matches[0]!.index).trim() !== '' || /[.?!]\s*$/.test(text)) {
		return null;
	}
	const cells = matches.map((match, index) => ({ text: text.slice(match.index, matches[index + 1]?.index ?? text.length).trim(), start: match.index }));
	// A sentence that names two CPUs has words and verbs between them.
	return cells.every(({ text: label }) => /^\S+(?: ?\S+)?$/.test(label) || /^\S+(?: ?\w)?\s*[-:([]/.test(label)) ? cells : null;
}

const PREFIX = new RegExp(String.raw`^\s*(?:\d+[.)]\s*)?(${STRONG_SOURCE})(?:\s*\([^)]{0,40}\))?\s*(?::|\)|-{1,2}>?|=>|>)\s*(.*)$`, 'i');
const ALONE = new RegExp(String.raw`^\s*(?:on\s+|in\s+)?(${STRONG_SOURCE})(?:\s*[-:(\[][^:]{0,50})?\s*:?\s*$`, 'i');

/** `CPU0: foo()`: the heading and the event. */
export function prefixedEvent(text: string): { readonly label: string; readonly event: string } | null {
	const match = PREFIX.exec(text);
	return match === null || match[2]!.trim() === '' ? null : { label: match[1]!, event: match[2]! };
}

/** A line that is one heading and nothing else. */
export function loneHeading(text: string): string | null {
	const match = ALONE.exec(text);
	return match === null || /[.;]\s*$/.test(text) ? null : text.trim().replace(/:$/, '');
}

import type { Cell } from './diagram-cells';
import { Events, readCell } from './diagram-events';
import type { ProseLine } from './patch';

/** Columns that were lost in the mail: who runs what is told from the words, and from how such drawings go. */

interface Group {
	/** A call that begins no arrow and no remark, and what is drawn below it. */
	readonly lines: readonly number[];
	readonly words: ReadonlySet<string>;
}

/** Words that go with a role, in the terms of the field: a heading that has one draws cells that have another. */
const KIN: readonly (readonly string[])[] = [
	['write', 'writes', 'writer', 'rw', 'pwrite', 'dirty', 'store'],
	['read', 'reads', 'reader', 'readahead', 'load', 'lookup', 'get'],
	['fault', 'faults', 'pte', 'pmd', 'mmap', 'map', 'tables', 'zero'],
	['truncate', 'truncation', 'punch', 'unlink', 'delete', 'remove', 'invalidate', 'unmap'],
	['free', 'release', 'put', 'close', 'destroy', 'exit', 'teardown'],
	['alloc', 'allocate', 'create', 'open', 'init', 'probe'],
	['irq', 'interrupt', 'softirq', 'hardirq', 'handler', 'timer', 'tasklet'],
	['work', 'worker', 'workqueue', 'kworker', 'flush', 'writeback'],
	['migrate', 'migration', 'compaction'],
	['reclaim', 'shrink', 'kswapd', 'evict'],
	['wake', 'wakeup', 'waker', 'complete'],
	['wait', 'waiter', 'sleep', 'schedule'],
];
/** A change of column costs as much as this many words can say. */
const SWITCH = 1.5;
/** Drawings begin and end with the thread that is overtaken in between. */
const SANDWICH = 1;
const KIN_WEIGHT = 1;
const SAME_WEIGHT = 2;
const MOST_GROUPS = 60;

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().split(/[^a-z]+/).filter((word) => word.length > 1 && word !== 'cpu' && word !== 'thread' && word !== 'task'));

function affinity(label: ReadonlySet<string>, group: ReadonlySet<string>): number {
	let score = 0;
	for (const word of label) {
		if (group.has(word)) {
			score += SAME_WEIGHT;
			continue;
		}
		const kin = KIN.find((words) => words.includes(word));
		score += kin?.some((other) => group.has(other)) ? KIN_WEIGHT : 0;
	}
	return score;
}

/** Events below headings whose columns are gone, the cheapest story that uses every column; null when there are too few calls. */
export function guessedEvents(headings: readonly Cell[], lines: readonly ProseLine[]): Events | null {
	const groups = groupsOf(lines);
	if (groups.length < headings.length || groups.length > MOST_GROUPS) {
		return null;
	}
	const labels = headings.map(({ text }) => wordsOf(text));
	const scores = groups.map((group) => labels.map((label) => affinity(label, group.words)));
	let best: { readonly cost: number; readonly columns: readonly number[] } | null = null;
	for (let first = 0; first < labels.length; first++) {
		const story = cheapest(scores, labels.length, first);
		if (story !== null && (best === null || story.cost < best.cost)) {
			best = story;
		}
	}
	if (best === null) {
		return null;
	}
	const events = new Events();
	for (const [index, { lines: rows }] of groups.entries()) {
		for (const [place, row] of rows.entries()) {
			events.add(best.columns[index]!, lines[row]!.text, place === 0 || readCell(lines[row]!.text).nested ? 0 : 1, lines[row]!.input, row);
		}
	}
	return events;
}

/** Dynamic programming over groups, columns and which columns were used, from a given first column. */
function cheapest(scores: readonly (readonly number[])[], columns: number, first: number): { readonly cost: number; readonly columns: readonly number[] } | null {
	interface State { readonly cost: number; readonly used: number; readonly at: number; readonly before: State | null }
	let states = new Map<string, State>([[`${first} ${1 << first}`, { cost: -scores[0]![first]!, used: 1 << first, at: first, before: null }]]);
	for (const score of scores.slice(1)) {
		const next = new Map<string, State>();
		for (const state of states.values()) {
			for (let column = 0; column < columns; column++) {
				const used = state.used | (1 << column);
				const cost = state.cost - score[column]! + (column === state.at ? 0 : SWITCH);
				const key = `${column} ${used}`;
				if (cost < (next.get(key)?.cost ?? Number.POSITIVE_INFINITY)) {
					next.set(key, { cost, used, at: column, before: state });
				}
			}
		}
		states = next;
	}
	const complete = [...states.values()].filter(({ used }) => used === (1 << columns) - 1)
		.map((state) => ({ state, cost: state.cost - (state.at === first ? SWITCH + SANDWICH : 0) })).sort((a, b) => a.cost - b.cost)[0];
	if (complete === undefined) {
		return null;
	}
	const story: number[] = [];
	for (let state: State | null = complete.state; state !== null; state = state.before) {
		story.unshift(state.at);
	}
	return { cost: complete.cost, columns: story };
}

function groupsOf(lines: readonly ProseLine[]): readonly Group[] {
	const groups: { lines: number[]; text: string }[] = [];
	for (const [row, { text }] of lines.entries()) {
		if (text.trim() === '') {
			continue;
		}
		const cell = readCell(text);
		const top = cell.call !== '' && !cell.nested && !/^\s*[-*(]/.test(text);
		const last = groups.at(-1);
		if (top || last === undefined) {
			groups.push({ lines: [row], text });
		} else {
			last.lines.push(row);
			last.text += ` ${text}`;
		}
	}
	return groups.map((group) => ({ lines: group.lines, words: wordsOf(group.text) }));
}

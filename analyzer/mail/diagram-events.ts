import type { DiagramEvent, InputLine } from './patch';

/** What a diagram's cell says: a call, or a remark. */

const ARROW = /^(?:[|`+\\]?[-=]+>|[|`+\\][-_]+>?|=>|>|\|_|\\_|\u2514\u2500*>?|\u251c\u2500*>?|\u2192)\s*/;
const STEP = /^[[(]?(\d{1,2})[\])]?[.):]?\s+(?=\S)|^[[(](\d{1,2})[\])]\s*/;
const NO_CALL = new Set(['if', 'while', 'for', 'switch', 'return', 'sizeof', 'else', 'do', 'defined', 'case', 'e', 'i', 'g']);
/** Prose in a cell: what stands behind such words is no call of this thread. */
const REMARK = /^(?:[-*#(<[/"']|\.\.\.|\u2026)/;
const BARE_CALL = /^(?:[a-z_]\w*_\w+|__\w+)\s*;?\s*(?:$|[-:/<([,]|\s[-/<(])/;

export interface CellText {
	readonly call: string;
	readonly text: string;
	/** Arrows in front of it: one level deeper than its indentation. */
	readonly nested: boolean;
	/** Its step number, where it has one. */
	readonly step: number | null;
}

export function readCell(written: string): CellText {
	let text = written.trim();
	const step = STEP.exec(text);
	if (step !== null) {
		text = text.slice(step[0].length);
	}
	let nested = false;
	for (let arrow = ARROW.exec(text); arrow !== null && arrow[0] !== ''; arrow = ARROW.exec(text)) {
		nested = true;
		text = text.slice(arrow[0].length);
	}
	return { call: callOf(text), text: written.trim(), nested, step: step === null ? null : Number(step[1] ?? step[2]) };
}

function callOf(text: string): string {
	if (text === '' || (REMARK.test(text) && !/^[([<"'][a-z_]\w+\(/i.test(text))) {
		return '';
	}
	for (const match of text.replace(/\/\*.*?(?:\*\/|$)|\/\/.*$/g, ' ').matchAll(/([A-Za-z_]\w*)\s?\(/g)) {
		// `foo (bar)` in prose is no call, `foo (` in code is rare: a blank is allowed only behind a name with an underscore.
		const spaced = match[0].endsWith(' (');
		// `rq(cpu)->lock` names a place, not an event.
		const place = /^[^()]*\)\s*(?:->|\.\w)/.test(text.slice(match.index + match[0].length));
		if (!NO_CALL.has(match[1]!) && !place && (!spaced || match[1]!.includes('_'))) {
			return match[1]!;
		}
	}
	return BARE_CALL.test(text) ? /^\w+/.exec(text)![0] : '';
}

interface Pending {
	column: number;
	call: string;
	text: string;
	readonly input: InputLine;
	readonly depth: number;
	readonly step: number | null;
	readonly row: number;
}

/** Collects events in document order: depth from the indentation within each column, wrapped cells joined. */
export class Events {
	private readonly events: Pending[] = [];
	private readonly indents: (readonly number[])[] = [];

	/** `start`: where the cell begins; `row`: the line's place in the diagram. */
	add(column: number, written: string, start: number, input: InputLine, row: number): void {
		const before = this.events.findLast((event) => event.column === column);
		if (before !== undefined && row - before.row === 1 && isContinuation(before.text, written)) {
			before.text = `${before.text} ${written.trim()}`;
			before.call ||= readCell(before.text).call;
			this.events[this.events.indexOf(before)] = { ...before, row };
			return;
		}
		const cell = readCell(written);
		if (cell.text === '') {
			return;
		}
		// An arrow goes one level deeper than what begins in the same place without one.
		const own = cell.nested ? start + 0.5 : start;
		const stack = [...(this.indents[column] ?? []).filter((indent) => indent < own), own];
		this.indents[column] = stack;
		this.events.push({ column, call: cell.call, text: cell.text, input, depth: stack.length - 1, step: cell.step, row });
	}

	get calls(): number {
		return this.events.filter(({ call }) => call !== '').length;
	}

	/** The fewest events that any of the first `columns` columns has. */
	fewest(columns: number): number {
		return Math.min(...Array.from({ length: columns }, (_, column) => this.events.filter((event) => event.column === column).length));
	}

	get columns(): ReadonlySet<number> {
		return new Set(this.events.map(({ column }) => column));
	}

	/** In the order of their step numbers, where every event that has none follows one that does and numbers do not repeat. */
	done(): readonly DiagramEvent[] {
		const steps = this.events.map(({ step }) => step).filter((step) => step !== null);
		const numbered = steps.length >= 3 && new Set(steps).size === steps.length && this.events[0]!.step !== null;
		let last = 0;
		const keyed = this.events.map((event, place) => {
			last = event.step ?? last;
			return { event, step: last, place };
		});
		const ordered = numbered ? keyed.sort((a, b) => a.step - b.step || a.place - b.place) : keyed;
		return ordered.map(({ event: { column, call, text, input, depth } }) => ({ column, call, text, input, depth }));
	}
}

/** The cell above it is not finished: an open bracket, a comma, or a remark that goes on in lower case. */
function isContinuation(before: string, written: string): boolean {
	const text = written.trim();
	let depth = 0;
	for (const c of before) {
		depth += c === '(' ? 1 : c === ')' ? -1 : 0;
	}
	if (depth > 0 || /(?:,|&&|\|\|)$/.test(before)) {
		return true;
	}
	const remark = /^(?:- |\/\*|<|\()/.test(before) && !/(?:\*\/|>|\)|[.;])$/.test(before);
	return remark && /^(?:\*?\s*[a-z]\w* ?|& )/.test(text) && readCell(text).call === '';
}

import type { ReviewFailure, ReviewStep, ReviewThread } from '../review';
import { isInWords, pathOf, tellingSteps } from './telling-steps';
import { oneLine, placeOf, runBy } from './wording';

/**
 * A schedule as kernel people draw it: a column per CPU, time downwards, `function()` above what it does, the source line behind
 * each operation; ASCII, no trailing blanks, fit to be pasted into a changelog.
 */

/** What maintainers accept in a changelog. */
export const TABLE_COLUMNS = 78;
/** More threads than this cannot stand side by side in 78 columns: they are told one event per line, the thread's name in front. */
const MOST_COLUMNS = 3;
const INDENT = '    ';
const GAP = 2;
const NEST = 2;
/** Deeper calls are not indented further. */
const MOST_NESTING = 4;

interface Cell {
	readonly thread: number;
	readonly text: string;
	readonly place: string;
	readonly depth: number;
}

/** Call frames that `path` has entered since `before`. */
const entered = (before: readonly string[], path: readonly string[]): readonly { readonly name: string; readonly depth: number }[] => {
	let same = 0;
	while (same < path.length && before[same] === path[same]) {
		same++;
	}
	return path.slice(same).map((name, index) => ({ name, depth: same + index }));
};

/** A function; what nobody's code has is told in words. */
const frameText = (name: string): string => (/^[a-z]+(?: \w+)+$/i.test(name) ? name : `${name}()`);

/** `f(a, b)` is `f()`: kernel style, and room. What is no call stays. */
const withoutArguments = (operation: string): string => {
	const open = operation.indexOf('(');
	return open > 0 && operation[open - 1] !== ' ' && operation.endsWith(')') ? `${operation.slice(0, open)}()` : operation;
};

/** With one argument the argument is what matters (which lock); with several the name is. */
const hasOneArgument = (operation: string): boolean => operation.endsWith(')') && !operation.includes(',');

/** `f(a, b)` is `f(a, ...)`: of several arguments the first is what is locked, counted or freed. */
const firstArgument = (operation: string): string => operation.replace(/^(\w+\([^,()]+,) .*\)$/, '$1 ...)');

/** What was inferred, where there is no room to say so in words. */
const unseen = (operation: string): string => operation.replace(/^(takes .*), not shown$/, '($1)');

const fitted = (text: string, room: number): string =>
	[text, firstArgument(text), withoutArguments(text), unseen(text)].find(({ length }) => length <= room) ?? `${text.slice(0, Math.max(1, room - 3))}...`;

function cellsOf(threads: readonly ReviewThread[], steps: readonly ReviewStep[]): readonly Cell[] {
	const cells: Cell[] = [];
	const paths: (readonly string[])[] = threads.map(() => []);
	const matters = tellingSteps(threads, steps);
	/** Threads whose last step changed nothing: their next one may be the same operation's. */
	const idle = new Set<number>();
	for (const step of steps) {
		const whole = pathOf(step);
		const told = matters.told(step) && isInWords(step);
		// What a model does inside of what the code calls is its own: the call is told, and of the rest what matters.
		const outer = whole.slice(0, matters.shownFrames(step));
		const open = paths[step.thread] ?? [];
		const path = told ? whole : outer.every((name, index) => open[index] === name) ? open : outer;
		const operation = oneLine(step.operation);
		// Lines of a model's own file would be looked for in the kernel's.
		const place = step.modelled ? '' : placeOf(step);
		const entering = operation === `${whole.at(-1)}()`;
		for (const { name, depth } of entered(paths[step.thread] ?? [], path)) {
			cells.push({ thread: step.thread, text: frameText(name), place: entering && depth === path.length - 1 ? place : '', depth });
		}
		paths[step.thread] = path;
		const last = cells.at(-1);
		// A read-modify-write in source is one line for people, however many steps it takes.
		const again = last?.thread === step.thread && last.text === operation && last.place === place && (place !== '' || idle.has(step.thread) || !operation.endsWith(')'));
		if (!again && !entering && told) {
			cells.push({ thread: step.thread, text: operation, place, depth: path.length });
		}
		if (step.changes.length || step.locked?.length || step.unlocked?.length) idle.delete(step.thread);
		else idle.add(step.thread);
	}
	return [...cells, ...waitingCells(threads, steps.at(-1), paths)];
}

/** What breaks, where it does; who waits for ever is told already. */
function failingCells({ check, steps, blocked, breaks }: ReviewFailure): readonly Cell[] {
	const last = steps.at(-1);
	if (!last || blocked?.length || last.waiting?.length) return [];
	const [thread, depth] = [last.thread, pathOf(last).length];
	return [...(breaks ? [{ thread, text: oneLine(breaks.operation), place: placeOf(breaks), depth }] : []), { thread, text: `[${check}]`, place: '', depth }];
}

/** Who stands blocked when the schedule ends. Those that only waited for a while are no part of the story. */
function waitingCells(threads: readonly ReviewThread[], last: ReviewStep | undefined, paths: readonly (readonly string[])[]): readonly Cell[] {
	return (last?.waiting ?? []).flatMap((wait) => {
		const by = wait.by.map((thread) => (thread === wait.thread ? 'itself' : oneLine(threads[thread]?.name ?? `thread ${thread}`))).join(', ');
		const path = paths[wait.thread] ?? [];
		const waiter = threads[wait.thread];
		const heading = path.length || !waiter?.entry ? [] : [{ thread: wait.thread, text: runBy(waiter), place: '', depth: 0 }];
		const depth = path.length || heading.length;
		return [
			...heading,
			{ thread: wait.thread, text: oneLine(wait.operation), place: '', depth },
			{ thread: wait.thread, text: `[waits${by ? ` for ${by}` : ''}]`, place: '', depth: depth + 1 },
		];
	});
}

const indentOf = (depth: number): string => ' '.repeat(NEST * Math.min(depth, MOST_NESTING));

/** Widths that fit: what a column needs where there is room, shares of what is left where there is not. */
function widths(needs: readonly number[], room: number): readonly number[] {
	const result = needs.map(() => 0);
	let left = room;
	let open = needs.map((_, index) => index);
	while (open.length) {
		const share = Math.floor(left / open.length);
		const narrow = open.filter((index) => needs[index]! <= share);
		const settled = narrow.length ? narrow : open;
		for (const index of settled) {
			result[index] = narrow.length ? needs[index]! : share;
			left -= result[index]!;
		}
		open = open.filter((index) => !settled.includes(index));
	}
	return result;
}

/** `text   place`, the places of one column under each other, inside `width`. */
function line(cell: Cell, width: number, placeAt: number): string {
	const start = indentOf(cell.depth);
	const plain = start + fitted(cell.text, width - start.length);
	if (cell.place === '') {
		return plain;
	}
	const room = Math.min(placeAt, width - cell.place.length - GAP);
	const left = room - start.length;
	const spareArgument = !hasOneArgument(cell.text) || start.length + cell.text.length > width;
	const whole = cell.text.length <= left || (spareArgument && withoutArguments(cell.text).length <= left);
	// Where the operation would be cut, the line number is what can be spared.
	return whole ? `${(start + fitted(cell.text, left)).padEnd(room)}${' '.repeat(GAP)}${cell.place}` : plain;
}

/** Rows without their common indentation; the thread's events under its name. */
function sideBySide(threads: readonly ReviewThread[], cells: readonly Cell[], columns: number): readonly string[] {
	const shown = threads.map((_, index) => index).filter((index) => cells.some(({ thread }) => thread === index));
	const room = columns - GAP * Math.max(shown.length - 1, 0);
	const own = shown.map((index) => cells.filter(({ thread }) => thread === index));
	const textWidth = own.map((column) => Math.max(...column.filter(({ place }) => place !== '').map(({ text, depth }) => indentOf(depth).length + text.length), 0));
	const needs = own.map((column, at) => Math.max(
		oneLine(threads[shown[at]!]!.name).length,
		...column.map(({ text, place, depth }) => (place === '' ? indentOf(depth).length + text.length : textWidth[at]! + GAP + place.length))));
	// The last column needs no padding behind it; the others keep a little air so that lanes are told apart at a glance.
	const given = widths(needs, room);
	const spare = room - given.reduce((sum, width) => sum + width, 0);
	const air = shown.length > 1 ? Math.min(4, Math.floor(spare / (shown.length - 1))) : 0;
	const starts: number[] = [];
	given.reduce((at, width) => {
		starts.push(at);
		return at + width + GAP + air;
	}, 0);
	const header = shown.reduce((row, index, at) => row.padEnd(starts[at]!) + fitted(oneLine(threads[index]!.name), given[at]!), '');
	return [header, ...cells.map((cell) => {
		const at = shown.indexOf(cell.thread);
		return ' '.repeat(starts[at]!) + line(cell, given[at]!, textWidth[at]!);
	})];
}

function oneEventPerLine(threads: readonly ReviewThread[], cells: readonly Cell[], columns: number): readonly string[] {
	const names = threads.map(({ name }) => oneLine(name).slice(0, 12));
	const width = Math.max(...names.map(({ length }) => length)) + 2;
	return cells.map((cell) => `${`${names[cell.thread] ?? cell.thread}:`.padEnd(width)}${line(cell, columns - width, columns - width)}`);
}

/** Rows of at most `columns`, indented by four as in a changelog. */
export const scheduleTable = (threads: readonly ReviewThread[], steps: readonly ReviewStep[], columns: number = TABLE_COLUMNS): readonly string[] => drawn(threads, steps, columns);

function drawn(threads: readonly ReviewThread[], steps: readonly ReviewStep[], columns: number, failure?: ReviewFailure): readonly string[] {
	const cells = [...cellsOf(threads, steps), ...(failure ? failingCells(failure) : [])];
	if (!cells.length) {
		return [];
	}
	const active = new Set(cells.map(({ thread }) => thread)).size;
	const rows = active <= MOST_COLUMNS
		? sideBySide(threads, cells, columns - INDENT.length)
		: oneEventPerLine(threads, cells, columns - INDENT.length);
	return rows.map((row) => (INDENT + row).trimEnd());
}

/** The failing schedule, and for a deadlock who waits for whom. */
export const failureTable = (threads: readonly ReviewThread[], failure: ReviewFailure, columns: number = TABLE_COLUMNS): readonly string[] => [
	...drawn(threads, failure.steps, columns, failure),
	...(failure.blocked?.length ? ['', ...failure.blocked.map((sentence) => `${INDENT}${oneLine(sentence)}`)] : []),
];

import type { Model, ViewRun, ViewStep } from './protocol';

/** What a run looks like in time: held locks as spans, state at each step, moments worth a jump. Pure. */

export interface HeldSpan {
	readonly thread: number;
	readonly lock: string;
	/** Steps; `to` is the one that releases it, or the run's last. */
	readonly from: number;
	readonly to: number;
	readonly released: boolean;
	/** 0-based column among the spans that overlap in its lane. */
	readonly depth: number;
}

const spansOf = new WeakMap<readonly ViewStep[], readonly HeldSpan[]>();

/** Worked out once a run: stepping asks again and again. */
export function heldSpans(steps: readonly ViewStep[]): readonly HeldSpan[] {
	const known = spansOf.get(steps);
	if (known) return known;
	const spans = findSpans(steps);
	spansOf.set(steps, spans);
	return spans;
}

function findSpans(steps: readonly ViewStep[]): readonly HeldSpan[] {
	const open: { thread: number; lock: string; from: number; depth: number }[] = [];
	const spans: HeldSpan[] = [];
	steps.forEach((step, at) => {
		for (const lock of step.unlocked) {
			const index = open.findIndex((span) => span.lock === lock && span.thread === step.thread);
			const [span] = index < 0 ? [] : open.splice(index, 1);
			if (span) spans.push({ ...span, to: at, released: true });
		}
		for (const lock of step.locked) {
			const taken = new Set(open.filter(({ thread }) => thread === step.thread).map(({ depth }) => depth));
			let depth = 0;
			while (taken.has(depth)) depth++;
			open.push({ thread: step.thread, lock, from: at, depth });
		}
	});
	spans.push(...open.map((span) => ({ ...span, to: steps.length - 1, released: false })));
	return spans.sort((a, b) => a.from - b.from || a.depth - b.depth);
}

export interface Change {
	readonly name: string;
	readonly before: string;
	readonly after: string;
}

const changesOf = new WeakMap<ViewStep, readonly Change[]>();

/** The changes of a step that are of the usual form, read once. */
function changesIn(step: ViewStep): readonly Change[] {
	let known = changesOf.get(step);
	if (!known) {
		known = step.changes.flatMap((text) => parseChange(text) ?? []);
		changesOf.set(step, known);
	}
	return known;
}

/** `name: before -> after`, as the analyzer writes a change; null for a remark in other words. */
export function parseChange(change: string): Change | null {
	const match = /^(.+?): (.*?) -> (.*)$/.exec(change);
	return match?.[1] ? { name: match[1], before: match[2] ?? '', after: match[3] ?? '' } : null;
}

export interface StateRow {
	/** `page A.mapping`. */
	readonly name: string;
	readonly field: string;
	readonly value: string;
	readonly before: string | null;
	readonly changed: boolean;
}

export interface StateObject {
	readonly name: string;
	readonly rows: readonly StateRow[];
	readonly changed: boolean;
}

/** The state after step `at` (-1: before the first), by object: everything that the run ever changes, and the locks that are held. */
export function stateAt(run: ViewRun, at: number, threadName: (thread: number) => string, strings: Readonly<Record<string, string>> = {}): readonly StateObject[] {
	const values = new Map<string, { value: string; before: string | null; changed: boolean }>();
	run.steps.forEach((step, index) => {
		for (const change of changesIn(step)) {
			const known = values.get(change.name);
			if (index < at) values.set(change.name, { value: change.after, before: null, changed: false });
			else if (index === at) values.set(change.name, { value: change.after, before: known?.changed ? known.before : change.before, changed: true });
			// What only changes later has its first value now.
			else if (!known) values.set(change.name, { value: change.before, before: null, changed: false });
		}
	});
	const held = heldSpans(run.steps);
	for (const lock of new Set(held.map(({ lock }) => lock))) {
		const holders = (step: number): string => held.filter((span) => span.lock === lock && span.from <= step && (step < span.to || (!span.released && step <= span.to))).map(({ thread }) => threadName(thread)).join(', ');
		const now = holders(at);
		const was = holders(at - 1);
		const words = (holder: string): string => (holder ? `${strings.holder ?? 'held by'} ${holder}` : (strings.free ?? 'free'));
		values.set(lock, { value: words(now), before: was === now ? null : words(was), changed: was !== now && at >= 0 });
	}
	const objects = new Map<string, StateRow[]>();
	for (const [name, entry] of values) {
		// The object first, whatever of it is meant behind.
		const dot = name.indexOf('.');
		const object = dot > 0 ? name.slice(0, dot) : name;
		const rows = objects.get(object) ?? [];
		rows.push({ name, field: dot > 0 ? name.slice(dot + 1) : name, ...entry });
		objects.set(object, rows);
	}
	return [...objects].map(([name, rows]) => ({ name, rows, changed: rows.some(({ changed }) => changed) }));
}

/** The next step (in the direction) at which another thread goes on; null: none. */
export function nextSwitch(steps: readonly ViewStep[], at: number, direction: 1 | -1): number | null {
	for (let step = at + direction; step > 0 && step < steps.length; step += direction) if (steps[step]?.thread !== steps[step - 1]?.thread) return step;
	return null;
}

/** The next step that changes the cell; null: none. */
export function nextChangeOf(steps: readonly ViewStep[], at: number, cell: string): number | null {
	for (let step = at + 1; step < steps.length; step++) {
		const there = steps[step];
		if ((there && changesIn(there).some(({ name }) => name === cell)) || there?.locked.includes(cell) || there?.unlocked.includes(cell)) return step;
	}
	return null;
}

/** The step for a line of the document: the nearest one on it, from `at` on and around; null: no step is on it. */
export function stepOnLine(steps: readonly ViewStep[], line: number, at: number): number | null {
	let best: number | null = null;
	steps.forEach((step, index) => {
		if (step.inputLine === line && (best === null || Math.abs(index - at) < Math.abs(best - at))) best = index;
	});
	return best;
}

/** The document's line at a step: its own, else where its thread last was in the document (it is in a function that the document does not show). */
export function lineAt(steps: readonly ViewStep[], at: number): number | null {
	const thread = steps[at]?.thread;
	for (let back = at; back >= 0; back--) {
		const step = steps[back];
		if (step?.thread === thread && step?.inputLine != null) return step.inputLine;
	}
	return null;
}

/** The step that breaks: a failure's last one, a replay's blocking point. */
export function breakingStep(run: ViewRun): number | null {
	if (!run.steps.length) return null;
	if (run.kind === 'failure') return run.steps.length - 1;
	return run.stuckAt === null ? null : Math.min(run.stuckAt, run.steps.length - 1);
}

/** One row per step for people and screen readers: `CPU0: lock_page(page), mm/memory.c:12. page A.lock: 0 -> 1.` */
export function spokenStep(run: ViewRun, at: number, threadName: (thread: number) => string, strings: Readonly<Record<string, string>> = {}): string {
	const step = run.steps[at];
	if (!step) return '';
	const parts = [`${threadName(step.thread)}: ${step.operation} ${strings.inside ?? 'in'} ${step.function}()`];
	if (step.place) parts.push(step.place);
	parts.push(...step.changes);
	for (const waiting of step.waiting) parts.push(`${threadName(waiting.thread)} ${strings.waitsAt ?? 'waits at'} ${waiting.operation}${waiting.by.length ? ` ${strings.heldBy ?? 'for'} ${waiting.by.map(threadName).join(', ')}` : ''}`);
	if (at === breakingStep(run)) parts.push(run.message);
	return parts.join('. ');
}

/** The passing run to show beside a failing one: its own side's, else the other's. */
export function passingBeside(model: Model, run: ViewRun): ViewRun | null {
	if (run.kind !== 'failure') return null;
	return model.runs.find(({ kind, side }) => kind === 'passing' && side === run.side) ?? model.runs.find(({ kind }) => kind === 'passing') ?? null;
}

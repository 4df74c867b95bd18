import { CHOICE_STRIDE, type Schedule } from '../exploration';
import { initialize, step } from '../machine/stepping';
import { DONE, type Machine } from '../machine/machine';
import { enabledThreads } from './schedules';
import { StateStore } from './store';
import { judgeTerminal } from './terminal';

/** States among which a passing schedule near to a failing one is looked for. */
export const NEAREST_STATES = 50_000;

/**
 * The passing schedule that goes along with a failing one for as long as any can, and from there leaves a thread only when it must.
 * Undefined when there is none, or none among `mostStates`. Yields now and then.
 */
export function* nearestPassing(m: Machine, failing: Schedule, mostStates: number): Generator<void, Schedule | undefined> {
	const store = new StateStore(m.words.length);
	const path: Int32Array[] = [];
	initialize(m);
	for (const entry of failing) {
		path.push(m.words.slice());
		if (step(m, entry % CHOICE_STRIDE, Math.floor(entry / CHOICE_STRIDE)) !== DONE) break;
	}
	// A failure at quiescence belongs to the state after the last step.
	if (path.length === failing.length) path.push(m.words.slice());
	for (let at = path.length - 1; at >= 0; at--) {
		m.words.set(path[at]!);
		store.add(m.words);
		const last = at === 0 ? -1 : failing[at - 1]! % CHOICE_STRIDE;
		const rest = yield* passFrom(m, store, last, mostStates);
		if (rest !== undefined) return [...failing.slice(0, at), ...rest];
		if (store.count >= mostStates) return undefined;
	}
	return undefined;
}

/** Steps between two chances for others to run. The machine must be left as it is meanwhile. */
const SLICE = 1024;

interface Frame {
	readonly words: Int32Array;
	readonly last: number;
	/** Threads yet to try, the one that ran last first. */
	readonly order: readonly number[];
	at: number;
	choice: number;
	entry: number;
}

/** A way from the machine's state to a good end through states not seen before. */
function* passFrom(m: Machine, store: StateStore, last: number, mostStates: number): Generator<void, Schedule | undefined> {
	const stack: Frame[] = [];
	const push = (before: number): boolean => {
		const enabled = enabledThreads(m);
		const words = m.words.slice();
		if (enabled === 0) return judgeTerminal(m).length === 0;
		const order: number[] = [];
		if (before >= 0 && ((enabled >> before) & 1) === 1) order.push(before);
		for (let t = 0; t < m.movers; t++) if (t !== before && ((enabled >> t) & 1) === 1) order.push(t);
		stack.push({ words, last: before, order, at: 0, choice: 0, entry: -1 });
		return false;
	};
	const taken = (): Schedule => stack.map((frame) => frame.entry);
	if (push(last)) return [];
	for (let done = 1; stack.length > 0 && store.count < mostStates; done++) {
		if (done % SLICE === 0) yield;
		const frame = stack.at(-1)!;
		const thread = frame.order[frame.at];
		if (thread === undefined) {
			stack.pop();
			continue;
		}
		m.words.set(frame.words);
		const outcome = step(m, thread, frame.choice);
		frame.entry = thread + CHOICE_STRIDE * frame.choice;
		const next = m.nextChoice();
		frame.choice = Math.max(next, 0);
		if (next < 0) frame.at++;
		if (outcome !== DONE) continue;
		store.add(m.words);
		if (store.isNew && push(thread)) return taken();
	}
	return undefined;
}

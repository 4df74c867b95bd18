import { CHOICE_STRIDE, type Schedule } from '../exploration';
import { INITIAL, type Known } from './known';

/** States among which a passing schedule near to a failing one is looked for. */
export const NEAREST_STATES = 4_000;
/** Edges between two chances for others to run. The machine must be left as it is meanwhile. */
const SLICE = 1024;
const FIRST_STATES = 256;

/**
 * The passing schedule that goes along with a failing one for as long as any can, and from there leaves a thread only when it must.
 * Undefined when there is none, or none among `mostStates`. Yields now and then.
 */
export function* nearestPassing(known: Known, failing: Schedule, mostStates: number): Generator<void, Schedule | undefined> {
	const path = [INITIAL];
	// A failure at quiescence belongs to the state after the last step.
	for (const entry of failing) {
		const next = known.after(path.at(-1)!, entry);
		if (next < 0) break;
		path.push(next);
	}
	const rest = new Rest(known, mostStates);
	for (let at = path.length - 1; at >= 0 && rest.met < mostStates; at--) {
		rest.from(path[at]!, at === 0 ? -1 : failing[at - 1]! % CHOICE_STRIDE);
		while (!rest.advance(SLICE)) yield;
		if (rest.found !== undefined) return [...failing.slice(0, at), ...rest.found];
	}
	return undefined;
}

/** Looks for ways to a good end through states not met before, the thread that ran last first. */
class Rest {
	met = 0;
	found: Schedule | undefined = undefined;
	private seen = new Uint8Array(FIRST_STATES);
	/** Frames: state, the edge last taken (-1: none), the thread that ran last (-1: none). */
	private readonly stack: number[] = [];

	constructor(private readonly known: Known, private readonly mostStates: number) {}

	/** Begins at a state of the path, which others may have met. */
	from(state: number, last: number): void {
		if (!this.enter(state, last)) return;
		this.found = [];
		this.stack.length = 0;
	}

	/** Takes up to `many` edges; true when nothing is left to do. */
	advance(many: number): boolean {
		const { known, stack } = this;
		const { edges } = known;
		for (let left = many; left > 0 && stack.length > 0 && this.met < this.mostStates; left--) {
			const top = stack.length - 3;
			const edge = this.next(stack[top]!, stack[top + 1]!, stack[top + 2]!);
			if (edge < 0) {
				stack.length = top;
				continue;
			}
			stack[top + 1] = edge;
			const to = edges.to[edge]!;
			if (to >= 0 && this.seen[to] !== 1 && this.enter(to, edges.entry[edge]! % CHOICE_STRIDE)) {
				this.found = this.taken();
				stack.length = 0;
			}
		}
		if (stack.length > 0 && this.met < this.mostStates) return false;
		stack.length = 0;
		return true;
	}

	/** Whether the state, which has not been met before, is a good end. */
	private enter(state: number, last: number): boolean {
		const { known } = this;
		known.look(state);
		while (state >= this.seen.length) {
			const longer = new Uint8Array(this.seen.length * 2);
			longer.set(this.seen);
			this.seen = longer;
		}
		this.seen[state] = 1;
		this.met++;
		this.stack.push(state, -1, last);
		return known.edges.enabledIn(state) === 0 && known.edges.terminal.get(state)?.length === 0;
	}

	/** The edge of a state to be taken after this one: those of the thread that ran last come first. */
	private next(state: number, edge: number, last: number): number {
		const { edges } = this.known;
		const first = edges.firstOf(state), end = edges.endOf(state);
		const isLast = (at: number): boolean => edges.entry[at]! % CHOICE_STRIDE === last;
		if (edge < 0 || isLast(edge)) {
			for (let at = edge < 0 ? first : edge + 1; at < end; at++) if (isLast(at)) return at;
			edge = first - 1;
		}
		for (let at = edge + 1; at < end; at++) if (!isLast(at)) return at;
		return -1;
	}

	private taken(): Schedule {
		const { stack, known } = this;
		const entries: number[] = [];
		for (let at = 0; at < stack.length - 3; at += 3) entries.push(known.edges.entry[stack[at + 1]!]!);
		return entries;
	}
}

import type { Blocked } from '../exploration';
import { type Check, cellName, type Evidence, threadName } from './check';

/** Nobody can move, and somebody has not finished: locks taken in a circle, one taken twice, or a wake-up that never comes. */
export const deadlock: Check = (evidence) => {
	const { m, blocked, thread, cell, fault } = evidence;
	const others = blocked.flatMap((one) => [...(one.thread === fault.thread ? [] : [one.origin]), ...one.since]);
	if (fault.reason === 'lost-wakeup') return { message: `${thread} sleeps on although what it waits for has come: its wake-up is lost`, others };
	const circle = circleOf(blocked);
	if (circle.length === 1) {
		const [one] = circle;
		const self = threadName(m, one!.thread);
		return { message: one!.cell < 0 ? `${self} waits for itself` : `${self} waits for ${cellName(m, one!.cell)}, which it holds itself`, others };
	}
	if (circle.length > 1) return { message: circle.map((one) => waits(evidence, one)).join('; '), others };
	const first = blocked.find((one) => one.thread === fault.thread);
	if (first !== undefined && first.by.length === 0) return { message: `${thread} waits at ${first.cell < 0 ? 'nothing' : cell}, and nobody is left to wake it`, others };
	return { message: `${thread} waits for ${cell} for ever`, others };
};

/** Threads each of which waits for the next, and the last for the first; empty when there is no such circle. */
function circleOf(blocked: readonly Blocked[]): readonly Blocked[] {
	for (const start of blocked) {
		const path: Blocked[] = [];
		for (let at: Blocked | undefined = start; at !== undefined;) {
			const seen = path.indexOf(at);
			if (seen >= 0) return path.slice(seen);
			path.push(at);
			const waitsFor: readonly number[] = at.by;
			at = blocked.find((one) => waitsFor.includes(one.thread));
		}
	}
	return [];
}

function waits({ m }: Evidence, one: Blocked): string {
	const by = one.by.map((t) => threadName(m, t)).join(', ');
	return one.cell < 0 ? `${threadName(m, one.thread)} waits for ${by}` : `${threadName(m, one.thread)} waits for ${cellName(m, one.cell)} held by ${by}`;
}

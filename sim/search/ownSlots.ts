import { ON_AWAIT, ON_GRACE, ON_LOCK, ON_SLEEP } from '../machine/compiled';
import type { Machine } from '../machine/machine';
import type { Op } from '../program';

/** Slots of its own that a step may depend on without its being too much to look at them all. */
const MOST_OWN = 64;

/**
 * Operations whose doing depends on cells, lives of objects and the thread's own slots alone, and on slots of others that the machine
 * tells of (`Machine.lookedAt`).
 */
const PLAIN: ReadonlySet<Op['op']> = new Set<Op['op']>([
	'set', 'alu', 'jump', 'branch', 'assert', 'end', 'load', 'store', 'rmw', 'cas', 'choose', 'cut', 'fence', 'lock', 'inherit', 'trylock', 'unlock', 'held', 'get', 'put',
	'escape', 'free', 'touch', 'is-live', 'await', 'excuse', 'context', 'context-set', 'might-sleep', 'rcu', 'grace-begin', 'grace-wait',
	'prepare-wait', 'sleep', 'finish-wait', 'wake',
]);
/** Of these the ones that look at what the thread holds, and whether it may sleep; and those that have to do with the queue it is on. */
const HOLDING: ReadonlySet<Op['op']> = new Set<Op['op']>(['lock', 'inherit', 'trylock', 'unlock', 'held', 'await', 'end', 'excuse', 'context', 'context-set', 'might-sleep', 'rcu', 'sleep', 'grace-wait']);
const QUEUEING: ReadonlySet<Op['op']> = new Set<Op['op']>(['prepare-wait', 'sleep', 'finish-wait', 'end']);
const GRACE: ReadonlySet<Op['op']> = new Set<Op['op']>(['grace-begin', 'grace-wait', 'rcu', 'end']);
const WAITS: ReadonlySet<number> = new Set([0, ON_LOCK, ON_AWAIT, ON_SLEEP, ON_GRACE]);

/** The slots of its own that the step from a place may look at or write, those that change least first; null when it may do what is not remembered. */
export function ownSlots(m: Machine, t: number, place: number): readonly number[] | null {
	const thread = m.threads[t]!;
	const area = m.layout.threads[t]!;
	if (!WAITS.has(thread.waitsFor[place]!)) return null;
	const done = stepFrom(m, t, place);
	if (done === null) return null;
	const any = (ops: ReadonlySet<Op['op']>): boolean => [...done].some((op) => ops.has(op));
	const slots: number[] = [];
	const look = (first: number, count: number): void => { if (first >= 0) for (let slot = first; slot < first + count; slot++) slots.push(slot); };
	if (done.has('end')) {
		look(area.references, m.program.objects.length);
		look(area.flags, 1);
	}
	if (any(GRACE)) for (const slot of area.grace) look(slot, 1);
	if (any(HOLDING)) for (const slot of area.reading) look(slot, 1);
	if (any(QUEUEING)) look(area.queue, 1);
	if (any(HOLDING)) {
		look(area.context, 1);
		look(area.holds, area.holdCount);
	}
	for (const watch of thread.watched[place]!) look(area.watches + watch, 1);
	look(area.registers, thread.live[place]!.length);
	return slots.length > MOST_OWN ? null : slots;
}

/** The kinds of operations that a step may come by; null when there is one among them that is not remembered. */
function stepFrom(m: Machine, t: number, place: number): ReadonlySet<Op['op']> | null {
	const thread = m.threads[t]!;
	const kinds = new Set<Op['op']>();
	const seen = new Set<number>();
	const todo = [thread.restPc[place]!];
	for (let pc = todo.pop(); pc !== undefined; pc = todo.pop()) {
		if (seen.has(pc)) continue;
		const op = thread.ops[pc]!;
		if (seen.size > 0 && thread.stops[pc] === 1) {
			// Coming to a `sleep` puts it on a queue.
			if (op.op === 'sleep') kinds.add('sleep');
			continue;
		}
		seen.add(pc);
		if (!PLAIN.has(op.op)) return null;
		kinds.add(op.op);
		if (op.op === 'end' || op.op === 'cut') continue;
		if (op.op === 'jump' || op.op === 'branch') todo.push(op.target);
		if (op.op !== 'jump') todo.push(pc + 1);
	}
	return kinds;
}

import { ON_AWAIT, ON_LOCK } from '../machine/compiled';
import type { Machine } from '../machine/machine';
import * as opcode from '../machine/opcodes';

/** Slots of its own that a step may depend on without its being too much to look at them all. */
const MOST_OWN = 16;

/** Operations whose doing depends on the thread's own slots, cells and lives of objects alone. */
const PLAIN: ReadonlySet<number> = new Set([
	opcode.SET, opcode.ALU, opcode.JUMP, opcode.BRANCH, opcode.ASSERT, opcode.END, opcode.LOAD, opcode.STORE, opcode.RMW, opcode.CAS,
	opcode.LOCK, opcode.TRYLOCK, opcode.UNLOCK, opcode.GET, opcode.PUT, opcode.FENCE, opcode.AWAIT,
]);
/** Of these the ones that look at what the thread holds, and whether it may sleep; and those that may note a reference. */
const HOLDING: ReadonlySet<number> = new Set([opcode.LOCK, opcode.TRYLOCK, opcode.UNLOCK, opcode.AWAIT, opcode.END]);
const REFERRING: ReadonlySet<number> = new Set([opcode.STORE, opcode.RMW, opcode.CAS, opcode.GET, opcode.PUT, opcode.END]);

/** The slots of its own that the step from a place may look at or write; null when it may do what is not remembered. */
export function ownSlots(m: Machine, t: number, place: number): readonly number[] | null {
	const thread = m.threads[t]!;
	const area = m.layout.threads[t]!;
	const wait = thread.waitsFor[place]!;
	if (wait !== 0 && wait !== ON_LOCK && wait !== ON_AWAIT) return null;
	let holding = false;
	let referring = false;
	let ending = false;
	const seen = new Set<number>();
	const todo = [thread.restPc[place]!];
	for (let pc = todo.pop(); pc !== undefined; pc = todo.pop()) {
		if (seen.has(pc)) continue;
		if (seen.size > 0 && thread.stops[pc] === 1) {
			// Coming to a `sleep` puts it on a queue.
			if (thread.ops[pc]!.op === 'sleep') return null;
			continue;
		}
		seen.add(pc);
		const at = pc * opcode.STRIDE;
		const code = thread.code[at]!;
		if (!PLAIN.has(code)) return null;
		// What others hold is looked for in all threads.
		if (code === opcode.UNLOCK && opcode.UNLOCKED_BY_ANYONE[thread.code[at + 3]!] === true) return null;
		holding ||= HOLDING.has(code);
		referring ||= REFERRING.has(code);
		if (code === opcode.END) ending = true;
		else if (code === opcode.JUMP) todo.push(thread.code[at + 1]!);
		else {
			if (code === opcode.BRANCH) todo.push(thread.code[at + 2]!);
			todo.push(pc + 1);
		}
	}
	const slots: number[] = [];
	const look = (first: number, count: number): void => { if (first >= 0) for (let slot = first; slot < first + count; slot++) slots.push(slot); };
	look(area.registers, thread.live[place]!.length);
	if (holding) {
		look(area.holds, area.holdCount);
		look(area.context, 1);
		for (const slot of area.reading) look(slot, 1);
	}
	if (referring) look(area.references, m.program.objects.length);
	if (ending) {
		look(area.flags, 1);
		look(area.queue, 1);
		for (const slot of area.grace) look(slot, 1);
	}
	return slots.length > MOST_OWN ? null : slots;
}

import { dataRace } from '../checks/dataRace';
import type { Failure, Schedule } from '../exploration';
import { RUNNING } from '../machine/layout';
import type { Machine } from '../machine/machine';
import { waitingAt } from '../machine/waiting';
import type { Op } from '../program';

/** Pairs beyond this many are not listed. */
const MOST_RACES = 64;

/** Bits of what a step begins with: an access of a cell, one that writes it, a plain one. */
const ACCESS = 1, WRITES = 2, PLAIN = 4;

function kindOf(op: Op): number {
	if (op.op !== 'load' && op.op !== 'store' && op.op !== 'rmw' && op.op !== 'cas') return 0;
	return ACCESS | (op.op === 'load' ? 0 : WRITES) | (op.order === 'plain' ? PLAIN : 0);
}

/**
 * Data races: two threads whose next steps begin with accesses to one cell, at least one a write and at least one plain, with nothing
 * that orders them, since either may come first. Notes, not failures. Accesses that ride along with an earlier operation are not
 * looked at, and a reduced search may pass by a state in which both could be next.
 */
export class Races {
	private readonly found = new Map<string, Failure>();
	/** Whether the program has plain accesses, and wants to know. */
	readonly wanted: boolean;

	/** Per thread and place where it rests the kind of access that its next step begins with. */
	private readonly kinds: readonly Uint8Array[];
	/** Per thread the cell that its next step begins with accessing, and how. */
	private readonly cells: Int32Array;
	private readonly how: Uint8Array;

	constructor(private readonly m: Machine) {
		this.wanted = m.program.without?.includes('data-race') !== true
			&& m.program.threads.some((thread) => thread.code.some((op) => (kindOf(op) & PLAIN) !== 0));
		this.kinds = m.threads.map(({ ops, restPc }) => Uint8Array.from(restPc, (pc) => kindOf(ops[pc]!)));
		this.cells = new Int32Array(m.threads.length);
		this.how = new Uint8Array(m.threads.length);
	}

	/** Looks at the machine's current state. */
	look(enabled: number, schedule: () => Schedule): void {
		if (!this.wanted || this.found.size >= MOST_RACES || (enabled & (enabled - 1)) === 0) return;
		const { m, kinds, cells, how } = this;
		for (let t = 0; t < cells.length; t++) {
			how[t] = 0;
			if (((enabled >> t) & 1) === 0) continue;
			const place = m.control(t) - RUNNING;
			const kind = place < 0 ? 0 : kinds[t]![place]!;
			if (kind === 0) continue;
			const cell = waitingAt(m, t, place);
			if (cell < 0) continue;
			cells[t] = cell;
			how[t] = kind;
			for (let other = 0; other < t; other++) {
				const both = how[other]! | kind;
				if (how[other] !== 0 && cells[other] === cell && (both & WRITES) !== 0 && (both & PLAIN) !== 0) this.note(other, t, cell, schedule);
			}
		}
	}

	get notes(): readonly Failure[] {
		return [...this.found.values()].sort((a, b) => a.sites[0]! - b.sites[0]! || a.sites[1]! - b.sites[1]!);
	}

	/** The operation that a thread's next step begins with. */
	private pcOf(t: number): number {
		return this.m.threads[t]!.restPc[this.m.control(t) - RUNNING]!;
	}

	private note(first: number, second: number, cell: number, schedule: () => Schedule): void {
		const [pcA, pcB] = [this.pcOf(first), this.pcOf(second)];
		const [a, b] = [this.m.threads[first]!.ops[pcA]!.origin, this.m.threads[second]!.ops[pcB]!.origin];
		const sites = a <= b ? [a, b] : [b, a];
		const key = sites.join(' ');
		if (this.found.has(key)) return;
		const { program } = this.m;
		this.found.set(key, {
			check: 'data-race',
			message: dataRace([program.threads[first]!.name, program.threads[second]!.name], program.cells[cell]!.name, (this.how[first]! & this.how[second]! & WRITES) !== 0),
			schedule: [...schedule(), first, second],
			thread: second,
			pc: pcB,
			reason: 'race',
			sites,
			cell,
			preemptions: 0,
		});
	}
}

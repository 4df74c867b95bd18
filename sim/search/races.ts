import { dataRace } from '../checks/dataRace';
import type { Failure, Schedule } from '../exploration';
import { RUNNING } from '../machine/layout';
import type { Machine } from '../machine/machine';
import { waitingAt } from '../machine/waiting';
import type { Op } from '../program';

/** Pairs beyond this many are not listed. */
const MOST_RACES = 64;

interface Access {
	readonly thread: number;
	readonly pc: number;
	readonly origin: number;
	readonly cell: number;
	readonly writes: boolean;
	readonly plain: boolean;
}

function accessOf(op: Op): { writes: boolean; plain: boolean } | undefined {
	switch (op.op) {
		case 'load': return { writes: false, plain: op.order === 'plain' };
		case 'store': return { writes: true, plain: op.order === 'plain' };
		case 'rmw': case 'cas': return { writes: true, plain: op.order === 'plain' };
		default: return undefined;
	}
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

	constructor(private readonly m: Machine) {
		this.wanted = m.program.without?.includes('data-race') !== true
			&& m.program.threads.some((thread) => thread.code.some((op) => accessOf(op)?.plain === true));
	}

	/** Looks at the machine's current state. */
	look(enabled: number, schedule: () => Schedule): void {
		if (!this.wanted || this.found.size >= MOST_RACES || (enabled & (enabled - 1)) === 0) return;
		const accesses: Access[] = [];
		for (let t = 0; t < this.m.threads.length; t++) {
			if (((enabled >> t) & 1) === 0) continue;
			const access = this.next(t);
			if (access === undefined) continue;
			for (const other of accesses) {
				if (other.cell === access.cell && (other.writes || access.writes) && (other.plain || access.plain)) this.note(other, access, schedule);
			}
			accesses.push(access);
		}
	}

	get notes(): readonly Failure[] {
		return [...this.found.values()].sort((a, b) => a.sites[0]! - b.sites[0]! || a.sites[1]! - b.sites[1]!);
	}

	private next(t: number): Access | undefined {
		const control = this.m.control(t);
		if (control < RUNNING) return undefined;
		const thread = this.m.threads[t]!;
		const pc = thread.restPc[control - RUNNING]!;
		const op = thread.ops[pc]!;
		const kind = accessOf(op);
		if (kind === undefined) return undefined;
		const cell = waitingAt(this.m, t, control - RUNNING);
		return cell < 0 ? undefined : { thread: t, pc, origin: op.origin, cell, ...kind };
	}

	private note(a: Access, b: Access, schedule: () => Schedule): void {
		const sites = a.origin <= b.origin ? [a.origin, b.origin] : [b.origin, a.origin];
		const key = sites.join(' ');
		if (this.found.has(key)) return;
		const { program } = this.m;
		this.found.set(key, {
			check: 'data-race',
			message: dataRace([program.threads[a.thread]!.name, program.threads[b.thread]!.name], program.cells[a.cell]!.name, a.writes && b.writes),
			schedule: [...schedule(), a.thread, b.thread],
			thread: b.thread,
			pc: b.pc,
			reason: 'race',
			sites,
			cell: a.cell,
			preemptions: 0,
		});
	}
}

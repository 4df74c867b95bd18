import type { Blocked } from '../exploration';
import type { Fault, Machine } from '../machine/machine';
import type { CheckName, Op, Operand } from '../program';
import type { History, Site } from '../search/history';

/** Everything that is known about a failure once its schedule has been replayed. */
export interface Evidence {
	readonly m: Machine;
	readonly fault: Fault;
	readonly history: History;
	readonly blocked: readonly Blocked[];
	/** The operation that failed. */
	readonly op: Op;
	readonly cell: string;
	readonly object: string;
	readonly thread: string;
}

/** What a check says of a failure. */
export interface Finding {
	readonly message: string;
	/** Origins of the other parties' operations. */
	readonly others: readonly number[];
	/** Cells that a bad pointer was read from. */
	readonly behind?: readonly number[];
	/** When the history shows that another check is the one that failed. */
	readonly check?: CheckName;
}

export type Check = (evidence: Evidence) => Finding;

export const origins = (...sites: readonly (Site | undefined)[]): readonly number[] =>
	sites.flatMap((site) => (site === undefined || site.origin < 0 ? [] : [site.origin]));

export const threadName = (m: Machine, t: number): string => m.program.threads[t]?.name ?? 'nobody';
export const cellName = (m: Machine, cell: number): string => m.program.cells[cell]?.name ?? 'no cell';

/** Cells whose contents decided the value of an operand. */
export function cellsBehind(evidence: Evidence, operand: Operand): readonly number[] {
	const { fault, history } = evidence;
	return 'reg' in operand ? [...history.sourcesOf(fault.thread < 0 ? evidence.m.threads.length : fault.thread, operand.reg)].sort((a, b) => a - b) : [];
}

/** Who, other than the failing thread, last wrote these cells. */
export function otherWriters(evidence: Evidence, cells: readonly number[]): readonly number[] {
	const writers = cells.flatMap((cell) => {
		const site = evidence.history.lastWrite.get(cell);
		return site === undefined || site.thread === evidence.fault.thread || site.origin < 0 ? [] : [site.origin];
	});
	return [...new Set(writers)];
}

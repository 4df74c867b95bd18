import { type Failure, type Ignored, type Op, POINTER_BASE, type Program } from '../../../sim';
import type { Lowered } from '../../lower';
import { isBadPointer } from '../belief/credible';

/**
 * The program that goes on past these failures, so that what lies behind them is explored: a bad pointer that the world began with is left out of
 * the world, a wait for somebody who is not in the scenario is over, a path on which elided code
 * would have failed is none, as is one on which a `BUG_ON()` does not hold, and any other failure is passed by. Null when nothing would come of it.
 * Operations keep their places.
 */
export function past({ program, notes }: Lowered, failures: readonly Failure[]): Program | null {
	const bad = new Set(failures.filter(isBadPointer).flatMap(({ behind }) => behind ?? []));
	const cells = program.cells.map((cell, index) => {
		const good = cell.domain?.find((each) => each >= POINTER_BASE);
		if (!bad.has(index) || good === undefined || cell.domain?.every((each) => each >= POINTER_BASE)) return cell;
		return { ...cell, domain: cell.domain?.map((each) => (each >= POINTER_BASE ? each : good)) ?? [] };
	});
	const ended = new Set(failures.filter(({ check }) => check === 'deadlock').flatMap(({ blocked }) => blocked ?? [])
		.filter(({ thread, pc }) => isUnanswered(program, notes, thread, pc)).map(({ thread, pc }) => `${thread}:${pc}`));
	const ignored: readonly Ignored[] = failures.filter((failure) => !isBadPointer(failure) && failure.check !== 'deadlock' && failure.check !== 'irq-unsafe-lock').map(({ thread, pc, reason }) => ({ thread, pc, reason, ...(notes[thread]?.[pc]?.inferred || notes[thread]?.[pc]?.halts ? { cut: true } : {}) }));
	if (ended.size === 0 && ignored.length === 0 && cells.every((cell, index) => cell === program.cells[index])) return null;
	return {
		...program, cells, ignored: [...program.ignored ?? [], ...ignored],
		threads: program.threads.map((thread, index) => (![...ended].some((each) => each.startsWith(`${index}:`)) ? thread : {
			...thread, code: thread.code.map((op, at): Op => (ended.has(`${index}:${at}`) ? over(thread.code, notes[index] ?? [], at, op) : op)),
		})),
	};
}

const WAKES: ReadonlySet<Op['op']> = new Set(['wake', 'store', 'rmw', 'cas']);

/** A thread waits for a queue or a cell that no other thread wakes or writes to. */
function isUnanswered(program: Program, notes: Lowered['notes'], thread: number, pc: number): boolean {
	const op = program.threads[thread]?.code[pc]?.op;
	const key = notes[thread]?.[pc]?.key;
	if ((op !== 'sleep' && op !== 'await') || key === undefined) return false;
	return !program.threads.some(({ code }, other) => other !== thread && code.some((each, at) => WAKES.has(each.op) && notes[other]?.[at]?.key === key));
}

/** The wait as if it had ended: a sleep goes to where its loop is left, when that can be told. */
function over(code: readonly Op[], notes: Lowered['notes'][number], at: number, op: Op): Op {
	if (op.op === 'await') return { op: 'might-sleep', what: 'a wait', origin: op.origin, ...(op.step ? { step: true } : {}) };
	const left = code.findIndex((each, index) => index > at && each.op === 'finish-wait' && notes[index]?.key === notes[at]?.key);
	return left < 0 ? op : { op: 'jump', target: left, origin: op.origin, step: true };
}

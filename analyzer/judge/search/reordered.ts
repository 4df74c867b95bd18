import { CHOICE_STRIDE, type Op } from '../../../sim';
import { lastOf, type Lowered } from '../../lower';
import type { Slices } from '../slices';
import { type Believed, judge, type Judged } from '../verdict';
import type { Releases } from '../belief/credible';
import { replayed } from './replayed';

const ORDERS: ReadonlySet<string> = new Set(['acquire', 'release', 'full']);

/** What goes through a store buffer. */
const BUFFERED: ReadonlySet<string> = new Set(['store', 'rmw']);

const orders = (op: Op): boolean => op.op === 'fence' || ((op.op === 'load' || op.op === 'store' || op.op === 'rmw' || op.op === 'cas') && ORDERS.has(op.order));

/** Whether the patch's own lines order memory accesses, before it or after: then what the memory may reorder is part of the question. */
export const ordersMemory = (sides: readonly (Lowered | null)[]): boolean => sides.some((side) => side?.program.threads.some(({ code }) =>
	code.some((op) => orders(op) && side.origins[op.origin]?.changed === true)));

/** The side under a memory that reorders what nothing orders; each failure says what was reordered. */
export function* judgeReordered(lowered: Lowered, releases: Releases): Slices<Judged> {
	const judged = yield* judge({ ...lowered, program: { ...lowered.program, memory: 'weak' } }, releases);
	return { ...judged, failures: judged.failures.map((failure) => ({ ...failure, message: `${failure.message}${reordering(judged.lowered, failure)}` })) };
}

/** In words: which store others see before an earlier one, or whose loads are late. */
function reordering({ notes }: Lowered, { program, schedule, message }: Believed): string {
	const buffered = program.threads.map((): string[] => []);
	for (const step of replayed(program, schedule).steps) {
		const own = buffered[step.thread] ?? [];
		if (step.entry % CHOICE_STRIDE < program.threads.length) {
			for (const pc of step.executed) if (BUFFERED.has(program.threads[step.thread]?.code[pc]?.op ?? '')) own.push(notes[step.thread]?.[pc]?.key ?? '');
			// What the step itself brought into memory waits no longer.
			for (const { cell } of step.changes) {
				const at = own.findIndex((key) => lastOf(key) === lastOf(program.cells[cell]?.name ?? ''));
				if (at >= 0) own.splice(at, 1);
			}
			continue;
		}
		const name = program.threads[step.thread]?.name ?? 'a thread';
		const [change] = step.changes;
		if (!change) return ` (memory order: ${name} does a load later than the loads after it)`;
		const field = lastOf(program.cells[change.cell]?.name ?? '');
		const at = own.findIndex((key) => lastOf(key) === field);
		// Stores to what has no name, a local that others were handed, are in no reader's way.
		const late = own.slice(0, Math.max(at, 0)).filter((key) => key !== '');
		const most = late.find((key) => message.includes(lastOf(key))) ?? late[0];
		if (most !== undefined) return ` (memory order: others see ${name}'s store to ${own[at]} before its store to ${most})`;
		if (at >= 0) own.splice(at, 1);
	}
	return '';
}

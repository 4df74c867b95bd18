import type { Failure } from '../../../sim';
import { lastOf, type Lowered, type Origin } from '../../lower';
import { passed, replayed } from '../search/replayed';

/** What a WARN_ON() or BUG_ON() says that is judged by data; what asks of locks says so itself. */
const TRIGGERS = / triggers$/;
export const isWarning = ({ check, message }: Failure): boolean => check === 'assertion' && TRIGGERS.test(message);

/** Both stand on one line of one call. */
const isOnLine = (inner: Origin | undefined, outer: Origin | undefined): boolean =>
	inner !== undefined && outer !== undefined && inner.file === outer.file && inner.line === outer.line && inner.stack.join() === outer.stack.join();

/**
 * A warning that triggers on what was there before anybody did anything: whether a field can begin like this, our world does not know. Somebody must
 * have changed on the way what the warning looks at.
 */
export function triggeredAtStart({ program, notes, origins }: Lowered, failure: Failure): boolean {
	if (!isWarning(failure)) return false;
	const { thread, pc, schedule } = failure;
	const code = program.threads[thread]?.code ?? [];
	const asking = passed(program, schedule, thread).filter((at) => isOnLine(origins[code[at]?.origin ?? -1], origins[code[pc]?.origin ?? -1]));
	if (asking.some((at) => code[at]?.op === 'held')) return false;
	const keys = asking.flatMap((at) => notes[thread]?.[at]?.key ?? []);
	const asked = new Set(keys.map(lastOf));
	return !replayed(program, schedule).steps.some(({ changes }) => changes.some(({ cell }) => asked.has(lastOf(program.cells[cell]?.name ?? ''))));
}

import type { Failure } from '../../../sim';
import { lastOf, type Lowered, type Origin } from '../../lower';
import { replayed } from '../search/replayed';

/** What a WARN_ON() or BUG_ON() says that is judged by data; what asks of locks says so itself. */
const TRIGGERS = / triggers$/;
export const isWarning = ({ check, message }: Failure): boolean => check === 'assertion' && TRIGGERS.test(message);

/** The one is part of the other's line. */
const lies = (inner: Origin | undefined, outer: Origin | undefined): boolean =>
	inner !== undefined && outer !== undefined && inner.file === outer.file && inner.line === outer.line && inner.stack.join() === outer.stack.join();

/**
 * A warning that triggers on what was there before anybody did anything: whether a field can begin like this, our world does not know. Somebody must
 * have changed on the way what the warning looks at.
 */
export function triggeredAtStart({ program, notes, origins }: Lowered, failure: Failure): boolean {
	if (!isWarning(failure)) return false;
	const { thread, pc, schedule } = failure;
	const code = program.threads[thread]?.code ?? [];
	const { steps } = replayed(program, schedule);
	const passed = steps.flatMap((step) => (step.thread === thread ? step.executed : [])).filter((at) => lies(origins[code[at]?.origin ?? -1], origins[code[pc]?.origin ?? -1]));
	if (passed.some((at) => code[at]?.op === 'held')) return false;
	const asked = new Set(passed.flatMap((at) => { const key = notes[thread]?.[at]?.key; return key === undefined ? [] : [lastOf(key)]; }));
	return !steps.some(({ changes }) => changes.some(({ cell }) => asked.has(lastOf(program.cells[cell]?.name ?? ''))));
}

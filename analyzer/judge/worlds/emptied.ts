import type { Failure, Op } from '../../../sim';
import type { Lowered } from '../../lower';

/** What models keep a container's entries in. */
const SLOT = /\.__slot(\d)$/;

/**
 * What was tested and changed by another thread is set to nothing where all of a container goes, under one lock: it says how much is in there,
 * whatever the test has seen.
 */
export function countsWhatIsEmptied({ program, notes }: Lowered, { check, thread, pc }: Failure): boolean {
	const code = program.threads[thread]?.code ?? [];
	const setsToZero = (op: Op | undefined): boolean => op?.op === 'store' && 'value' in op.from && op.from.value === 0;
	if (check !== 'check-then-act' || !setsToZero(code[pc])) return false;
	const begin = code.findLastIndex((op, at) => at < pc && op.op === 'lock');
	const end = code.findIndex((op, at) => at > pc && op.op === 'unlock');
	if (begin < 0 || end < 0) return false;
	const emptied = code.slice(begin, end).flatMap((op, at) => (setsToZero(op) ? [SLOT.exec(notes[thread]?.[begin + at]?.key ?? '')?.[1] ?? ''] : []));
	return emptied.includes('0') && emptied.includes('1');
}

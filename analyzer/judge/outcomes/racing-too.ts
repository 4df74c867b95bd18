import { lastOf } from '../../lower';
import { OF_UPDATES } from '../../scenarios';
import type { Believed, Judged } from '../verdict';

/**
 * The side that fails, with the data races on what its updates break among its failures, where the other side has none of them: a tool that watches plain accesses reports those as well. No
 * outcome rests on them; where there is no such failure they stay notes.
 */
export function racingToo(failing: Judged, other: Judged | null): Judged {
	const updates = failing.failures.filter(({ check }) => OF_UPDATES.has(check));
	if (updates.length === 0) return failing;
	const stays = new Set((other?.exploration.notes ?? []).map(({ cell }) => nameOf(other, cell)));
	const races = failing.exploration.notes.flatMap((note): readonly Believed[] => {
		const name = nameOf(failing, note.cell);
		const broken = stays.has(name) ? undefined : updates.find((each) => breaks(failing, each, name));
		return broken ? [{ ...note, ...(isMark(name) ? { message: `${broken.message}: nothing orders the two` } : {}), program: failing.lowered.program }] : [];
	});
	if (races.length === 0) return failing;
	const told = new Set(races.map(({ cell }) => cell));
	return { ...failing, failures: [...failing.failures, ...races], exploration: { ...failing.exploration, notes: failing.exploration.notes.filter(({ cell }) => !told.has(cell)) } };
}

const nameOf = (side: Judged | null, cell: number | undefined): string => (cell === undefined ? '' : (side?.lowered.program.cells[cell]?.name ?? ''));

/** A mark that only a model keeps: it stands for what somebody out of sight works on. */
const isMark = (name: string): boolean => lastOf(name).startsWith('__');

/** The cell is the one that is overwritten or gone by; or both are marks of what nobody shows. */
function breaks(side: Judged, failure: Believed, name: string): boolean {
	const op = side.lowered.program.threads[failure.thread]?.code[failure.pc];
	return op?.op === 'assert' ? isMark(name) : failure.cell !== undefined && failure.program.cells[failure.cell]?.name === name;
}

import { type Failure, POINTER_BASE, type Program, type Step } from '../../../sim';
import { lastOf, type Lowered } from '../../lower';
import { replayed } from '../search/replayed';

/** Cells that say whether a pointer is there, beyond which none is looked at. */
const FLAGS_BOUND = 3;

/** Fields that other threads than this one store to. */
function storedByOthers({ program, notes }: Lowered, thread: number): ReadonlySet<string> {
	return new Set(program.threads.flatMap(({ code }, other) => (other === thread ? [] : code.flatMap((op, at) => (
		(op.op === 'store' && !('value' in op.from && op.from.value === 0)) || op.op === 'cas' || (op.op === 'rmw' && op.alu === undefined) ? [lastOf(notes[other]?.[at]?.key ?? '')] : [])))));
}

const isPublished = (lowered: Lowered, failure: Failure): boolean => {
	const stored = storedByOthers(lowered, failure.thread);
	return (failure.behind ?? []).some((cell) => stored.has(lastOf(lowered.program.cells[cell]?.name ?? '')));
};

const loadedBy = ({ notes, program }: Lowered, thread: number, { executed }: Step): readonly string[] => executed.flatMap((pc) => {
	const op = program.threads[thread]?.code[pc]?.op;
	return op === 'load' || op === 'rmw' || op === 'cas' ? [lastOf(notes[thread]?.[pc]?.key ?? '')] : [];
});

/** Of the object that another thread has made it was set before this one began: that is the one which this thread is given, though our world gave it another. */
function setBefore({ program }: Lowered, { behind = [], thread }: Failure, steps: readonly Step[]): boolean {
	const fields = new Set(behind.map((cell) => lastOf(program.cells[cell]?.name ?? '')));
	const last = new Map<number, number>();
	for (const step of steps) {
		if (step.thread === thread) break;
		for (const { cell, after } of step.changes) if (!behind.includes(cell) && fields.has(lastOf(program.cells[cell]?.name ?? ''))) last.set(cell, after);
	}
	return [...last.values()].some((value) => value >= POINTER_BASE);
}

/** A pointer that another thread sets is used before that, since the thread saw something else that the other one did: it was published too early. */
export function publishedTooEarly(lowered: Lowered, failure: Failure): boolean {
	if (!isPublished(lowered, failure)) return false;
	const seen = new Set<string>();
	const { steps } = replayed(lowered.program, failure.schedule);
	if (setBefore(lowered, failure, steps)) return false;
	for (const step of steps) {
		if (step.thread !== failure.thread) {
			for (const { cell } of step.changes) seen.add(lastOf(lowered.program.cells[cell]?.name ?? ''));
		} else if (loadedBy(lowered, step.thread, step).some((field) => seen.has(field))) return true;
	}
	return false;
}

/**
 * A thread that comes upon a NULL all by itself began in a world that is none: what it tested says that the pointer is there. For each of the things
 * that it tested, the program in whose worlds that says something else.
 */
export function consistentWorlds(lowered: Lowered, failure: Failure): readonly Program[] {
	if (!isPublished(lowered, failure)) return [];
	const { program } = lowered;
	const { steps, state } = replayed(program, failure.schedule);
	if (steps.some((step) => step.thread !== failure.thread)) return [];
	const tested = new Set(steps.flatMap((step) => loadedBy(lowered, step.thread, step)));
	return program.cells.flatMap((cell, index) => {
		const others = cell.domain?.filter((value) => value !== state[index]) ?? [];
		if (others.length === 0 || failure.behind?.includes(index) || !tested.has(lastOf(cell.name))) return [];
		return [{ ...program, cells: program.cells.map((each, at) => (at === index ? { ...each, domain: others } : each)) }];
	}).slice(0, FLAGS_BOUND);
}

import { type Op, type Program, successorsOf } from '../../../sim';
import type { Lowered } from '../../lower';

/**
 * Both sides with the counters that their code keeps by hand (`foo->users -= 1`) at one at least for each thread that only takes back: who gives up one, and does not
 * ask whether there is any, has been counted before. Alike on both sides, so that an edit does not change the world before it.
 */
export function countedByHand(sides: readonly (Lowered | null)[]): readonly (Lowered | null)[] {
	const least = new Map<string, number>();
	for (const side of sides) for (const [key, count] of side ? takenBack(side) : []) least.set(key, Math.max(count, least.get(key) ?? 0));
	return least.size === 0 ? sides : sides.map((side) => side && { ...side, program: counted(side.program, least) });
}

const counted = (program: Program, least: ReadonlyMap<string, number>): Program => ({ ...program, cells: program.cells.map((cell) => {
	const from = least.get(cell.name);
	if (from === undefined || !cell.domain?.some((value) => value >= 0 && value < from)) return cell;
	const left = cell.domain.filter((value) => value < 0 || value >= from);
	const domain = left.some((value) => value >= from) ? left : [from, ...left];
	return { ...cell, initial: domain[0] ?? from, domain };
}) });

/** Counters → how many threads only take back from them. */
function takenBack({ program, notes, parties }: Lowered): ReadonlyMap<string, number> {
	const threads = new Map<string, number>();
	if (program.threads.length < 2) return threads;
	program.threads.forEach(({ code, start }, thread) => {
		if (start === 'idle' || parties[thread]?.modelled) return;
		const keys = notes[thread]?.map((note) => note?.key) ?? [];
		const steps = new Map<string, number[]>();
		code.forEach((op, at) => {
			const key = keys[at];
			const step = key === undefined ? undefined : stepOf(code, at, op);
			if (key !== undefined && step !== undefined) steps.set(key, [...steps.get(key) ?? [], step]);
		});
		for (const [key, all] of steps) {
			const first = code.findIndex((op, at) => keys[at] === key && stepOf(code, at, op) !== undefined);
			if (all.every((step) => step === -1) && !asksBefore(code, keys, key, first)) threads.set(key, (threads.get(key) ?? 0) + 1);
		}
	});
	return threads;
}

/** By how much what is stored differs from what was loaded right before; not a number where that is not all; undefined where nothing is stored. */
function stepOf(code: readonly Op[], at: number, op: Op): number | undefined {
	if (op.op === 'rmw') return op.alu === 'sub' && 'value' in op.value ? -op.value.value : op.alu === 'add' && 'value' in op.value ? op.value.value : Number.NaN;
	if (op.op === 'cas') return Number.NaN;
	if (op.op !== 'store') return undefined;
	if (!('reg' in op.from)) return Number.NaN;
	const { reg } = op.from;
	const made = code.slice(0, at).findLast((each) => 'dst' in each && each.dst === reg);
	return made?.op === 'alu' && (made.alu === 'sub' || made.alu === 'add') && 'value' in made.b ? (made.alu === 'sub' ? -made.b.value : made.b.value) : Number.NaN;
}

/** What is loaded from there before decides whether the thread comes to this place. */
function asksBefore(code: readonly Op[], keys: readonly (string | undefined)[], key: string, place: number): boolean {
	const loaded = new Set<number>();
	for (const [at, op] of code.slice(0, place).entries()) {
		if (op.op === 'branch' && 'reg' in op.cond && loaded.has(op.cond.reg) && successorsOf(code, at).some((next) => !leadsTo(code, next, place))) return true;
		if (!('dst' in op) || op.dst === undefined) continue;
		const from = (op.op === 'load' && keys[at] === key) || (op.op === 'alu' && [op.a, op.b].some((each) => 'reg' in each && loaded.has(each.reg))) || (op.op === 'set' && 'reg' in op.from && loaded.has(op.from.reg));
		if (from) loaded.add(op.dst);
		else loaded.delete(op.dst);
	}
	return false;
}

function leadsTo(code: readonly Op[], from: number, place: number): boolean {
	const seen = new Set([from]);
	for (const at of seen) for (const next of successorsOf(code, at)) seen.add(next);
	return seen.has(place);
}

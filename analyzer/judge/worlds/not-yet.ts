import { POINTER_BASE, type Program } from '../../../sim';
import type { Lowered, Party } from '../../lower';

/** Names of functions that run once in an object's life, where no role says so. */
const ONCE = /(_probe|_remove|_connect|_disconnect|_bind|_unbind|_attach|_detach|_register|_unregister|_destroy|_exit)\b/;

/**
 * Both sides with what only a thread that runs once is going to set not yet set: a flag that says that the device is gone is no part of the world
 * in which its removal begins. Alike on both sides, so that a store which the patch adds does not change the world before it.
 */
export function notYet(sides: readonly (Lowered | null)[]): readonly (Lowered | null)[] {
	const dues = sides.flatMap((side) => (side ? [dueValues(side)] : []));
	const asked = new Set(sides.flatMap((side) => (side ? askedFirst(side) : [])));
	const published = new Set(sides.flatMap((side) => (side ? publishedOnce(side) : [])));
	return sides.map((side) => side && { ...side, program: unpublished(without(side.program, dues, asked), published) });
}

/** A pointer to what it makes, that only one thread sets: it may not be there yet. */
function publishedOnce({ program, notes }: Lowered): readonly string[] {
	const writers = new Map<string, Set<number>>();
	program.threads.forEach(({ code }, thread) => code.forEach((op, at) => {
		const key = notes[thread]?.[at]?.key;
		if (key !== undefined && (op.op === 'store' || op.op === 'rmw' || op.op === 'cas')) writers.set(key, (writers.get(key) ?? new Set()).add(thread));
	}));
	return [...writers].flatMap(([key, threads]) => {
		const [writer = -1, ...others] = [...threads];
		const code = program.threads[writer]?.code ?? [];
		const makes = code.some((op) => op.op === 'alloc') && code.some((op, at) => op.op === 'store' && 'reg' in op.from && notes[writer]?.[at]?.key === key);
		return others.length === 0 && makes ? [key] : [];
	});
}

const unpublished = (program: Program, published: ReadonlySet<string>): Program => ({ ...program, cells: program.cells.map((cell) => {
	const values = cell.domain ?? [cell.initial];
	return !published.has(cell.name) || values.includes(0) || !values.some((value) => value >= POINTER_BASE) ? cell : { ...cell, initial: 0, domain: [...values, 0] };
}) });

const runsOnce = (party: Party | undefined): boolean => party !== undefined && party.start === 'ready' && (party.role ? !party.role.parallel : !party.modelled && ONCE.test(party.entry));

/** Cell name → constants that only one thread, which runs once, ever stores to it. */
function dueValues({ program, parties, notes }: Lowered): ReadonlyMap<string, ReadonlySet<number>> {
	const writers = new Map<string, Set<number>>();
	const constants = new Map<string, Set<number>>();
	program.threads.forEach(({ code }, thread) => code.forEach((op, at) => {
		const key = notes[thread]?.[at]?.key;
		if (key === undefined || (op.op !== 'store' && op.op !== 'rmw' && op.op !== 'cas')) return;
		const stored = op.op === 'store' ? op.from : op.op === 'rmw' && op.alu === undefined ? op.value : undefined;
		writers.set(key, (writers.get(key) ?? new Set()).add(thread));
		if (stored && 'value' in stored) constants.set(key, (constants.get(key) ?? new Set()).add(stored.value));
	}));
	return new Map([...constants].flatMap(([key, values]) => {
		const [writer, ...others] = [...writers.get(key) ?? []];
		return writer !== undefined && others.length === 0 && runsOnce(parties[writer]) ? [[key, values] as const] : [];
	}));
}

/** Cells that a thread reads before it stores 0 there, if it does: who asks whether there is anything to end may find that there is not. */
function askedFirst({ program, notes }: Lowered): readonly string[] {
	return program.threads.flatMap(({ code }, thread) => {
		const keys = notes[thread]?.map((note) => note?.key) ?? [];
		const asked = new Set<string>();
		return code.flatMap((op, at) => {
			const key = keys[at];
			if (key !== undefined && op.op === 'load') asked.add(key);
			return key !== undefined && op.op === 'store' && 'value' in op.from && op.from.value === 0 && asked.has(key) ? [key] : [];
		});
	});
}

function without(program: Program, dues: readonly ReadonlyMap<string, ReadonlySet<number>>[], asked: ReadonlySet<string>): Program {
	return { ...program, cells: program.cells.map((cell) => {
		const due = (value: number): boolean => !(value === 0 && asked.has(cell.name)) && dues.some((each) => each.get(cell.name)?.has(value) === true);
		const other = cell.domain?.find((value) => !due(value));
		return other === undefined || !cell.domain?.some(due) ? cell : { ...cell, domain: cell.domain.filter((value) => !due(value)) };
	}) };
}

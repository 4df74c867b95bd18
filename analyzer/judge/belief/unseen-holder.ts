import type { Failure, Op, Program, Step } from '../../../sim';
import { isModelField, lastOf, type Lowered } from '../../lower';
import { leadsInto } from './leads-into';

/**
 * What holds an object where nobody in sight does: of a failure that is there before and after the patch alike, whether the object's life is the
 * business of code that is not in the scenario.
 */

/** The failing thread is handed the object by its caller, who keeps it meanwhile: it is no callback of a timer, a work item or the like, and has not itself counted the object down to nothing. */
export function handedByCaller({ parties, program }: Lowered, { thread, object }: Pick<Failure, 'thread' | 'object'>, steps: readonly Step[]): boolean {
	const party = parties[thread];
	const type = object === undefined ? undefined : program.objects[object]?.type;
	if (!party || !type || party.modelled || party.registration || party.callback || steps.some((step) => step.allocated.includes(object ?? -1)) || countsDown(program, thread, object ?? -1, steps)) return false;
	return party.definition.fn.params.some((param) => new RegExp(`\\bstruct\\s+${type.replace(/\W/g, '\\$&')}\\s*\\*\\s*$`).test(param.type));
}

const COUNTERS: ReadonlySet<Op['op']> = new Set(['put', 'rmw']);

/** A step of the thread makes nothing of a count of the object's: with it went what its caller had of it. */
const countsDown = ({ objects, threads }: Program, thread: number, object: number, steps: readonly Step[]): boolean => steps.some((step) => step.thread === thread
	&& step.executed.some((pc) => COUNTERS.has(threads[thread]?.code[pc]?.op ?? 'end'))
	&& step.changes.some(({ cell, before, after }) => before === 1 && after === 0 && cell >= (objects[object]?.first ?? 0) && cell < (objects[object]?.first ?? 0) + (objects[object]?.size ?? 0)));

const COUNTS: ReadonlySet<Op['op']> = new Set(['get', 'put']);

/**
 * Reviewed code drops more references of what models count too (a page, which its cache refers to) than it takes in sight, from somebody, out of
 * a field, or with an object that it frees: what it drops it was given out of sight.
 */
export function dropsUnseen({ notes, origins }: Lowered, program: Program, steps: readonly Step[]): boolean {
	const { threads } = program;
	const modelled = new Set(threads.flatMap(({ code }, thread) => code.flatMap((op, at) => (COUNTS.has(op.op) && origins[op.origin]?.modelled === true ? [keyAt(notes, thread, at)] : []))));
	const held = new Map<string, number>();
	/** A model drops the reference itself that its container had: the page cache's. */
	const dropsItself = (from: number, by: number, key: string): boolean => steps.slice(from).some(({ thread, executed }) => thread === by
		&& executed.some((pc) => { const op = threads[thread]?.code[pc]; return op?.op === 'put' && origins[op.origin]?.modelled === true && keyAt(notes, thread, pc) === key; }));
	for (const [at, { thread, changes, freed }] of steps.entries()) {
		for (const key of modelled) {
			const kept = changes.some((change) => takesOut(program, key, change, () => !dropsItself(at, thread, key))) || freed.some((object) => keeps(program, key, object));
			if (kept) held.set(`${thread} ${key}`, (held.get(`${thread} ${key}`) ?? 0) + 1);
		}
	}
	for (const { thread, executed } of steps) {
		for (const pc of executed) {
			const op = threads[thread]?.code[pc];
			const key = keyAt(notes, thread, pc);
			if (!op || !COUNTS.has(op.op) || !modelled.has(key) || origins[op.origin]?.modelled === true) continue;
			const now = (held.get(`${thread} ${key}`) ?? 0) + (op.op === 'get' ? 1 : -1);
			if (now < 0) return true;
			held.set(`${thread} ${key}`, now);
		}
	}
	return false;
}

/** A field of reviewed code, or a `container` that leaves it to that to drop it, led to what has the count and does so no more: with it goes the reference that it kept. */
const takesOut = (program: Program, count: string, { cell, before, after }: Step['changes'][number], container: () => boolean): boolean =>
	(!isModelField(program.cells[cell]?.name ?? '') || (/\.__slot\d?$/.test(program.cells[cell]?.name ?? '') && container())) && counted(program, count).some((object) => leadsInto(object, before) && !leadsInto(object, after));

/** A field of the object, which is freed, led to what has the count. */
const keeps = (program: Program, count: string, index: number): boolean => {
	const owner = program.objects[index];
	return owner !== undefined && program.cells.slice(owner.first, owner.first + owner.size).some(({ name, initial, domain }) => !isModelField(name)
		&& counted(program, count).some((object) => object !== owner && (leadsInto(object, initial) || (domain?.some((value) => leadsInto(object, value)) ?? false))));
};

/** Objects that have a count of this name. */
const counted = ({ cells, objects }: Program, count: string): Program['objects'] =>
	objects.filter(({ first, size }) => cells.slice(first, first + size).some(({ name }) => lastOf(name) === lastOf(count)));

const keyAt = (notes: Lowered['notes'], thread: number, pc: number): string => notes[thread]?.[pc]?.key ?? '';

/** The thread takes a lock of this name somewhere itself: its caller does not hold it. */
export const takesItself = ({ notes }: Lowered, { threads }: Program, thread: number, lock: string): boolean =>
	threads[thread]?.code.some((op, at) => (op.op === 'lock' || op.op === 'trylock') && keyAt(notes, thread, at) === lock) ?? false;


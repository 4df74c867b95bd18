import type { Program } from '../program';
import { type CompiledThread, compileThread, pinAddresses } from './compiled';
import { BUFFER, type Layout, layoutOf } from './layout';
import { SC, WEAK } from './memoryKinds';
import { OBSERVERS } from './propagationLayout';

/** What every machine of a program has alike. */
export interface CompiledProgram {
	readonly threads: readonly CompiledThread[];
	readonly setup: CompiledThread;
	readonly quiescence: CompiledThread;
	readonly values: readonly number[];
	readonly layout: Layout;
}

/** A program is explored, counted, replayed and stepped through, each on a machine of its own. By the memory. */
const compiled = [new WeakMap<Program, CompiledProgram>(), new WeakMap<Program, CompiledProgram>(), new WeakMap<Program, CompiledProgram>()] as const;

export function compiledOf(program: Program, memory: number): CompiledProgram {
	const buffers = memory !== SC;
	const kept = compiled[memory]!;
	const known = kept.get(program);
	if (known !== undefined) return known;
	validate(program);
	const values: number[] = [];
	const threads = program.threads.map((thread) => compileThread(thread, values));
	const apart = (name: string, code: Program['setup']): CompiledThread => {
		let registers = 0;
		for (const op of code) registers = Math.max(registers, 'dst' in op && op.dst !== undefined ? op.dst + 1 : 0, registersRead(op));
		return compileThread({ name, context: 'task', registers, watches: 0, code, start: 'ready', runs: 1 }, values);
	};
	const setup = apart('setup', program.setup);
	const quiescence = apart('quiescence', program.quiescence);
	const layout = layoutOf(program, threads.map((thread) => thread.mostLive), buffers ? 2 * BUFFER : 0, memory === WEAK && program.threads.length >= OBSERVERS);
	for (const thread of threads) pinAddresses(thread, layout);
	const made: CompiledProgram = { threads, setup, quiescence, values, layout };
	kept.set(program, made);
	return made;
}

/** Throws when a program names threads or objects that it does not have: that is our own bug. */
function validate(program: Program): void {
	const inRange = (index: number, of: readonly unknown[], what: string): void => {
		if (!(index >= 0 && index < of.length)) throw new Error(`${what} ${index} of ${of.length}`);
	};
	for (const thread of program.threads) for (const under of thread.interrupts ?? []) inRange(under, program.threads, `thread ${thread.name}: interrupts thread`);
	for (const code of [program.setup, program.quiescence, ...program.threads.map((thread) => thread.code)]) for (const op of code) {
		if ('thread' in op) inRange(op.thread, program.threads, `${op.op}: thread`);
		if (op.op === 'alloc') for (const object of op.objects) inRange(object, program.objects, 'alloc: object');
	}
}

function registersRead(op: Program['setup'][number]): number {
	let most = 0;
	const look = (value: unknown): void => {
		if (typeof value !== 'object' || value === null) return;
		if ('reg' in value && typeof value.reg === 'number') most = Math.max(most, value.reg + 1);
		else for (const inner of Object.values(value)) look(inner);
	};
	look(op);
	return most;
}

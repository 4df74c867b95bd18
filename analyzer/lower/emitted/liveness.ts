import type { Op, Operand } from '../../../sim';
import { RegisterSets } from './register-sets';

/** Registers an operation reads, in the order of its fields. */
function usesOf(op: Op): readonly number[] {
	const found: number[] = [];
	if ('at' in op && 'reg' in op.at.base) found.push(op.at.base.reg);
	if ('from' in op && 'reg' in op.from) found.push(op.from.reg);
	if ('a' in op && 'reg' in op.a) found.push(op.a.reg);
	if ('b' in op && 'reg' in op.b) found.push(op.b.reg);
	if ('cond' in op && 'reg' in op.cond) found.push(op.cond.reg);
	if ('pointer' in op && 'reg' in op.pointer) found.push(op.pointer.reg);
	if ('value' in op && 'reg' in op.value) found.push(op.value.reg);
	if ('expect' in op && 'reg' in op.expect) found.push(op.expect.reg);
	if ('args' in op) for (const each of op.args) if ('reg' in each) found.push(each.reg);
	return found;
}

const defines = (op: Op): number => ('dst' in op && op.dst !== undefined ? op.dst : -1);

const jumps = (op: Op): op is Extract<Op, { readonly target: number }> => op.op === 'jump' || op.op === 'branch';
const goesOn = (op: Op): boolean => op.op !== 'jump' && op.op !== 'end' && op.op !== 'cut';

/** Register operations with no effect but their result. */
const PURE: ReadonlySet<string> = new Set(['set', 'alu', 'choose']);

/** An operation with where it stood before, and the registers that it reads and writes (-1: none), by their dense numbers. */
interface Kept {
	readonly op: Op;
	readonly from: number;
	readonly uses: readonly number[];
	readonly defines: number;
}

/** Registers live after each operation. */
function liveOut(code: readonly Kept[], registers: number): RegisterSets {
	const before = new RegisterSets(code.length + 1, registers);
	const after = new RegisterSets(code.length + 1, registers);
	// Once backwards is enough where nothing jumps back.
	let loops = false;
	code.forEach(({ op, uses }, index) => {
		for (const register of uses) before.add(index, register);
		loops ||= jumps(op) && op.target <= index;
	});
	for (let changed = true; changed; ) {
		changed = false;
		for (let index = code.length - 1; index >= 0; index--) {
			const { op, defines } = code[index]!;
			if (jumps(op) && after.take(index, op.target, before)) changed = true;
			if (goesOn(op) && after.take(index, index + 1, before)) changed = true;
			if (before.take(index, index, after, defines)) changed = true;
		}
		if (!loops) break;
	}
	return after;
}

/** `reads`: what each operation of the code reads. */
const registersOf = (code: readonly Op[], reads: readonly (readonly number[])[]): number => {
	let most = -1;
	for (let index = 0; index < code.length; index++) {
		most = Math.max(most, defines(code[index]!));
		for (const register of reads[index]!) most = Math.max(most, register);
	}
	return most + 1;
};

/** What `compact` makes: the code, and for each operation its index before. */
export interface Compacted {
	readonly code: readonly Op[];
	readonly from: readonly number[];
	readonly registers: number;
}

/**
 * Drops register operations whose result nobody reads (an unknown that decides nothing is then not chosen), jumps to the next
 * operation and code that cannot be reached; packs registers. A dead value would keep equal states apart.
 */
export function compact(code: readonly Op[], fixed: number): Compacted {
	const raw = propagated(code, fixed);
	const reads = raw.map(usesOf);
	const registersRead = registersOf(raw, reads);
	const numbers = new DenseNumbers(Math.max(fixed, registersRead), fixed);
	let kept = unused(raw, reads, registersRead).map(({ op, from }): Kept => ({ op, from, uses: reads[from]!.map((register) => numbers.of(register)), defines: numbers.of(defines(op)) }));
	let out = liveOut(kept, numbers.count);
	for (;;) {
		let again = false;
		const reachable = reach(kept);
		const drop = new Uint8Array(kept.length);
		kept.forEach(({ op, defines }, index) => {
			const dead = PURE.has(op.op) && !out.has(index, defines);
			const idle = jumps(op) && op.target === index + 1;
			if (reachable[index] === 1 && !(dead && (!op.step || op.op === 'choose')) && !(idle && !op.step)) return;
			drop[index] = 1;
			again = true;
		});
		if (!again) break;
		kept = without(kept, drop);
		out = liveOut(kept, numbers.count);
	}
	const { colours, registers } = allocate(kept, out, numbers.count, fixed);
	const rename = (register: number): number => colours[numbers.of(register)]!;
	const operand = (each: Operand): Operand => ('reg' in each ? { reg: rename(each.reg) } : each);
	const packed = kept.map(({ op, from }) => ({ op: renamed(op, rename, operand), from }));
	// Copies between registers that became one are gone.
	const last = without(packed, Uint8Array.from(packed, ({ op }) => (op.op === 'set' && 'reg' in op.from && op.from.reg === op.dst && !op.step ? 1 : 0)));
	return { code: last.map(({ op }) => op), registers, from: last.map(({ from }) => from) };
}

/** Numbers registers as they are met, after the fixed ones: most registers of raw code are gone by then. */
class DenseNumbers {
	count: number;
	private readonly numbers: Int32Array;

	constructor(registers: number, fixed: number) {
		this.count = fixed;
		this.numbers = new Int32Array(registers).fill(-1);
		for (let register = 0; register < fixed; register++) this.numbers[register] = register;
	}

	/** -1 for none. */
	of(register: number): number {
		if (register < 0) return -1;
		if (this.numbers[register] === -1) this.numbers[register] = this.count++;
		return this.numbers[register]!;
	}
}

/** Without register operations whose result is read nowhere at all. */
function unused(code: readonly Op[], reads: readonly (readonly number[])[], registers: number): readonly { readonly op: Op; readonly from: number }[] {
	const drop = new Uint8Array(code.length);
	const read = new Int32Array(registers);
	for (const uses of reads) for (const register of uses) read[register] = read[register]! + 1;
	for (let again = true; again; ) {
		again = false;
		code.forEach((op, index) => {
			if (drop[index] === 1 || !PURE.has(op.op) || (op.step && op.op !== 'choose') || read[defines(op)] !== 0) return;
			drop[index] = 1;
			again = true;
			for (const register of reads[index]!) read[register] = read[register]! - 1;
		});
	}
	return without(code.map((op, from) => ({ op, from })), drop);
}

/** Registers set once, to a constant, are that constant. */
function propagated(code: readonly Op[], fixed: number): readonly Op[] {
	const definitions = new Map<number, number>();
	const constants = new Map<number, number>();
	for (const op of code) {
		const defined = defines(op);
		if (defined >= 0) definitions.set(defined, (definitions.get(defined) ?? 0) + 1);
	}
	let current = code;
	const reads = code.map(usesOf);
	for (let again = true; again; ) {
		again = false;
		for (const op of current) {
			if (op.op === 'set' && op.dst >= fixed && 'value' in op.from && definitions.get(op.dst) === 1 && !constants.has(op.dst)) {
				constants.set(op.dst, op.from.value);
				again = true;
			}
		}
		if (!again) break;
		const operand = (each: Operand): Operand => {
			const constant = 'reg' in each ? constants.get(each.reg) : undefined;
			return constant === undefined ? each : { value: constant };
		};
		current = current.map((op, index) => {
			if (!reads[index]!.some((register) => constants.has(register))) return folded(op);
			const next = folded(renamed(op, (register) => register, operand));
			reads[index] = usesOf(next);
			return next;
		});
	}
	return current;
}

/** `constant + offset` is a constant too. */
const folded = (op: Op): Op => (op.op === 'alu' && op.alu === 'add' && 'value' in op.a && 'value' in op.b ? { op: 'set', dst: op.dst, from: { value: op.a.value + op.b.value }, origin: op.origin } : op);

/** 1 for each operation that can be reached from the first. */
function reach(code: readonly Kept[]): Uint8Array {
	const seen = new Uint8Array(code.length);
	const open = [0];
	for (let index = open.pop(); index !== undefined; index = open.pop()) {
		if (index >= code.length || seen[index] === 1) continue;
		seen[index] = 1;
		const { op } = code[index]!;
		if (goesOn(op)) open.push(index + 1);
		if (jumps(op)) open.push(op.target);
	}
	return seen;
}

/** Removes operations; what jumped to one goes to the next that stays. */
function without<K extends { readonly op: Op }>(kept: readonly K[], drop: Uint8Array): K[] {
	const moved: number[] = [];
	let count = 0;
	for (let index = 0; index <= kept.length; index++) {
		moved.push(count);
		if (drop[index] !== 1) count++;
	}
	return kept.filter((_, index) => drop[index] !== 1).map((each) => (jumps(each.op) ? { ...each, op: { ...each.op, target: moved[each.op.target] ?? each.op.target } } : each));
}

/** Gives registers that are never live together the same colour, as they are met. The first `fixed` keep theirs. `after`: those that are live after each operation. */
function allocate(code: readonly Kept[], after: RegisterSets, most: number, fixed: number): { readonly colours: Int32Array; readonly registers: number } {
	const clashes = new RegisterSets(most, most);
	const met = new Set<number>();
	code.forEach(({ uses, defines }, index) => {
		for (const register of uses) met.add(register);
		if (defines < 0) return;
		met.add(defines);
		clashes.take(defines, index, after);
		for (const other of after.of(index)) clashes.add(other, defines);
	});
	const colours = new Int32Array(most).fill(-1);
	for (let register = 0; register < fixed; register++) colours[register] = register;
	let registers = fixed;
	for (const register of met) {
		if (register < fixed) continue;
		const taken = new Set<number>();
		for (const other of clashes.of(register)) if (other !== register) taken.add(colours[other]!);
		let colour = fixed;
		while (taken.has(colour)) colour++;
		colours[register] = colour;
		registers = Math.max(registers, colour + 1);
	}
	return { colours, registers };
}

function renamed(op: Op, rename: (register: number) => number, operand: (each: Operand) => Operand): Op {
	const copy: Record<string, unknown> = { ...op };
	if ('at' in op) copy['at'] = { ...op.at, base: operand(op.at.base) };
	for (const key of ['from', 'a', 'b', 'cond', 'pointer', 'value', 'expect'] as const) {
		const part = copy[key];
		if (part && typeof part === 'object') copy[key] = operand(part as Operand);
	}
	if ('args' in op) copy['args'] = op.args.map(operand);
	if ('dst' in op && op.dst !== undefined) copy['dst'] = rename(op.dst);
	return copy as unknown as Op;
}

import type { Address, Op, Operand } from '../../sim';

/** Registers an operation reads and writes. */
function uses(op: Op): readonly number[] {
	const found: number[] = [];
	const operand = (each: Operand | undefined): void => {
		if (each && 'reg' in each) found.push(each.reg);
	};
	const address = (each: Address): void => operand(each.base);
	if ('at' in op) address(op.at);
	if ('from' in op) operand(op.from);
	if ('a' in op) operand(op.a);
	if ('b' in op) operand(op.b);
	if ('cond' in op) operand(op.cond);
	if ('pointer' in op) operand(op.pointer);
	if ('value' in op) operand(op.value);
	if ('expect' in op) operand(op.expect);
	if ('args' in op) for (const each of op.args) operand(each);
	return found;
}

const defines = (op: Op): number => ('dst' in op && op.dst !== undefined ? op.dst : -1);

const successors = (op: Op, index: number): readonly number[] => {
	if (op.op === 'jump') return [op.target];
	if (op.op === 'branch') return [index + 1, op.target];
	return op.op === 'end' || op.op === 'cut' ? [] : [index + 1];
};

/** Register operations with no effect but their result. */
const PURE: ReadonlySet<string> = new Set(['set', 'alu', 'choose']);

/** Sets of registers as bits, a row per operation. */
class Bits {
	readonly words: number;
	private readonly data: Uint32Array;

	constructor(rows: number, size: number) {
		this.words = (size + 31) >>> 5;
		this.data = new Uint32Array(rows * this.words);
	}

	has(row: number, bit: number): boolean {
		return ((this.data[row * this.words + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) !== 0;
	}

	add(row: number, bit: number): void {
		const at = row * this.words + (bit >>> 5);
		this.data[at] = (this.data[at] ?? 0) | (1 << (bit & 31));
	}

	/** Row `to` takes in all of row `from`, but `except`; true when it grew. */
	take(to: number, from: number, source: Bits, except = -1): boolean {
		let grew = false;
		for (let word = 0; word < this.words; word++) {
			let incoming = source.data[from * this.words + word] ?? 0;
			if (except >>> 5 === word && except >= 0) incoming &= ~(1 << (except & 31));
			const old = this.data[to * this.words + word] ?? 0;
			const next = (old | incoming) >>> 0;
			if (next !== old) {
				this.data[to * this.words + word] = next;
				grew = true;
			}
		}
		return grew;
	}

	/** The bits of a row. */
	*of(row: number): Generator<number> {
		for (let word = 0; word < this.words; word++) {
			for (let rest = this.data[row * this.words + word] ?? 0; rest !== 0; rest &= rest - 1) yield word * 32 + 31 - Math.clz32(rest & -rest);
		}
	}
}

/** Registers live after each operation. */
function liveOut(code: readonly Op[], registers: number): Bits {
	const before = new Bits(code.length + 1, registers);
	const after = new Bits(code.length + 1, registers);
	code.forEach((op, index) => {
		for (const register of uses(op)) before.add(index, register);
	});
	for (let changed = true; changed; ) {
		changed = false;
		for (let index = code.length - 1; index >= 0; index--) {
			const op = code[index];
			if (!op) continue;
			for (const next of successors(op, index)) if (after.take(index, next, before)) changed = true;
			if (before.take(index, index, after, defines(op))) changed = true;
		}
	}
	return after;
}

const registersOf = (code: readonly Op[]): number => code.reduce((most, op) => Math.max(most, defines(op), ...uses(op)), -1) + 1;

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
	let kept = unused(propagated(code, fixed).map((op, from) => ({ op, from })));
	const registers = Math.max(fixed, registersOf(code));
	for (let again = true; again; ) {
		again = false;
		const ops = kept.map(({ op }) => op);
		const out = liveOut(ops, registers);
		const reachable = reach(ops);
		const drop = new Set<number>();
		ops.forEach((op, index) => {
			const dead = PURE.has(op.op) && !out.has(index, defines(op));
			const idle = (op.op === 'jump' || op.op === 'branch') && op.target === index + 1;
			if (!reachable[index] || (dead && (!op.step || op.op === 'choose')) || (idle && !op.step)) drop.add(index);
		});
		if (drop.size > 0) {
			again = true;
			kept = without(kept, drop);
		}
	}
	const { code: packed, registers: count } = allocate(kept.map(({ op }) => op), fixed);
	// Copies between registers that became one are gone.
	const copies = new Set(packed.flatMap((op, index) => (op.op === 'set' && 'reg' in op.from && op.from.reg === op.dst && !op.step ? [index] : [])));
	const last = without(packed.map((op, index) => ({ op, from: kept[index]?.from ?? 0 })), copies);
	return { code: last.map(({ op }) => op), registers: count, from: last.map(({ from }) => from) };
}

/** Without register operations whose result is read nowhere at all. */
function unused(code: { op: Op; from: number }[]): { op: Op; from: number }[] {
	let kept = code;
	for (;;) {
		const read = new Set(kept.flatMap(({ op }) => uses(op)));
		const drop = new Set(kept.flatMap(({ op }, index) => (PURE.has(op.op) && (!op.step || op.op === 'choose') && !read.has(defines(op)) ? [index] : [])));
		if (drop.size === 0) return kept;
		kept = without(kept, drop);
	}
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
		current = current.map((op) => {
			const next = renamed(op, (register) => register, operand);
			// `constant + offset` is a constant too.
			if (next.op === 'alu' && next.alu === 'add' && 'value' in next.a && 'value' in next.b) return { op: 'set', dst: next.dst, from: { value: next.a.value + next.b.value }, origin: next.origin } satisfies Op;
			return next;
		});
	}
	return current;
}

function reach(code: readonly Op[]): readonly boolean[] {
	const seen = code.map(() => false);
	const open = [0];
	for (let index = open.pop(); index !== undefined; index = open.pop()) {
		const op = code[index];
		if (!op || seen[index]) continue;
		seen[index] = true;
		open.push(...successors(op, index));
	}
	return seen;
}

/** Removes operations; what jumped to one goes to the next that stays. */
function without(kept: readonly { op: Op; from: number }[], drop: ReadonlySet<number>): { op: Op; from: number }[] {
	const moved: number[] = [];
	let count = 0;
	for (let index = 0; index <= kept.length; index++) {
		moved.push(count);
		if (!drop.has(index)) count++;
	}
	return kept.filter((_, index) => !drop.has(index)).map(({ op, from }) => ({
		op: op.op === 'jump' || op.op === 'branch' ? { ...op, target: moved[op.target] ?? op.target } : op, from,
	}));
}

/** Gives registers that are never live together the same number. The first `fixed` keep theirs. */
function allocate(code: readonly Op[], fixed: number): { readonly code: readonly Op[]; readonly registers: number } {
	const most = Math.max(fixed, registersOf(code));
	const after = liveOut(code, most);
	const clashes = new Map<number, Set<number>>();
	const clash = (a: number, b: number): void => {
		if (a === b) return;
		for (const [one, other] of [[a, b], [b, a]] as const) {
			const known = clashes.get(one);
			if (known) known.add(other);
			else clashes.set(one, new Set([other]));
		}
	};
	const seen = new Set<number>();
	code.forEach((op, index) => {
		const defined = defines(op);
		for (const register of uses(op)) seen.add(register);
		if (defined < 0) return;
		seen.add(defined);
		for (const other of after.of(index)) clash(defined, other);
	});
	for (let a = 0; a < fixed; a++) for (let b = 0; b < fixed; b++) clash(a, b);
	const numbers = new Map<number, number>();
	for (let register = 0; register < fixed; register++) numbers.set(register, register);
	let registers = fixed;
	for (const register of seen) {
		if (numbers.has(register)) continue;
		const taken = new Set([...(clashes.get(register) ?? [])].map((other) => numbers.get(other)));
		let number = 0;
		while (taken.has(number) || number < fixed) number++;
		numbers.set(register, number);
		registers = Math.max(registers, number + 1);
	}
	const rename = (register: number): number => numbers.get(register) ?? 0;
	const operand = (each: Operand): Operand => ('reg' in each ? { reg: rename(each.reg) } : each);
	return { code: code.map((op) => renamed(op, rename, operand)), registers };
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

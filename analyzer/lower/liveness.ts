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

function liveOut(code: readonly Op[]): readonly Set<number>[] {
	const before: Set<number>[] = code.map(() => new Set());
	const after: Set<number>[] = code.map(() => new Set());
	for (let changed = true; changed; ) {
		changed = false;
		for (let index = code.length - 1; index >= 0; index--) {
			const op = code[index];
			const [into, out] = [before[index], after[index]];
			if (!op || !into || !out) continue;
			const size = into.size + out.size;
			for (const next of successors(op, index)) for (const register of before[next] ?? []) out.add(register);
			const defined = defines(op);
			for (const register of out) if (register !== defined) into.add(register);
			for (const register of uses(op)) into.add(register);
			if (into.size + out.size !== size) changed = true;
		}
	}
	return after;
}

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
	let kept: { op: Op; from: number }[] = propagated(code, fixed).map((op, from) => ({ op, from }));
	for (let again = true; again; ) {
		again = false;
		const ops = kept.map(({ op }) => op);
		const out = liveOut(ops);
		const reachable = reach(ops);
		const drop = new Set<number>();
		ops.forEach((op, index) => {
			const dead = PURE.has(op.op) && !out[index]?.has(defines(op));
			const idle = (op.op === 'jump' || op.op === 'branch') && op.target === index + 1;
			if (!reachable[index] || ((dead || idle) && !op.step)) drop.add(index);
		});
		if (drop.size > 0) {
			again = true;
			kept = without(kept, drop);
		}
	}
	const { code: packed, registers } = allocate(kept.map(({ op }) => op), fixed);
	// Copies between registers that became one are gone.
	const copies = new Set(packed.flatMap((op, index) => (op.op === 'set' && 'reg' in op.from && op.from.reg === op.dst && !op.step ? [index] : [])));
	const last = without(packed.map((op, index) => ({ op, from: kept[index]?.from ?? 0 })), copies);
	return { code: last.map(({ op }) => op), registers, from: last.map(({ from }) => from) };
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
	const after = liveOut(code);
	const clashes = new Map<number, Set<number>>();
	const clash = (a: number, b: number): void => {
		if (a === b) return;
		for (const [one, other] of [[a, b], [b, a]] as const) clashes.set(one, (clashes.get(one) ?? new Set()).add(other));
	};
	const seen = new Set<number>();
	code.forEach((op, index) => {
		const defined = defines(op);
		for (const register of uses(op)) seen.add(register);
		if (defined < 0) return;
		seen.add(defined);
		for (const other of after[index] ?? []) clash(defined, other);
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

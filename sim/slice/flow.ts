import type { Op } from '../program';

/** Where an operation may be followed: indices; the code's length stands for the thread's end. */
export function successorsOf(ops: readonly Op[], pc: number): readonly number[] {
	const op = ops[pc];
	if (op === undefined || op.op === 'end' || op.op === 'cut') return [ops.length];
	if (op.op === 'jump') return [op.target];
	return op.op === 'branch' ? (op.target === pc + 1 ? [pc + 1] : [pc + 1, op.target]) : [pc + 1];
}

/** Per operation the nearest one that every path from it to the end goes through; -1 where no path leads to the end. */
export function postDominators(ops: readonly Op[]): Int32Array {
	const end = ops.length;
	const before: number[][] = Array.from({ length: end + 1 }, () => []);
	const after = ops.map((_, pc) => successorsOf(ops, pc));
	after.forEach((next, pc) => { for (const each of next) before[each]!.push(pc); });
	// Reverse postorder of the reversed flow (Cooper, Harvey, Kennedy 2001).
	const number = new Int32Array(end + 1).fill(-1);
	const order: number[] = [];
	const seen = new Uint8Array(end + 1);
	const stack: [number, number][] = [[end, 0]];
	seen[end] = 1;
	while (stack.length > 0) {
		const top = stack.at(-1)!;
		const next = before[top[0]]![top[1]++];
		if (next === undefined) {
			number[top[0]] = order.length;
			order.push(top[0]);
			stack.pop();
		} else if (seen[next] === 0) {
			seen[next] = 1;
			stack.push([next, 0]);
		}
	}
	const dominator = new Int32Array(end + 1).fill(-1);
	dominator[end] = end;
	const meet = (a: number, b: number): number => {
		let [one, other] = [a, b];
		while (one !== other) {
			while (number[one]! < number[other]!) one = dominator[one]!;
			while (number[other]! < number[one]!) other = dominator[other]!;
		}
		return one;
	};
	for (let changed = true; changed;) {
		changed = false;
		for (let at = order.length - 2; at >= 0; at--) {
			const pc = order[at]!;
			let found = -1;
			for (const next of after[pc]!) if (dominator[next]! >= 0) found = found < 0 ? next : meet(next, found);
			if (found !== dominator[pc]) {
				dominator[pc] = found;
				changed = true;
			}
		}
	}
	return dominator;
}

/** Per operation the branches that decide whether it is executed (Ferrante, Ottenstein, Warren 1987). */
export function controllersOf(ops: readonly Op[], dominator: Int32Array): readonly (readonly number[])[] {
	const found: number[][] = ops.map(() => []);
	ops.forEach((op, pc) => {
		if (op.op !== 'branch') return;
		for (const next of successorsOf(ops, pc)) {
			for (let at = next; at >= 0 && at < ops.length && at !== dominator[pc]; at = dominator[at]!) {
				if (found[at]!.includes(pc)) break;
				found[at]!.push(pc);
			}
		}
	});
	return found;
}

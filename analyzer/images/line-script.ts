/** What becomes of a line from one text to another: kept, taken away, added. */
export type LineFate = '=' | '-' | '+';

/** Myers' greedy algorithm, after the common head and tail. More edits than this: the middle is replaced whole. */
const MAX_EDITS = 2_000;

function middle(a: readonly string[], b: readonly string[]): readonly LineFate[] {
	const trace: Map<number, number>[] = [];
	let frontier = new Map<number, number>([[1, 0]]);
	for (let d = 0; d <= Math.min(MAX_EDITS, a.length + b.length); d++) {
		trace.push(new Map(frontier));
		const next = new Map(frontier);
		for (let k = -d; k <= d; k += 2) {
			const down = k === -d || (k !== d && (frontier.get(k - 1) ?? -1) < (frontier.get(k + 1) ?? -1));
			let x = down ? (frontier.get(k + 1) ?? 0) : (frontier.get(k - 1) ?? 0) + 1;
			while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
			next.set(k, x);
			if (x >= a.length && x - k >= b.length) return backtrack(trace, a.length, b.length);
		}
		frontier = next;
	}
	return [...a.map(() => '-' as const), ...b.map(() => '+' as const)];
}

function backtrack(trace: readonly Map<number, number>[], n: number, m: number): readonly LineFate[] {
	const out: LineFate[] = [];
	let x = n;
	let y = m;
	for (let d = trace.length - 1; d >= 0; d--) {
		const frontier = trace[d];
		if (!frontier) break;
		const k = x - y;
		const down = k === -d || (k !== d && (frontier.get(k - 1) ?? -1) < (frontier.get(k + 1) ?? -1));
		const from = down ? k + 1 : k - 1;
		const px = frontier.get(from) ?? 0;
		const py = px - from;
		while (x > px && y > py && x > 0 && y > 0) {
			out.push('=');
			x--;
			y--;
		}
		if (d === 0) break;
		if (down) {
			out.push('+');
			y--;
		} else {
			out.push('-');
			x--;
		}
	}
	return out.reverse();
}

/** How the lines of one text become those of another, in order. */
export function lineScript(a: readonly string[], b: readonly string[]): readonly LineFate[] {
	let head = 0;
	while (head < a.length && head < b.length && a[head] === b[head]) head++;
	let tail = 0;
	while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
	return [
		...Array<LineFate>(head).fill('='),
		...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
		...Array<LineFate>(tail).fill('='),
	];
}

/** A unified diff of two texts of one file, and for each of its lines the line of the new text (null for removed lines and headers). */
export interface UnifiedDiff {
	readonly text: string;
	/** By 0-based line of `text`: 1-based line of the new text. */
	readonly newLines: readonly (number | null)[];
	/** The same of the old text. */
	readonly oldLines: readonly (number | null)[];
}

type Edit = { readonly kind: ' ' | '-' | '+'; readonly text: string; readonly old: number; readonly next: number };

/** Myers' greedy algorithm, after the common head and tail. More edits than this: the middle is replaced whole. */
const MAX_EDITS = 2_000;

function middle(a: readonly string[], b: readonly string[]): readonly ('=' | '-' | '+')[] {
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

function backtrack(trace: readonly Map<number, number>[], n: number, m: number): readonly ('=' | '-' | '+')[] {
	const out: ('=' | '-' | '+')[] = [];
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

/** null when the texts are the same. */
export function unifiedDiff(before: string, after: string, path: string, context: number): UnifiedDiff | null {
	if (before === after) return null;
	const a = before.split(/\r?\n/);
	const b = after.split(/\r?\n/);
	let head = 0;
	while (head < a.length && head < b.length && a[head] === b[head]) head++;
	let tail = 0;
	while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
	const script = [
		...Array<'='>(head).fill('='),
		...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
		...Array<'='>(tail).fill('='),
	];
	const edits: Edit[] = [];
	let old = 0;
	let next = 0;
	for (const kind of script) {
		if (kind === '=') edits.push({ kind: ' ', text: b[next++] ?? '', old: ++old, next });
		else if (kind === '-') edits.push({ kind: '-', text: a[old++] ?? '', old, next });
		else edits.push({ kind: '+', text: b[next++] ?? '', old, next });
	}
	const lines: string[] = [`--- a/${path}`, `+++ b/${path}`];
	const newLines: (number | null)[] = [null, null];
	const oldLines: (number | null)[] = [null, null];
	const changed = edits.flatMap(({ kind }, at) => (kind === ' ' ? [] : [at]));
	if (changed.length === 0) return null;
	for (let at = 0; at < changed.length;) {
		let last = at;
		while (last + 1 < changed.length && (changed[last + 1] ?? 0) - (changed[last] ?? 0) <= 2 * context) last++;
		const hunk = edits.slice(Math.max(0, (changed[at] ?? 0) - context), Math.min(edits.length, (changed[last] ?? 0) + context + 1));
		const first = hunk[0];
		if (!first) break;
		const oldCount = hunk.filter(({ kind }) => kind !== '+').length;
		const newCount = hunk.filter(({ kind }) => kind !== '-').length;
		lines.push(`@@ -${first.kind === '+' ? first.old : first.old},${oldCount} +${first.kind === '-' ? first.next : first.next},${newCount} @@`);
		newLines.push(null);
		oldLines.push(null);
		for (const edit of hunk) {
			lines.push(edit.kind + edit.text);
			newLines.push(edit.kind === '-' ? null : edit.next);
			oldLines.push(edit.kind === '+' ? null : edit.old);
		}
		at = last + 1;
	}
	return { text: `${lines.join('\n')}\n`, newLines, oldLines };
}

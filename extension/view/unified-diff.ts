import { lineScript } from '../../analyzer/images/line-script';

/** A unified diff of two texts of one file, and for each of its lines the line of the new text (null for removed lines and headers). */
export interface UnifiedDiff {
	readonly text: string;
	/** By 0-based line of `text`: 1-based line of the new text. */
	readonly newLines: readonly (number | null)[];
	/** The same of the old text. */
	readonly oldLines: readonly (number | null)[];
}

type Edit = { readonly kind: ' ' | '-' | '+'; readonly text: string; readonly old: number; readonly next: number };

/** null when the texts are the same. */
export function unifiedDiff(before: string, after: string, path: string, context: number): UnifiedDiff | null {
	if (before === after) return null;
	const a = before.split(/\r?\n/);
	const b = after.split(/\r?\n/);
	const script = lineScript(a, b);
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

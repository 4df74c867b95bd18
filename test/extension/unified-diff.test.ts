import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../extension/view/unified-diff';

/** Applies a diff the plain way: what it makes of `before`. */
function applied(before: string, diff: string): string {
	const old = before.split('\n');
	const out: string[] = [];
	let at = 0;
	for (const line of diff.split('\n').slice(2)) {
		const hunk = /^@@ -(\d+),(\d+) /.exec(line);
		if (hunk) {
			const start = Number(hunk[2]) === 0 ? Number(hunk[1]) : Number(hunk[1]) - 1;
			while (at < start) out.push(old[at++] ?? '');
		} else if (line.startsWith(' ')) out.push(old[at++] ?? '');
		else if (line.startsWith('-')) at++;
		else if (line.startsWith('+')) out.push(line.slice(1));
	}
	while (at < old.length) out.push(old[at++] ?? '');
	return out.join('\n');
}

describe('a unified diff of two texts', () => {
	it('is null when nothing changed', () => {
		expect(unifiedDiff('a\nb', 'a\nb', 'x.c', 3)).toBeNull();
	});

	it('reads like git\'s', () => {
		expect(unifiedDiff('a\nb\nc\nd\ne\n', 'a\nb\nX\nd\ne\n', 'x.c', 1)?.text).toBe('--- a/x.c\n+++ b/x.c\n@@ -2,3 +2,3 @@\n b\n-c\n+X\n d\n');
	});

	it('applied to the old text gives the new one, and its lines know theirs', () => {
		const line = fc.constantFrom('a', 'b', 'c', '', '}');
		const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));
		fc.assert(fc.property(text, text, fc.integer({ min: 0, max: 4 }), (before, after, context) => {
			const diff = unifiedDiff(before, after, 'x.c', context);
			if (!diff) {
				expect(before).toBe(after);
				return;
			}
			expect(applied(before, diff.text)).toBe(after);
			const lines = after.split('\n');
			for (const [at, text] of diff.text.split('\n').slice(0, -1).entries()) {
				const line = diff.newLines[at];
				if (line != null) expect(lines[line - 1]).toBe(text.slice(1));
				const oldLine = diff.oldLines[at];
				if (oldLine != null) expect(before.split('\n')[oldLine - 1]).toBe(text.slice(1));
			}
		}), { numRuns: 500 });
	});
});

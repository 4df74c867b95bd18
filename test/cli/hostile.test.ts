import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { REPORT_FORMATS, REPORTS } from '../../analyzer/present';
import { sourceAnalyzer } from '../measure/engine';

/** Mails that were torn, shuffled, quoted and sprinkled with punctuation: the engine gives a review, and every report of it is made, without an exception. */

const sample = readFileSync(join(import.meta.dirname, '..', '..', 'samples', 'quill.mbox'), 'utf8');
let analyzer: Analyzer;
beforeAll(async () => { analyzer = await sourceAnalyzer(); });
afterAll(() => analyzer.dispose());

const at = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const pick = (text: string, where: number): number => Math.floor(where * (text.length + 1));
const inLines = (change: (lines: string[]) => void) => (text: string): string => {
	const lines = text.split('\n');
	change(lines);
	return lines.join('\n');
};

type Mangling = (text: string) => string;
const mangling: fc.Arbitrary<Mangling> = fc.oneof(
	at.map((where) => (text: string) => text.slice(0, pick(text, where))),
	at.map((where) => (text: string) => text.slice(pick(text, where))),
	fc.array(at, { maxLength: 6 }).map((places) => inLines((lines) => { for (const where of places) lines.splice(Math.floor(where * lines.length), 1); })),
	fc.array(fc.tuple(at, at), { maxLength: 6 }).map((moves) => inLines((lines) => { for (const [from, to] of moves) lines.splice(Math.floor(to * lines.length), 0, lines[Math.floor(from * lines.length)] ?? ''); })),
	fc.array(fc.tuple(at, fc.constantFrom(...'{}()*&;<>"\'\\/#@+- \t,\0\u202e')), { maxLength: 30 }).map((marks) => (text: string) => {
		const units = [...text];
		for (const [where, mark] of marks) units[Math.floor(where * units.length)] = mark;
		return units.join('');
	}),
	fc.constantFrom<Mangling>(
		(text) => text.replace(/\n/g, '\r\n'), (text) => text.replace(/^[ \t]+/gm, ''), (text) => text.replace(/^/gm, '> '), (text) => text.replace(/\n/g, ' '),
		(text) => text.replace(/@@[^@]*@@/g, '@@ -99999999999,1 +0,0 @@'), (text) => text.replace(/\b(struct|if|return)\b/g, ''),
	),
);

describe('a hostile mail', () => {
	it('is reviewed without an exception', { timeout: 300_000 }, async () => {
		await fc.assert(fc.asyncProperty(fc.array(mangling, { minLength: 1, maxLength: 3 }), async (manglings) => {
			const document = manglings.reduce((text, mangle) => mangle(text), sample);
			const inputs = await analyzer.review(document, { name: 'mail' });
			expect(inputs.length).toBeGreaterThan(0);
			for (const format of REPORT_FORMATS) {
				expect(REPORTS[format]({ tool: 'kernel-race-review', version: '0', inputs }, new Map([['mail', document]]))).toMatch(/\n$/);
			}
		}), { numRuns: 40, seed: 20260601 });
	});
});

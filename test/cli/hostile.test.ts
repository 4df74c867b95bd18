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

/** A patch that adds so many lines to a function. */
const adding = (lines: readonly string[]): string =>
	`Subject: [PATCH] foo: add it\n\nText.\n---\n--- a/drivers/foo.c\n+++ b/drivers/foo.c\n@@ -1,3 +1,${lines.length + 3} @@ int foo(void)\n \ta();\n \tb();\n${lines.map((line) => `+${line}\n`).join('')} \tc();\n`;
const repeated = (line: (at: number) => string): readonly string[] => Array.from({ length: 8_000 }, (_, at) => line(at));
/** About a megabyte each, of what is no C although nothing but a parser can tell. */
const GARBAGE: Readonly<Record<string, readonly string[]>> = {
	'encoded bytes': repeated((at) => 'ABCDEFGHabcdefgh0123+/'.repeat(4).slice(at % 22) + at * 7919),
	'a table without its head': repeated((at) => `0x${at.toString(16)}, 0x0, 0x3000, 0xa000, 0x5040, 0xdb00, 0x7000, 0xe000, 0x9040, 0x1c00,`),
	'a log': repeated((at) => `[${at}.749217] usb 1-${at % 9}: new high-speed USB device number ${at % 99} using xhci_hcd (foo_bar: 0x8600)`),
	'open brackets': repeated(() => '{'.repeat(110)),
	'half a language': repeated((at) => `${['if ( x = ; {', '} else "', 'struct for , [', '#if A', '#endif', 'return do while ( list_for_each_entry('][at % 6]} `.repeat(6)),
};
/** CPU, not wall clock: far more than it takes, far less than what is quadratic takes. */
const MOST_CPU_MS = 12_000;

describe('a patch of a megabyte of garbage', () => {
	for (const [name, lines] of Object.entries(GARBAGE)) {
		it(`is left out by name and soon: ${name}`, { timeout: 120_000 }, async () => {
			const before = process.cpuUsage().user;
			const [review] = await analyzer.review(adding(lines), { name: 'mail' });
			expect(review!.outcome).toBe('inconclusive');
			expect(review!.problems.join('\n')).toMatch(/not read as C/);
			expect((process.cpuUsage().user - before) / 1000).toBeLessThan(MOST_CPU_MS);
		});
	}
});

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

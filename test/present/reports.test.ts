import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REPORT_FORMATS, REPORTS, scheduleTable, TABLE_COLUMNS } from '../../analyzer/present';
import { checkExpected } from '../expectation';
import { DOCUMENT, input, introduced, REVIEWS, review } from './reviews';

const documents = new Map([['foo.mbox', DOCUMENT]]);

describe.each(REPORT_FORMATS)('%s', (format) => {
	it.each(Object.keys(REVIEWS))('%s', (name) => {
		const actual = REPORTS[format](REVIEWS[name]!, documents);
		expect(actual.endsWith('\n')).toBe(true);
		checkExpected(join(import.meta.dirname, 'expected', `${name.replaceAll(' ', '-')}.${format}`), actual);
	});
});

describe('every report', () => {
	it('says the same of the same review', () => {
		for (const format of REPORT_FORMATS) {
			expect(REPORTS[format](REVIEWS['series']!, documents)).toBe(REPORTS[format](structuredClone(REVIEWS['series']!), documents));
		}
	});
	it('never promises', () => {
		for (const format of REPORT_FORMATS) {
			for (const one of Object.values(REVIEWS)) {
				expect(REPORTS[format](one, documents)).not.toMatch(/\b(safe|verified|proved|proven|proof)\b/i);
			}
		}
	});
	it('lets no control or direction character of the patch through to a terminal or a mail', () => {
		for (const format of ['text', 'markdown', 'reply'] as const) {
			const hostile = REPORTS[format](REVIEWS['hostile']!, new Map([[REVIEWS['hostile']!.inputs[0]!.input, `${DOCUMENT}\u001b[2J`]]));
			// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
			expect(hostile).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
		}
	});
});

describe('the schedule table', () => {
	it('stays within 78 columns, whatever the names', () => {
		for (const one of Object.values(REVIEWS)) {
			for (const scenario of one.inputs.flatMap(({ scenarios }) => scenarios)) {
				for (const failure of [...(scenario.pre?.failures ?? []), ...(scenario.post?.failures ?? [])]) {
					for (const row of scheduleTable(scenario.threads, failure.steps)) {
						expect(row.length, row).toBeLessThanOrEqual(TABLE_COLUMNS);
						expect(row).toBe(row.trimEnd());
					}
				}
			}
		}
	});
	it('stays within its columns for any threads and steps', () => {
		const words = fc.string({ maxLength: 60 });
		const step = fc.record({
			thread: fc.nat(5), operation: words, function: words, stack: fc.array(words, { maxLength: 6 }), file: fc.option(words), line: fc.option(fc.nat(99_999)),
			inputLine: fc.constant(null), changes: fc.constant([]),
			waiting: fc.option(fc.array(fc.record({ thread: fc.nat(5), operation: words, on: fc.constant(null), by: fc.array(fc.nat(5)), inputLine: fc.constant(null) }), { maxLength: 2 }), { nil: undefined }),
		});
		fc.assert(fc.property(fc.array(words, { minLength: 6, maxLength: 6 }), fc.array(step, { minLength: 1, maxLength: 12 }), fc.integer({ min: 60, max: 100 }), (names, steps, columns) => {
			const threads = names.map((name) => ({ ...introduced.threads[0]!, name }));
			const rows = scheduleTable(threads, steps, columns);
			expect(rows.length).toBeGreaterThan(0);
			for (const row of rows) {
				expect(row.length).toBeLessThanOrEqual(columns);
			}
		}), { numRuns: 500 });
	});
	it('is empty for an empty schedule', () => expect(scheduleTable(introduced.threads, [])).toEqual([]));
});

describe('b4', () => {
	it('is an empty array where there is nothing to say', () => expect(REPORTS.b4(review([input([])]), documents)).toBe('[]\n'));
});

import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { type Way, readCorpus } from './case';
import { isExpected, runCase } from './run';

/**
 * Every case is answered as it should be, or in the wrong way that it names as a known gap; so a gap that turns into another wrong
 * answer is seen. `npm run corpus` tells which gaps are mended by now.
 */
describe('the corpus', () => {
	let analyzer: Analyzer;
	beforeAll(async () => {
		analyzer = await sourceAnalyzer();
	});
	afterAll(() => analyzer.dispose());
	const cases = readCorpus(dirname(fileURLToPath(import.meta.url)));

	it('has cases of every kind, a third of them neutral', () => {
		expect(cases.length).toBeGreaterThanOrEqual(160);
		expect(cases.filter((each) => each.expected.neutral).length * 3).toBeGreaterThanOrEqual(cases.length - 20);
	});

	for (const each of cases) {
		for (const way of (each.tree === null ? ['alone'] : ['alone', 'tree']) as readonly Way[]) {
			it(`${each.name} (${way})`, async () => {
				// The runner's own messages pass between two reviews.
				await setImmediate();
				const run = await runCase(analyzer, each, way);
				const { neutral, outcome, checks, known } = each.expected;
				expect(isExpected(run), `${run.words}; expected ${neutral ? 'nothing' : `${outcome.join(' or ')}: ${checks.join(' or ')}`}${known?.[way] ? `, or the known gap ${known[way]}` : ''}${run.error ? `\n${run.error}` : ''}`).toBe(true);
			});
		}
	}
});

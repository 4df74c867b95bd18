import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import type { ScenarioReview } from '../../analyzer/review';
import { checkExpected } from '../expectation';
import { sourceAnalyzer } from '../measure/engine';

/**
 * Each models/NAME.c is code that calls APIs which the models describe; its lines `// simulate: f g` name the functions that race. The verdicts are
 * expected in models/NAME.txt (UPDATE=1 writes them).
 */
const folder = join(dirname(fileURLToPath(import.meta.url)), 'models');
const PATH = 'drivers/sample/sample.c';

/** Verdict, failures in their own words, and what stood out of sight. */
function told(entries: readonly string[], scenarios: readonly ScenarioReview[]): string {
	const found = scenarios.find(({ threads }) => entries.every((entry) => threads.some((thread) => thread.entry === entry)));
	const heading = `${entries.join(' | ')}: `;
	if (!found?.post) return `${heading}not simulated\n`;
	const { verdict, failures, notModelled } = found.post;
	const lines = failures.map(({ check, message }) => `  ${check}: ${message}\n`).sort();
	return `${heading}${verdict}\n${lines.join('')}${notModelled.length > 0 ? `  not modelled: ${notModelled.join(' ')}\n` : ''}`;
}

describe('models of kernel APIs', () => {
	let analyzer: Analyzer;
	beforeAll(async () => {
		analyzer = await sourceAnalyzer();
	});
	afterAll(() => analyzer.dispose());

	for (const file of readdirSync(folder).filter((name) => name.endsWith('.c'))) {
		it(file, async () => {
			const text = readFileSync(join(folder, file), 'utf8');
			const runs = [...text.matchAll(/^\/\/ simulate: (.*)$/gm)].map((match) => (match[1] ?? '').trim().split(/\s+/));
			expect(runs.length).toBeGreaterThan(0);
			const tree = { read: (path: string) => (path === PATH ? text : null), grep: () => [PATH] };
			let actual = '';
			for (const entries of runs) {
				const review = await analyzer.simulate(entries, { tree });
				actual += told(entries, review.scenarios);
			}
			checkExpected(join(folder, file.replace(/\.c$/, '.txt')), actual);
		});
	}
});

import { describe, expect, it } from 'vitest';
import type { InputReview, Outcome, ScenarioReview, Side } from '../../analyzer/review';
import { applySuppressions, parseSuppressions, suppressionLine } from '../../analyzer/suppressions';

const side = (checks: readonly string[]): Side => ({
	verdict: checks.length ? 'fails' : 'passes', interleavings: { failing: checks.length, passing: 1, exact: true }, states: 1, notes: [], assumptions: [], notModelled: [],
	failures: checks.map((check) => ({ check: check as 'deadlock', message: '', schedule: [], steps: [] })),
});
const scenario = (outcome: Outcome, entries: readonly string[], checks: readonly string[]): ScenarioReview => ({
	id: entries.join(), because: 'conflict', reason: '', outcome, pre: null, post: side(checks), loadBearing: [],
	threads: entries.map((entry) => ({ name: entry, entry, context: 'task', file: null, line: null, inputLine: null })),
});
const review = (scenarios: readonly ScenarioReview[], outcome: Outcome): InputReview => ({
	input: 'x', subject: '', commit: null, repairs: [], problems: [], outcome, scenarios, functions: [], from: 1, to: 2, notModelled: [], leftOut: 0,
});

describe('suppressions', () => {
	it('are read back as they were written, whatever the reason holds', () => {
		const line = suppressionLine('use-after-free', ['foo_fault', 'foo_drop'], 'held by\n the caller: see foo_open()');
		expect(parseSuppressions(line).suppressions).toEqual([{ check: 'use-after-free', functions: ['foo_drop', 'foo_fault'], reason: 'held by the caller: see foo_open()', line: 1 }]);
	});

	it('a line that cannot be read is told, and suppresses nothing', () => {
		expect(parseSuppressions('# fine\n\ndeadlock foo\n').problems).toEqual([{ line: 3, message: 'not of the form `check function, function : reason`' }]);
	});

	it('mark the scenario and take it out of the outcome', () => {
		const { suppressions } = parseSuppressions('deadlock b, a : known');
		const result = applySuppressions(review([scenario('introduces', ['a', 'b'], ['deadlock']), scenario('fixes', ['c'], ['deadlock'])], 'introduces'), suppressions);
		expect(result.outcome).toBe('fixes');
		expect(result.scenarios.map(({ suppressed }) => suppressed)).toEqual(['known', undefined]);
	});

	it('hold only where every failure of the scenario is of a suppressed check', () => {
		const { suppressions } = parseSuppressions('deadlock a, b : known');
		const before = review([scenario('introduces', ['a', 'b'], ['deadlock', 'use-after-free'])], 'introduces');
		expect(applySuppressions(before, suppressions)).toBe(before);
	});
});

import { describe, expect, it } from 'vitest';
import type { InputReview, ReviewStep, ScenarioReview, Side } from '../../analyzer/review';
import { marksOf } from '../../extension/view/marks';
import { byRank, comesToLine, contextSwitches, failureLine, openingRun } from '../../extension/view/principal';

const step = (thread: number, inputLine: number | null): ReviewStep => ({ thread, operation: `op@${inputLine}`, function: 'f', stack: [], file: null, line: null, inputLine, changes: [] });
const side = (failing: readonly ReviewStep[] | null, passing: readonly ReviewStep[] | null, assumptions: readonly string[] = []): Side => ({
	verdict: failing ? 'fails' : 'passes', interleavings: { failing: 1, passing: 1, exact: true }, states: 1, notes: [], assumptions, notModelled: [],
	failures: failing ? [{ check: 'deadlock', message: 'm', schedule: [], steps: failing }] : [],
	...(passing ? { passing: { schedule: [], steps: passing } } : {}),
});
const scenario = (over: Partial<ScenarioReview>): ScenarioReview => ({
	id: 's', because: 'conflict', reason: '', outcome: 'fixes', pre: null, post: null, loadBearing: [],
	threads: [0, 1].map((at) => ({ name: `CPU${at}`, entry: 'f', context: 'task', file: null, line: null, inputLine: null })), ...over,
});
const review = (scenarios: readonly ScenarioReview[]): InputReview => ({ input: 'x', subject: '', commit: null, repairs: [], problems: [], outcome: 'fixes', scenarios, functions: [], from: 1, to: 100, notModelled: [], leftOut: 0 });
const drawn = (over: Partial<ScenarioReview>): readonly string[] => marksOf(review([scenario(over)])).map(({ kind, line, steps }) => `${line} ${kind} ${steps.map(({ number, thread, breaks }) => `${thread}#${number}${breaks ? '!' : ''}`).join(' ')}`.trim());

describe('what is drawn on a document', () => {
	it('a failure before the patch, with its breaking step; lines outside the document are not', () =>
		expect(drawn({ pre: side([step(0, 5), step(1, null), step(1, 7), step(0, 5)], null) })).toEqual(['5 failed-before CPU0#1 CPU0#4!', '7 failed-before CPU1#3']));

	it('a failure after it is stronger than a passing schedule on the same line', () =>
		expect(drawn({ post: side([step(0, 5)], [step(0, 5), step(1, 6)]) })).toEqual(['5 fails CPU0#1!', '6 passes CPU1#2']));

	it('a load-bearing line is one even where the schedule of before failed', () =>
		expect(drawn({ pre: side([step(0, 5)], null), post: side(null, null), loadBearing: [{ file: 'f', line: 1, inputLine: 5, operation: 'lock', failuresWithout: 2 }, { file: 'f', line: 2, inputLine: 6, operation: 'get', failuresWithout: 0 }] })).toEqual(['5 load-bearing CPU0#1!']));

	it('an assumption at the line it names', () =>
		expect(drawn({ pre: side([step(0, 5)], null, ['the lock is held (line 9)', 'one inode']) })).toEqual(['5 failed-before CPU0#1!', '9 assumed']));
});

describe('what is shown first', () => {
	it('the worst scenario, suppressed ones last', () =>
		expect(byRank([scenario({ id: 'a', outcome: 'fixes' }), scenario({ id: 'b', outcome: 'introduces', suppressed: 'known' }), scenario({ id: 'c', outcome: 'still-fails' })]).map(({ id }) => id)).toEqual(['c', 'a', 'b']));

	it('the failure after, else before, else what passes', () => {
		expect(openingRun(scenario({ pre: side([step(0, 1)], null), post: side(null, [step(0, 1)]) }))).toMatchObject({ side: 'pre', kind: 'failure' });
		expect(openingRun(scenario({ post: side(null, [step(0, 1)]) }))).toMatchObject({ side: 'post', kind: 'passing' });
		expect(openingRun(scenario({}))).toBeNull();
	});

	it('a failure stands at its last step that is in the document', () => expect(failureLine({ check: 'deadlock', message: '', schedule: [], steps: [step(0, 4), step(1, null)] }, 1)).toBe(4));

	it('before the first step in the document, where the schedule comes to it', () => expect([0, 1, 2].map((at) => comesToLine([step(0, null), step(0, 4), step(1, null)], at))).toEqual([4, 4, null]));

	it('context switches', () => expect(contextSwitches([step(0, 1), step(0, 2), step(1, 3), step(0, 4)])).toEqual([2, 3]));
});

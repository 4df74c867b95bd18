import { expect, it } from 'vitest';
import { besideHunks, insteadOfOtherVersion, untried } from '../../analyzer/hunks-alone';
import { isOtherVersion } from '../../analyzer/images';
import type { InputReview, Outcome, ScenarioReview } from '../../analyzer/review';

/** A tree of another version than the one that a patch was made for: what is said against the patch, beside what its hunks alone show. */
const scenario = (id: string, outcome: Outcome): ScenarioReview => ({ id, because: 'conflict', reason: '', outcome, threads: [], pre: null, post: null, loadBearing: [] });
const review = (...scenarios: readonly ScenarioReview[]): InputReview => ({
	input: 'made up', subject: '', commit: null, repairs: [], problems: [], outcome: scenarios[0]?.outcome ?? 'no-failure', scenarios, functions: [], from: 1, to: 1, notModelled: [], leftOut: 0,
});
const said = ({ outcome, scenarios }: InputReview): readonly string[] => [outcome, ...scenarios.map((each) => `${each.id}: ${each.outcome}`)];

it('is told by how the hunks were placed', () => {
	const found = ['tree patched forward', 'tree patched forward, offset 12', 'tree patched backward, fuzz 1', "the tree's functions of the same name as a skeleton, 80 % of the hunks' lines in them", 'blob 1a2b3c'];
	expect(found.map((each) => isOtherVersion({ found: each }))).toEqual([false, true, true, true, false]);
});

it('accuses no patch whose hunks show what it ends', () => {
	expect(said(insteadOfOtherVersion(review(scenario('a | b', 'introduces')), review(scenario('a', 'fixes')), null))).toEqual(['fixes', 'a: fixes', 'a | b: inconclusive']);
});

it('is believed where the hunks say nothing, or accuse it too', () => {
	expect(said(insteadOfOtherVersion(review(scenario('a | b', 'introduces')), review(scenario('a', 'no-failure')), null))).toEqual(['introduces', 'a | b: introduces']);
	expect(said(insteadOfOtherVersion(review(scenario('a | b', 'still-fails')), review(scenario('a', 'introduces')), null))).toEqual(['still-fails', 'a | b: still-fails']);
});

it('shows whole what the hunks leave out: who fails by these alone, and is tried to the end there, is not told', () => {
	const side = (verdict: 'passes' | 'inconclusive'): ScenarioReview['pre'] => ({ verdict, interleavings: { failing: 0, passing: 1, exact: true }, states: 1, failures: [], notes: [], assumptions: [], notModelled: [] });
	const tried = (verdict: 'passes' | 'inconclusive'): InputReview => review({ ...scenario('a | b', 'no-failure'), pre: side(verdict), post: side(verdict) });
	const hunks = review(scenario('a | b', 'fixes'));
	expect(said(besideHunks(tried('passes'), hunks, null))).toEqual(['no-failure', 'a | b: no-failure']);
	expect(said(besideHunks(tried('inconclusive'), hunks, null))).toEqual(['fixes', 'a | b: fixes']);
	// Whom nobody has tried whole is tried for that.
	expect(untried(review(scenario('c', 'no-failure')), hunks)).toEqual([['a', 'b']]);
	expect(untried(tried('passes'), hunks)).toEqual([]);
	expect(said(besideHunks(review(scenario('c', 'no-failure')), hunks, tried('passes')))).toEqual(['no-failure', 'c: no-failure']);
	expect(said(besideHunks(tried('passes'), review({ ...scenario('a | b', 'fixes'), because: 'prose' }), null))).toEqual(['fixes', 'a | b: fixes']);
});

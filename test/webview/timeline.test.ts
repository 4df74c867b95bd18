import { describe, expect, it } from 'vitest';
import type { ViewRun, ViewStep } from '../../webview/protocol';
import { breakingStep, heldSpans, lineAt, nextChangeOf, nextSwitch, parseChange, spokenStep, stateAt, stepOnLine } from '../../webview/timeline';

const step = (thread: number, over: Partial<ViewStep> = {}): ViewStep => ({ thread, operation: 'op', function: 'f', stack: [], place: '', inputLine: null, source: '', changes: [], locked: [], unlocked: [], waiting: [], modelled: false, ...over });
const run = (steps: ViewStep[], over: Partial<ViewRun> = {}): ViewRun => ({ key: 'k', side: 'pre', kind: 'failure', title: 'deadlock', message: 'it breaks', steps, stuckAt: null, ...over });
const name = (thread: number): string => `CPU${thread}`;
const state = (of: ViewRun, at: number): readonly string[] => stateAt(of, at, name).flatMap(({ name: object, rows }) => rows.map(({ field, value, before, changed }) => `${object}.${field}=${value}${changed ? `*${before}` : ''}`));

describe('held locks', () => {
	const spans = (steps: ViewStep[]): readonly string[] => heldSpans(steps).map(({ thread, lock, from, to, released, depth }) => `${thread} ${lock} ${from}-${to}${released ? '' : '+'} d${depth}`);

	it('a span from the taking to the releasing step', () => expect(spans([step(0, { locked: ['l'] }), step(1), step(0, { unlocked: ['l'] })])).toEqual(['0 l 0-2 d0']));
	it('nested ones side by side', () => expect(spans([step(0, { locked: ['a'] }), step(0, { locked: ['b'] }), step(0, { unlocked: ['a'] }), step(0, { locked: ['c'] })])).toEqual(['0 a 0-2 d0', '0 b 1-3+ d1', '0 c 3-3+ d0']));
	it('another thread\'s release ends nothing', () => expect(spans([step(0, { locked: ['l'] }), step(1, { unlocked: ['l'] })])).toEqual(['0 l 0-1+ d0']));
});

describe('the state beside the lanes', () => {
	const of = run([step(0, { changes: ['page A.mapping: set -> NULL'] }), step(1, { locked: ['page A.lock'], changes: ['pte 0: none -> page A', 'page A.count: 1 -> 2'] }), step(1, { changes: ['page A.count: 2 -> 1', 'page A.count: 1 -> 0'], unlocked: ['page A.lock'] })]);

	it('before anything: first values', () => expect(state(of, -1)).toEqual(['page A.mapping=set', 'page A.count=1', 'page A.lock=free', 'pte 0.pte 0=none']));
	it('what the step changed is marked, with what it was', () => expect(state(of, 1)).toEqual(['page A.mapping=NULL', 'page A.count=2*1', 'page A.lock=held by CPU1*free', 'pte 0.pte 0=page A*none']));
	it('two changes in one step are one, from first to last', () => expect(state(of, 2)).toEqual(['page A.mapping=NULL', 'page A.count=0*2', 'page A.lock=free*held by CPU1', 'pte 0.pte 0=page A']));
	it('what is no change in the usual words is left out', () => expect(parseChange('freed page A')).toBeNull());
});

describe('moments', () => {
	const steps = [step(0, { inputLine: 4 }), step(0, { inputLine: 5 }), step(1, { inputLine: 4, changes: ['x: 0 -> 1'] }), step(0, { inputLine: 4 })];
	it('context switches both ways', () => expect([nextSwitch(steps, 0, 1), nextSwitch(steps, 2, 1), nextSwitch(steps, 3, 1), nextSwitch(steps, 3, -1), nextSwitch(steps, 2, -1)]).toEqual([2, 3, null, 2, null]));
	it('the next change of a cell', () => expect([nextChangeOf(steps, 0, 'x'), nextChangeOf(steps, 2, 'x')]).toEqual([2, null]));
	it('a line that several steps share: the nearest', () => expect([stepOnLine(steps, 4, 0), stepOnLine(steps, 4, 3), stepOnLine(steps, 9, 0)]).toEqual([0, 3, null]));
	it('a step that the document does not show stands where its thread was', () => expect([lineAt([...steps, step(1), step(0)], 4), lineAt([step(1), step(0, { inputLine: 3 })], 0)]).toEqual([4, null]));
	it('where it breaks', () => expect([breakingStep(run(steps)), breakingStep(run(steps, { kind: 'passing' })), breakingStep(run(steps, { kind: 'replay', stuckAt: 9 })), breakingStep(run([]))]).toEqual([3, null, 3, null]));
	it('what a screen reader hears', () => expect(spokenStep(run([step(1, { place: 'x.c:3', changes: ['x: 0 -> 1'], waiting: [{ thread: 0, operation: 'lock(l)', on: 'l', by: [1] }] })]), 0, name)).toBe('CPU1: op in f(). x.c:3. x: 0 -> 1. CPU0 waits at lock(l) for CPU1. it breaks'));
});

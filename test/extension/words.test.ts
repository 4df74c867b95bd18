import { expect, it, vi } from 'vitest';
import type { ScenarioReview, Side } from '../../analyzer/review';

vi.mock('vscode', () => ({ l10n: { t: (text: string, ...args: readonly unknown[]) => text.replace(/\{(\d)\}/g, (_, at: string) => String(args[Number(at)])) } }));
const { countWords, nameOf } = await import('../../extension/words');

const thread: ScenarioReview['threads'][number] = { name: 'CPU0', entry: 'foo_stop', context: 'task', file: null, line: null, inputLine: null };
const side = (exact: boolean): Side => ({ verdict: 'fails', interleavings: { failing: 1, passing: 2, exact }, states: 9, failures: [], notes: [], assumptions: [], notModelled: [] });

function check(threads: number, exact: boolean, expected: string): void {
	expect(countWords(side(exact), { threads: Array.from({ length: threads }, () => thread) })).toBe(expected);
}

it('counts interleavings of several threads', () => check(2, true, '1 of 3 interleavings fail'));
it('and paths of one', () => check(1, true, '1 of 3 paths fail'));
it('a lower bound is one', () => check(2, false, 'at least 1 of at least 3 interleavings fail'));
it('calls who is nobody\'s function by words', () => {
	expect(nameOf({ ...thread, entry: 'who_frees_it', called: 'whoever frees it' })).toBe('whoever frees it');
	expect(nameOf(thread)).toBe('foo_stop');
});

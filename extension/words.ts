import * as vscode from 'vscode';
import type { InputReview, Outcome, ReviewThread, ScenarioReview, Side, Verdict } from '../analyzer/review';

const { t } = vscode.l10n;

/** The words the editor uses for what the analyzer says. Never *safe*, *verified* or *proved*: a pass is within bounds. */

export function outcomeWords(outcome: Outcome): string {
	switch (outcome) {
		case 'fixes': return t('fixes');
		case 'introduces': return t('introduces a failure');
		case 'still-fails': return t('still fails');
		case 'pre-existing': return t('pre-existing failure');
		case 'no-failure': return t('no failing schedule found');
		case 'inconclusive': return t('inconclusive');
		case 'no-diff': return t('no diff');
	}
}

export function verdictSymbol(verdict: Verdict | null): string {
	switch (verdict) {
		case 'fails': return '✗';
		case 'passes': return '✓';
		case 'inconclusive': return '?';
		case null: return '–';
	}
}

export function verdictWords(verdict: Verdict | null): string {
	switch (verdict) {
		case 'fails': return t('fails');
		case 'passes': return t('no failing schedule found');
		case 'inconclusive': return t('inconclusive');
		case null: return t('no source');
	}
}

/** What a thread runs, where it is told by name alone: `foo_fault`, `whoever frees it`. */
export const nameOf = ({ entry, called }: ReviewThread): string => called ?? entry;

/** `3 of 14 interleavings fail`, of a thread by itself `1 of 3 paths fail`, with `at least` for a lower bound. */
export function countWords(side: Side | null, { threads }: Pick<ScenarioReview, 'threads'>): string {
	if (!side) return t('no source');
	const { failing, passing, exact } = side.interleavings;
	const total = failing + passing;
	if (side.verdict === 'inconclusive') return side.bound ? t('inconclusive: {0}', side.bound) : t('inconclusive');
	if (total === 0) return side.verdict === 'fails' ? t('fails') : t('passes');
	if (exact && threads.length === 1) return t('{0} of {1} paths fail', failing, total);
	if (!exact && failing === 0) return t('none of {0} or more interleavings fail', total);
	return exact ? t('{0} of {1} interleavings fail', failing, total) : t('at least {0} of at least {1} interleavings fail', failing, total);
}

/** The title of a function's lens: `before ✗  after ✓`, as its worst scenario has it: what was there before and stays is told further down. */
export function functionLens({ pre, post }: ScenarioReview): string {
	return sidesWords(pre?.verdict ?? null, post?.verdict ?? null);
}

export const sidesWords = (pre: Verdict | null, post: Verdict | null): string => t('before {0}  after {1}', verdictSymbol(pre), verdictSymbol(post));

export function assumptionCount(review: InputReview): number {
	return new Set(review.scenarios.flatMap(({ pre, post }) => [...(pre?.assumptions ?? []), ...(post?.assumptions ?? [])])).size;
}

export const sideWords = (side: 'pre' | 'post'): string => (side === 'pre' ? t('before the patch') : t('after the patch'));

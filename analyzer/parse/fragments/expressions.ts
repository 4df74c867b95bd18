import { OPEN_BRACE, OPEN_PAREN } from '../prepass/tokens';
import type { Loose } from './brackets';
import type { Draft } from './draft';
import type { Stretch } from './hunks';
import { ending } from './statements';

/**
 * A brace within open parentheses (a compound literal, a statement in an expression, an argument) does not stay open into
 * the next stretch: the whole expression is closed. What is left are braces of statements, and no parentheses then.
 */
export function closeExpressions(draft: Draft, stretch: Stretch, loose: Loose): Loose {
	const { cut: { tokens }, match, insertions } = draft;
	const { open } = loose;
	const isBrace = (token: number): boolean => tokens.kind[token] === OPEN_BRACE;
	const last = open.findLastIndex(isBrace);
	const outer = open.findIndex((token, index) => index < last && !isBrace(token));
	if (outer < 0) return loose;
	const statements = open[last]! > 0 && tokens.kind[open[last]! - 1] === OPEN_PAREN;
	const inner = ending(tokens, match, open[last]! + 1, stretch.last, open.slice(last + 1));
	insertions.add(stretch.to, statements ? inner : inner.replace(/ ;$/, ''));
	for (let index = last; index >= outer; index--) {
		const kind = tokens.kind[open[index]!];
		insertions.add(stretch.to, kind === OPEN_BRACE ? ' }' : kind === OPEN_PAREN ? ')' : ']');
	}
	insertions.add(stretch.to, ' ;');
	return { ...loose, openers: open.slice(0, outer).filter(isBrace), openParens: [], completed: true };
}

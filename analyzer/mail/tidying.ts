import { type Phrases, says, unsaid } from '../knowledge/phrases';
import { hasNothingToMend, isFixed, isTrouble } from './intent';
import { withoutNamedCommits } from './named-commits';
import type { Patch, ProseLine } from './patch';
import { sentences } from './sentences';

/** What stands before a title's colon is a place, whatever it is called. */
const PREFIXES = /^(?:[\w/.,+-]+(?: [\w/.,+-]+)?: )+/;

/**
 * Whether the mail is that of a patch that only puts code in order: it says so, or its title does (of what is taken away: and a sentence that nobody uses it), and no sentence of it speaks of trouble, unless to
 * say that there is none. Such a patch may break what it means to leave alone; it ends nothing. A trailer of what is fixed says otherwise.
 */
export function isTidying(table: Phrases, patch: Pick<Patch, 'subject' | 'prose' | 'from' | 'fixes'>): boolean {
	if (isFixed(table, patch)) return false;
	const title = patch.subject.replace(/^(?:\[[^\]]*\]\s*)+/, '').replace(/^Revert\s*"[^"]*"?/i, 'clean-up: revert');
	const bare = title.replace(PREFIXES, '');
	const subject: ProseLine = { text: bare, input: patch.from, author: 'changelog' };
	const texts = withoutNamedCommits(table, [...sentences([subject]), ...sentences(patch.prose)].map(({ text }) => text));
	if (says(table, 'puts-right-whatever', unsaid(table, 'of-no-trouble', title))) return false;
	if (texts.some((text) => hasNothingToMend(table, text))) return true;
	const orderly = says(table, 'puts-in-order', title) || (says(table, 'takes-away', bare) && texts.some((text) => says(table, 'unused', text)));
	return orderly && !says(table, 'puts-right-by', title) && !texts.some((text) => isTrouble(table, text));
}

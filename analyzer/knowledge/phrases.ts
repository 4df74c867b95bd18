import { expression } from './expressions';

/** What a mail may say, of itself as a whole, in its title or in a sentence. What each of them means is said in `table/phrases.yaml`, where the words are. */
export const PHRASES = [
	'changes-nothing', 'nothing-wrong', 'just-in-case', 'as-before', 'remedy', 'prevents', 'false-alarm', 'uses-it-still', 'moves', 'for-later', 'for-building', 'benign-race', 'for-speed', 'endless', 'leaks', 'others', 'fails-to-allocate', 'nothing-sleeps', 'may-sleep-there', 'frees-and-uses',
	'puts-right', 'puts-right-outright', 'may-put-right', 'puts-right-whatever', 'puts-right-by', 'puts-in-order', 'takes-away', 'unused', 'of-no-trouble',
	'trouble', 'trouble-denied-ahead', 'trouble-denied-behind', 'reassures', 'lives-on', 'misplaces', 'in-company', 'in-three-steps', 'made-twice', 'denied-ahead', 'calls-it-right', 'must-not', 'named-commit', 'fixes-trailer', 'taken-over', 'for-another',
	'function-sleeps', 'function-not-in-atomic', 'function-forbidden-in-atomic', 'function-locks', 'reports-sleep', 'reports-recursion', 'reports-interrupt', 'reports-endless-wait', 'keeps-lock', 'keeps-reference', 'unlocks-twice', 'drops-twice', 'frees-twice', 'uses-freed',
	'sleeps-in-atomic', 'atomic-context', 'not-done-there', 'titles-deadlock', 'titles-elsewhere', 'trouble-of-waiting', 'deadlocks', 'deadlock-denied', 'waits-in-drawing', 'waits-for-ever', 'gives-reason', 'kept-apart-otherwise', 'reference-given', 'released-elsewhere', 'section-entered', 'section-spared', 'never-pending', 'at-a-time', 'mends-release', 'of-lock', 'locking-changes',
	'where-called', 'why-it-may-sleep', 'one-at-a-time', 'lock-order', 'none-pending-held', 'two-meet', 'several-come', 'several-pass', 'several', 'at-the-same-time',
	'meanwhile', 'goes-away', 'somebody-else', 'calls-next', 'sleeps-on', 'other-lock', 'put-in-again', 'turned-nest', 'demanded', 'fixes-it', 'given-back-twice', 'mapped',
	'taken-down', 'page-tables', 'given-up', 'asked-again', 'given-back', 'taken-from-runner', 'counted', 'overwritten', 'made-atomic', 'speaks-of-walk',
] as const;
export type Phrase = (typeof PHRASES)[number];

/** Words that say it: regular expressions, in any case, or as they are written. */
export interface PhraseRow {
	readonly phrase: Phrase;
	readonly prose: string;
	readonly exact?: string;
}

export interface Phrases {
	readonly phrases: ReadonlyMap<Phrase, PhraseRow>;
}

const proseOf = ({ phrases }: Phrases, phrase: Phrase, flags: string): RegExp => expression(phrases.get(phrase)?.prose ?? '(?!)', flags);

/** Where in the words that is said first, in any case. */
export const sayingOf = (table: Phrases, phrase: Phrase, words: string): RegExpExecArray | null => proseOf(table, phrase, 'i').exec(words);

/** Whether that is said. */
export function says(table: Phrases, phrase: Phrase, words: string): boolean {
	const exact = table.phrases.get(phrase)?.exact;
	return sayingOf(table, phrase, words) !== null || (exact !== undefined && expression(exact).test(words));
}

/** Every place where that is said. */
export const everySaying = (table: Phrases, phrase: Phrase, words: string): readonly RegExpExecArray[] => [...words.matchAll(proseOf(table, phrase, 'gi'))];

/** The words without what says that. */
export const unsaid = (table: Phrases, phrase: Phrase, words: string, instead: (said: string) => string = () => ''): string => words.replace(proseOf(table, phrase, 'gi'), instead);

import { everySaying, type Phrases, says, unsaid } from '../knowledge/phrases';
import { type Patch,  type ProseLine, titleOf } from './patch';
import { sentences } from './sentences';

/** Whether words of a mail, its text or its subject, are those of a patch that is meant as a remedy. */
export const speaksOfRemedy = (table: Phrases, words: string): boolean => says(table, 'remedy', words);

/** Whether a patch is meant to put something right: by its subject, or by a trailer that names what it fixes. */
export const putsRight = (table: Phrases, { subject, fixes }: Pick<Patch, 'subject' | 'fixes'>): boolean => fixes.length > 0 || says(table, 'puts-right', subject);

/** Whether a trailer says so. */
export const isFixed = (table: Phrases, { fixes, prose }: Pick<Patch, 'fixes' | 'prose'>): boolean => fixes.length > 0 || prose.some(({ text }) => says(table, 'fixes-trailer', text));

/** How surely a patch with that title is meant to put something right: `yes` where the title says so outright, or a trailer does. */
export function isMeant(table: Phrases, title: string, patch: Pick<Patch, 'fixes' | 'prose'>): 'yes' | 'perhaps' | 'no' {
	if (isFixed(table, patch) || says(table, 'puts-right-outright', title)) return 'yes';
	// What a stable kernel has taken over, and not for another one's sake.
	if (patch.prose.some(({ text }) => says(table, 'taken-over', text)) && !patch.prose.some(({ text }) => says(table, 'for-another', text))) return 'yes';
	return says(table, 'may-put-right', title) ? 'perhaps' : 'no';
}

/** Whether a sentence, or a mail, says that what was reported is no trouble. */
export const isFalseAlarm = (table: Phrases, words: string): boolean => says(table, 'false-alarm', words);

/** Whether the mail says that nothing changes that matters: whoever says so may be wrong, and means to end nothing. */
export const changesNothing = (table: Phrases, words: string): boolean => says(table, 'changes-nothing', words);

/** Whether a sentence, or a mail, says that, or that there is nothing wrong as it is. */
export const hasNothingToMend = (table: Phrases, words: string): boolean => changesNothing(table, words) || says(table, 'nothing-wrong', words);

/** Whether it says so, or that the patch is for what nobody has seen. */
export const disclaims = (table: Phrases, words: string): boolean => hasNothingToMend(table, words) || says(table, 'just-in-case', words);

const inOneLine = (words: string): string => words.replace(/\s+/g, ' ');

/** Whether the mail says of the race that it marks the accesses of that it does not matter. */
export const isBenignRace = (table: Phrases, words: string): boolean => says(table, 'benign-race', inOneLine(words));

/** The mail's words without what it says of trouble that there is not. */
export const withoutAssurances = (table: Phrases, words: string): string => unsaid(table, 'may-sleep-there', unsaid(table, 'nothing-sleeps', words));

/** Whether the mail is one of time saved: those who wait there wait long, and not for ever. */
export const isForSpeed = (table: Phrases, words: string): boolean => says(table, 'for-speed', inOneLine(words)) && !says(table, 'endless', words);

/** Whether all that the mail speaks of is that something is lost on some path: nobody else is needed for that. */
export const isLeakAlone = (table: Phrases, words: string): boolean => says(table, 'leaks', inOneLine(words)) && !says(table, 'others', inOneLine(words));

/** Whether the mail speaks of memory that was not there: of that no thread has to be told. */
export const isOfMemoryThatWasNotThere = (table: Phrases, words: string): boolean => says(table, 'fails-to-allocate', words);

/** Whether a sentence speaks of trouble, unless to say that there is none. */
export const isTrouble = (table: Phrases, text: string): boolean => !says(table, 'reassures', text)
	&& everySaying(table, 'trouble', text).some((match) => !says(table, 'trouble-denied-ahead', text.slice(0, match.index)) && !says(table, 'trouble-denied-behind', text.slice(match.index + match[0].length)));

/** What a mail may say that there is not, or that its patch is for instead. */
const OTHERWISE = [disclaims, isFalseAlarm, isBenignRace, isForSpeed, isLeakAlone, isOfMemoryThatWasNotThere];

/**
 * Whether the mail means to put something right, in whatever words: its title or a trailer says so, or a sentence of it speaks of what goes wrong or must be prevented. It denies
 * nothing of that, and is not for time saved nor for memory that is lost on some path.
 */
export function meansToMend(table: Phrases, patch: Patch): boolean {
	const title = titleOf(patch);
	const said = sentences(patch.prose).map(({ text }) => text);
	// Names and addresses of its trailers say nothing.
	const words = [title, ...said].join(' ').replace(/\s+/g, ' ');
	if (OTHERWISE.some((speaks) => speaks(table, words))) return false;
	return isMeant(table, title, patch) === 'yes' || said.some((text) => isTrouble(table, text) || says(table, 'prevents', text));
}

/** What stands before a title's colon is a place, whatever it is called. */
const PREFIXES = /^(?:[\w/.,+-]+(?: [\w/.,+-]+)?: )+/;

/**
 * Whether the mail is that of a patch that only puts code in order: it says so, or its title does (of what is taken away: and a sentence that nobody uses it; of what is moved: and that it is for later), and no sentence of it speaks of trouble, unless to
 * say that there is none. Such a patch may break what it means to leave alone; it ends nothing. A trailer of what is fixed says otherwise.
 */
export function isTidying(table: Phrases, patch: Pick<Patch, 'subject' | 'prose' | 'from' | 'fixes'>): boolean {
	if (isFixed(table, patch)) return false;
	const title = titleOf(patch).replace(/^Revert\s*"[^"]*"?/i, 'clean-up: revert');
	const bare = title.replace(PREFIXES, '');
	const subject: ProseLine = { text: bare, input: patch.from, author: 'changelog' };
	const texts = withoutNamedCommits(table, [...sentences([subject]), ...sentences(patch.prose)].map(({ text }) => text));
	if (says(table, 'puts-right-whatever', unsaid(table, 'of-no-trouble', title))) return false;
	if (texts.some((text) => hasNothingToMend(table, text))) return true;
	const orderly = says(table, 'puts-in-order', title) || (says(table, 'moves', bare) && texts.some((text) => says(table, 'for-later', text))) || (says(table, 'takes-away', bare) && texts.some((text) => says(table, 'unused', text)));
	return orderly && !says(table, 'puts-right-by', title) && !texts.some((text) => isTrouble(table, text));
}

/** Sentences with the titles of other commits that they name blanked: a sentence may have been cut at the colon of one. */
export function withoutNamedCommits(table: Phrases, texts: readonly string[]): readonly string[] {
	const blanked = unsaid(table, 'named-commit', texts.join('\n'), (title) => title.replace(/[^\n]/g, ' '));
	let end = -1;
	return texts.map(({ length }) => {
		const from = end + 1;
		end = from + length;
		return blanked.slice(from, end);
	});
}

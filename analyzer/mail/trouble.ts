import { type Phrases, says } from '../knowledge/phrases';
import { disclaims, isBenignRace, isFalseAlarm, isForSpeed, isLeakAlone, isMeant, isOfMemoryThatWasNotThere, isTrouble } from './intent';
import type { Patch } from './patch';
import { sentences } from './sentences';

/** What a mail may say that there is not, or that its patch is for instead. */
const OTHERWISE = [disclaims, isFalseAlarm, isBenignRace, isForSpeed, isLeakAlone, isOfMemoryThatWasNotThere];

/**
 * Whether the mail means to put something right, in whatever words: its title or a trailer says so, or a sentence of it speaks of what goes wrong or must be prevented. It denies
 * nothing of that, and is not for time saved nor for memory that is lost on some path.
 */
export function meansToMend(table: Phrases, patch: Patch): boolean {
	const title = patch.subject.replace(/^(?:\[[^\]]*\]\s*)+/, '');
	const said = sentences(patch.prose).map(({ text }) => text);
	// Names and addresses of its trailers say nothing.
	const words = [title, ...said].join(' ').replace(/\s+/g, ' ');
	if (OTHERWISE.some((speaks) => speaks(table, words))) return false;
	return isMeant(table, title, patch) === 'yes' || said.some((text) => isTrouble(table, text) || says(table, 'prevents', text));
}

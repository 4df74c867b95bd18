import { isBenignRace, isFalseAlarm, isForSpeed, isLeakAlone, isMeant, isOfMemoryThatWasNotThere } from './intent';
import type { Patch } from './patch';
import { sentences } from './sentences';
import { isTrouble } from './tidying';

/**
 * Whether the mail means to put something right, in whatever words: its title or a trailer says so, or a sentence of it speaks of what goes wrong or must be prevented. It denies
 * nothing of that, and is not for time saved nor for memory that is lost on some path.
 */
export function meansToMend(patch: Patch): boolean {
	const title = patch.subject.replace(/^(?:\[[^\]]*\]\s*)+/, '');
	const words = [title, ...patch.prose.map(({ text }) => text)].join(' ').replace(/\s+/g, ' ');
	if (NOTHING_WRONG.test(words) || isFalseAlarm(words) || isBenignRace(words) || isForSpeed(words) || isLeakAlone(words) || isOfMemoryThatWasNotThere(words)) return false;
	return isMeant(title, patch) === 'yes' || sentences(patch.prose).some(({ text }) => isTrouble(text) || PREVENTS.test(text));
}

/** What must not happen, or happens unnoticed. */
const PREVENTS = /\b(?:prevent\w*|disallow\w*|havoc|premature\w*|(?:under(?:neath)?|from) (?:our|its|us|it|them|their)(?: feet| nose)?\b|behind (?:\w+ ){1,2}backs?)\b/i;

/** There is nothing wrong, or it was the same before. */
const NOTHING_WRONG = /\bno (?:intended )?(?:functional|behaviou?ral) changes?|\bno change (?:in|of) (?:behaviou?r|functionality)|\bbehaviou?r (?:is |stays |remains )?(?:unchanged|the same)|\bpurely theoretical|\b(?:to be|on) (?:on )?the safe side|\bjust in case\b/i;

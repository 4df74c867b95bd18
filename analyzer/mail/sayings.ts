import type { Namings } from '../knowledge/namings';
import { everySaying, type Phrases, says, sayingOf } from '../knowledge/phrases';
import { callersOfLock, callersOfSleeper, frames } from './call-trees';
import { type Patch,  type ProseLine, titleOf } from './patch';
import { SIGNATURE } from './diff-syntax';
import { isForSpeed, isTidying, withoutAssurances } from './intent';
import { sentences } from './sentences';

/** What the mail says of single functions, and of what they forget, beside who races with whom. */
export interface Sayings {
	/** Functions that may sleep, each with the sentence that says so. */
	readonly sleeping: ReadonlyMap<string, string>;
	/** Functions of a trace, or of a drawn tree of calls, that ends where something sleeps, innermost first. */
	readonly trace: readonly string[];
	/** Functions that take a lock, which their caller may hold: the lock's name where it is told. */
	readonly locking: ReadonlyMap<string, { readonly lock: string; readonly text: string }>;
	/** A lock stays held on some path. */
	readonly lockKept: boolean;
	/** A reference is not dropped on some path. */
	readonly referenceKept: boolean;
	/** A lock is released that is not held. */
	readonly unlockedTwice: boolean;
	/** A reference is dropped that was not taken, or twice. */
	readonly droppedTwice: boolean;
	/** Something is freed twice, or what freed it is told. */
	readonly freedTwice: boolean;
	/** Somebody waits for ever: for a lock, or for who needs one. */
	readonly deadlocks: boolean;
	/** Something sleeps where it must not: the words that say so. */
	readonly atomic: string | null;
	/** Something is used after it was freed. */
	readonly usedFreed: boolean;
	/** There is a title, and trailers perhaps, and no sentence beside them. */
	readonly nothing: boolean;
}

/** lockdep's words for a lock that is taken again, and for who takes it. */
const TRYING = /is trying to acquire lock:/i;
const AT = /\bat:\s*([A-Za-z_]\w*)/;

export function sayings(table: Phrases & Namings, patch: Pick<Patch, 'subject' | 'prose' | 'from' | 'fixes'>): Sayings {
	const subject: ProseLine = { text: titleOf(patch), input: patch.from, author: 'changelog' };
	const all = [...sentences([subject]), ...sentences(patch.prose)].map(({ text }) => text);
	const lines = patch.prose.map(({ text }) => text);
	const words = [subject.text, ...lines].join('\n');
	const said = all.join('\n');
	const sleeping = sleepers(table, all);
	const traced = says(table, 'reports-sleep', words) ? frames(table, lines) : [];
	const of = {
		sleeping, trace: traced.length > 0 ? traced : callersOfSleeper(table, lines), locking: lockers(table, all, lines, words), nothing: sentences(unsigned(patch.prose)).length === 0,
	};
	// Who puts code in order speaks of trouble that others have, or that there is not.
	if (isTidying(table, patch)) return { ...of, ...NO_TROUBLE };
	const atomic = says(table, 'reports-interrupt', words) ? null : sleptInAtomic(table, withoutAssurances(table, `${words}\n${said}`));
	// What must not be done under a lock may be sleeping: nobody need wait for it for ever.
	const elsewhere = says(table, 'titles-elsewhere', subject.text) && says(table, 'trouble-of-waiting', words) && !isForSpeed(table, words) && !(atomic !== null && sleeping.size > 0);
	return {
		...of,
		lockKept: says(table, 'keeps-lock', said), referenceKept: says(table, 'keeps-reference', said),
		unlockedTwice: says(table, 'unlocks-twice', said), droppedTwice: says(table, 'drops-twice', said), freedTwice: says(table, 'frees-twice', said), usedFreed: says(table, 'uses-freed', said),
		deadlocks: elsewhere || says(table, 'titles-deadlock', subject.text) || says(table, 'reports-endless-wait', words) || all.some((text) => says(table, 'deadlocks', text) && !says(table, 'deadlock-denied', text)),
		atomic,
	};
}

const NO_TROUBLE: Pick<Sayings, 'lockKept' | 'referenceKept' | 'unlockedTwice' | 'droppedTwice' | 'freedTwice' | 'usedFreed' | 'deadlocks' | 'atomic'> =
	{ lockKept: false, referenceKept: false, unlockedTwice: false, droppedTwice: false, freedTwice: false, usedFreed: false, deadlocks: false, atomic: null };

/** Functions that sleep, each with the first sentence that says so. */
function sleepers(table: Phrases, texts: readonly string[]): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	for (const text of texts) {
		for (const phrase of ['function-sleeps', 'function-not-in-atomic', 'function-forbidden-in-atomic'] as const) {
			for (const [, name = ''] of everySaying(table, phrase, text)) if (!found.has(name)) found.set(name, text);
		}
	}
	return found;
}

/** Functions that take a lock, by a sentence that says so, by lockdep's report, or as the mail draws their calls. */
function lockers(table: Phrases & Namings, texts: readonly string[], lines: readonly string[], words: string): Sayings['locking'] {
	const found = new Map<string, { readonly lock: string; readonly text: string }>();
	const add = (name: string, lock: string, text: string): void => {
		if (!found.has(name)) found.set(name, { lock, text });
	};
	for (const text of texts) {
		for (const [, name = '', lock = ''] of everySaying(table, 'function-locks', text)) add(name, /\w*$/.exec(lock)![0], text);
	}
	const trying = says(table, 'reports-recursion', words) ? lines.findIndex((line) => TRYING.test(line)) : -1;
	const at = trying < 0 ? undefined : lines.slice(trying, trying + 3).map((line) => AT.exec(line)?.[1]).find((name) => name !== undefined);
	if (at) add(at, '', 'lockdep reports that it takes a lock which is held');
	if (texts.length > 0 && says(table, 'waits-in-drawing', words)) for (const name of callersOfLock(table, lines)) add(name, '', 'the calls as it draws them end in something that takes a lock');
	return found;
}

/** The words, on one line, that say that something sleeps where it must not. */
function sleptInAtomic(table: Phrases, words: string): string | null {
	const saying = sayingOf(table, 'sleeps-in-atomic', words) ?? (says(table, 'not-done-there', words) ? sayingOf(table, 'atomic-context', words) : null);
	return saying === null ? null : saying[0].replace(/\s+/g, ' ');
}

/** The prose before the mail's signature. */
function unsigned(prose: readonly ProseLine[]): readonly ProseLine[] {
	const end = prose.findIndex(({ text }) => SIGNATURE.test(text));
	return end < 0 ? prose : prose.slice(0, end);
}

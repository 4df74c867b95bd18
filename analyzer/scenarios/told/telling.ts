import { folded } from '../../parse/plain-text';
import { beginsWith } from '../../knowledge/namings';
import { says } from '../../knowledge/phrases';
import { pointsOf } from '../implied/sections';
import { heldAt, lockOf, type Site } from '../implied/sites';
import { isForNewWork } from '../implied/subjects/locks/exclusion';
import type { Edit } from './edit';
import { clears, drops, isUnlock, masks, signals, takes, takesLock, unlocks } from './nature';
import { differsInMeasure } from './plainly';
import { headOf } from './standing';

/** Calls that make or destroy a lock, by how they are named. */
const MAKES_OR_DESTROYS_LOCK = /^(?:\w+\s*=\s*)?(?:(?:\w+_)?(?:(?:spin|rw|mr)?lock|mutex|rwsem|sema?|semaphore)_(?:init|destroy|fini|deinit)|(?:\w+_)?(?:init|free|destroy)_rwsem)\s*\(/;

/** Nor does who makes or destroys one where nobody did: what a lock needs of that to work, or to be debugged. What another function did is done at another time now. */
export const tendsLock = ({ how, made, does }: Edit, all: readonly Edit[]): boolean => (how === 'added' || how === 'way' || how === 'instead') && MAKES_OR_DESTROYS_LOCK.test(does ?? made.text) && !all.some((other) => other.how === 'gone' && MAKES_OR_DESTROYS_LOCK.test(other.made.text));

/** What comes behind a lock that the patch takes was done under that lock before as well: nobody new is kept out of it. */
export function keepsNobodyOut({ change, how, made, next }: Edit): boolean {
	if (how !== 'added' || !next) return false;
	const taken = change.now.filter((site) => site.start >= made.start && site.start < made.end && site.row?.effect === 'lock' && lockOf(site) !== null);
	const locks = taken.flatMap((site) => lockOf(site) ?? []);
	// For writing now, where it was for reading.
	if (taken.some((site) => isExclusive(site) && change.old.some((other) => other.row?.effect === 'lock' && lockOf(other) === lockOf(site) && !isExclusive(other)))) return false;
	// With interrupts off now, where they were not.
	if (masks(made.text) && !folded(change.before.fn.body.text).includes(folded(made.text).replace(/[,)].*$/s, ''))) return false;
	const held = locks.length > 0 ? pointsOf(change.before, change.old).find(({ node }) => node.start === next.before.start)?.held : undefined;
	return held !== undefined && locks.every((lock) => held.has(lock));
}

/** A lock of the patch's own, under which something new is done: words that may mean other things do not say that it keeps others out of what was there. */
export const locksNewWork = ({ change, how, made }: Edit): boolean => how === 'added' && change.now.some((site, at) => {
	const lock = site.start >= made.start && site.start < made.end && site.row?.effect === 'lock' ? lockOf(site) : null;
	return lock !== null && isForNewWork(change, lock, heldAt(change.now, at + 1).get(lock));
});

const isExclusive = ({ row }: Site): boolean => row?.effect === 'lock' && row.mode === 'exclusive';

/** A variable of the function's own is given a constant: nobody else sees that, unless it keeps from being given back what was so before, as the mail has it. What is declared out of sight is told by its name. */
function isOwnAffair({ change: { post, before, after }, how, made, since }: Edit, words: string): boolean {
	const name = /^(\w+)\s*=\s*-?\w+;$/.exec(made.text)?.[1];
	if (name === undefined || (how !== 'gone' && how !== 'added' && how !== 'instead')) return false;
	if (how === 'added' && says(post.sources.table, 'given-back-twice', words) && since && drops(since.after.text) && new RegExp(`\\b${name}\\b`).test(since.after.text)) return false;
	const declared = [before, after].some(({ fn }) => fn.params.some((param) => param.name === name) || new RegExp(`^\\s*[a-z_][\\w ]*[ *]${name}\\s*(?:[,;=[]|$)`, 'm').test(fn.body.text));
	return how === 'gone' || declared || (post.sources.global(name) === undefined && !name.includes('_'));
}

export const isTelling = (edit: Edit, words: string): boolean => !isOwnAffair(edit, words) && bears(edit);

/** A bound that is another one, or a time: it keeps nobody out who was not kept out before. What counts or takes a lock by it is another matter. */
export const measures = ({ change, how, made }: Edit, all: readonly Edit[]): boolean => {
	const is = headOf(made);
	if (how === 'moved' || how === 'marked' || [takes, drops, takesLock].some((nature) => nature(is))) return false;
	return all.some((other) => (other.how === 'gone') !== (how === 'gone') && other.how !== 'moved' && other.change === change && differsInMeasure(headOf(other.made), is));
};

/** What only prints or asserts ends nothing, who makes a lock keeps nobody out by that, and two releases that change places do not either. */
function bears({ change, how, made, next }: Edit): boolean {
	const { table } = change.post.sources;
	const called = made.text.replace(/^\(?(?:void\)\s*)?/, '');
	if ((['makes-lock', 'only-tells', 'asserts'] as const).some((kind) => beginsWith(table, kind, called))) return false;
	const areReleases = how === 'moved' && next !== undefined && [made, next.after].every((node) => unlocks(headOf(node)));
	return !areReleases || isUnlock(headOf(made)) !== isUnlock(headOf(next.after));
}

/** What synchronises, asks or takes back goes before what computes, and what the mail names before what it does not. */
export function ranked(edits: readonly Edit[], words: string): readonly Edit[] {
	const spoken = new Set(words.match(/[A-Za-z_]\w{3,}/g));
	const rank = ({ made, how }: Edit): number => {
		const head = headOf(made);
		const named = [...head.matchAll(/[A-Za-z_]\w{3,}/g)].some(([word]) => spoken.has(word));
		const bears = how === 'guard' || how === 'moved' || [takesLock, unlocks, drops, takes, clears, signals].some((nature) => nature(head));
		return (named ? 0 : 1) + (bears ? 0 : 2) + (made.type === 'declaration' ? 4 : 0) + (how === 'gone' ? 1 : 0) + (how === 'instead' ? 8 : 0);
	};
	return edits.map((edit) => ({ edit, by: rank(edit) })).sort((a, b) => a.by - b.by).map(({ edit }) => edit);
}

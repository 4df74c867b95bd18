import { isNamed } from '../../knowledge/namings';
import { says } from '../../knowledge/phrases';
import type { PartnerRow, Subject } from '../../knowledge/partner-row';
import type { Sayings } from '../../mail/sayings';
import { differsInNames } from '../names/renames';
import { differsInMarks } from '../told/marks';
import type { Change } from './change';
import type { Finding } from './partner';
import { isInner } from './inner-lock';
import { isInOtherForm } from './other-form';
import { lockOf, rootOf, type Site } from './sites';
import { isHeldByCallers } from './subjects/locks/lost-lock';
import { isUnpublished } from './unpublished';
import { drops } from './subjects/references/missing-drop';
import { areInside, TAKEN_OUT } from './taken-away';
import { isTakenElsewhere } from './taken-elsewhere';

/** The mail says nothing beside its title, and the row's lines alone tell well enough what it asks for. */
export const isToldAlone = ({ silent }: PartnerRow, said: Sayings): boolean => silent === true && said.nothing;

/** The row as it is told then: of the lines, not of the mail. */
export const unclaimed = (row: PartnerRow): PartnerRow => ({ ...row, says: row.says.replace(/^the mail (?:reports|says|speaks of|claims)[^:]*: so /, 'by the lines alone: ') });

/**
 * What the finding is about is more than there was. A lock, or the drop of a reference, that stands in the place of another one, in this function or in another
 * one, may be the same thing by another name, or for others than before; so may all that differs in names. A mark is one where nothing else changes.
 */
export function isAdded(change: Change, { subject, races }: PartnerRow, { words }: Finding, changes: readonly Change[]): boolean {
	const [before, after] = [change.before.fn.body.text, change.after.fn.body.text];
	if (races) return differsInMarks(change.post.sources.table, before, after);
	if (REPLACES.has(subject)) return true;
	if (subject === 'one-section' && (words['loosely'] !== undefined || isFreeing(change, words['acts']))) return false;
	// What waits may be needless for a container that is none of readers any more; what only frees later tells less than what was waited for.
	if (subject === 'grace-period' && (change.post.sources.table.rows.get(words['call'] ?? '')?.effect !== 'rcu-sync' || unlinksForNobody(change))) return false;
	if (words['lock'] !== undefined && (isInner(change, words['lock']) || isInOtherForm(change, words['lock']))) return false;
	const about = words['lock'] !== undefined ? keepsOthersOut : words['drop'] !== undefined ? drops(change) : null;
	const gone = (each: Change): readonly Site[] => each.old.filter((site) => each.ways.get(site) === 'removed');
	if (about !== null && changes.some((each) => gone(each).some(about))) return false;
	if (words['drop'] !== undefined && gone(change).some(({ args }) => args.length > 0 && words['call']?.endsWith(`(${args.join(', ')})`) === true)) return false;
	return !differsInNames(before, after, (name) => change.post.sources.table.rows.has(name));
}

/** Of the change the other way round: what takes entries out for readers is an ordinary form of that now. */
const unlinksForNobody = ({ old, now, ways }: Change): boolean => now.some((site) => ways.get(site) === 'added' && /_rcu$/.test(site.api) && old.some((each) => ways.get(each) === 'removed' && each.api === site.api.replace(/_rcu$/, '')));

/** What is freed was taken away from others before: where that is done is nobody's business. */
const isFreeing = ({ post }: Change, text = ''): boolean => post.sources.table.rows.get(/^(\w+)\s*\(/.exec(text)?.[1] ?? '')?.effect === 'free';

/** Subjects of one operation in the place of another. */
const REPLACES: ReadonlySet<Subject> = new Set(['interrupted-lock', 'last-reference', 'instead', 'made-exclusive']);
const keepsOthersOut = ({ row }: Site): boolean => row?.effect === 'lock' || row?.effect === 'trylock' || row?.effect === 'rcu-lock';

/** Subjects of a row that is told by its lines alone which tell as well of the change the other way round: of what is taken away without a word, and nothing takes its place. */
const MISSED: ReadonlySet<Subject> = new Set(['new-guard', 'missing-drop', 'ended-early', 'pinned', 'held-off', 'locked-test', 'late-publication', 'early-hold', 'early-get', 'torn-guard', 'queued-in-vain', 'one-section', 'exclusion', 'locked-step', 'grace-period', 'stop-in-lock', 'dangling', 'instead', 'called-section', 'slept-under']);
export const isMissedAlone = ({ silent, subject, turned }: PartnerRow, said: Sayings): boolean => silent === true && said.nothing && (turned === undefined || subject === 'missing-drop') && MISSED.has(subject);

/** What the change takes out of a lock goes on in another way: others take it, or it is freed behind the lock by who has taken it out under it. */
export function isKeptOtherwise(change: Change, { subject, turned }: PartnerRow, { words: { lock, work, drop, test } }: Finding, title: string): boolean {
	if (lock !== undefined && (isTakenElsewhere(change, lock) || isHeldByCallers(change, lock))) return true;
	if (subject === 'called-section' && areInside(change, change.post.callers.get(change.name) ?? [])) return true;
	if (OTHERS_OUT.has(subject) && (says(change.post.sources.table, 'kept-apart-otherwise', title) || isTakenUnseen(change, lock))) return true;
	if (subject === 'new-guard' && setsWhatItAsks(test, work)) return true;
	if (turned !== undefined) return drop === undefined || !isDrop(change, drop) || !onlyTakesAway(change);
	if (subject !== 'exclusion' || work === undefined) return false;
	return !isOfTheLock(change, lock ?? '', work) || (isNamed(change.post.sources.table, 'gives-up', work) && TAKEN_OUT.test(change.after.fn.body.text));
}

/** Subjects of what is done where others are kept out. */
const OTHERS_OUT: ReadonlySet<Subject> = new Set(['exclusion', 'locked-step', 'called-section']);

/** The lock was taken before anybody could have found what it keeps. */
function isTakenUnseen(change: Change, lock: string | undefined): boolean {
	const taken = change.old.find((site) => keepsOthersOut(site) && lockOf(site) === lock);
	return taken !== undefined && isUnpublished(change, taken);
}

/** `if (x->on) x->on = false`: what was set so already is set so once more. */
function setsWhatItAsks(test = '', work = ''): boolean {
	const set = /^([\w.>[\]-]+)\s*=\s*(?:0|false|NULL)\s*;?$/.exec(work)?.[1];
	return set !== undefined && test.replace(/^[(\s]+|[)\s]+$/g, '') === set;
}

/** The call is given what the lock lies in, or the lock lies in nothing: what only others have handed in is nobody's business. */
function isOfTheLock({ now }: Change, lock: string, work: string): boolean {
	const root = rootOf(lock);
	return !/->|\./.test(lock) || now.some(({ api, args }) => api === work && args.some((each) => root !== null && rootOf(each) === root));
}

/** A call that drops a reference by what is known of it, or by its very name. */
const isDrop = ({ post }: Change, api: string): boolean => post.sources.table.rows.get(api)?.effect === 'put' || isNamed(post.sources.table, 'puts', api);

/** The patch adds no line of code: nothing can have taken the place of what it takes away. */
const onlyTakesAway = ({ post }: Change): boolean => post.changed.every((name) => {
	const definition = post.functions.get(name);
	return definition === undefined || definition.fn.body.text.split('\n').every((line, index) => line.trim() === '' || !definition.file.place(definition.fn.body.line + index).changed);
});

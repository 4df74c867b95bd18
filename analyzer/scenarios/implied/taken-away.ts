import { isAskedAbsent } from './asked-there';
import { isCalledInside } from './called-inside';
import type { CheckName } from '../../../sim';
import type { PartnerRow, Subject } from '../../knowledge/partner-row';
import { type Phrase, says } from '../../knowledge/phrases';
import { type Change, mirrored } from './change';
import { type Finding, type ImpliedScenario, partner } from './partner';
import { isKeptWhenCancelled } from './pending-reference';
import { pointsOf } from './sections';
import { escaped, heldAt, READ_SIDE, type Site } from './sites';

/** What speaks against a bug where something is taken away, by subject; and what it breaks, where an outline shows that (in one, what is read under a lock is what somebody has just left there). */
const GATES: Readonly<Partial<Record<Subject, { readonly passes: (change: Change, finding: Finding, mail: string) => boolean; readonly breaks?: readonly CheckName[] }>>> = {
	'missing-drop': { passes: isUnpaired, breaks: ['refcount-leak'] },
	'missing-hold': { passes: (change, finding, mail) => !tells(change, 'reference-given', mail) && isUnpaired(change, finding), breaks: ['use-after-free'] },
	'missing-release': { passes: isReleasedNoMore },
	'queued-in-vain': { passes: (change, finding, mail) => !tells(change, 'reference-given', mail) && !tells(change, 'never-pending', mail) && (finding.words['off'] === undefined ? isStillTaken(change, finding) : isKeptWhenCancelled(change, finding, mail)) },
	'locked-test': { passes: isTestedEarlier },
	'read-section': { passes: (change, finding, mail) => isUnprotected(change, finding, mail) || (finding.words.lookup === undefined && isDropped(change, finding, mail)), breaks: ['use-after-free'] },
	'escaped-entry': { passes: (change, finding, mail) => isUnprotected(change, finding, mail) || isDropped(change, finding, mail) },
	'read-walk': { passes: isUnprotected, breaks: ['use-after-free'] },
	'page-range': { passes: (change, finding, mail) => isPlayed(change, finding, mail) && !isOutOfReach(change, finding) },
	'page-fill': { passes: isPlayed },
	'frozen-count': { passes: () => true },
	'asked-under-lock': { passes: isUnasked },
	'kept-alive': { passes: (change, finding, mail) => !isTakenOut(change, finding) && (isRaisedUnlocked(change, finding) || (finding.words.given === undefined && isUnprotected(change, finding, mail))) },
};

/** Who is meant is in sight, and takes the lock that is no longer held here; or nobody who is meant is, the lock itself says who he is, and the mail says nothing of why it goes. */
function isPlayed(change: Change, { words: { played, bare, without, known } }: Finding, mail: string): boolean {
	return played !== undefined || (known !== undefined && bare === undefined && without === undefined && !tells(change, 'section-entered', mail));
}

/** The function has taken the object out of where it was found before it uses it: nobody else finds it any more. */
const isTakenOut = ({ after }: Change, { words: { object = '', used = '' } }: Finding): boolean => {
	const text = after.fn.body.text.replace(/\s+/g, ' ');
	const out = new RegExp(`\\b\\w*(?:list|hash|rb|xa|xas|idr|radix_tree|rhashtable)\\w*_(?:del|erase|remove)\\w*\\s*\\([^;]*(?<![\\w.>])${escaped(object)}\\b`).exec(text);
	return object !== '' && out !== null && text.indexOf(used, out.index) > out.index;
};

/** What is done behind the lock now only gives up what was taken out, under the lock still, of where others find it. */
function isOutOfReach({ after, now }: Change, { words: { acts = '', lock = '' } }: Finding): boolean {
	const act = now.find(({ text, row }) => text === acts && (row?.effect === 'put' || row?.effect === 'free'));
	return act !== undefined && pointsOf(after, now).some(({ node, text, held }) => held.has(lock) && node.start < act.start && TAKEN_OUT.test(text));
}

/** An entry of a container, or of an array, goes. */
export const TAKEN_OUT = /\b\w*(?:list|hash|rb|xa|xas|idr|ida|radix_tree|rhashtable|rhltable|mt|mas|tree)\w*_(?:del|erase|remove|replace|extract|splice|move|cut)\w*\s*\(|(?:->|\.)\w+\[[^\]]*\]\s*=\s*NULL\s*;/;

/** What a row's subject finds in a change. */
type RowFinder = (change: Change, row: PartnerRow) => readonly Finding[];

/** Partners of the row that a change lets in by what it takes away: one half of a pair, or a protection that nothing replaces. */
export function takenAway(change: Change, row: PartnerRow, finder: RowFinder, mail: string): readonly ImpliedScenario[] {
	const gate = GATES[row.subject];
	if (row.turned === undefined || !gate) return [];
	const mirror = mirrored(change);
	return finder(mirror, row).filter((finding) => finding.tells === 'fixes' && gate.passes(change, finding, mail)).flatMap((finding) => {
		const found = partner(mirror, { ...row, says: row.turned ?? row.says }, { ...finding, ...(gate.breaks ? { outline: gate.breaks } : {}) });
		return found ? [turned(found)] : [];
	});
}

/** Partners that the change lets in by what it takes away without a word, whatever else it does. */
export function missed(change: Change, row: PartnerRow, finder: RowFinder): readonly ImpliedScenario[] {
	const mirror = mirrored(change);
	return finder(mirror, row).filter(({ tells }) => tells === 'fixes').flatMap((finding) => {
		const found = partner(mirror, { ...row, says: `what is taken away without a word was there for this: ${row.says}` }, finding);
		return found ? [turned(found)] : [];
	});
}

/** Partners whom a row lets in by what goes, kept out now by what the change brings. */
export function wanted(change: Change, row: PartnerRow, finder: RowFinder): readonly ImpliedScenario[] {
	const mirror = mirrored(change);
	return finder(mirror, row).filter(({ tells }) => tells === 'introduces').flatMap((finding) => {
		const found = partner(mirror, { ...row, says: row.turned ?? row.says }, finding);
		return found ? [{ ...turned(found), tells: 'fixes' as const }] : [];
	});
}

/** The sides in their own order again. */
function turned({ own, ...scenario }: ImpliedScenario): ImpliedScenario {
	return { ...scenario, pre: scenario.post, post: scenario.pre, tells: 'introduces', ...(own ? { own: { name: own.name, pre: own.post, post: own.pre } } : {}) };
}

/** Nothing that the patch adds to the function speaks of the object, no other changed function takes or drops one like it, and the function's other half of the pair stays. */
function isUnpaired(change: Change, { words }: Finding): boolean {
	const { object = '', call = '' } = words;
	const names = new RegExp(`(?<![\\w.>])${escaped(object)}\\b`);
	if (addedLines(change).some((line) => names.test(line)) || isLeftToUnseen(change, object)) return false;
	const counting = ({ row }: Site): boolean => row?.effect === 'get' || row?.effect === 'get-unless-zero' || row?.effect === 'put';
	const gone = change.old.filter((site) => change.ways.get(site) === 'removed');
	if (gone.some((site) => site.text !== call && names.test(site.args.join()) && (counting(site) || !site.row)) || gone.filter((site) => site.text === call).length > 1) return false;
	// A look-up that is handed it gives it back.
	if (change.now.some((site) => isHanded(change, site, object))) return false;
	// What nobody shows, and is given it before, may have used it up.
	const given = change.old.find(({ text }) => text === call);
	if (given && isAskedAbsent(change.before.fn.body, given)) return false;
	if (!change.whole && change.old.some((site) => !site.row && given !== undefined && site.start < given.start && site.args.includes(object) && !change.pre.functions.has(site.api))) return false;
	// What leads to the object is taken away with it.
	return !removedLines(change).some((line) => new RegExp(`(?<![\\w.>])${escaped(object)}\\s*=[^=]`).test(line)) && change.post.changed.length + change.pre.changed.length <= 2;
}

/** A call that the patch adds, and that nobody shows, is given the object or what it lies in: it may do what is taken away. */
function isLeftToUnseen({ now, ways, post }: Change, object: string): boolean {
	const [owner] = /[A-Za-z_]\w*/.exec(object) ?? [];
	return owner !== undefined && now.some((site) => ways.get(site) === 'added' && !site.row && !post.functions.has(site.api) && !post.sources.model(site.api) && site.args.some((arg) => arg.replace(/^&/, '') === owner || arg.replace(/^&/, '') === object));
}

/** The call gives back the reference of the variable, whatever else it does. */
function isHanded({ post }: Change, { api, args }: Site, object: string): boolean {
	const row = post.sources.table.rows.evenPartial(api);
	return row?.effect === 'consume' && args[Number(/\d+/.exec(row.argument)?.[0])] === object;
}

/** Nothing that the patch adds to the function releases anything, or jumps elsewhere, and the mail does not say who has released it. */
function isReleasedNoMore(change: Change, { words: { lock = '' } }: Finding, mail: string): boolean {
	return !isLeftToUnseen(change, lock) && !tells(change, 'released-elsewhere', mail) && change.post.changed.length + change.pre.changed.length <= 2
		&& !addedLines(change).some((line) => /\bgoto\b|\b\w*(?:unlock|release|put|up|free|done|end|exit|finish)\w*\s*\(/.test(line));
}

/** The reference is taken as before, and nothing that the patch adds asks or drops instead. */
function isStillTaken(change: Change, { words: { get, queue = '', object = '' } }: Finding): boolean {
	const names = new RegExp(`(?<![\\w.>])${escaped(object)}\\b`);
	const others = addedLines(change).filter((line) => names.test(line) && !line.includes(`${queue}(`));
	return get !== undefined && change.now.some(({ text }) => text === get) && others.length === 0;
}

/** What was tested again under the lock is tested without it still, and nothing is added. */
function isTestedEarlier(change: Change, { words: { test = '' } }: Finding): boolean {
	return addedLines(change).every((line) => line.trim() === '') && change.after.fn.body.text.replace(/\s+/g, ' ').includes(test.replace(/^\(|\)$/g, ''));
}

/** The patch's own lines tell the checker which lock is held instead. */
const namesLock = (change: Change): boolean => addedLines(change).some((line) => /\blockdep_\w*held\w*\s*\(/.test(line));

/** All callers that there may be in these files are in sight, they are not all in a section, nothing else that the patch adds protects, and the mail gives no reason. */
function isUnprotected(change: Change, _: Finding, mail: string): boolean {
	return change.whole && change.post.files.every(({ image }) => image.completeness === 'whole') && !tells(change, 'section-entered', mail) && !namesLock(change) && !change.now.some((site) => change.ways.get(site) === 'added' && (protects(site) || site.row?.effect === 'rcu-lock'))
		&& !isUnderLock(change) && !areInside(change, change.post.callers.get(change.name) ?? []);
}

/** A lock is held around each section that the patch takes away: who takes it has no readers there. */
function isUnderLock({ old, ways }: Change): boolean {
	const gone = old.flatMap((site, at) => (site.row?.effect === 'rcu-lock' && ways.get(site) === 'removed' ? [at] : []));
	return gone.length > 0 && gone.every((at) => [...heldAt(old, at).keys()].some((lock) => lock !== READ_SIDE));
}

/** A lock or a reference is taken, or the call says that a lock is held. */
const protects = ({ row }: Site): boolean => row !== null && (PROTECTS.has(row.effect) || row.asserts !== undefined);
const PROTECTS: ReadonlySet<string> = new Set(['lock', 'get', 'get-unless-zero', 'assert-held', 'is-held']);

/** Nothing that the patch adds asks in other words. */
function isUnasked(change: Change): boolean {
	return !change.now.some((site) => change.ways.get(site) === 'added');
}

/** From hunks alone: both ends of the section are taken away where it stood, nothing that the patch adds protects, and the mail does not speak of it. */
function isDropped(change: Change, _: Finding, mail: string): boolean {
	const left = (sites: readonly Site[], way: string): boolean => sites.some((site) => (site.row?.effect === 'rcu-lock' || site.row?.effect === 'rcu-unlock') && change.ways.get(site) !== way);
	return change.post.files.every(({ image }) => image.completeness === 'fragments') && !tells(change, 'section-entered', mail) && !namesLock(change) && !tells(change, 'section-spared', mail) && !left(change.old, 'removed') && !left(change.now, 'removed')
		&& !change.now.some((site) => change.ways.get(site) === 'added' && protects(site))
		&& !isUnderLock(change) && !(change.post.callers.get(change.name) ?? []).some((caller) => isCalledInside(change, caller));
}

/** There are callers in sight, and all of them call the function in a section. */
export const areInside = (change: Change, callers: readonly string[]): boolean => callers.length > 0 && callers.every((caller) => isCalledInside(change, caller));

/** A read side takes the place of the lock, and a reference is taken in it, whatever the count is. */
function isRaisedUnlocked(change: Change, { words: { lock, used = '' } }: Finding): boolean {
	const raised = change.now.find(({ row, text }) => row?.effect === 'get' && row.fails === undefined && used.startsWith(text.slice(0, used.length)));
	const way = (site: Site): string | undefined => change.ways.get(site);
	return raised !== undefined && lock !== READ_SIDE && change.now.some((site) => site.row?.effect === 'rcu-lock' && way(site) === 'added') && !change.now.some((site) => way(site) === 'added' && (site.row?.effect === 'lock' || site.row?.effect === 'get-unless-zero'));
}

const addedLines = ({ after }: Change): readonly string[] => linesOf(after);
const removedLines = ({ before }: Change): readonly string[] => linesOf(before);

const tells = ({ post }: Change, phrase: Phrase, mail: string): boolean => says(post.sources.table, phrase, mail);

/** The function's lines that are the patch's own. */
const linesOf = ({ fn, file }: Change['after']): readonly string[] => fn.body.text.split('\n').filter((_, index) => file.place(fn.body.line + index).changed);

import { says } from '../../knowledge/phrases';
import type { CheckName } from '../../../sim';
import { beginsWith } from '../../knowledge/namings';
import type { Table } from '../../knowledge/table';
import { isMeant } from '../../mail/intent';
import type { Patch } from '../../mail/patch';
import { raceClaims } from '../../mail/prose';
import type { CNode, CParser } from '../../parse';
import { beginsReadSide } from '../implied/read-side';
import { type Change, changeOf } from '../implied/change';
import type { ImpliedScenario } from '../implied';
import { pointsOf } from '../implied/sections';
import { nextOf, parentOf } from '../implied/twins';
import { heldAt, lockOf, type Site } from '../implied/sites';
import { isForNewWork } from '../implied/subjects/locks/exclusion';
import { type Side, changedOnEither } from '../side';
import { type Claim, claims, claimsOfComments } from './claim';
import { type Edit, editsOf, withoutConversions } from './edit';
import { enacted } from './enacted';
import { locksOfSome } from './lock-of-some';
import { lookedOutside } from './outside';
import { askedAlone } from './asked-alone';
import { asleepLate } from './asleep-late';
import { fenceAlone } from './fence-alone';
import { doesNothing } from './does-nothing';
import { freedAtOnce } from './freed-at-once';
import { heldLate } from './held-late';
import { differsInMeasure } from './plainly';
import { releasedEarly } from './released-early';
import { headOf } from './standing';
import { stopsWeaker } from './stops-weaker';
import { testLeftOut } from './test-left-out';
import { updatesInSteps } from './update-in-steps';
import { usedPast } from './used-past';
import { waitsEitherWay } from './waits-either-way';
import { waitsLate } from './waits-late';
import { locksEachStep } from './walk-step';
import { twoSteps } from './two-steps';
import { clears, drops, isUnlock, signals, takes, takesLock, unlocks } from './nature';

/** Scenarios that are made for a patch: the first that shows the claimed failure before the patch and not after it is told. */
const TOLD_BOUND = 12;

/**
 * The last resort where a mail says what its patch ends, and neither what is shown nor what the change itself speaks of explains it: what the patch's own lines
 * add, move, ask or take away is taken for what ends it. Whether it does on every path of the function is explored, not assumed. `instead`: something else was
 * told, and only what the mail names in the first place is asked about.
 */
export function* toldScenarios(parser: CParser, pre: Side | null, post: Side | null, patch: Patch, words: string, instead: boolean): Generator<ImpliedScenario, void, undefined> {
	if (!pre || !post) return;
	const { table } = post.sources;
	const all = claims(table, patch);
	const said = instead ? all.slice(0, 1) : all.some(({ of }) => of === undefined) ? all : [...claimsOfComments(table, patch), ...all];
	if (said.length === 0) return;
	const changes = changedOnEither(pre, post).flatMap((name) => changeOf(parser, name, pre, post, () => []) ?? []);
	const every = changes.flatMap(editsOf);
	const telling = every.filter((edit) => isTelling(edit, words) && !tendsLock(edit, every) && !measures(edit, every));
	// Words that may mean other things are no claim of readers that nobody waits for where somebody does on both sides.
	const claimed = waitsEitherWay(pre, post) ? said.filter(({ of, check }) => !of || check !== 'use-after-free') : said;
	const divides = telling.some(keepsNobodyOut);
	const edits = ranked(withoutConversions(telling).filter((edit) => !keepsNobodyOut(edit)), words);
	let made = 0;
	for (const claim of claimed) {
		// A section that is two now lets others in: words that may mean other things are not taken for the opposite.
		if (divides && claim.of && claim.check === 'check-then-act') continue;
		for (const edit of edits) {
			if (claim.of && locksNewWork(edit)) continue;
			if (edit.how === 'instead' && claim.of && ((claim.check !== 'refcount-leak' && claim.of.test(edit.was?.text ?? '')) || instead)) continue;
			const scenario = claim.of && !claim.of.test(edit.how === 'guard' && claim.check === 'use-after-free' ? headOf(edit.made) : edit.made.text) ? null : enacted(edit, claim, checkOf(claim, edit, words), words);
			if (!scenario) continue;
			yield scenario;
			if (++made === TOLD_BOUND) return;
		}
	}
}

/** What the patch puts against what its mail claims where that is two steps, or a lock that only some of those who meet take, and so no end of it. */
export function halfRemedies(parser: CParser, pre: Side | null, post: Side | null, patch: Patch): readonly ImpliedScenario[] {
	if (!pre || !post) return [];
	const { table } = post.sources;
	const title = patch.subject.replace(/^(?:\[[^\]]*\]\s*)+/, '');
	// Where the text says that it is a remedy, what it says of races counts.
	const outright = claims(table, isMeant(table, title, patch) !== 'yes' && patch.prose.some(({ text }) => says(table, 'fixes-it', text)) ? { ...patch, subject: `Fix: ${title}` } : patch);
	// What is meant as a remedy and names no failure that is known here may fall short as well: of what its lines show.
	const met = outright.length > 0 ? undefined : raceClaims(table, patch).find(({ parties: [one, other] }) => one === other && one !== undefined && post.changed.includes(one));
	const said: readonly Claim[] = met ? [{ check: 'check-then-act', text: met.text }] : outright.length > 0 || isMeant(table, title, patch) !== 'yes' ? outright : [{ check: 'check-then-act', text: title, of: /^/ }];
	if (said.length === 0) return [];
	return post.changed.flatMap((name) => changeOf(parser, name, pre, post, () => []) ?? []).flatMap((change) => HALVES.reduce<ImpliedScenario | null>((found, half) => found ?? half(change, said, patch), null) ?? []).slice(0, HALVES_BOUND);
}

/** What a remedy may fall short of: the first that is found of a function is tried. */
const HALVES: readonly ((change: Change, claims: readonly Claim[], patch: Patch) => ImpliedScenario | null)[] = [twoSteps, testLeftOut, locksOfSome, lookedOutside, updatesInSteps, locksEachStep, releasedEarly, asleepLate, usedPast, heldLate, stopsWeaker, waitsLate, freedAtOnce, askedAlone, fenceAlone, doesNothing];

/** Tests and locks of the patch that are tried. */
const HALVES_BOUND = 2;

/** What may be seen of a failure that the mail names outright. */
const SEEN_AS: Readonly<Partial<Record<CheckName, readonly CheckName[]>>> = {
	'use-after-free': ['use-after-free', 'refcount-underflow', 'resurrection', 'block-reused', 'stale-mapping', 'assertion', 'pinned-after-free'],
	'refcount-underflow': ['refcount-underflow', 'use-after-free', 'resurrection', 'assertion'],
	deadlock: ['deadlock', 'irq-unsafe-lock', 'lock-held-at-return', 'unlock-not-held'],
	'irq-unsafe-lock': ['irq-unsafe-lock', 'deadlock'],
	'sleep-in-atomic': ['sleep-in-atomic', 'deadlock'],
	'lock-held-at-return': ['lock-held-at-return', 'deadlock'],
	'unlock-not-held': ['unlock-not-held', 'lock-held-at-return', 'deadlock'],
	'refcount-leak': ['refcount-leak'],
	'stale-mapping': ['stale-mapping', 'use-after-free', 'block-reused', 'lost-data'],
};

/** Whether what the patch was seen to end may be what the mail names in the first place. */
export function isWhatIsClaimed(table: Table, patch: Patch, seen: readonly CheckName[]): boolean {
	const [first] = claims(table, patch);
	const kin = first && first.of === undefined ? SEEN_AS[first.check] : undefined;
	return kin === undefined || seen.some((check) => kin.includes(check));
}

/** Calls that make or destroy a lock, by how they are named. */
const MAKES_OR_DESTROYS_LOCK = /^(?:\w+\s*=\s*)?(?:(?:\w+_)?(?:(?:spin|rw|mr)?lock|mutex|rwsem|sema?|semaphore)_(?:init|destroy|fini|deinit)|(?:\w+_)?(?:init|free|destroy)_rwsem)\s*\(/;

/** Nor does who makes or destroys one where nobody did: what a lock needs of that to work, or to be debugged. What another function did is done at another time now. */
const tendsLock = ({ how, made, does }: Edit, all: readonly Edit[]): boolean => (how === 'added' || how === 'way' || how === 'instead') && MAKES_OR_DESTROYS_LOCK.test(does ?? made.text) && !all.some((other) => other.how === 'gone' && MAKES_OR_DESTROYS_LOCK.test(other.made.text));

/** What comes behind a lock that the patch takes was done under that lock before as well: nobody new is kept out of it. */
function keepsNobodyOut({ change, how, made, next }: Edit): boolean {
	if (how !== 'added' || !next) return false;
	const taken = change.now.filter((site) => site.start >= made.start && site.start < made.end && site.row?.effect === 'lock' && lockOf(site) !== null);
	const locks = taken.flatMap((site) => lockOf(site) ?? []);
	// For writing now, where it was for reading.
	if (taken.some((site) => isExclusive(site) && change.old.some((other) => other.row?.effect === 'lock' && lockOf(other) === lockOf(site) && !isExclusive(other)))) return false;
	const held = locks.length > 0 ? pointsOf(change.before, change.old).find(({ node }) => node.start === next.before.start)?.held : undefined;
	return held !== undefined && locks.every((lock) => held.has(lock));
}

/** A lock of the patch's own, under which something new is done: words that may mean other things do not say that it keeps others out of what was there. */
const locksNewWork = ({ change, how, made }: Edit): boolean => how === 'added' && change.now.some((site, at) => {
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

const isTelling = (edit: Edit, words: string): boolean => !isOwnAffair(edit, words) && bears(edit);

/** A bound that is another one, or a time: it keeps nobody out who was not kept out before. What counts or takes a lock by it is another matter. */
const measures = ({ change, how, made }: Edit, all: readonly Edit[]): boolean => {
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
function ranked(edits: readonly Edit[], words: string): readonly Edit[] {
	const spoken = new Set(words.match(/[A-Za-z_]\w{3,}/g));
	const rank = ({ made, how }: Edit): number => {
		const head = headOf(made);
		const named = [...head.matchAll(/[A-Za-z_]\w{3,}/g)].some(([word]) => spoken.has(word));
		const bears = how === 'guard' || how === 'moved' || [takesLock, unlocks, drops, takes, clears, signals].some((nature) => nature(head));
		return (named ? 0 : 1) + (bears ? 0 : 2) + (made.type === 'declaration' ? 4 : 0) + (how === 'gone' ? 1 : 0) + (how === 'instead' ? 8 : 0);
	};
	return edits.map((edit) => ({ edit, by: rank(edit) })).sort((a, b) => a.by - b.by).map(({ edit }) => edit);
}

/** Right behind a lock that the patch takes for it. */
const isUnderOwnLock = ({ change: { after: { file, fn } }, made }: Edit): boolean => {
	const ahead = parentOf(fn.body, made)?.named.findLast(({ end, type }) => end <= made.start && type === 'expression_statement');
	return ahead !== undefined && takesLock(headOf(ahead)) && file.place(ahead.line).changed;
};

const isForTest = ({ change: { after: { file, fn } }, made }: Edit): boolean => {
	const then = nextOf(fn.body, made);
	return then?.type === 'if_statement' && file.place(then.line).changed;
};

const ENTRY = /\b(?:huge_)?p(?:te|md|ud|4d)(?:p|val)?_\w+\s*\(|\bis_\w*(?:pmd|pte|swap|migration|hwpoison)\w*\s*\(/;

/** A mail that speaks of a race alone leaves open what that breaks; the lines say more. */
function checkOf({ check }: Claim, edit: Edit, words: string): CheckName {
	const { how, made, next } = edit;
	const { table } = edit.change.post.sources;
	if (check !== 'check-then-act') return check;
	if (how === 'added' && waitsForRunning(edit) && says(table, 'taken-from-runner', words)) return 'use-after-free';
	if (how === 'added' && (beginsReadSide(edit.change.post, made.text) || (takesLock(made.text) && next && WALKS.test(headOf(next.after))))) return 'use-after-free';
	// What is asked for once more may have changed since.
	if (how === 'guard' && ENTRY.test(headOf(made)) && (says(table, 'asked-again', words) || isUnderOwnLock(edit))) return check;
	if ((says(table, 'mapped', words) && says(table, 'taken-down', words)) || (says(table, 'page-tables', words) && says(table, 'given-up', words))) return 'stale-mapping';
	if (beginsWith(table, 'makes-completion', made.text) || beginsWith(table, 'resets-completion', made.text)) return 'lost-data';
	if (says(table, 'overwritten', words) && how === 'moved') return 'lost-data';
	if (WAITED.test(headOf(made))) return 'deadlock';
	// A reference that is held meanwhile is one on something that goes away.
	if (how === 'added' && made.type === 'expression_statement' && HOLDS.test(made.text) && says(table, 'counted', words)) return 'use-after-free';
	// It is taken for the sake of a test of the patch's own.
	if (how === 'added' && takesLock(made.text) && isForTest(edit)) return check;
	if (how === 'added' && takesLock(made.text) && next && fetchesPointer(edit, next.after) && says(table, 'given-back', words)) return 'use-after-free';
	return how === 'added' && takesLock(made.text) && next?.after.type !== 'if_statement' ? 'lost-data' : check;
}

/** It keeps what it finds in a field in a variable that is followed later on. */
function fetchesPointer({ change }: Edit, { type, text }: CNode): boolean {
	const name = type === 'declaration' || type === 'expression_statement' ? /^(?:[a-z_][\w\s]*[\s*])?([A-Za-z_]\w*)\s*=(?!=)[^=;]*(?:->|\.)\w+\s*;$/.exec(text)?.[1] : undefined;
	return name !== undefined && new RegExp(`(?<![\\w.>])${name}->|\\*\\s*${name}\\b`).test(change.after.fn.body.text);
}

/** It goes from entry to entry. */
const WALKS = /^\w*for_each\w*\s*\(/;

/** What it stops, or waits for, may be running. */
const waitsForRunning = ({ change, made }: Edit): boolean => change.now.some(({ start, row }) => start >= made.start && start < made.end && ((row?.effect === 'cancel' && row.wait) || row?.effect === 'flush'));

const HOLDS = /^(?:\w*_)?(?:get|hold|grab|pin)(?:_\w+)?\s*\(/;

const WAITED = /complet(?!\w*_lock)|wait_event|wake_?up|waitqueue/i;

import type { PartnerRow, Subject } from '../../knowledge/partner-row';
import { says } from '../../knowledge/phrases';
import type { Definition } from '../../lower/sources';
import { lowerOnce } from '../../lower/again/lowered-before';
import { changesNothing } from '../../mail/intent';
import type { Sayings } from '../../mail/sayings';
import type { CParser } from '../../parse';
import { type Side, changedOnEither } from '../sides/side';
import type { Models } from '../sides/sources';
import { atomicContexts } from './atomic-context';
import { type Change, changeOf, mirrored } from './change';
import { consumed } from './consumed';
import { elidedWork } from './elided-work';
import { findingsOf } from './found-once';
import { freshOperation } from './fresh';
import { givesUp } from './gives-up';
import { isAdded, isKeptOtherwise, isMissedAlone, isToldAlone, unclaimed } from './unsaid';
import { jointCallers } from './joint';
import { handedDown } from './moved-lock';
import { isNewborn } from './newborn';
import { onlyHolds, onlyMoves } from './only-holds';
import { ownProtocol } from './own-protocol';
import { missed, takenAway, wanted } from './taken-away';
import { turnedThreads } from './threaded';
import { toldSleeps } from './told-sleep';
import { type Finding, type ImpliedScenario, partner } from './partner';
import { rootOf } from './sites';

export type { ImpliedScenario } from './partner';

/** Of the function's file just the patch's own lines are in sight: whoever else takes its locks is not. */
const inFragments = ({ post, after }: Change): boolean => post.files.some(({ source, image }) => source === after.file && image.completeness === 'fragments');

/** Subjects that a function speaks of only where a part of it, or of those who call it, is out of sight. */
const PARTIAL: ReadonlySet<Subject> = new Set(['interrupted-lock', 'guarded-lookup']);
/** Subjects that an operation which the patch makes speaks of: what was done in its place before had no lock. */
const FRESH: ReadonlySet<Subject> = new Set(['page-fill']);
/** Subjects that are asked of who calls two changed functions, for what one does now and the other did before: they read helpers as if they stood there. */
const JOINT: ReadonlySet<Subject> = new Set(['wake-up']);
/** What is said of changes that are said to change nothing: who is waited for, under which lock the last reference goes, whether readers are left a way on, and who is woken. */
const KEPT_ALIKE: ReadonlySet<Subject> = new Set(['stop', 'last-put', 'turned-link', 'wake-up']);
/** Scenarios per patch that a change may speak of; those behind them are left out. */
const IMPLIED_BOUND = 12;

/**
 * Partners that nobody shows but the change itself speaks of: a cancel speaks of what it cancels, interrupts that are now disabled of an interrupt
 * that takes the lock, a grace period of a reader, a reference taken only above zero of the last drop. Each is a row of the table, its words found
 * in the change's own expressions; each is a stated assumption, and may say no more than that the side without the protection fails.
 */
export function implied(parser: CParser, pre: Side | null, post: Side | null, models: Models, mail: string, said: Sayings): readonly ImpliedScenario[] {
	if (!pre || !post) return [];
	const changes = changesIn(changedOnEither(pre, post), parser, pre, post, models);
	const joint = changesIn(jointCallers(changes), parser, pre, post, models);
	const fresh = post.changed.flatMap((name) => freshOperation(parser, name, pre, post) ?? []);
	// That nothing changes may be meant and not true: of an end that is no longer waited for, or no longer comes under its lock, it is not taken.
	if (changesNothing(post.sources.table, mail)) return [...changes.flatMap((change) => partners(change, changes, mail, said, KEPT_ALIKE)), ...joint.flatMap((change) => partners(change, changes, mail, said, JOINT))].filter(({ tells }) => tells === 'introduces').slice(0, IMPLIED_BOUND);
	return [...first(IMPLIED_BOUND, (function* () {
		for (const change of fresh) yield partners(change, changes, mail, said, FRESH);
		for (const change of joint) yield partners(change, changes, mail, said, JOINT);
		for (const change of changes) {
			yield partners(change, changes, mail, said);
			yield lost(change, mail);
			if (said.nothing) yield gained(change, changes);
			yield unsaidLosses(change, changes, said, mail);
			if (!change.whole) yield [...(said.deadlocks || says(post.sources.table, 'waits-for-ever', mail) ? givesUp(change) : []), ...atomicContexts(change, mail), ...ownProtocol(change, changes, mail), ...elidedWork(change, changes, mail)];
			yield consumed(change, said, mail);
		}
	})()), ...toldSleeps(changes, said), ...turnedThreads(changes, said)];
}

/** What the patch does in the functions of these names. */
const changesIn = (names: readonly string[], parser: CParser, pre: Side, post: Side, models: Models): readonly Change[] =>
	names.flatMap((name) => changeOf(parser, name, pre, post, (definition, side) => threadKeys(definition, side, models)) ?? []);

/** The first of all that these have; what comes behind them is not looked for. */
function first(bound: number, parts: Iterable<readonly ImpliedScenario[]>): readonly ImpliedScenario[] {
	const found: ImpliedScenario[] = [];
	for (const part of parts) {
		found.push(...part);
		if (found.length >= bound) break;
	}
	return found.slice(0, bound);
}

/** A release of a lock: what is done behind it now need not be what ends the lock. */
const isUnlockOf = ({ post }: Change, text = ''): boolean => post.sources.table.rows.get(/^(\w+)\s*\(/.exec(text)?.[1] ?? '')?.effect === 'unlock';

/** What rows that are told by their lines alone say of a change whose mail has sentences, and none of the row's words: that the patch ends something, and nothing else. What a mail must claim it must claim. */
export function impliedByLines(parser: CParser, pre: Side | null, post: Side | null, models: Models, mail: string, said: Sayings): readonly ImpliedScenario[] {
	if (!pre || !post || changesNothing(post.sources.table, mail)) return [];
	const changes = changesIn(changedOnEither(pre, post), parser, pre, post, models);
	const rows = post.sources.table.partners.filter((row) => row.silent && !row.claim && !isSpokenOf(row, mail, said) && (row.subject !== 'new-guard' || says(post.sources.table, 'at-a-time', mail)));
	return changes.flatMap((change) => rows.flatMap((row) => ofRow(change, changes, row, mail, true, (finding) => row.subject !== 'ended-early' || !isUnlockOf(change, finding.words['use'])))).filter(({ tells }) => tells !== 'introduces').slice(0, IMPLIED_BOUND);
}

const words = new Map<string, RegExp>();

/** What was looked for in the mail that was asked last: each of its changed functions asks again. */
let asked: { readonly mail: string; readonly inOneLine: string; readonly found: Map<string, boolean> } = { mail: '', inOneLine: '', found: new Map() };

/** The words of a row, read once. */
function speaksOf(prose: string, mail: string): boolean {
	// Where a line ends says nothing.
	if (asked.mail !== mail) asked = { mail, inOneLine: mail.replace(/\s+/g, ' '), found: new Map() };
	const before = asked.found.get(prose);
	if (before !== undefined) return before;
	const known = words.get(prose) ?? new RegExp(prose, 'i');
	words.set(prose, known);
	const found = known.test(asked.inOneLine);
	asked.found.set(prose, found);
	return found;
}

function partners(change: Change, changes: readonly Change[], mail: string, said: Sayings, subjects?: ReadonlySet<Subject>): readonly ImpliedScenario[] {
	return change.post.sources.table.partners.flatMap((row) => {
		const spoken = isSpokenOf(row, mail, said);
		return (subjects && !subjects.has(row.subject)) || !(spoken || isToldAlone(row, said)) ? [] : ofRow(change, changes, row, mail, !spoken);
	});
}

/** What the row finds in the change. `alone`: without a word of the mail. */
function ofRow(change: Change, changes: readonly Change[], row: PartnerRow, mail: string, alone: boolean, also: (finding: Finding) => boolean = () => true): readonly ImpliedScenario[] {
	if (PARTIAL.has(row.subject) && change.whole && !(row.subject === 'interrupted-lock' && inFragments(change))) return [];
	// A mail that speaks of no trouble hands a lock down, and takes it nowhere where it was not held.
	const isHandedDown = ({ tells, words: { lock } }: Finding): boolean => tells === 'fixes' && lock !== undefined && !says(change.post.sources.table, 'trouble', mail) && handedDown(change, lock);
	const hasReason = ({ words: { shown } }: Finding): boolean => shown !== undefined && says(change.post.sources.table, 'gives-reason', mail);
	return findingsOf(change, row)
		.filter((finding) => !alone || isAdded(change, row, finding, changes))
		.filter((finding) => !hasReason(finding) && !isExplained(finding, mail) && !isOfNewborn(change, finding) && !isHandedDown(finding) && also(finding))
		.flatMap((finding) => partner(change, ...asPlayed(alone ? unclaimed(row) : row, finding)) ?? []);
}

/** The mail claims what the row asks for, and has its words. */
const isSpokenOf = ({ claim, prose }: PartnerRow, mail: string, said: Sayings): boolean => (!claim || [claim].flat().some((each) => said[each])) && (!prose || speaksOf(prose, mail));

/** The mail itself names the lock under which that is done, as what keeps others away. */
const isExplained = ({ words: { under } }: Finding, mail: string): boolean => (under?.split(' ') ?? []).some((lock) => new RegExp(`\\b${lock}\\b`).test(mail));

/** Where who is meant is in sight and goes without the lock, so does the made-up one, before and after. */
function asPlayed(row: PartnerRow, finding: Finding): readonly [PartnerRow, Finding] {
	if (finding.words['bare'] === undefined || row.bare === undefined || finding.tells !== 'fixes') return [row, finding];
	return [{ ...row, says: row.bare }, { ...finding, tells: 'still-fails', words: { ...finding.words, acquire: '', release: '' } }];
}

/** What is said of an object that the function has just made, before and after the patch: nobody else has found it. */
function isOfNewborn({ before, after, old, now, post: { sources: { table } } }: Change, { words: { base, object }, marked }: Finding): boolean {
	const name = rootOf(object ?? base ?? '');
	return !!marked && !!name && isNewborn(table, before, old, name, marked.before) && isNewborn(table, after, now, name, marked.after);
}

/** What rows that are told by their lines alone say of the change the other way round. */
function unsaidLosses(change: Change, changes: readonly Change[], said: Sayings, mail: string): readonly ImpliedScenario[] {
	return change.post.sources.table.partners.filter((row) => isMissedAlone(row, said)).flatMap((row) => missed(change, unclaimed(row), (each) => findingsOf(each, row).filter((finding) => !isOfNewborn(each, finding) && !isKeptOtherwise(change, row, finding, mail) && isAdded(each, row, finding, changes.map(mirrored)))));
}

/** Partners that the change lets in by what it takes away. */
const lost = (change: Change, mail: string): readonly ImpliedScenario[] =>
	change.post.sources.table.partners.flatMap((row) => takenAway(change, row, (each, of) => findingsOf(each, of).filter((finding) => !isOfNewborn(each, finding)), mail));

/**
 * Whom the change keeps out now, where it does nothing else and the mail has no word of why: whoever else holds what it takes a reference of, or is at what it moves under a lock that is
 * taken before and after.
 */
function gained(change: Change, changes: readonly Change[]): readonly ImpliedScenario[] {
	const subject: Subject | null = onlyHolds(changes) ? 'lost-hold' : changes.length === 1 && onlyMoves(change) ? 'lost-lock' : null;
	return change.post.sources.table.partners.flatMap((row) => (row.subject === subject ? wanted(change, row, (each) => findingsOf(each, row).filter((finding) => !isOfNewborn(change, finding))) : []));
}

/** The names under which the lowered code knows the threads that the function starts or stops. */
const threadKeys = (definition: Definition, side: Side, models: Models): readonly string[] => lowerOnce({
	parties: [{ name: definition.fn.name, entry: definition.fn.name, definition, context: 'task', start: 'ready', runs: 1, modelled: false }],
	sources: side.sources, oracle: side.sources.oracle, registered: [], models, bindings: new Map(), name: definition.fn.name, spawns: false,
}).mentioned;

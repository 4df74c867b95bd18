import type { Subject } from '../../knowledge/partner-row';
import type { Definition } from '../../lower/sources';
import { lowerOnce } from '../../lower/lowered-before';
import type { Sayings } from '../../mail/sayings';
import type { CParser } from '../../parse';
import type { Side } from '../side';
import type { Models } from '../sources';
import { atomicContexts } from './atomic-context';
import { type Change, changeOf } from './change';
import { consumed } from './consumed';
import { elidedWork } from './elided-work';
import { freshOperation } from './fresh';
import { givesUp } from './gives-up';
import { ownProtocol } from './own-protocol';
import { takenAway } from './taken-away';
import { toldSleeps } from './told-sleep';
import { callOrders } from './subjects/call-order';
import { type Finder, type ImpliedScenario, partner } from './partner';
import { clearedLate } from './subjects/cleared-late';
import { consumedReturns } from './subjects/consumed-return';
import { endedEarly } from './subjects/ended-early';
import { pinned } from './subjects/pinned';
import { toldDone } from './subjects/told-done';
import { danglingPointers } from './subjects/dangling';
import { earlyGets } from './subjects/early-get';
import { earlyHolds } from './subjects/early-hold';
import { handedOver } from './subjects/handed-over';
import { exclusions } from './subjects/exclusion';
import { givenUpLocks } from './subjects/given-up-lock';
import { gracePeriods } from './subjects/grace-period';
import { heldOff } from './subjects/held-off';
import { heldWhile } from './subjects/held-while';
import { initOrders, wipedCounts } from './subjects/init-order';
import { interruptedLocks } from './subjects/interrupted-lock';
import { keptAlive } from './subjects/kept-alive';
import { keptLocks } from './subjects/kept-lock';
import { lockedTests, lockedUses } from './subjects/locked-use';
import { lockedAccesses } from './subjects/locked-access';
import { lockedSteps } from './subjects/locked-step';
import { mappedLate } from './subjects/mapped-late';
import { markedAccesses } from './subjects/marked-access';
import { namedCalls } from './subjects/named-call';
import { newGuards } from './subjects/new-guard';
import { noLongerWaited } from './subjects/no-longer-waited';
import { oneSections } from './subjects/one-section';
import { freedOwners } from './subjects/freed-owner';
import { destroyedTwice, freedHere } from './subjects/freed-here';
import { missingHolds } from './subjects/missing-hold';
import { extraDrops, missingDrops } from './subjects/missing-drop';
import { ownHolds } from './subjects/own-hold';
import { orderings } from './subjects/ordering';
import { putOrders } from './subjects/put-order';
import { lastPuts } from './subjects/last-put';
import { readsTwice } from './subjects/read-twice';
import { sameObjects } from './subjects/same-object';
import { splitCounts } from './subjects/split-count';
import { latePublications } from './subjects/publishing';
import { readSections } from './subjects/read-section';
import { guardedLookups, lastReferences } from './subjects/references';
import { callbackBarriers, lastStops, moduleStops, stopOrders, stops, stopsInLocks } from './subjects/stops';
import { takenDown } from './subjects/taken-down';
import { freedPublished, poisonedLinks } from './subjects/unlinking';
import { unregistering } from './subjects/unregistering';
import { doneInSection } from './subjects/done-in-section';
import { insteadOf } from './subjects/instead';
import { madeExclusive } from './subjects/made-exclusive';
import { pageFills, pageRanges } from './subjects/page-range';
import { walks } from './subjects/walk';
import { returnedLocked } from './subjects/returned-locked';
import { rechecked } from './subjects/rechecked';
import { usedAfterwards } from './subjects/used-afterwards';
import { waitedFor } from './subjects/waited-for';
import { wakeUps } from './subjects/wake-up';

export type { ImpliedScenario } from './partner';

const SUBJECTS: Readonly<Record<Subject, Finder>> = {
	'grace-period': gracePeriods, 'read-section': readSections, stop: stops, 'stop-in-lock': stopsInLocks, 'stop-order': stopOrders, 'interrupted-lock': interruptedLocks,
	'last-stop': lastStops, 'callback-barrier': callbackBarriers, unregister: unregistering, exclusion: exclusions, 'locked-use': lockedUses, 'locked-test': lockedTests, 'locked-step': lockedSteps, 'one-section': oneSections, call: namedCalls, 'marked-access': markedAccesses, ordering: orderings, 'early-get': earlyGets, 'wiped-count': wipedCounts, 'init-order': initOrders, 'put-order': putOrders, 'last-reference': lastReferences, 'last-put': lastPuts, walk: walks, 'early-hold': earlyHolds, 'handed-over': handedOver, 'guarded-lookup': guardedLookups, dangling: danglingPointers, 'wake-up': wakeUps, 'taken-down': takenDown,
	'no-longer-waited': noLongerWaited, 'same-object': sameObjects, 'split-count': splitCounts, 'read-twice': readsTwice, 'locked-access': lockedAccesses,
	'missing-drop': missingDrops, 'missing-hold': missingHolds, 'freed-here': freedHere,
	'poisoned-link': poisonedLinks, 'freed-published': freedPublished, 'late-publication': latePublications, 'freed-owner': freedOwners, 'destroyed-twice': destroyedTwice, 'module-stop': moduleStops, 'extra-drop': extraDrops,
	'given-up-lock': givenUpLocks, 'kept-lock': keptLocks, 'own-hold': ownHolds,
	'mapped-late': mappedLate, 'call-order': callOrders, 'held-while': heldWhile, 'used-afterwards': usedAfterwards, rechecked, 'returned-locked': returnedLocked, 'kept-alive': keptAlive, 'new-guard': newGuards,
	'page-range': pageRanges, 'page-fill': pageFills, 'held-off': heldOff, 'waited-for': waitedFor,
	'ended-early': endedEarly, 'cleared-late': clearedLate, 'consumed-return': consumedReturns, pinned, 'told-done': toldDone,
	instead: insteadOf, 'made-exclusive': madeExclusive, 'done-in-section': doneInSection,
};

/** Of the function's file just the patch's own lines are in sight: whoever else takes its locks is not. */
const inFragments = ({ post, after }: Change): boolean => post.files.some(({ source, image }) => source === after.file && image.completeness === 'fragments');

/** Subjects that a function speaks of only where a part of it, or of those who call it, is out of sight. */
const PARTIAL: ReadonlySet<Subject> = new Set(['interrupted-lock', 'guarded-lookup']);
/** Subjects that an operation which the patch makes speaks of: what was done in its place before had no lock. */
const FRESH: ReadonlySet<Subject> = new Set(['page-fill']);
/** Words of a mail about who waits for whom for ever. */
const WAITS = /\b(dead-?lock\w*|lock-?up|hang\w*|hung|stuck|recurs\w*|re-?ent\w*|circular|inver(t|sion)\w*|lock(ing)? order\w*|abba|lockdep|already (held|holds|owns|taken)|(blocks?|waits?) for ?ever)\b/i;
/** The mail says that there is nothing to find. */
const CHANGES_NOTHING = /\bno (intended )?(functional|behaviou?ral?) change/i;
/** What is said of changes that are said to change nothing. */
const STOPS: ReadonlySet<Subject> = new Set(['stop']);
/** Scenarios per patch that a change may speak of; those behind them are left out. */
const IMPLIED_BOUND = 12;

/**
 * Partners that nobody shows but the change itself speaks of: a cancel speaks of what it cancels, interrupts that are now disabled of an interrupt
 * that takes the lock, a grace period of a reader, a reference taken only above zero of the last drop. Each is a row of the table, its words found
 * in the change's own expressions; each is a stated assumption, and may say no more than that the side without the protection fails.
 */
export function implied(parser: CParser, pre: Side | null, post: Side | null, models: Models, mail: string, said: Sayings): readonly ImpliedScenario[] {
	if (!pre || !post) return [];
	const changes = [...new Set([...post.changed, ...pre.changed])].flatMap((name) => changeOf(parser, name, pre, post, (definition, side) => threadKeys(definition, side, models)) ?? []);
	const fresh = post.changed.flatMap((name) => freshOperation(parser, name, pre, post) ?? []);
	// That nothing changes may be meant and not true: of what is no longer waited for before the end of what it uses, it is not taken.
	if (CHANGES_NOTHING.test(mail)) return changes.flatMap((change) => partners(change, mail, said, STOPS)).filter(({ tells }) => tells === 'introduces').slice(0, IMPLIED_BOUND);
	return [...fresh.flatMap((change) => partners(change, mail, said, FRESH)), ...changes.flatMap((change) => [...partners(change, mail, said), ...lost(change, mail), ...(change.whole ? [] : [...(said.deadlocks || WAITS.test(mail) ? givesUp(change) : []), ...atomicContexts(change), ...ownProtocol(change, changes, mail), ...elidedWork(change, changes, mail)]), ...consumed(change, said, mail)]).slice(0, IMPLIED_BOUND), ...toldSleeps(changes, said)];
}

const words = new Map<string, RegExp>();

/** The words of a row, read once. */
function speaksOf(prose: string, mail: string): boolean {
	const known = words.get(prose) ?? new RegExp(prose, 'iu');
	words.set(prose, known);
	return known.test(mail);
}

function partners(change: Change, mail: string, said: Sayings, subjects?: ReadonlySet<Subject>): readonly ImpliedScenario[] {
	return change.post.sources.table.partners.flatMap((row) => {
		if ((subjects && !subjects.has(row.subject)) || (PARTIAL.has(row.subject) && change.whole && !(row.subject === 'interrupted-lock' && inFragments(change))) || (row.claim && ![row.claim].flat().some((each) => said[each])) || (row.prose && !speaksOf(row.prose, mail))) return [];
		return SUBJECTS[row.subject](change, row).flatMap((finding) => partner(change, row, finding) ?? []);
	});
}

/** Partners that the change lets in by what it takes away. */
const lost = (change: Change, mail: string): readonly ImpliedScenario[] => change.post.sources.table.partners.flatMap((row) => takenAway(change, row, SUBJECTS[row.subject], mail));

/** The names under which the lowered code knows the threads that the function starts or stops. */
const threadKeys = (definition: Definition, side: Side, models: Models): readonly string[] => lowerOnce({
	parties: [{ name: definition.fn.name, entry: definition.fn.name, definition, context: 'task', start: 'ready', runs: 1, modelled: false }],
	sources: side.sources, oracle: side.sources.oracle, registered: [], models, bindings: new Map(), name: definition.fn.name, spawns: false,
}).mentioned;

import type { Subject } from '../../../knowledge/partner-row';
import type { Finder } from '../partner';
import { leftBehind } from './left-behind';
import { leftListed } from './left-listed';
import { tornGuards } from './torn-guard';
import { earlyWaits } from './early-wait';
import { lateStops } from './late-stop';
import { weakStops } from './weak-stop';
import { assertedAway } from './asserted-away';
import { askedUnderLock } from './asked-under-lock';
import { callOrders } from './call-order';
import { clearedLate } from './cleared-late';
import { consumedReturns } from './consumed-return';
import { danglingPointers } from './dangling';
import { doneInSection } from './done-in-section';
import { earlyGets } from './early-get';
import { earlyHolds } from './early-hold';
import { earlyStops } from './early-stop';
import { escapedEntries } from './escaped-entry';
import { endedEarly } from './ended-early';
import { exclusions } from './exclusion';
import { destroyedTwice, freedBeforeLast, freedHere } from './freed-here';
import { freedOwners } from './freed-owner';
import { givenUpLocks } from './given-up-lock';
import { gracePeriods } from './grace-period';
import { handedOver } from './handed-over';
import { heldOff } from './held-off';
import { heldWhile } from './held-while';
import { initialisedOnce } from './initialised-once';
import { initOrders, wipedCounts } from './init-order';
import { insteadOf } from './instead';
import { interruptedLocks } from './interrupted-lock';
import { keptAlive } from './kept-alive';
import { keptLocks } from './kept-lock';
import { lastPuts } from './last-put';
import { lockedAccesses } from './locked-access';
import { lockedSteps } from './locked-step';
import { lockedTests, lockedUses } from './locked-use';
import { flushedLate } from './flushed-late';
import { foundAgain } from './found-again';
import { frozenCounts } from './frozen-count';
import { lookedAgain } from './looked-again';
import { lostHolds } from './lost-hold';
import { lostLocks } from './lost-lock';
import { lostSections } from './lost-section';
import { madeExclusive } from './made-exclusive';
import { mappedLate } from './mapped-late';
import { mappedUnasked } from './mapped-unasked';
import { markedAccesses } from './marked-access';
import { extraDrops, missingDrops } from './missing-drop';
import { missingHolds } from './missing-hold';
import { missingReleases } from './missing-release';
import { namedCalls } from './named-call';
import { newGuards } from './new-guard';
import { noLongerWaited } from './no-longer-waited';
import { oneSections } from './one-section';
import { orderings } from './ordering';
import { ownHolds } from './own-hold';
import { pageFills, pageRanges } from './page-range';
import { pairOrders } from './pair-order';
import { pinned } from './pinned';
import { latePublications } from './publishing';
import { putOrders } from './put-order';
import { queuedInVain } from './queued-in-vain';
import { readSections } from './read-section';
import { readWalks } from './read-walk';
import { readsTwice } from './read-twice';
import { rechecked } from './rechecked';
import { guardedLookups, lastReferences } from './references';
import { returnedLocked } from './returned-locked';
import { sameObjects } from './same-object';
import { splitCounts } from './split-count';
import { callbackBarriers, lastStops, moduleStops, stopOrders, stops, stopsInLocks } from './stops';
import { takenDown } from './taken-down';
import { toldDone } from './told-done';
import { freedPublished, poisonedLinks, turnedLinks } from './unlinking';
import { turnedNests } from './turned-nest';
import { unregistering } from './unregistering';
import { usedAfterwards } from './used-afterwards';
import { waitedFor } from './waited-for';
import { wakeUps } from './wake-up';
import { walks } from './walk';

/** For each subject of the partners' rows, what finds in a change the words that it gives. */
export const FINDERS: Readonly<Record<Subject, Finder>> = {
	'grace-period': gracePeriods, 'read-section': readSections, stop: stops, 'stop-in-lock': stopsInLocks, 'stop-order': stopOrders, 'interrupted-lock': interruptedLocks,
	'last-stop': lastStops, 'callback-barrier': callbackBarriers, unregister: unregistering, exclusion: exclusions, 'locked-use': lockedUses, 'locked-test': lockedTests, 'locked-step': lockedSteps, 'one-section': oneSections, call: namedCalls, 'marked-access': markedAccesses, ordering: orderings, 'early-get': earlyGets, 'wiped-count': wipedCounts, 'init-order': initOrders, 'put-order': putOrders, 'last-reference': lastReferences, 'last-put': lastPuts, walk: walks, 'early-hold': earlyHolds, 'handed-over': handedOver, 'guarded-lookup': guardedLookups, dangling: danglingPointers, 'wake-up': wakeUps, 'taken-down': takenDown,
	'no-longer-waited': noLongerWaited, 'same-object': sameObjects, 'split-count': splitCounts, 'read-twice': readsTwice, 'locked-access': lockedAccesses,
	'missing-drop': missingDrops, 'missing-hold': missingHolds, 'missing-release': missingReleases, 'freed-here': (change) => [...freedHere(change), ...freedBeforeLast(change)],
	'poisoned-link': poisonedLinks, 'turned-link': turnedLinks, 'freed-published': freedPublished, 'late-publication': latePublications, 'freed-owner': freedOwners, 'destroyed-twice': destroyedTwice, 'module-stop': moduleStops, 'extra-drop': extraDrops,
	'given-up-lock': givenUpLocks, 'kept-lock': keptLocks, 'lost-lock': lostLocks, 'lost-hold': lostHolds, 'lost-section': lostSections, 'turned-nest': turnedNests, 'own-hold': ownHolds,
	'mapped-late': mappedLate, 'call-order': callOrders, 'held-while': heldWhile, 'used-afterwards': usedAfterwards, rechecked, 'returned-locked': returnedLocked, 'initialised-once': initialisedOnce, 'kept-alive': keptAlive, 'new-guard': newGuards,
	'page-range': pageRanges, 'page-fill': pageFills, 'held-off': heldOff, 'waited-for': waitedFor,
	'ended-early': endedEarly, 'cleared-late': clearedLate, 'consumed-return': consumedReturns, pinned, 'told-done': toldDone,
	instead: insteadOf, 'made-exclusive': madeExclusive, 'done-in-section': doneInSection,
	'weak-stop': weakStops, 'early-wait': earlyWaits, 'late-stop': lateStops, 'early-stop': earlyStops, 'torn-guard': tornGuards, 'left-behind': leftBehind, 'left-listed': leftListed, 'escaped-entry': escapedEntries, 'asked-under-lock': askedUnderLock, 'read-walk': readWalks, 'pair-order': pairOrders, 'queued-in-vain': queuedInVain,
	'looked-again': lookedAgain, 'frozen-count': frozenCounts, 'flushed-late': flushedLate, 'found-again': foundAgain, 'asserted-away': assertedAway, 'mapped-unasked': mappedUnasked,
};

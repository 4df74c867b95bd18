import type { FindersOf } from '../../partner';
import { askedUnderLock } from './asked-under-lock';
import { assertedAway } from './asserted-away';
import { doneApart } from './done-apart';
import { doneInSection } from './done-in-section';
import { foundAgain } from './found-again';
import { lookedAgain } from './looked-again';
import { newGuards } from './new-guard';
import { oneSections } from './one-section';
import { readsTwice } from './read-twice';
import { rechecked } from './rechecked';
import { toldDone } from './told-done';
import { tornGuards } from './torn-guard';

/** What is asked, and gone by: in one section or one step, or asked once more. */
export const TESTS = {
	'asked-under-lock': askedUnderLock, 'asserted-away': assertedAway, 'done-apart': doneApart, 'done-in-section': doneInSection, 'found-again': foundAgain,
	'looked-again': lookedAgain, 'new-guard': newGuards, 'one-section': oneSections, 'read-twice': readsTwice, rechecked, 'told-done': toldDone,
	'torn-guard': tornGuards,
} satisfies FindersOf;

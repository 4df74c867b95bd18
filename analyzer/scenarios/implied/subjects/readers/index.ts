import type { FindersOf } from '../../partner';
import { calledSections } from './called-section';
import { earlyWaits } from './early-wait';
import { escapedEntries } from './escaped-entry';
import { gracePeriods } from './grace-period';
import { handedOver } from './handed-over';
import { lostSections } from './lost-section';
import { readSections } from './read-section';
import { readWalks } from './read-walk';
import { freedPublished, poisonedLinks, turnedLinks } from './unlinking';
import { walks } from './walk';

/** Read sides, those who are in them, and the grace periods that wait for them. */
export const READERS = {
	'called-section': calledSections, 'early-wait': earlyWaits, 'escaped-entry': escapedEntries, 'freed-published': freedPublished, 'grace-period': gracePeriods, 'handed-over': handedOver,
	'lost-section': lostSections, 'poisoned-link': poisonedLinks, 'read-section': readSections, 'read-walk': readWalks, 'turned-link': turnedLinks,
	walk: walks,
} satisfies FindersOf;

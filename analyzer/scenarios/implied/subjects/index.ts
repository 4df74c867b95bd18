import type { Subject } from '../../../knowledge/partner-row';
import type { Finder } from '../partner';
import { CALLS } from './calls';
import { LIFETIMES } from './lifetimes';
import { LOCKS } from './locks';
import { ORDER } from './order';
import { PAGES } from './pages';
import { READERS } from './readers';
import { REFERENCES } from './references';
import { STOPS } from './stops';
import { TESTS } from './tests';
import { WAITERS } from './waiters';

/** For each subject of the partners' rows, what finds in a change the words that it gives. A folder is what they speak of. */
export const FINDERS: Readonly<Record<Subject, Finder>> = {
	...CALLS, ...LIFETIMES, ...LOCKS, ...ORDER, ...PAGES, ...READERS, ...REFERENCES, ...STOPS, ...TESTS, ...WAITERS,
};

import type { CheckName } from '../../sim';
import { expression } from './expressions';

/** Failures that mails name. */
export const FAILURES = [
	'sleep-in-atomic', 'irq-unsafe-lock', 'unlock-not-held', 'lock-held-at-return', 'refcount-underflow', 'use-after-free', 'deadlock', 'refcount-leak', 'stale-mapping', 'data-race', 'lost-data', 'check-then-act', 'assertion',
] as const satisfies readonly CheckName[];

/** A kind of failure, by the words that a mail has for it. `table/failures.yaml` says more. */
export interface FailureRow {
	readonly failure: (typeof FAILURES)[number];
	/** What the mail says, in any case. */
	readonly said?: string;
	/** Instead: as it is written. */
	readonly exact?: string;
	/** What the patch's own lines must be like for words that may mean something else. */
	readonly of?: string;
	/** The words claim less than a failure's own name, whatever the patch's lines are. */
	readonly loosely?: boolean;
	/** What the mail must speak of as well. */
	readonly among?: string;
}

/** What the mail says of it. */
export const saidOf = ({ said, exact }: FailureRow): RegExp => (said === undefined ? expression(exact ?? '(?!)') : expression(said, 'i'));

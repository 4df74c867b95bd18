import type { CheckName } from '../../../sim';
import { beginsWith } from '../../knowledge/namings';
import { says } from '../../knowledge/phrases';
import type { Table } from '../../knowledge/table';
import type { Patch } from '../../mail/patch';
import type { CNode } from '../../parse';
import { beginsReadSide } from '../implied/read-side';
import { nextOf, parentOf } from '../implied/twins';
import { type Claim, claims, wordsOf } from './claim';
import type { Edit } from './edit';
import { givesBack, takesLock } from './nature';
import { headOf } from './standing';

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

/** Of those who make the same at once. */
const OF_MAKERS: readonly CheckName[] = ['check-then-act', 'data-race', 'lost-data', 'refcount-leak'];

/** Whether what the patch was seen to end may be what the mail names in the first place. */
export function isWhatIsClaimed(table: Table, patch: Patch, seen: readonly CheckName[]): boolean {
	const [first] = claims(table, patch);
	const kin = first && first.of === undefined ? (first.check === 'check-then-act' && says(table, 'made-twice', wordsOf(patch)) ? OF_MAKERS : SEEN_AS[first.check]) : undefined;
	return kin === undefined || seen.some((check) => kin.includes(check));
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
export function checkOf({ check }: Claim, edit: Edit, words: string): CheckName {
	const { how, made, next } = edit;
	const { table } = edit.change.post.sources;
	// Who is waited for ever has left a reference, and so has who came second.
	if ((check === 'deadlock' || check === 'check-then-act') && how === 'added' && givesBack(made.text) && says(table, 'counted', words)) return 'refcount-leak';
	if (check !== 'check-then-act') return check;
	if ((how === 'added' || how === 'moved') && waitsForRunning(edit) && says(table, 'taken-from-runner', words)) return 'use-after-free';
	if (how === 'added' && (beginsReadSide(edit.change.post, made.text) || (takesLock(made.text) && next && WALKS.test(headOf(next.after))))) return 'use-after-free';
	// What is asked for once more may have changed since.
	if (how === 'guard' && ENTRY.test(headOf(made)) && (says(table, 'asked-again', words) || isUnderOwnLock(edit))) return check;
	if ((says(table, 'mapped', words) && says(table, 'taken-down', words)) || (says(table, 'page-tables', words) && says(table, 'given-up', words))) return 'stale-mapping';
	if (beginsWith(table, 'makes-completion', made.text) || beginsWith(table, 'resets-completion', made.text)) return 'lost-data';
	if ((says(table, 'overwritten', words) && how === 'moved') || says(table, 'in-three-steps', words)) return 'lost-data';
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

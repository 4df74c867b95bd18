import { clipped } from '../../parse/plain-text';
import type { CheckName } from '../../../sim';
import { expression } from '../../knowledge/expressions';
import { saidOf } from '../../knowledge/failure-row';
import { says, sayingOf, unsaid } from '../../knowledge/phrases';
import type { Table } from '../../knowledge/table';
import { disclaims, isBenignRace, isFalseAlarm, isForSpeed, isLeakAlone, isMeant, isOfMemoryThatWasNotThere, withoutAssurances, withoutNamedCommits } from '../../mail/intent';
import { type Patch,  type ProseLine, titleOf } from '../../mail/patch';
import { addedComments, removedComments } from '../../mail/remarks-in-code';
import { sentences } from '../../mail/sentences';

/** A failure that the mail says its patch ends. */
export interface Claim {
	readonly check: CheckName;
	/** The sentence, or the subject, that says so. */
	readonly text: string;
	/** What the patch's own lines must be like for it. */
	readonly of?: RegExp;
}

/** Claims of what one does to another one's work, or of two that come at once. */
export const OF_TWO: ReadonlySet<CheckName> = new Set(['check-then-act', 'lost-data', 'use-after-free', 'refcount-underflow', 'data-race']);

/** Updates that are lost, or made on the strength of what another thread has changed: what a race alone is told as. */
export const OF_UPDATES: ReadonlySet<CheckName> = new Set(['check-then-act', 'lost-data']);

/** All that the mail says, its subject first. */
export const wordsOf = ({ subject, prose }: Pick<Patch, 'subject' | 'prose'>): string => [subject, ...prose.map(({ text }) => text)].join('\n');

/** Characters of the mail's sentence that are repeated. */
const SAID_BOUND = 200;
/** How the mail's sentence is repeated. */
export const quoted = (said: string): string => `the mail says: "${clipped(said, SAID_BOUND)}"`;

/** Of words that claim less than a kind of failure's own name, whatever the patch's lines are. */
export const ANY = /./;

/** What stands before a title's colon is a place, whatever it is called. */
const PLACE = /^(?:(?!fix)[\w/.,+-]+: )+/i;

/** What a race breaks in the end. */
const BROKEN: ReadonlySet<CheckName> = new Set(['lost-data', 'stale-mapping', 'use-after-free', 'irq-unsafe-lock']);

/** Of these a mail that means to mend nothing speaks as well: of what may run at once. */
const RACES: ReadonlySet<CheckName> = new Set(['check-then-act', 'data-race']);

/** It leaks, and nobody says that it is used then. */
const leaksAlone = (table: Table, what: string, words: string): boolean => /\bleak(?:s|ed|ing|age)?\b/i.test(what) && !says(table, 'uses-it-still', words);

/** What a mail that itself claims nothing, though it means to put something right, says in the comments that its patch adds, and that were not there before in other lines. */
export function claimsOfComments(table: Table, patch: Patch): readonly Claim[] {
	const title = titleOf(patch);
	if (isMeant(table, title, patch) !== 'yes') return [];
	// What a comment demands of callers is a rule.
	const before = new Set(claims(table, { ...patch, prose: [...patch.prose, ...removedComments(patch)] }).map(({ text }) => beginningOf(text)));
	return claims(table, { ...patch, prose: [...patch.prose, ...addedComments(patch)] }).filter(({ check, text }) => check !== 'assertion' && !before.has(beginningOf(text)));
}

/** As much of a sentence as tells it from others, though its end be written anew. */
const beginningOf = (text: string): string => (text.match(/\w+/g) ?? []).slice(0, 6).join(' ');

/** What the mail claims to end, the most telling first: what its subject says, then its text. */
export function claims(table: Table, patch: Pick<Patch, 'subject' | 'prose' | 'from' | 'fixes'>): readonly Claim[] {
	// What a revert quotes is what the other patch claimed.
	const title = titleOf(patch).replace(/^Revert\s*"[^"]*"?/i, '').replace(PLACE, '');
	const subject: ProseLine = { text: title, input: patch.from, author: 'changelog' };
	const [first, rest] = [sentences([subject]), sentences(patch.prose)];
	const quoted = [...first, ...rest];
	const plainly = withoutNamedCommits(table, quoted.map(({ text }) => text));
	const all = quoted.map(({ text }, at) => ({ plain: plainly[at] ?? text, text }));
	const intent = isMeant(table, title, patch);
	const meant = intent === 'yes';
	if (intent === 'no' || says(table, 'for-building', title) || all.some(({ plain, text }) => isFalseAlarm(table, plain) || disclaims(table, text) || says(table, 'as-before', text))) return [];
	const found: Claim[] = [];
	const words = all.map(({ plain }) => plain).join('\n');
	const benign = isBenignRace(table, words);
	// Who is kept waiting is not kept for ever.
	const patient = isForSpeed(table, words);
	const leak = isLeakAlone(table, words);
	const alone = !says(table, 'in-company', words);
	const right = all.flatMap(({ plain }, at) => (says(table, 'calls-it-right', plain) ? [at] : []));
	const used = sayingOf(table, 'frees-and-uses', words);
	if (used) found.push({ check: 'use-after-free', text: used[0].replaceAll('\n', ' ') });
	for (const kind of table.failures) {
		const { failure: check } = kind;
		const of = kind.loosely ? ANY : kind.of === undefined ? undefined : expression(kind.of, 'i');
		if (leak && of && of !== ANY && check !== 'refcount-leak') continue;
		// What is done about it then is for another reason.
		if (of && right.length > 0) continue;
		if ((benign && RACES.has(check)) || (patient && check === 'deadlock')) continue;
		if (kind.among !== undefined && (!expression(kind.among, 'i').test(words) || isOfMemoryThatWasNotThere(table, words))) continue;
		if (((of || RACES.has(check)) && !meant) || found.some((each) => each.check === check && each.of === undefined)) continue;
		for (const [at, { plain, text }] of all.entries()) {
			const match = saidOf(kind).exec((check === 'sleep-in-atomic' ? withoutAssurances(table, plain) : check === 'use-after-free' ? unsaid(table, 'lives-on', plain) : plain).replaceAll("free'd", 'freed '));
			// What else may be done meanwhile is what such a mail is for.
			if (match && patient && RACES.has(check) && !/\brac/i.test(match[0])) continue;
			if (check === 'use-after-free' && (leaksAlone(table, plain, plain) || leaksAlone(table, title, words))) continue;
			if (check === 'lost-data' && alone && says(table, 'misplaces', plain)) continue;
			if (!match || says(table, 'denied-ahead', unsaid(table, 'must-not', plain.slice(0, match.index)))) continue;
			// What is called right in the next breath is nothing that the patch ends.
			if (right.includes(at + 1)) continue;
			found.push({ check, text, ...(of ? { of } : {}) });
			break;
		}
	}
	// What the subject says goes before what the text says, unless it speaks of a race alone and the text says what that breaks.
	const outright = ({ of }: Claim): boolean => of === undefined || of === ANY;
	const heading = (claim: Claim): number => (outright(claim) && first.some(({ text }) => text === claim.text) ? (claim.check === 'check-then-act' ? 1 : 0) : outright(claim) && BROKEN.has(claim.check) ? 0 : claim.check === 'assertion' && found.every(({ check, of }) => of !== undefined || check === 'check-then-act') ? 1 : 2);
	return found.sort((a, b) => heading(a) - heading(b));
}

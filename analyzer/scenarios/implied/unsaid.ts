import type { PartnerRow, Subject } from '../../knowledge/partner-row';
import type { Sayings } from '../../mail/sayings';
import { differsInNames } from '../renames';
import { differsInMarks } from '../told/marks';
import type { Change } from './change';
import type { Finding } from './partner';
import { isInner } from './inner-lock';
import { isInOtherForm } from './other-form';
import type { Site } from './sites';
import { drops } from './subjects/references/missing-drop';

/** The mail says nothing beside its title, and the row's lines alone tell well enough what it asks for. */
export const isToldAlone = ({ silent }: PartnerRow, said: Sayings): boolean => silent === true && said.nothing;

/** The row as it is told then: of the lines, not of the mail. */
export const unclaimed = (row: PartnerRow): PartnerRow => ({ ...row, says: row.says.replace(/^the mail (?:reports|says|speaks of|claims)[^:]*: so /, 'by the lines alone: ') });

/**
 * What the finding is about is more than there was. A lock, or the drop of a reference, that stands in the place of another one, in this function or in another
 * one, may be the same thing by another name, or for others than before; so may all that differs in names. A mark is one where nothing else changes.
 */
export function isAdded(change: Change, { subject, races }: PartnerRow, { words }: Finding, changes: readonly Change[]): boolean {
	const [before, after] = [change.before.fn.body.text, change.after.fn.body.text];
	if (races) return differsInMarks(change.post.sources.table, before, after);
	if (REPLACES.has(subject)) return true;
	if (subject === 'one-section' && (words['loosely'] !== undefined || isFreeing(change, words['acts']))) return false;
	if (words['lock'] !== undefined && (isInner(change, words['lock']) || isInOtherForm(change, words['lock']))) return false;
	const about = words['lock'] !== undefined ? keepsOthersOut : words['drop'] !== undefined ? drops : null;
	const gone = (each: Change): readonly Site[] => each.old.filter((site) => each.ways.get(site) === 'removed');
	if (about !== null && changes.some((each) => gone(each).some(about))) return false;
	if (words['drop'] !== undefined && gone(change).some(({ args }) => args.length > 0 && words['call']?.endsWith(`(${args.join(', ')})`) === true)) return false;
	return !differsInNames(before, after, (name) => change.post.sources.table.rows.has(name));
}

/** What is freed was taken away from others before: where that is done is nobody's business. */
const isFreeing = ({ post }: Change, text = ''): boolean => post.sources.table.rows.get(/^(\w+)\s*\(/.exec(text)?.[1] ?? '')?.effect === 'free';

/** Subjects of one operation in the place of another. */
const REPLACES: ReadonlySet<Subject> = new Set(['interrupted-lock', 'last-reference', 'instead', 'made-exclusive']);
const keepsOthersOut = ({ row }: Site): boolean => row?.effect === 'lock' || row?.effect === 'trylock' || row?.effect === 'rcu-lock';

/** Subjects of a row that is told by its lines alone which tell as well of the change the other way round: of what is taken away without a word, and nothing takes its place. */
const MISSED: ReadonlySet<Subject> = new Set(['new-guard', 'missing-drop', 'ended-early', 'pinned', 'held-off', 'locked-test', 'late-publication', 'early-hold', 'early-get', 'torn-guard', 'queued-in-vain', 'one-section']);
export const isMissedAlone = ({ silent, subject, turned }: PartnerRow, said: Sayings): boolean => silent === true && said.nothing && turned === undefined && MISSED.has(subject);

import type { CheckName } from '../../../sim';
import type { Patch } from '../../mail/patch';
import type { CParser } from '../../parse';
import { changeOf } from '../implied/change';
import type { ImpliedScenario } from '../implied';
import type { Side } from '../side';
import { type Claim, claims } from './claim';
import { type Edit, editsOf, headOf } from './edit';
import { explained } from './explanation';
import { takesLock } from './nature';

/** Scenarios that are made for a patch: the first that shows the claimed failure before the patch and not after it is told. */
const TOLD_BOUND = 12;

/**
 * The last resort where a mail says what its patch ends, and neither what is shown nor what the change itself speaks of explains it: what the patch's own lines
 * add, move, ask or take away is taken for what ends it. Whether it does on every path of the function is explored, not assumed.
 */
export function toldScenarios(parser: CParser, pre: Side | null, post: Side | null, patch: Patch, words: string): readonly ImpliedScenario[] {
	const said = claims(patch);
	if (!pre || !post || said.length === 0) return [];
	const changes = [...new Set([...post.changed, ...pre.changed])].flatMap((name) => changeOf(parser, name, pre, post, () => []) ?? []);
	const edits = changes.flatMap(editsOf).filter(isTelling);
	return said.flatMap((claim) => ranked(edits, words).flatMap((edit) => explained(edit, claim, checkOf(claim, edit, words)) ?? [])).slice(0, TOLD_BOUND);
}

/** What only prints, asserts, or counts for statistics, ends nothing. */
const isTelling = ({ made }: Edit): boolean => !/^\(?(?:void\)\s*)?(?:pr_\w+|printk\w*|dev_(?:dbg|info|warn|err)\w*|netdev_(?:dbg|info|warn|err)\w*|trace_\w+|WARN\w*|BUG\w*|ASSERT\w*|lockdep_assert\w*|VM_\w*BUG\w*)\s*\(/.test(made.text);

/** What the mail names goes first. */
function ranked(edits: readonly Edit[], words: string): readonly Edit[] {
	const named = ({ made }: Edit): number => ([...headOf(made).matchAll(/[A-Za-z_]\w{3,}/g)].some(([word]) => new RegExp(`\\b${word}\\b`).test(words)) ? 0 : 1);
	return [...edits].sort((a, b) => named(a) - named(b));
}

const MAPPED = /\b(?:fault|mmap|pte|mapped|mapping)\w*\b/i;
const TAKEN_DOWN = /\b(?:truncat|punch|hole|invalidat|unmap|zap|migrat|shrink)\w*\b/i;

/** A mail that speaks of a race alone leaves open what that breaks; the lines say more. */
function checkOf({ check }: Claim, { how, made }: Edit, words: string): CheckName {
	if (check !== 'check-then-act') return check;
	if (MAPPED.test(words) && TAKEN_DOWN.test(words)) return 'stale-mapping';
	return how === 'added' && takesLock(made.text) ? 'lost-data' : check;
}

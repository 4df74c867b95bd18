import type { CheckName } from '../../../sim';
import type { Patch } from '../../mail/patch';
import type { CParser } from '../../parse';
import { changeOf } from '../implied/change';
import type { ImpliedScenario } from '../implied/partner';
import { changedOnEither, type Side } from '../sides/side';
import { type Claim, claims, claimsOfComments } from './claim';
import { type Edit, editsOf, withoutConversions } from './edit';
import { enacted } from './enacted';
import { checkOf } from './failure-kind';
import { clears } from './nature';
import { headOf } from './standing';
import { isTelling, keepsNobodyOut, locksNewWork, measures, ranked, tendsLock } from './telling';
import { waitsEitherWay } from './waits-either-way';

/** Scenarios that are made for a patch: the first that shows the claimed failure before the patch and not after it is told. */
const TOLD_BOUND = 12;

/**
 * The last resort where a mail says what its patch ends, and neither what is shown nor what the change itself speaks of explains it: what the patch's own lines
 * add, move, ask or take away is taken for what ends it. Whether it does on every path of the function is explored, not assumed. `instead`: something else was
 * told, and only what the mail names in the first place is asked about.
 */
export function* toldScenarios(parser: CParser, pre: Side | null, post: Side | null, patch: Patch, words: string, instead: boolean): Generator<ImpliedScenario, void, undefined> {
	if (!pre || !post) return;
	const { table } = post.sources;
	const all = claims(table, patch);
	const said = instead ? all.slice(0, 1) : all.some(({ of }) => of === undefined) ? all : [...claimsOfComments(table, patch), ...all];
	if (said.length === 0) return;
	const changes = changedOnEither(pre, post).flatMap((name) => changeOf(parser, name, pre, post, () => []) ?? []);
	const every = changes.flatMap(editsOf);
	const telling = every.filter((edit) => isTelling(edit, words) && !tendsLock(edit, every) && !measures(edit, every));
	// Words that may mean other things are no claim of readers that nobody waits for where somebody does on both sides.
	const claimed = waitsEitherWay(pre, post) ? said.filter(({ of, check }) => !of || check !== 'use-after-free') : said;
	const divides = telling.some(keepsNobodyOut);
	const edits = ranked(withoutConversions(telling).filter((edit) => !keepsNobodyOut(edit)), words);
	let made = 0;
	for (const claim of claimed) {
		// A section that is two now lets others in: words that may mean other things are not taken for the opposite.
		if (divides && claim.of && claim.check === 'check-then-act') continue;
		for (const edit of edits) {
			if (claim.of && locksNewWork(edit)) continue;
			if (edit.how === 'instead' && claim.of && ((claim.check !== 'refcount-leak' && claim.of.test(edit.was?.text ?? '')) || instead)) continue;
			// Taken out it was before as well.
			if (claim.of && every.some(({ how, made, was }) => how === 'instead' && was && (made === edit.made || was === edit.made) && [made, was].every((node) => clears(headOf(node))))) continue;
			const scenario = claim.of && !claim.of.test(edit.how === 'guard' && claim.check === 'use-after-free' ? headOf(edit.made) : edit.made.text) && !isSaidOf(claim, edit) ? null : enacted(edit, claim, checkOf(claim, edit, words), words);
			if (!scenario) continue;
			yield scenario;
			if (++made === TOLD_BOUND) return;
		}
	}
}

/** Words that may mean other things, in a sentence that names the call that the edit is about. */
const isSaidOf = ({ check, text }: Claim, { made }: Edit): boolean => SAID_OF_CALLS.has(check) && [...headOf(made).matchAll(/([A-Za-z]\w*_\w+)\s*\(/g)].some(([, api = '']) => new RegExp(`\\b${api}\\b`).test(text));
const SAID_OF_CALLS: ReadonlySet<CheckName> = new Set(['sleep-in-atomic', 'use-after-free']);

import { says } from '../../knowledge/phrases';
import { isMeant } from '../../mail/intent';
import { type Patch, titleOf } from '../../mail/patch';
import { raceClaims } from '../../mail/prose';
import type { CParser } from '../../parse';
import { type Change, changeOf } from '../implied/change';
import type { ImpliedScenario } from '../implied/partner';
import type { Side } from '../sides/side';
import { askedAlone } from './asked-alone';
import { asleepLate } from './asleep-late';
import { type Claim, claims } from './claim';
import { doesNothing } from './does-nothing';
import { fenceAlone } from './fence-alone';
import { fenceOfStores } from './fence-of-stores';
import { freedAtOnce } from './freed-at-once';
import { heldLate } from './held-late';
import { locksOfSome } from './lock-of-some';
import { lookedOutside } from './outside';
import { releasedEarly } from './released-early';
import { stopsWeaker } from './stops-weaker';
import { testLeftOut } from './test-left-out';
import { takenInSteps } from './taken-in-steps';
import { twoSteps } from './two-steps';
import { updatesInSteps } from './update-in-steps';
import { usedPast } from './used-past';
import { waitsLate } from './waits-late';
import { locksEachStep } from './walk-step';
import { type Shortfall, windowed } from './window';

/** What the patch puts against what its mail claims where that is two steps, or a lock that only some of those who meet take, and so no end of it. */
export function halfRemedies(parser: CParser, pre: Side | null, post: Side | null, patch: Patch): readonly ImpliedScenario[] {
	if (!pre || !post) return [];
	const { table } = post.sources;
	const title = titleOf(patch);
	// Where the text says that it is a remedy, what it says of races counts.
	const outright = claims(table, isMeant(table, title, patch) !== 'yes' && patch.prose.some(({ text }) => says(table, 'fixes-it', text)) ? { ...patch, subject: `Fix: ${title}` } : patch);
	// What is meant as a remedy and names no failure that is known here may fall short as well: of what its lines show.
	const met = outright.length > 0 ? undefined : raceClaims(table, patch).find(({ parties: [one, other] }) => one === other && one !== undefined && post.changed.includes(one));
	const said: readonly Claim[] = met ? [{ check: 'check-then-act', text: met.text }] : outright.length > 0 || isMeant(table, title, patch) !== 'yes' ? outright : [{ check: 'check-then-act', text: title, of: /^/ }];
	if (said.length === 0) return [];
	return post.changed.flatMap((name) => changeOf(parser, name, pre, post, () => []) ?? []).flatMap((change) => fallsShort(change, said, patch) ?? []).slice(0, HALVES_BOUND);
}

/** The first that is found of the function. */
function fallsShort(change: Change, said: readonly Claim[], patch: Patch): ImpliedScenario | null {
	for (const half of HALVES) {
		const window = half(change, said, patch);
		const scenario = window && windowed(change, window);
		if (scenario) return scenario;
	}
	return null;
}

/** What a remedy may fall short of, in the order in which it is asked. */
const HALVES: readonly ((change: Change, claims: readonly Claim[], patch: Patch) => Shortfall | null)[] = [
	twoSteps, takenInSteps, testLeftOut, locksOfSome, lookedOutside, updatesInSteps, locksEachStep, releasedEarly,
	asleepLate, usedPast, heldLate, stopsWeaker, waitsLate, freedAtOnce, askedAlone, fenceAlone, fenceOfStores, doesNothing,
];

/** Tests and locks of the patch that are tried. */
const HALVES_BOUND = 2;

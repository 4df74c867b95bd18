import type { Party } from '../../lower/threads/party';
import { isWhole } from '../../parse';
import { alike, digestsOf } from '../digests/digests';
import type { Fact } from '../digests/digest';
import type { Scenario } from '../scenario';
import type { Side } from '../sides/side';

/** Locks of the other one that are tried for a scenario. */
const LOCKS_BOUND = 3;

/**
 * The scenario once more, for each lock by which one of its functions keeps others out and which the other one, of which only parts are in sight, may hold all
 * the same: its lines between do not tell. Where nothing else keeps the two apart, both sides of the patch fail alike for that; what the patch
 * does shows only under such a lock.
 */
export function underElidedLocks(scenario: Scenario, pre: Side | null, post: Side | null): readonly Scenario[] {
	const parties = scenario.post ?? scenario.pre;
	if (!pre || !post || parties?.length !== 2) return [];
	return parties.flatMap((party, index) => {
		const other = parties[1 - index];
		if (party.modelled || !other || other.modelled || party.entry === other.entry || party.caller || isWhole(party.definition.fn)) return [];
		const own = locksOf(party, pre, post);
		const missing = locksOf(other, pre, post).filter(({ key }) => !own.some((each) => alike(each.key, key)));
		return [...new Map(missing.map((fact) => [fact.key, fact] as const)).values()].flatMap((fact) => {
			const lock = heldAs(fact);
			return lock ? [{ ...scenario, pre: holding(scenario.pre, index, lock), post: holding(scenario.post, index, lock) }] : [];
		});
	}).slice(0, LOCKS_BOUND);
}

type Held = NonNullable<Party['holds']>[number];

const locksOf = ({ entry }: Party, ...sides: readonly Side[]): readonly Fact[] =>
	sides.flatMap((side) => digestsOf(side).factsOf(entry).filter(({ kind, lock }) => lock && (kind === 'lock' || kind === 'unlock')));

/** A field of a known struct's one instance, or a variable of the file. */
function heldAs({ key, lock }: Fact): Held | null {
	const [owner = '', member = ''] = [key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1)];
	if (!lock || owner === '' || !/^[A-Za-z]\w*$/.test(member)) return null;
	return { at: owner === 'globals' ? member : `INSTANCE(${owner})->${member}`, kind: lock.kind, mode: 'exclusive', elided: true };
}

const holding = (parties: readonly Party[] | null, index: number, lock: Held): readonly Party[] | null =>
	parties?.map((party, at) => (at === index ? { ...party, holds: [...party.holds ?? [], lock] } : party)) ?? null;

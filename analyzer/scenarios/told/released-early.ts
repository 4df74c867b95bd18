import { folded } from '../../parse/plain-text';
import type { CNode } from '../../parse';
import type { Change } from '../implied/change';
import { lockOf, type Site } from '../implied/sites';
import { told } from '../implied/steps';
import { oldOf, statementsOf } from '../implied/twins';
import type { Claim } from './claim';
import { callsIn, isInSight, isOwn } from './places';
import type { Shortfall } from './window';

/** An own release and the release of another lock right behind it. */
interface Releases {
	readonly outer: CNode;
	readonly inner: CNode;
}

/** What the patch takes around something is given back while that is still held. */
export function releasedEarly(change: Change, claims: readonly Claim[]): Shortfall | null {
	return claims[0] ? interruptsOn(change, claims) ?? triedInVain(change, claims[0]) : null;
}

/** Interrupts come back with the outer lock while a spinning lock is held that is taken with them off; in another place the patch itself has the order the other way round. */
function interruptsOn(change: Change, claims: readonly Claim[]): Shortfall | null {
	const claim = claims.find(({ check }) => check === 'irq-unsafe-lock' || check === 'deadlock');
	if (!claim) return null;
	const pairs = releasesOf(change, (node) => callsIn(change.now, node).find(({ row }) => row?.effect === 'unlock'));
	const restores = (node: CNode): Site | undefined => callsIn(change.now, node).find(({ row }) => row?.effect === 'unlock' && row.irq !== undefined);
	const plain = (node: CNode): Site | undefined => callsIn(change.now, node).find(({ row }) => row?.effect === 'unlock' && row.irq === undefined && row.kind === 'spin');
	for (const { outer, inner } of pairs) {
		const [off, held] = [restores(outer), plain(inner)];
		if (!off || !held || lockOf(off) === lockOf(held)) continue;
		const right = pairs.some((each) => lockOfNode(change, each.outer) === lockOf(held) && lockOfNode(change, each.inner) === lockOf(off) && restores(each.inner));
		const old = oldOf(change, inner);
		if (!right || !old) continue;
		return {
			check: 'irq-unsafe-lock', message: `an interrupt that takes ${told(lockOf(held) ?? '')} comes while it is held: ${told(outer.text)} has let interrupts in`, other: 'interrupt',
			said: claim.text, reason: `\`${told(outer.text)}\` comes before \`${told(inner.text)}\` still, which elsewhere the patch puts in order: interrupts are on while that lock is held`,
			opens: { after: outer }, opensAt: 'before', ends: { before: old, after: inner },
		};
	}
	return null;
}

/** A lock around what is only tried: who gets it before that was given back fails to get that. */
function triedInVain(change: Change, claim: Claim): Shortfall | null {
	const all = statementsOf(change.after.fn.body);
	for (const { outer, inner } of releasesOf(change, (node) => unlockIn(change, node))) {
		const [name, held] = [unlockIn(change, outer)?.lock, unlockIn(change, inner)?.lock];
		if (!name || !held || name === held) continue;
		const taken = all.find((node) => node.type === 'expression_statement' && isOwn(change, node) && lockIn(change, node) === name && node.start < outer.start);
		const tried = taken && all.find((node) => node.type === 'if_statement' && node.start > taken.start && node.start < outer.start && triesFor(change, node, held));
		const old = oldOf(change, inner);
		if (!tried || !old) continue;
		return {
			check: 'lost-data', message: `who comes next gets ${told(name)} and fails to get what \`${told(inner.text)}\` has not given back: what he is there for is not done`, other: 'who_comes_next',
			said: claim.text, reason: `\`${told(outer.text)}\` comes before \`${told(inner.text)}\`, and who takes the first only tries for the second`,
			opens: { after: outer }, opensAt: 'before', ends: { before: old, after: inner },
		};
	}
	return null;
}

/** Two releases, one right behind the other, the first one the patch's own. */
function releasesOf(change: Change, releases: (node: CNode) => unknown): readonly Releases[] {
	const all = statementsOf(change.after.fn.body).filter(({ type }) => type !== 'labeled_statement');
	return all.flatMap((outer, at): readonly Releases[] => {
		const inner = all[at + 1];
		return inner && outer.type === 'expression_statement' && inner.type === 'expression_statement' && (isOwn(change, outer) || isOwn(change, inner)) && isInSight(change, outer, inner) && releases(outer) && releases(inner) ? [{ outer, inner }] : [];
	});
}

const lockOfNode = (change: Change, node: CNode): string | null => callsIn(change.now, node).map(lockOf).find((each) => each !== null) ?? null;

/** The lock that a statement gives back, or the stem of the call's name where nothing is known of it. */
function unlockIn(change: Change, node: CNode): { readonly lock: string } | undefined {
	const site = callsIn(change.now, node)[0];
	if (site?.row?.effect === 'unlock') return { lock: lockOf(site) ?? site.api };
	const stem = /^(\w+?)_?unlock\s*\(\s*\)\s*;$/.exec(folded(node.text))?.[1];
	return stem ? { lock: stem } : undefined;
}

function lockIn(change: Change, node: CNode): string | undefined {
	const site = callsIn(change.now, node)[0];
	if (site?.row?.effect === 'lock') return lockOf(site) ?? undefined;
	return /^(\w+?)_?lock\s*\(\s*\)\s*;$/.exec(folded(node.text))?.[1];
}

const triesFor = (change: Change, node: CNode, lock: string): boolean => {
	const condition = node.field('condition');
	return condition !== null && condition !== undefined && (callsIn(change.now, condition).some((site) => site.row?.effect === 'trylock' && lockOf(site) === lock) || new RegExp(`\\b${/^\w+$/.test(lock) ? lock : '(?!)'}_?trylock\\s*\\(\\s*\\)`).test(condition.text));
};

import type { Change } from '../implied/change';
import { pointsOf } from '../implied/sections';
import { told } from '../implied/steps';
import { oldOf } from '../implied/twins';
import { type Claim, OF_TWO } from './claim';
import type { Shortfall } from './window';

const OTHER = 'another_thread';
/** A value goes somewhere. */
const STORES = /(?<![=!<>])=(?!=)|\+\+|--/;

/**
 * The patch puts a fence that orders nothing but stores between what is stored and a question: the question may be asked before the store is seen all the same, and who was to see that, and
 * is asked for, misses it. A full fence would be due.
 */
export function fenceOfStores(change: Change, claims: readonly Claim[]): Shortfall | null {
	const claim = claims.find(({ check }) => OF_TWO.has(check) || check === 'deadlock');
	const fence = claim && change.now.find((site) => change.ways.get(site) === 'added' && site.row?.effect === 'fence' && site.row.kind === 'write');
	if (!claim || !fence) return null;
	const behind = pointsOf(change.after, change.now).filter(({ node }) => node.start > fence.start);
	const [next] = behind;
	const question = next?.node.type === 'if_statement' && !STORES.test(next.node.field('condition')?.text ?? '=') ? next.node : undefined;
	const old = question && oldOf(change, question);
	// One that the patch puts behind it as well orders what the first one does not.
	if (!question || !old || change.now.some((site) => site.start > fence.start && site.start < question.start && site.row?.effect === 'fence' && site.row.kind === 'full')) return null;
	return {
		check: claim.check, message: `\`${told(question.field('condition')?.text ?? question.text)}\` may be asked before what is stored ahead of ${fence.api}() is seen: that orders stores alone`, other: OTHER,
		said: claim.text, reason: `${fence.api}() orders stores with each other, and what comes behind it is a question: nothing keeps that from being asked first`,
		opens: {}, opensAt: 'after', ends: { before: old, after: question },
	};
}

import { isNamed } from '../../knowledge/namings';
import type { Change } from '../implied/change';
import { escaped, onTheWay, rootOf, type Site } from '../implied/sites';
import { told } from '../implied/steps';
import { oldOf, parentOf, statementAt } from '../implied/twins';
import { type Claim, OF_TWO } from './claim';
import { isInSight } from './places';
import type { Shortfall } from './window';

/** Whoever waits for readers, by name. */
const WAITS = /rcu|synchronize|wait|flush|barrier|cancel|drain|sync/i;

/**
 * The patch takes away in a form made for readers what it took away otherwise, and the function frees it right behind that: readers who have found it before are not waited
 * for, whatever they find in it until then.
 */
export function freedAtOnce(change: Change, claims: readonly Claim[]): Shortfall | null {
	const claim = claims.find(({ check }) => OF_TWO.has(check));
	if (!claim) return null;
	const { now, after } = change;
	for (const [at, taken] of now.entries()) {
		if (!taken.changed || change.ways.get(taken) !== 'added' || !isNamed(change.post.sources.table, 'for-readers', taken.api)) continue;
		const end = now.findIndex((site, index) => index > at && frees(change, taken, site));
		const freed = now[end];
		const between = now.slice(at + 1, end);
		// What nobody knows may wait as well.
		if (!freed || between.some(({ api, row }) => row === null || WAITS.test(api)) || !onTheWay(after, taken, freed)) continue;
		const [from, to] = [statementAt(after.fn.body, taken.line), statementAt(after.fn.body, freed.line)];
		const block = to && parentOf(after.fn.body, to);
		const old = to && oldOf(change, to);
		if (!from || !to || !old || !block || block.start > from.start || block.end < from.end || !isInSight(change, from, to)) continue;
		return {
			check: 'use-after-free', message: `a reader who has found it before \`${told(from.text)}\` uses what \`${told(to.text)}\` frees: nothing waits for him`, other: 'a_reader',
			said: claim.text, reason: `\`${told(to.text)}\` comes right behind \`${told(from.text)}\`, with no grace period between them: who has found it before still stands on it`,
			opens: { after: from }, opensAt: 'after', ends: { before: old, after: to },
		};
	}
	return null;
}

/** It frees, as memory that may be anybody's at once, what was taken away, or what the pointer that was set led to. */
function frees({ after }: Change, taken: Site, { row, args: [freed = '', ...more] }: Site): boolean {
	if (row?.effect !== 'free' || more.length > 0 || !/^\w+$/.test(freed)) return false;
	const [of = ''] = taken.args;
	if (/_rcu$/.test(taken.api)) return taken.args.some((each) => each.startsWith('&') && rootOf(each) === freed);
	return new RegExp(`(?<![\\w.>])${freed}\\s*=(?!=)[^;]*${escaped(of)}`).test(after.fn.body.text.slice(0, taken.start - after.fn.body.start + taken.text.length)) && of !== '';
}

import type { CheckName } from '../../../sim';
import type { Change } from '../implied/change';
import { onTheWay, rootOf, type Site, sitesIn } from '../implied/sites';
import { told } from '../implied/steps';
import { oldOf, statementAt } from '../implied/twins';
import type { Side } from '../sides/side';
import type { Claim } from './claim';
import { isInSight } from './places';
import type { Shortfall } from './window';

const SAID_OF: ReadonlySet<CheckName> = new Set(['use-after-free', 'check-then-act', 'data-race']);
/** It may give something back, or start what does. */
const GIVES_UP = /free|put|release|destroy|unref|drop|remove|del|kill|clean|exit|fini/i;

/**
 * The patch's own wait for readers comes behind what it is for: behind a call that elsewhere the patch itself puts right behind such a wait, or behind the freeing, in a
 * function that is shown to its end, of what was taken away from readers. Readers of what is freed there are not waited for.
 */
export function waitsLate(change: Change, claims: readonly Claim[]): Shortfall | null {
	const claim = claims.find(({ check }) => SAID_OF.has(check));
	const own = change.now.filter(isWait);
	const [wait] = own;
	if (!claim || !wait?.changed || own.length !== 1) return null;
	const { now, after, post } = change;
	const at = now.indexOf(wait);
	const meant = waitedFor(post);
	const freed = now.slice(0, at).findLast((site) => change.ways.get(site) === 'kept' && (meant.has(site.api) || frees(site, now.slice(0, at))));
	const later = now.slice(at + 1);
	if (!freed || later.some(({ api }) => api === freed.api) || (!meant.has(freed.api) && (!change.whole || later.some(({ api, row }) => row?.effect === 'free' || GIVES_UP.test(api))))) return null;
	const [from, to] = [statementAt(after.fn.body, freed.line), statementAt(after.fn.body, wait.line)];
	const old = to && oldOf(change, to);
	if (!from || !to || !old || !onTheWay(change.after, freed, wait) || !isInSight(change, from, to)) return null;
	return {
		check: 'use-after-free', message: `a reader uses what \`${told(from.text)}\` has freed: \`${told(to.text)}\` comes only afterwards`, other: 'a_reader',
		said: claim.text, reason: `\`${told(to.text)}\` comes behind \`${told(from.text)}\`: who reads what that frees is not waited for`,
		opens: { after: from }, opensAt: 'after', ends: { before: old, after: to },
	};
}

const isWait = ({ row }: Site): boolean => row?.effect === 'rcu-sync' && !row.domain;
/** It frees what was taken away from readers before. */
const frees = ({ row, args: [freed = ''] }: Site, earlier: readonly Site[]): boolean => row?.effect === 'free' && /^\w+$/.test(freed)
	&& earlier.some(({ api, args: [of = ''] }) => /_rcu$|_rcu_/.test(api) && rootOf(of.replace(/^&/, '')) === freed);

/** What the patch calls right behind a wait of its own, in any function. */
function waitedFor(post: Side): ReadonlySet<string> {
	return new Set(post.changed.flatMap((name) => {
		const sites = sitesIn(post, name);
		return sites.flatMap((site, index) => (index > 0 && sites[index - 1]?.changed && isWait(sites[index - 1] as Site) && !site.changed && site.args.length > 0 ? [site.api] : []));
	}));
}

import { says } from '../../knowledge/phrases';
import { folded } from '../../parse/plain-text';
import type { CNode } from '../../parse';
import type { Patch } from '../../mail/patch';
import { added, type Change } from '../implied/change';
import { pointsOf } from '../implied/sections';
import { lockOf, rootOf } from '../implied/sites';
import { told } from '../implied/steps';
import { statementsOf } from '../implied/twins';
import { type Claim, wordsOf } from './claim';
import { callsIn } from './places';
import type { Shortfall } from './window';

const OTHER = 'who_changes_the_list';
/** Walks from one to the next by a link, not by number. */
const LINKED = /(?:^|_)for_each_(?:\w*_)?(?:entry|link|child|node|list)|list_for_each|hlist_for_each|(?:^|_)for_each_link/;

/** The lock that the patch takes for a walk is taken for each step anew: between two of them the list, and where the walk has come to, may change. */
export function locksEachStep(change: Change, claims: readonly Claim[], patch: Pick<Patch, 'prose' | 'subject'>): Shortfall | null {
	const [claim] = claims;
	const words = wordsOf(patch);
	if (!claim || !says(change.post.sources.table, 'speaks-of-walk', words)) return null;
	const { after, now } = change;
	for (const node of statementsOf(after.fn.body)) {
		const macro = node.type === 'while_statement' || node.type === 'for_statement' ? after.file.parsed.rewritten.get(node.start) : undefined;
		const body = node.field('body');
		if (!macro || !body || !LINKED.test(macro.name)) continue;
		const args = macro.args.map(({ text }) => folded(text));
		const inside = callsIn(now, body);
		const taken = inside.find((site) => site.row?.effect === 'lock' && added(change).includes(site) && lockOf(site) !== null);
		const lock = taken ? lockOf(taken) : null;
		// A lock of each one's own keeps that one as it is.
		if (!lock || args.some((arg) => arg === rootOf(lock)) || assigned(body, rootOf(lock) ?? '') || !inside.some((site) => site.row?.effect === 'unlock' && lockOf(site) === lock)) continue;
		if (pointsOf(after, now).some((point) => point.node.start === node.start && point.held.size > 0) || heldAround(change, node)) continue;
		const head = `${macro.name}(${args.join(', ')})`;
		const old = statementsOf(change.before.fn.body).find((each) => folded(each.text).startsWith(head) || change.before.file.parsed.rewritten.get(each.start)?.name === macro.name);
		const first = statementsOf(body)[0];
		if (!old || !first) continue;
		return {
			check: 'use-after-free', message: `what ${told(head)} has come to may be gone: ${told(lock)} is taken anew for each step`, other: OTHER,
			said: claim.text, reason: `${told(lock)} is taken inside ${told(head)}, for each step anew: who takes it in between changes what the walk goes on from`,
			opens: { after: node }, opensAt: 'before', ends: { before: old, after: first },
		};
	}
	return null;
}

/** Something is held all around the loop. */
const heldAround = (change: Change, loop: CNode): boolean => pointsOf(change.after, change.now).some(({ node, held }) => node.start > loop.start && node.end <= loop.end && [...held.values()].some((section) => section < loop.start));

const assigned = (body: CNode, name: string): boolean => name !== '' && new RegExp(`\\b${name}\\s*=(?!=)`).test(body.text);

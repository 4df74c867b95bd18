import { says } from '../../knowledge/phrases';
import type { CheckName } from '../../../sim';
import type { CNode } from '../../parse';
import type { Patch } from '../../mail/patch';
import { heldByCallers } from '../callers/held-by-callers';
import { added, type Change } from '../implied/change';
import { pointsOf } from '../implied/sections';
import { escaped, placeText, type Site } from '../implied/sites';
import { told, written } from '../implied/steps';
import { oldOf, statementsOf } from '../implied/twins';
import { type Claim, wordsOf } from './claim';
import { callsIn, isOwn } from './places';
import type { Shortfall } from './window';

const OTHER = 'another_thread';
const UPDATES: ReadonlySet<CheckName> = new Set(['check-then-act', 'lost-data', 'data-race']);

/**
 * What the patch makes of an update that others make as well is two steps still: by a call that loads and stores (where the mail speaks of what is atomic), or a
 * change that gives no result and then a look at what has come of it. No lock is held there.
 */
export function updatesInSteps(change: Change, claims: readonly Claim[], patch: Pick<Patch, 'prose' | 'subject'>): Shortfall | null {
	if ((heldByCallers(change.post, change.name) ?? []).length > 0) return null;
	const words = wordsOf(patch);
	const claim = claims.find(({ check, of }) => UPDATES.has(check) && of === undefined) ?? (says(change.post.sources.table, 'made-atomic', words) ? claims[0] : undefined);
	if (!claim) return null;
	const bare = (node: CNode): boolean => pointsOf(change.after, change.now).some((point) => point.node.start === node.start && point.held.size === 0);
	const statements = statementsOf(change.after.fn.body).filter((node) => /^(?:expression|return|if)_statement$/.test(node.type) && isOwn(change, node) && bare(node));
	const own = statements.flatMap((node) => callsIn(change.now, node.field('condition') ?? node).filter((site) => added(change).includes(site)).map((site) => ({ node, site })));
	// What was atomic before need not be any longer, or somebody says why.
	const wasAtomic = (place: string | null): boolean => change.old.some((site) => site.row?.effect === 'bit' && site.row.atomic && site.row.operation !== 'test' && placeOf(site) === place);
	const plain = says(change.post.sources.table, 'made-atomic', words) ? own.find(({ site }) => site.row?.effect === 'bit' && !site.row.atomic && site.row.operation !== 'test' && !wasAtomic(placeOf(site)) && wasUpdated(change, placeOf(site))) : undefined;
	if (plain) return ofTwo(change, claim, plain.node, plain.node, `${plain.site.api}() loads and stores, as two steps, and no lock is held there`);
	for (const { node, site } of own) {
		if (node.type !== 'expression_statement' || site.row?.effect !== 'rmw' || (site.row.result ?? 'none') !== 'none') continue;
		const look = own.find((each) => each.node.start > node.start && each.site.row?.effect === 'load' && placeOf(each.site) === placeOf(site) && each.node.type !== 'expression_statement');
		if (look) return ofTwo(change, claim, node, look.node, `${site.api}() and ${look.site.api}() are two steps`);
	}
	return null;
}

const placeOf = (site: Site): string | null => (site.row && 'at' in site.row && typeof site.row.at === 'string' ? placeText(site, site.row.at) : null);

/** Before the patch it is an update as well: a load and a store in one statement. */
const wasUpdated = ({ before }: Change, place: string | null): boolean => place !== null && new RegExp(`(?<![\\w>.])${escaped(place)}\\s*(?:[-+|&^]=|\\+\\+|--)`).test(before.fn.body.text.replace(/\s*(->|\.)\s*/g, '$1'));

function ofTwo(change: Change, claim: Claim, first: CNode, last: CNode, says: string): Shortfall | null {
	const [begin, end] = [oldOf(change, first), oldOf(change, last)];
	const check = UPDATES.has(claim.check) && claim.check !== 'data-race' ? claim.check : 'lost-data';
	return begin && end ? {
		check: check === 'check-then-act' ? 'lost-data' : check, message: `another thread comes in before \`${told(written(last))}\` is done: ${says}`, other: OTHER, said: claim.text, reason: `${says}`,
		opens: { after: first }, opensAt: first === last ? 'before' : 'after', ends: { before: end, after: last }, lasts: first === last,
	} : null;
}

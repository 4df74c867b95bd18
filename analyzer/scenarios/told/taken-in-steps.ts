import type { Table } from '../../knowledge';
import { callsNamed, callsOne, namesOf } from '../../knowledge/namings';
import { says } from '../../knowledge/phrases';
import type { CheckName } from '../../../sim';
import type { Patch } from '../../mail';
import { heldByCallers } from '../callers/held-by-callers';
import { contextOf } from '../callers/roles';
import type { Change } from '../implied/change';
import { type Point, pointsOf } from '../implied/sections';
import { escaped, READ_SIDE, type Site, sitesOf } from '../implied/sites';
import { told } from '../implied/steps';
import { twins } from '../implied/twins';
import { type Claim, wordsOf } from './claim';
import { isInSight, isOwn } from './places';
import type { Shortfall } from './window';

const OTHER = 'another_thread';
/** Claims of what is freed once too often. */
const OF_LIFETIME: ReadonlySet<CheckName> = new Set(['use-after-free', 'refcount-underflow']);
const GIVES_UP: ReadonlySet<string> = new Set(['free', 'put', 'consume', 'free-rcu', 'rcu-call']);

interface Taking {
	readonly fetch: Point;
	readonly store: Point;
}

/**
 * The mail speaks of two that free the same, and what the patch puts against that is to take the pointer out before it is freed, in two steps that no lock joins: it is fetched, and the
 * place is set to something else. Another thread that fetches it in between frees it as well, on both sides.
 */
export function takenInSteps(change: Change, claims: readonly Claim[], patch: Pick<Patch, 'prose' | 'subject'>): Shortfall | null {
	const taking = claims.some(({ check }) => OF_LIFETIME.has(check)) && (heldByCallers(change.post, change.name) ?? []).length === 0 ? takingOf(change) : null;
	if (!taking) return null;
	const claim = claims.find(({ of, check }) => OF_LIFETIME.has(check) && (of === undefined || of.test(taking.store.text)));
	if (!isInSeveral(change) && !says(change.post.sources.table, 'at-the-same-time', wordsOf(patch))) return null;
	const old = twins(change).find(({ after }) => after.start > taking.fetch.node.end)?.before;
	if (!claim || !old) return null;
	const { fetch, store } = taking;
	return {
		check: claim.check, message: `what \`${told(fetch.text)}\` has found is freed although another thread may have found it as well before \`${told(store.text)}\``, other: OTHER,
		said: claim.text, reason: `\`${told(fetch.text)}\` and \`${told(store.text)}\` are two steps, and no code shown keeps another thread from fetching it as well`,
		opens: { after: fetch.node }, opensAt: 'after', ends: { before: old, after: store.node },
	};
}

/** The function is called in more than one context. */
const isInSeveral = ({ post, name }: Change): boolean => new Set((post.callers.get(name) ?? []).map((caller) => contextOf(post, caller))).size > 1;

/** A pointer that is fetched into a variable, its place that is set behind that, both under no common lock, and the variable given up after all: one of the two steps is the patch's own. */
function takingOf(change: Change): Taking | null {
	const { after, now, post: { sources: { table } } } = change;
	const points = pointsOf(after, now);
	const fetches = new RegExp(String.raw`\b(\w+)\s*=\s*(?:${callsNamed(table, 'reads-once')}\s*)?&?(\w+(?:(?:->|\.)\w+|\[\w+\])+)\)?\s*;$`);
	for (const fetch of points) {
		const [, local = '', place = ''] = fetches.exec(fetch.text.trim()) ?? [];
		if (local === '' || !place.includes('->') || fetch.node.type === 'if_statement' || callsOne(table, 'in-one-step', fetch.text)) continue;
		const store = points.find((each) => each.node.start > fetch.node.end && each.node.type === 'expression_statement' && sets(table, each.text, place));
		if (!store || shares(fetch, store) || !isInSight(change, fetch.node, store.node) || !(isOwn(change, fetch.node) || isOwn(change, store.node))) continue;
		if (points.some(({ node, text }) => node.start > fetch.node.end && node.end <= store.node.start && callsOne(table, 'in-one-step', text))) continue;
		if (now.some((site) => site.start > store.node.start && givesUp(change, site, local))) return { fetch, store };
	}
	return null;
}

const shares = (one: Point, other: Point): boolean => [...one.held].some(([lock, section]) => lock !== READ_SIDE && other.held.get(lock) === section);

function sets(table: Table, text: string, place: string): boolean {
	const flat = text.replace(/\s+/g, '');
	return new RegExp(`^${escaped(place)}=(?!=)|^${namesOf(table, 'marks-store', 'marks-either')}\\(\\(?&?${escaped(place)}\\)?[,)]`).test(flat);
}

/** A call that frees the variable's object, or drops a reference of it; also in a function in sight that is handed it. */
function givesUp({ post }: Change, { api, row, args }: Site, local: string): boolean {
	const index = args.indexOf(local);
	if (index < 0) return false;
	if (row) return GIVES_UP.has(row.effect);
	const callee = post.functions.get(api);
	const param = callee?.fn.params[index]?.name;
	return callee !== undefined && param !== undefined && sitesOf(callee, post).some((site) => site.row !== null && GIVES_UP.has(site.row.effect) && site.args.includes(param));
}

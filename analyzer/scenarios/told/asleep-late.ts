import { type Namings, isNamed } from '../../knowledge/namings';
import { says } from '../../knowledge/phrases';
import { folded } from '../../parse/plain-text';
import type { CNode } from '../../parse';
import type { Patch } from '../../mail/patch';
import { added, type Change } from '../implied/change';
import { lockOf, type Site } from '../implied/sites';
import { told } from '../implied/steps';
import { oldOf, statementsOf } from '../implied/twins';
import { type Claim, wordsOf } from './claim';
import { callsIn, isInSight, isOwn } from './places';
import type { Shortfall } from './window';

const WAKES = /\bw[ao]ke|\bwak(?:e|ing)/i;
/** A waiter and who wakes him, and what the patch puts between them comes too late: what he is to see behind the wake-up, or that he says that he sleeps behind the lock. */
export function asleepLate(change: Change, claims: readonly Claim[], patch: Pick<Patch, 'prose' | 'subject'>): Shortfall | null {
	const words = wordsOf(patch);
	const [first] = claims;
	if (!first || !WAKES.test(words) || !says(change.post.sources.table, 'sleeps-on', words)) return null;
	const claim = claims.find(({ check }) => check === 'deadlock') ?? first;
	return toldAfterwards(change, claim) ?? liesDownLate(change, claim);
}

/** What the waiter is to see is set, of the object whose waiters are woken, right behind the wake-up only. */
function toldAfterwards(change: Change, claim: Claim): Shortfall | null {
	const all = statementsOf(change.after.fn.body);
	for (const [at, wake] of all.entries()) {
		const store = all[at + 1];
		const object = wake.type === 'expression_statement' ? wokenBy(change.post.sources.table, callsIn(change.now, wake)[0], wake) : undefined;
		const [, place = '', value = ''] = store?.type === 'expression_statement' ? (/^([\w.>-]+?) ?(?:\|)?= ?([^=;]+);$/.exec(folded(store.text)) ?? []) : [];
		if (!object || !store || !place.startsWith(object) || !/^(?:->|\.)/.test(place.slice(object.length)) || !isOwn(change, store) || isOwn(change, wake) || !isInSight(change, wake, store)) continue;
		// Who is told of by what is cleared was waiting; what is set in front of it as well is seen.
		if (/^(?:NULL|0|false)$/.test(value) || all.some((each) => each.start < wake.start && each.end <= wake.start && folded(each.text) === folded(store.text))) continue;
		const old = oldOf(change, wake);
		if (!old) continue;
		return {
			check: 'deadlock', message: `who is woken looks before \`${told(store.text)}\` is done, and sleeps on for ever`, other: 'who_is_woken',
			said: claim.text, reason: `\`${told(store.text)}\` comes behind \`${told(wake.text)}\`: who is woken by that may look before, and nobody wakes him again`,
			opens: { after: wake }, opensAt: 'before', ends: { before: old, after: store },
		};
	}
	return null;
}

/** Whose waiters a call wakes. */
function wokenBy(table: Namings, site: Site | undefined, node: CNode): string | undefined {
	if (site?.row?.effect === 'wake' || site?.row?.effect === 'complete') return folded(site.args[0] ?? '').replace(/^&/, '').replace(/(?:->|\.)\w+$/, '');
	const [, api = '', argument = ''] = /(\w+)\s*\(\s*([\w.>-]+)\s*\);$/.exec(folded(node.text)) ?? [];
	return isNamed(table, 'calls-awake', api) ? argument : undefined;
}

/** The state is set behind the lock's release, and nobody looks again before the task sleeps. */
function liesDownLate(change: Change, claim: Claim): Shortfall | null {
	const all = statementsOf(change.after.fn.body);
	const state = all.find((node) => node.type === 'expression_statement' && isOwn(change, node) && callsIn(change.now, node).some((site) => added(change).includes(site) && site.row?.effect === 'task-state' && !/RUNNING/.test(site.text)));
	const before = state && all.filter(({ start, end }) => end <= state.start && start < state.start);
	const released = before?.findLast((node) => callsIn(change.now, node).some(({ row }) => row?.effect === 'unlock' || row?.effect === 'lock') || isUnlockOf(node));
	const sleeps = state && all.find((node) => node.start > state.start && callsIn(change.now, node).some(({ row, api }) => row?.effect === 'schedule' || /^(?:io_)?schedule(?:_|$)/.test(api)));
	if (!state || !released || !sleeps || !isUnlockOf(released) || !isInSight(change, released, state)) return null;
	const between = all.filter(({ start, end }) => start > state.start && end <= sleeps.start);
	if (between.some(({ type }) => /^(?:goto|break|return|continue)_statement$/.test(type)) || callsIn(change.now, released).some((site) => lockOf(site) === null && site.row?.effect === 'rcu-unlock')) return null;
	const old = oldOf(change, sleeps);
	return old ? {
		check: 'deadlock', message: `the wake-up comes before \`${told(state.text)}\`, and is lost`, other: 'who_wakes_it',
		said: claim.text, reason: `\`${told(state.text)}\` comes behind \`${told(released.text)}\`, and nobody looks again before \`${told(sleeps.text)}\`: what wakes in between is lost`,
		opens: { after: released }, opensAt: 'before', ends: { before: old, after: state },
	} : null;
}

const isUnlockOf = ({ type, text }: CNode): boolean => type === 'expression_statement' && /unlock\w*\s*\(/.test(text);

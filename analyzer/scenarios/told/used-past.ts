import type { CheckName } from '../../../sim';
import { heldByCallers } from '../callers/held-by-callers';
import { added, type Change, structOf } from '../implied/change';
import { pointsOf } from '../implied/sections';
import { rootOf } from '../implied/sites';
import { told, written } from '../implied/steps';
import { covers, fetches, sections, takesReference, useOf } from '../implied/subjects/readers/read-section';
import { oldOf, statementsOf } from '../implied/twins';
import type { Claim } from './claim';
import { callsIn, isInSight } from './places';
import type { Shortfall } from './window';

const SAID_OF: ReadonlySet<CheckName> = new Set(['use-after-free', 'check-then-act', 'data-race', 'stale-mapping']);
/** It keeps what it is called for: by a count, a lock of its own, a copy. */
const KEEPS = /get|hold|ref|grab|pin|dup|clone|copy|lock|claim|own/i;
/** It gives back what was kept, or is who takes it away himself. */
const GIVES_BACK = /put|unref|unlock|drop|free|release|destroy|call_rcu|del(?:ete)?_|remove|unregister|list_del/i;

/** What is fetched in a read-side section that the patch adds is used behind its end: who frees it waits for the section only. */
export function usedPast(change: Change, claims: readonly Claim[]): Shortfall | null {
	const claim = claims.find(({ check }) => SAID_OF.has(check));
	const [entered, left] = (['rcu-lock', 'rcu-unlock'] as const).map((effect) => added(change).filter(({ row }) => row?.effect === effect && !('domain' in row && row.domain)));
	const [enter, leave] = [entered?.[0], left?.[0]];
	if (!claim || !enter || !leave || entered?.length !== 1 || left?.length !== 1 || (heldByCallers(change.post, change.name) ?? []).length > 0) return null;
	const { after, now } = change;
	const all = statementsOf(after.fn.body);
	const end = all.find((node) => node.type === 'expression_statement' && node.start <= leave.start && leave.start < node.end);
	const inside = sections(now);
	for (const { object, lookup, walk, line } of fetches(change, after.fn.body)) {
		if (!end || walk !== undefined || line <= enter.line || line >= leave.line || takesReference(lookup ?? '') || !structOf(change, object)) continue;
		const of = now.filter(({ args }) => args.some((arg) => rootOf(arg.replace(/^[&*(\s]+/, '')) === object));
		if (of.some(({ api, line: at }) => (at < leave.line && KEEPS.test(api)) || (at > leave.line && GIVES_BACK.test(api)))) continue;
		const points = pointsOf(after, now);
		const use = all.find((node) => node.start > end.start && (node.type === 'expression_statement' || node.type === 'return_statement' || node.type === 'if_statement') && useOf(change.post.sources.table, object).test(written(node)));
		const held = use && points.find(({ node }) => node.start === use.start)?.held;
		if (!use || covers(inside, use.line) || (held && held.size > 0) || !isInSight(change, end, use) || renewed(all.filter((node) => node.start > end.start && node.end <= use.start).map(({ text }) => text), object)) continue;
		// What is asked of the pointer alone is no use of what it leads to.
		if (callsIn(now, use).length === 0 && !new RegExp(`(?<![\\w.>])${object}\\s*->`).test(written(use))) continue;
		const old = oldOf(change, use);
		if (!old) continue;
		return {
			check: 'use-after-free', message: `what ${object} leads to may be gone by \`${told(written(use))}\`: who frees it waits for the read side only`, other: 'who_frees_it',
			said: claim.text, reason: `${object} is fetched under ${told(enter.text)}, and used by \`${told(written(use))}\` behind \`${told(leave.text)}\`: who waits for readers and frees it does not wait for that`,
			opens: { after: end }, opensAt: 'before', ends: { before: old, after: use },
		};
	}
	return null;
}

/** The variable is given another value. */
const renewed = (texts: readonly string[], object: string): boolean => texts.some((text) => new RegExp(`(?<![\\w.>])${object}\\s*=(?!=)`).test(text));

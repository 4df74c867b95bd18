import type { CNode } from '../../../../parse';
import type { Change } from '../../change';
import type { Finding, Marked } from '../../partner';
import { placeText, type Site } from '../../sites';
import { steps } from '../../steps';

/**
 * `count` goes down and is tested in one step on one side only; on the other it goes down (`drop`) and is looked at by itself, later. The marked
 * statement is only for who was last.
 */
export function splitCounts(change: Change): readonly Finding[] {
	const [was, is] = [splitIn(change.old), splitIn(change.now)];
	const [now, old] = [joinedIn(change.now), joinedIn(change.old)];
	return [...pair(change, was, now, 'fixes'), ...pair(change, is, old, 'introduces')].slice(0, 1);
}

interface Split { readonly drop: Site; readonly test: Site; readonly count: string }
interface Joined { readonly site: Site; readonly count: string }

function splitIn(sites: readonly Site[]): readonly Split[] {
	return sites.flatMap((drop, at) => {
		const count = drop.row?.effect === 'rmw' && drop.row.alu === 'sub' && (drop.row.result ?? 'none') === 'none' ? placeText(drop, drop.row.at) : null;
		const test = sites.slice(at + 1).find((site) => site.row?.effect === 'load' && placeText(site, site.row.at) === count);
		return count && test && drop.changed ? [{ drop, test, count }] : [];
	});
}

const joinedIn = (sites: readonly Site[]): readonly Joined[] => sites.flatMap((site) => {
	const count = site.changed && site.row?.effect === 'rmw' && site.row.alu === 'sub' && site.row.result !== undefined && site.row.result !== 'none' ? placeText(site, site.row.at) : null;
	return count ? [{ site, count }] : [];
});

function pair(change: Change, split: readonly Split[], joined: readonly Joined[], tells: 'fixes' | 'introduces'): readonly Finding[] {
	return split.flatMap(({ drop, test, count }) => {
		const whole = joined.find((each) => each.count === count);
		const marked = whole ? lastOnly(change, test, whole.site, tells) : undefined;
		return whole && marked ? [{ words: { count, drop: drop.api, call: whole.site.api, base: count }, marked, tells }] : [];
	});
}

/** The first statement on both sides behind the test, which leaves, or inside of it. */
function lastOnly(change: Change, test: Site, whole: Site, tells: 'fixes' | 'introduces'): Marked | undefined {
	const [body, own] = tells === 'fixes' ? [change.before.fn.body, 'before' as const] : [change.after.fn.body, 'after' as const];
	const around = conditional(body, test);
	if (!around) return undefined;
	const consequence = around.field('consequence');
	const leaves = /\b(return|goto|break|continue)\b/.test(consequence?.text ?? '') && !/[\w)]\s*\(/.test(consequence?.text ?? '');
	const after = own === 'before' ? 'after' : 'before';
	return steps(change).find((each) => each[after].start > whole.start && (leaves ? each[own].start > around.end : consequence !== null && each[own].start >= consequence.start && each[own].end <= consequence.end));
}

function conditional(node: CNode, { start }: Site): CNode | undefined {
	for (const child of node.named) {
		const inner = child.start <= start && start < child.end ? conditional(child, { start } as Site) : undefined;
		if (inner) return inner;
	}
	const condition = node.type === 'if_statement' ? node.field('condition') : null;
	return condition && condition.start <= start && start < condition.end ? node : undefined;
}

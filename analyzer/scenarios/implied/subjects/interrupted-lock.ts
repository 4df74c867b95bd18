import type { ContextKind } from '../../../../sim';
import { roleOf } from '../../roles';
import { added, type Change, removed } from '../change';
import type { Finding } from '../partner';
import { placeText, type Site } from '../sites';

const KEPT_OUT: Readonly<Record<string, ContextKind>> = { off: 'hardirq', save: 'hardirq', 'bh-off': 'softirq' };

/**
 * `lock` is taken with interrupts (or softirqs) off on one side only: `strict` instead of `weak`; the context is that of who is kept out. `claimed`: that
 * the function runs with interrupts on is nowhere shown.
 */
export function interruptedLocks(change: Change): readonly Finding[] {
	const role = roleOf(change.post, change.after)?.row.context;
	const gone = of(removed(change), added(change), 'introduces');
	// An interrupt's handler that keeps interrupts out is called elsewhere, too.
	return [...of(added(change), removed(change), 'fixes').map((each) => (role === each.context ? { ...each, own: 'task' as const } : each)),
		...(role === undefined ? gone.map((each) => ({ ...each, words: { ...each.words, claimed: '1' } })) : role === 'task' ? gone : [])];
}

function of(own: readonly Site[], other: readonly Site[], tells: Finding['tells']): readonly Finding[] {
	return own.flatMap((site) => {
		const { row } = site;
		const context = row?.effect === 'lock' && row.kind === 'spin' ? KEPT_OUT[row.irq ?? ''] : undefined;
		const lock = row?.effect === 'lock' ? placeText(site, row.at) : null;
		const weaker = other.find((each) => each.row?.effect === 'lock' && placeText(each, each.row.at) === lock && KEPT_OUT[each.row.irq ?? ''] !== context && KEPT_OUT[each.row.irq ?? ''] !== 'hardirq');
		return context && lock && weaker ? [{ words: { lock, strict: site.api, weak: weaker.api, who: context === 'hardirq' ? 'an interrupt' : 'a softirq' }, context, tells }] : [];
	});
}

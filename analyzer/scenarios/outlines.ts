import type { CheckName } from '../../sim';
import type { Row } from '../knowledge/row';
import type { Table } from '../knowledge/table';
import type { Definition } from '../lower/sources';
import type { Party } from '../lower/party';
import { isWhole } from '../parse';
import { partyOf } from './roles';
import type { Scenario } from './scenario';
import type { Side } from './side';
import type { Models } from './sources';

/** What a function's own paths show of it, whoever else runs. */
const OF_ITS_PATHS: ReadonlySet<CheckName> = new Set(['lock-held-at-return', 'unlock-not-held', 'sleep-in-atomic', 'deadlock', 'refcount-leak']);

/** Changed functions by themselves, in outline: each of their paths, whatever the world is like. */
export function outlines(pre: Side | null, post: Side | null, models: Models): readonly Scenario[] {
	if (!pre || !post) return [];
	return [...new Set([...post.changed, ...pre.changed])].flatMap((name): readonly Scenario[] => {
		const [before, after] = [pre.functions.get(name), post.functions.get(name)];
		if (!before || !after || !isWhole(before.fn) || !isWhole(after.fn)) return [];
		const party = (side: Side): readonly Party[] => {
			const { caller: _, ...alone } = partyOf(side, models, name, 0) ?? {};
			return 'definition' in alone ? [{ ...alone, start: 'ready', runs: 1 } as Party] : [];
		};
		return [{
			because: 'conflict', reason: `${name}() alone, along each of its paths, whatever it finds`, pre: party(pre), post: party(post),
			entries: [name], claimed: false, weight: 20, outline: OF_ITS_PATHS,
		}];
	});
}

const counted = new WeakMap<Definition['fn'], boolean>();

/** Whether what a function does bears on what its caller holds: it takes without giving back, or gives back without taking. */
export function leavesSomething({ fn }: Definition, table: Table): boolean {
	const known = counted.get(fn);
	if (known !== undefined) return known;
	const balance = new Map<string, number>();
	for (const [, api = ''] of fn.body.text.matchAll(/\b([a-z_]\w*)\s*\(/g)) {
		const step = STEPS[table.rows.get(api)?.effect ?? 'none'];
		if (step) balance.set(step.what, (balance.get(step.what) ?? 0) + step.by);
	}
	const leaves = [...balance.values()].some((sum) => sum !== 0);
	counted.set(fn, leaves);
	return leaves;
}

const STEPS: Readonly<Partial<Record<Row['effect'], { readonly what: string; readonly by: number }>>> = {
	lock: { what: 'lock', by: 1 }, unlock: { what: 'lock', by: -1 }, 'rcu-lock': { what: 'rcu', by: 1 }, 'rcu-unlock': { what: 'rcu', by: -1 }, get: { what: 'count', by: 1 }, put: { what: 'count', by: -1 },
};

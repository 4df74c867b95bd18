import type { Row } from '../../knowledge/row';
import { sitesIn } from '../implied/sites';
import type { Side } from '../sides/side';

/** What comes after the readers, without waiting for them. */
const LATER: ReadonlySet<Row['effect']> = new Set(['rcu-call', 'free-rcu']);
const WAITS: ReadonlySet<Row['effect']> = new Set(['rcu-sync']);

/**
 * What was freed when the readers had gone is so still: by who now waits for them first, where it was left to be done later, or the other way round. Of a grace
 * period the mail may speak then for what it costs, and the patch brings none.
 */
export function waitsEitherWay(pre: Side, post: Side): boolean {
	const more = (effects: ReadonlySet<Row['effect']>): number => count(post, effects) - count(pre, effects);
	const [later, waits] = [more(LATER), more(WAITS)];
	return (later < 0 && waits > 0) || (later > 0 && waits < 0);
}

const count = (side: Side, effects: ReadonlySet<Row['effect']>): number =>
	side.changed.flatMap((name) => sitesIn(side, name)).filter(({ row }) => row !== null && effects.has(row.effect)).length;

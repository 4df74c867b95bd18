import { callsOne } from '../../knowledge/namings';
import type { Table } from '../../knowledge/table';
import type { Side } from '../sides/side';
import type { Change } from './change';
import { type Site, sitesIn } from './sites';

const patterns = new WeakMap<Table, RegExp>();

/** Calls, and guards, that begin a read side of RCU itself: not one of a domain's own. */
function entering(table: Table): RegExp {
	const names = new Set(table.rows.ofEffect('rcu-lock').flatMap((row) => (row.effect === 'rcu-lock' && row.domain === undefined ? [row.api] : [])));
	const guards = [...table.guards.values()].flatMap(({ guard, acquire }) => (acquire !== undefined && names.has(acquire) ? [guard] : []));
	const pattern = patterns.get(table) ?? new RegExp(`\\b(?:${[...names].join('|')})\\s*\\(|guard\\s*\\(\\s*(?:${guards.join('|')})\\b`);
	patterns.set(table, pattern);
	return pattern;
}

const bodyOf = ({ functions }: Side, name: string): string => functions.get(name)?.fn.body.text ?? '';

/** Whether a read side begins in the text. */
export const beginsReadSide = ({ sources: { table } }: Pick<Side, 'sources'>, text: string): boolean => entering(table).test(text);

/** Whether one begins in the function's own text. */
export const entersReadSide = (side: Side, name: string): boolean => beginsReadSide(side, bodyOf(side, name));

/** Whether it does, or goes by what readers find. */
export const readsInPlace = (side: Side, name: string): boolean => entersReadSide(side, name) || callsOne(side.sources.table, 'read-in-place', bodyOf(side, name));

/** The patch has readers come into a read side of another kind here, and waits for those instead: neither of the two protects anything that was not protected before. */
export function changesKind({ old, now, ways, pre, post }: Change): boolean {
	const replaced = (was: readonly Site[], is: readonly Site[], effect: string): boolean => was.some((site) => site.row?.effect === effect && !is.some(({ text }) => text === site.text)) && is.some((site) => site.row?.effect === effect && !was.some(({ text }) => text === site.text));
	return now.some((site) => site.row?.effect === 'rcu-lock' && ways.get(site) === 'added') && replaced(old, now, 'rcu-lock') && post.changed.some((name) => replaced(sitesIn(pre, name), sitesIn(post, name), 'rcu-sync'));
}

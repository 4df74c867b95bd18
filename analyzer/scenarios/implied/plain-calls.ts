import type { ContextKind, LockKind } from '../../../sim';
import type { Table } from '../../knowledge/table';
import type { Change } from './change';
import { placeText } from './sites';

/** The plain calls that take and release a lock of the change's, for a thread in that context; `alone`: for itself only, with interrupts off where that can be. */
export function plainCalls({ old, now, post }: Change, lock: string, context: ContextKind, alone = false): { readonly acquire: string; readonly release: string } | null {
	const user = [...now, ...old].find((site) => (site.row?.effect === 'lock' || site.row?.effect === 'unlock') && placeText(site, site.row.at) === lock);
	if (user?.row?.effect !== 'lock' && user?.row?.effect !== 'unlock') return null;
	const { kind } = user.row;
	const mode = alone ? 'exclusive' : user.row.mode;
	if (SLEEPS.has(kind) && context !== 'task' && context !== 'work') return null;
	const plain = (effect: 'lock' | 'unlock'): string | undefined => (alone && kind === 'spin' ? plainRow(post.sources.table, effect, kind, mode, effect === 'lock' ? 'off' : 'on') : undefined) ?? plainRow(post.sources.table, effect, kind, mode);
	const [acquire, release] = [plain('lock'), plain('unlock')];
	return acquire && release ? { acquire: `${acquire}(&${lock})`, release: `${release}(&${lock})` } : null;
}

/** Kinds of locks whose takers may sleep. */
export const SLEEPS: ReadonlySet<LockKind> = new Set(['mutex', 'rwsem', 'semaphore']);

function plainRow(table: Table, effect: 'lock' | 'unlock', kind: LockKind, mode: string, irq = 'none'): string | undefined {
	for (const row of table.rows.ofEffect(effect)) {
		if (row.effect === effect && row.kind === kind && row.mode === mode && row.at === '*arg0' && row.args === 1 && (row.irq ?? 'none') === irq && !row.bit && !(row.effect === 'lock' && row.fails !== undefined)) return row.api;
	}
	return undefined;
}

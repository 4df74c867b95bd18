import type { Lowering } from '../lowering';
import { addressOf } from '../values/access';
import type { Place } from '../values/value';

/** A function is stored where the struct around it keeps its callback (`q->timer.function = quux_tick`): that registers it, as a call would that is handed both. */
export function storedCallback(l: Lowering, place: Place & { readonly kind: 'memory' }, callback: string): void {
	const row = l.sources.table.roles.find(({ role, stored }) => stored !== undefined && role === place.key);
	const [struct, field] = place.key.split('.');
	if (!row || struct === undefined || field === undefined || !place.path.endsWith(`.${field}`)) return;
	const key = place.path.slice(0, -field.length - 1);
	const itself = row.stored === 'itself' ? addressOf(l, { ...place, offset: place.offset - l.world.offset(struct, field), type: { base: struct, pointer: 0, struct: true }, path: key, key }) : undefined;
	l.directory.register({ key, callback, context: row.context, ...(itself ? { argument: itself } : {}) });
}

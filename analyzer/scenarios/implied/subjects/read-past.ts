import { added, type Change, declared, structOf } from '../change';
import type { Finding } from '../partner';
import { covers, fetches, keeps, lastUse, sections, takesReference } from './read-section';

/** `object` is fetched, from `cell` or by `lookup`, in a read-side section that the patch adds, and used behind that section's end: no reference keeps it there. */
export function readPast(change: Change): readonly Finding[] {
	const entered = added(change).filter(({ row }) => row?.effect === 'rcu-lock' && !row.domain);
	const left = added(change).filter(({ row }) => row?.effect === 'rcu-unlock' && !row.domain);
	if (entered.length !== 1 || left.length !== 1) return [];
	const { body } = change.after.fn;
	const inside = sections(change.now);
	return fetches(change, body).flatMap(({ object, cell, lookup, walk, line }): readonly Finding[] => {
		const struct = structOf(change, object);
		const [from, to] = [entered[0]?.line ?? 0, left[0]?.line ?? 0];
		if (walk !== undefined || !struct || line <= from || line >= to || covers(inside, lastUse(body, object)) || keeps(change, object, inside) || takesReference(lookup ?? '')) return [];
		return [{ words: { object, struct, type: declared(change, object)?.trim() ?? '', ...(cell ? { cell } : {}), ...(lookup ? { lookup } : {}) }, tells: 'still-fails' }];
	});
}

import type { Op } from '../../../sim';
import { isModelField, lastOf } from '../values/access';
import type { OpNote } from './emitter';
import type { Facts } from '../facts';
import type { Lowering } from '../lowering';
import type { World } from '../world/world';

/** Struct types of which the program frees objects; `~` when that cannot be told. */
export function freedTypes(lowerings: readonly Lowering[], world: World): ReadonlySet<string> {
	const types = new Set<string>();
	for (const { emitter } of lowerings) emitter.ops.forEach((op, index) => {
		if (op.op !== 'free' && op.op !== 'put') return;
		const key = emitter.notes[index]?.key ?? '~';
		// What holds the count goes with it.
		for (const type of /^[~*]/.test(key) ? ['~'] : world.around(key.split('.')[0] ?? '~')) types.add(type);
	});
	return types;
}

/** A load of what nobody changes and nobody frees is no step of its own. */
export function demoted(op: Op, note: OpNote | undefined, facts: Facts, freed: ReadonlySet<string>, world: World): Op {
	if (op.op !== 'load' || !op.step || op.watch !== undefined) return op;
	const key = note?.key ?? '';
	if (isModelField(key) || facts.stored.has(lastOf(key)) || key.startsWith('*')) return op;
	if (freed.has('~') || [...world.around(key.split('.')[0] ?? '')].some((type) => freed.has(type)) || world.domains.integers(`f:${key}`).length > 1) return op;
	const { step: _, ...local } = op;
	return local;
}

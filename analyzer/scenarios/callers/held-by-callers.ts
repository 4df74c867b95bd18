import type { Party } from '../../lower/threads/party';
import { alike, type Digests, digestsOf } from '../digests/digests';
import { isEntry, type Side } from '../sides/side';

/** Locks that every caller in sight holds where it calls the function: one that runs by itself has them from there. */
export function heldByCallers(side: Side, name: string): Party['holds'] {
	const definition = side.functions.get(name);
	if (!definition || isEntry(side, name)) return [];
	const digests = digestsOf(side);
	let common: readonly Held[] | undefined;
	for (const caller of side.callers.get(name) ?? []) {
		for (const held of heldAt(digests, caller, name)) common = common ? common.filter((each) => held.some((other) => alike(each.key, other.key))) : held;
	}
	const taken = digests.factsOf(name).find(({ kind }) => kind === 'lock' || kind === 'unlock');
	return (common ?? []).flatMap(({ key, kind, mode }) => {
		const [owner = '', member = ''] = [key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1)];
		// It takes the lock itself: the text misled.
		if (member === '' || owner === '' || (taken?.kind === 'lock' && alike(taken.key, key))) return [];
		const index = definition.fn.params.findIndex(({ type }) => new RegExp(`\\bstruct\\s+${owner}\\s*\\*\\s*$`).test(type));
		return [{ at: owner === 'globals' ? member : index >= 0 ? `arg${index}->${member}` : `INSTANCE(${owner})->${member}`, kind, mode }];
	});
}

export interface Held {
	readonly key: string;
	readonly kind: NonNullable<Party['holds']>[number]['kind'];
	readonly mode: 'exclusive' | 'shared';
}

/** What `caller` holds at each of its calls of `callee`. */
export function heldAt(digests: Digests, caller: string, callee: string): readonly (readonly Held[])[] {
	const held: Held[] = [];
	const found: (readonly Held[])[] = [];
	for (const { kind, key, lock, leaves } of digests.factsOf(caller)) {
		if (kind === 'lock' && lock) held.push({ key, ...lock });
		else if (kind === 'unlock' && !leaves) {
			const at = held.findLastIndex((each) => each.key === key);
			if (at >= 0) held.splice(at, 1);
		} else if (kind === 'call' && key === callee) found.push([...held]);
	}
	return found;
}

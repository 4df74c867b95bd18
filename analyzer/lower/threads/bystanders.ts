import { DEFERRED } from './directory';
import type { Lowering } from '../lowering';
import type { Party } from './party';
import type { World } from '../world/world';

/** What a thread's code works on, by class of cell. */
interface Reach {
	readonly reads: Set<string>;
	readonly writes: Set<string>;
	readonly locks: Set<string>;
	readonly frees: Set<string>;
	readonly types: Set<string>;
	readonly spawns: Set<number>;
}

function reachOf({ emitter }: Lowering, world: World): Reach {
	const reach: Reach = { reads: new Set(), writes: new Set(), locks: new Set(), frees: new Set(), types: new Set(), spawns: new Set() };
	emitter.ops.forEach((op, index) => {
		const key = emitter.notes[index]?.key;
		if (op.op === 'spawn') reach.spawns.add(op.thread);
		if (key === undefined) return;
		const type = key.split('.')[0] ?? '';
		// What it lies in is freed with it.
		if (!reach.types.has(type)) for (const each of world.around(type)) reach.types.add(each);
		switch (op.op) {
			case 'load': case 'await': reach.reads.add(key); break;
			case 'lock': case 'trylock': reach.locks.add(key); break;
			case 'free': case 'put': reach.frees.add(type); reach.writes.add(key); break;
			case 'unlock': case 'held': case 'touch': break;
			default: reach.writes.add(key);
		}
	});
	return reach;
}

const meet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((each) => b.has(each));

const disturbs = (a: Reach, b: Reach): boolean =>
	meet(a.writes, b.writes) || meet(a.writes, b.reads) || meet(b.writes, a.reads) || meet(a.frees, b.types) || meet(b.frees, a.types) || meet(a.locks, b.locks);

/**
 * Keys of the threads that joined a scenario of several entries without a part in it: they meet no entry but the one that starts them, or do no more
 * than run an entry once again.
 */
export function bystanders(parties: readonly Party[], lowerings: readonly Lowering[], entries: number, world: World): ReadonlySet<string> {
	const found = new Set<string>();
	if (entries < 2) return found;
	const reaches = lowerings.map((lowering) => reachOf(lowering, world));
	for (let index = entries; index < parties.length; index++) {
		const [party, own] = [parties[index], reaches[index]];
		// What runs after a grace period is short, and what it frees may be anybody's.
		if (!party?.key || !own || party.key.startsWith(DEFERRED)) continue;
		const again = parties.slice(0, entries).some(({ entry }) => new RegExp(`\\b${entry}\\s*\\(`).test(party.definition.fn.body.text));
		const others = reaches.slice(0, entries).filter((each) => !each.spawns.has(index));
		if (again || (others.length > 0 && !others.some((each) => disturbs(own, each)))) found.add(party.key);
	}
	return found;
}

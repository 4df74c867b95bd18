import type { Registration } from '../lower/lowering';
import { lower } from '../lower/program';
import type { Side } from './side';
import type { Models } from './sources';

/** Functions looked into for registrations of callbacks. */
const HARVEST_BOUND = 60;

/** Callbacks that these files register anywhere: INIT_WORK(&foo->work, f) in a probe function nobody races with. */
export function harvest(side: Side, models: Models): readonly Registration[] {
	const registering = [...side.sources.table.rows.values()].filter((row) => row.effect === 'register' || row.effect === 'rcu-call').map((row) => row.api);
	const found = new Map<string, Registration>();
	let looked = 0;
	for (const [name, definition] of side.functions) {
		const { text } = definition.fn.body;
		if (!registering.some((api) => text.includes(`${api}(`)) || looked++ >= HARVEST_BOUND) continue;
		const lowered = lower({
			parties: [{ name, entry: name, definition, context: 'task', start: 'ready', runs: 1, modelled: false }], sources: side.sources, oracle: side.sources.oracle,
			registered: [], models, bindings: new Map(), name, spawns: false,
		});
		for (const each of lowered.registered) if (!found.has(each.key)) found.set(each.key, each);
	}
	return [...found.values()];
}

import type { Table } from '../../knowledge/table';
import type { Registration } from '../../lower/threads/directory';
import { lowerOnce } from '../../lower/again/lowered-before';
import { foundByOwner } from '../callers/found-by-owner';
import type { Side } from './side';
import type { Models } from './sources';

/** Functions looked into for registrations of callbacks. */
const HARVEST_BOUND = 60;

/** Fields in which structs keep their callbacks. */
const callbackFields = ({ roles }: Table): ReadonlySet<string> => new Set(roles.flatMap(({ role, stored }) => (stored === undefined ? [] : [role.slice(role.indexOf('.') + 1)])));

const registers = ({ rows }: Table, fields: ReadonlySet<string>, text: string): boolean => {
	for (const [, field = ''] of text.matchAll(/(?:->|\.)(\w+)\s*=\s*&?[A-Za-z_]\w*\s*;/g)) if (fields.has(field)) return true;
	for (const [, name = ''] of text.matchAll(/(\w+)\(/g)) {
		const effect = rows.get(name)?.effect;
		if (effect === 'register' || effect === 'rcu-call') return true;
	}
	return false;
};

/** Callbacks that these files register anywhere: INIT_WORK(&foo->work, f) in a probe function nobody races with. What such a function calls in other files is not looked for. */
export function harvest(side: Side, models: Models): readonly Registration[] {
	const { table } = side.sources;
	const fields = callbackFields(table);
	const found = new Map<string, Registration>();
	let looked = 0;
	for (const [name, definition] of side.functions) {
		const { text } = definition.fn.body;
		if (!registers(table, fields, text) || looked++ >= HARVEST_BOUND) continue;
		const lowered = lowerOnce({
			parties: [{ name, entry: name, definition, context: 'task', start: 'ready', runs: 1, modelled: false }], sources: { ...side.sources, elsewhere: () => null }, oracle: side.sources.oracle,
			registered: [], models, bindings: new Map(), name, spawns: false, onlyRegisters: true,
		});
		for (const each of lowered.registered) if (!found.has(each.key)) found.set(each.key, each);
	}
	return [...found.values(), ...foundByOwner(side, found)];
}

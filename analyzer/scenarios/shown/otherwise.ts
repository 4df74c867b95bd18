import type { Definition } from '../../lower/sources';
import { bindingsOf } from '../callers/roles';
import type { Scenario } from '../scenario';
import type { Side } from '../sides/side';

/** What the other side of the patch has in the operations slots of a scenario's parties, where the patch changes that: by slot, and under names of their own. */
export interface Otherwise {
	readonly bindings: ReadonlyMap<string, string>;
	readonly functions: ReadonlyMap<string, Definition>;
}

/** Marks the name of a function as the other side has it. */
const MARK = ' on the other side';

export function otherwise(other: Side | null, parties: Scenario['pre'], touched: ReadonlySet<string>): Otherwise {
	const found = [...bindingsOf(parties ?? [])].flatMap(([slot, name]) => {
		const definition = touched.has(name) ? other?.functions.get(name) : undefined;
		return definition ? [{ slot, name: `${name}${MARK}`, definition }] : [];
	});
	return { bindings: new Map(found.map(({ slot, name }) => [slot, name] as const)), functions: new Map(found.map(({ name, definition }) => [name, definition] as const)) };
}

import { isNamed } from '../../knowledge/namings';
import type { Definition } from '../../lower/sources';
import type { Side } from '../sides/side';

/** The code says so itself: that nobody else can change the pointer. include/linux/rcupdate.h */
const NOBODY_ELSE = /\brcu_dereference_protected\s*\([^;]*,\s*(?:1|true)\s*\)/;
const CAREFUL: ReadonlySet<string> = new Set(['lock', 'trylock', 'rcu-lock', 'rcu-sync', 'cancel', 'flush', 'disable']);
const STARTS: ReadonlySet<string> = new Set(['spawn', 'register', 'rcu-call']);
const FREES: ReadonlySet<string> = new Set(['free']);

/**
 * The function takes down what is left, and is not what the patch is about: a module's exit, or one whose name or code says so, and which keeps nobody off, waits for
 * nobody and takes no lock. Nobody calls anything else of it at the same time.
 */
export function comesLast(side: Side, name: string): boolean {
	const definition = side.functions.get(name);
	if (!definition || side.changed.includes(name) || side.callers.get(name)?.length) return false;
	const { fn } = definition;
	return (fn.annotations.includes('__exit') || isNamed(side.sources.table, 'leaves-nothing', name) || (NOBODY_ELSE.test(fn.body.text) && does(side, definition, FREES))) && !does(side, definition, CAREFUL);
}

/** It leaves somebody behind who runs later: what takes things down may meet that. */
export function startsOthers(side: Side, name: string): boolean {
	const definition = side.functions.get(name);
	return definition !== undefined && does(side, definition, STARTS);
}

/** Calls that are gone into. */
const CALLS_BOUND = 2;

function does(side: Side, { fn }: Definition, effects: ReadonlySet<string>, depth = CALLS_BOUND): boolean {
	const { rows, guards } = side.sources.table;
	return [...fn.body.text.matchAll(/\b([A-Za-z_]\w*)\s*\(\s*(\w*)/g)].some(([, api = '', first = '']) => {
		const row = rows.get(/^(?:scoped_)?guard$/.test(api) ? guards.get(first)?.acquire ?? '' : api);
		if (row) return effects.has(row.effect);
		const callee = depth > 0 && api !== fn.name ? side.functions.get(api) : undefined;
		return callee !== undefined && does(side, callee, effects, depth - 1);
	});
}

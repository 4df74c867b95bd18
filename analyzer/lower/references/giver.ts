import { type CType, isPointer, known, pointee, pointerTo } from '../values/ctype';
import { at, value } from '../emitted/emitter';
import { isNamed } from '../../knowledge/namings';
import { lent } from './lasting';
import type { Lowering } from '../lowering';
import type { Place, Val } from '../values/value';

/**
 * What a call that nobody shows returns and the code later drops, it returned with a reference: functions that hand out references are told by what
 * becomes of them. Learnt in one pass, by the function's name, and held against both sides of a patch.
 */

/** A count is dropped; true when what it is of came out of a call, and the code has not taken a reference of its own. */
export function givenBack(l: Lowering, place: Place & { kind: 'memory' }): boolean {
	if (!place.holder) return false;
	let found = false;
	for (const [result, name] of l.facts.results) {
		const reached = l.world.domains.reached(result);
		if (!reached.has(place.holder) || l.facts.noGivers.has(name) || [...reached].some((each) => l.facts.taken.has(each))) continue;
		if (!l.facts.givers.has(name)) {
			l.facts.givers.set(name, place.path);
			l.world.changed = true;
		}
		found = true;
	}
	return found;
}

/** Functions of whose results the code takes references itself. */
export const takenFrom = (results: ReadonlyMap<string, string>, taken: ReadonlySet<string>, reached: (from: string) => ReadonlySet<string>): ReadonlySet<string> =>
	new Set(taken.size === 0 ? [] : [...results].flatMap(([result, name]) => ([...reached(result)].some((each) => taken.has(each)) ? [name] : [])));

/** The code takes a reference itself. */
export function takes(l: Lowering, place: Place & { kind: 'memory' }): void {
	if (place.holder) l.facts.taken.add(place.holder);
}

/** The code frees it: what came out of a call is not what comes out of it the next time, nor what another thread has from it, unless the call's name says that it finds what is there. */
export function spent(l: Lowering, pointer: Val): void {
	for (const each of pointer.unknown ? l.world.domains.sources(pointer.unknown) : []) {
		const name = l.facts.results.get(each);
		if (name === undefined) continue;
		if (!l.facts.spent.has(each)) {
			l.facts.spent.add(each);
			l.world.changed = true;
		}
		if (l.facts.makers.has(name) || isNamed(l.sources.table, 'finds-shared', name)) continue;
		l.facts.makers.add(name);
		l.world.changed = true;
	}
}

/** A loop that frees what a call gives it gets nothing more from the second call, where it asks for that. */
function another(l: Lowering, result: Val): void {
	if (l.loopDepth === 0 || !result.unknown || !('reg' in result.operand) || !l.facts.spent.has(result.unknown) || !l.valuesOf(result.unknown, result.type).includes(0)) return;
	const again = l.emitter.register();
	const first = l.emitter.label();
	l.emitter.branch(l.alu('eq', { reg: again }, value(0)).operand, first);
	l.emitter.local({ op: 'set', dst: result.operand.reg, from: value(0) });
	l.emitter.place(first);
	l.emitter.local({ op: 'set', dst: again, from: value(1) });
}

/** What the function is known to hand out, where nobody shows its type: told by what becomes of it on the other side of the patch. */
export function givenType(l: Lowering, name: string): CType | undefined {
	const owner = l.facts.givers.get(name)?.split('.')[0];
	return owner ? pointerTo({ base: owner, pointer: 0, struct: true }) : undefined;
}

/**
 * The result of a call of which nothing is known but its name. `mayFail`: it comes out of an argument, and whether it does the call's value tells, in
 * a way that nobody knows: who keeps it is not asked then.
 */
export function given(l: Lowering, name: string, result: Val, mayFail = false): Val {
	if (!isPointer(result.type) || !known(result.type) || !result.unknown?.startsWith('u:') || l.frame.file.modelled) return result;
	l.facts.results.set(result.unknown, name);
	another(l, result);
	const path = l.facts.givers.get(name);
	if (path === undefined || path.split('.')[0] !== typeOf(l, result.type)) return result;
	l.world.reach(path);
	const base = l.world.canonical(typeOf(l, result.type));
	const none = l.emitter.label();
	l.emitter.branch(l.alu('le', result.operand, value(0)).operand, none);
	l.emitter.visible({ op: 'get', at: at(result.operand, l.world.address(path) - base) }, { key: path });
	l.facts.counted(path, l.thread, 1);
	l.released(result.operand);
	if (!mayFail) {
		l.account(path, 'add', value(1));
		lent(l, name, path);
	}
	l.emitter.place(none);
	return result;
}

const typeOf = (l: Lowering, type: CType): string => l.world.name(pointee(type));

import { type CType, isPointer, known, pointee } from './ctype';
import { at, value } from './emitter';
import type { Lowering, Place, Val } from './lowering';

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
		if (!reached.has(place.holder) || [...reached].some((each) => l.facts.taken.has(each))) continue;
		if (!l.facts.givers.has(name)) {
			l.facts.givers.set(name, place.path);
			l.world.changed = true;
		}
		found = true;
	}
	return found;
}

/** The code takes a reference itself. */
export function takes(l: Lowering, place: Place & { kind: 'memory' }): void {
	if (place.holder) l.facts.taken.add(place.holder);
}

/** The result of a call of which nothing is known but its name. */
export function given(l: Lowering, name: string, result: Val): Val {
	if (!isPointer(result.type) || !known(result.type) || !result.unknown?.startsWith('u:') || l.frame.file.modelled) return result;
	l.facts.results.set(result.unknown, name);
	const path = l.facts.givers.get(name);
	if (path === undefined || path.split('.')[0] !== typeOf(l, result.type)) return result;
	l.world.reach(path);
	const base = l.world.canonical(typeOf(l, result.type));
	const none = l.emitter.label();
	l.emitter.branch(l.alu('le', result.operand, value(0)).operand, none);
	l.emitter.visible({ op: 'get', at: at(result.operand, l.world.address(path) - base) }, { key: path });
	l.facts.counted(path, l.thread, 1);
	l.released(result.operand);
	l.account(path, 'add', value(1));
	l.emitter.place(none);
	return result;
}

const typeOf = (l: Lowering, type: CType): string => l.world.name(pointee(type));

import type { CNode } from '../parse/source';
import type { Lowering } from './lowering';
import type { Definition, Sources } from './sources';
import type { Place, Val } from './values/value';
import { at, value } from './emitted/emitter';
import { GLOBALS } from './world/contents';
import { INT, isPointer, known, pointee } from './values/ctype';

/**
 * An outline of a function: what it calls is not gone into, unless `keeps` says that it bears on what the function itself holds, and what memory holds is
 * unknown again as soon as a lock was taken, since others may have been there. So each of its paths is walked, whatever the world is like.
 */
export const outlineSources = (sources: Sources, keeps: (definition: Definition) => boolean): Sources => {
	const kept = (definition: Definition | null): Definition | null => (definition && keeps(definition) ? definition : null);
	return {
		...sources,
		defined: (name) => (sources.changed(name) ? sources.defined(name) : kept(sources.defined(name))),
		model: (name) => kept(sources.model(name)),
		elsewhere: (name, near) => kept(sources.elsewhere(name, near)),
	};
};

/** Others may have changed what memory holds, while a `lock` was waited for or out of sight: what is read next is unknown. */
export function stale(l: Lowering, lock?: string): void {
	if (!l.outline) return;
	l.moment++;
	if (lock === undefined) for (const owner of l.excluded.keys()) l.excluded.set(owner, l.moment);
	else if (!l.excluded.has(ownerOf(lock))) l.excluded.set(ownerOf(lock), l.moment);
}

/** A lock is given back: others may come to its object again, unless that was on a way out. */
export function letIn(l: Lowering, lock: string, node: CNode): void {
	const body = l.frame.fn?.body;
	if (!l.outline || !body || LEAVES.test(body.text.slice(node.end - body.start).slice(0, WAY_OUT_BOUND))) return;
	l.excluded.delete(ownerOf(lock));
}

const ownerOf = (path: string): string => path.slice(0, path.indexOf('.') < 0 ? path.length : path.indexOf('.'));
/** What comes behind a release on a way out, up to the end of its block. */
const LEAVES = /^[^{}]*\b(?:return|goto|break|continue)\b[^{}]*\}/;
const WAY_OUT_BOUND = 400;

/** Before a place is read in an outline: one of the values that the code tells apart is there, chosen once per moment. */
export function refresh(l: Lowering, place: Place & { readonly kind: 'memory' }): void {
	if (!l.outline || l.moment === 0 || place.own || l.frame.file.modelled || l.refreshed.get(place.path) === l.moment) return;
	// What was seen since a lock of the same object is held is still there.
	const [seen, since] = [l.refreshed.get(place.path), l.excluded.get(ownerOf(place.path))];
	if (seen !== undefined && since !== undefined && seen >= since) return;
	// The variable of the file through which a lock was taken leads to it until that is released.
	if (ownerOf(place.path) === GLOBALS && isPointer(place.type) && l.excluded.has(l.world.name(pointee(place.type)))) return;
	l.refreshed.set(place.path, l.moment);
	const { domains } = l.world;
	const values = isPointer(place.type) && known(place.type) && place.type.struct ? domains.pointers(`f:${place.key}`, l.world.canonical(l.world.name(pointee(place.type))), false) : isPointer(place.type) ? [] : domains.integers(`f:${place.key}`);
	if (values.length < 2) return;
	l.assumptions.add('others change what the function reads whenever it has not locked them out');
	const chosen = l.emitter.register();
	l.chooseFrom(chosen, values);
	l.emitter.local({ op: 'store', at: at(place.base, place.offset), from: { reg: chosen }, order: 'plain' });
}

/** Whether two pointers lead to one object: in an outline either way, the same way wherever these two are compared. Undefined where the world tells. */
export function mayBeSame(l: Lowering, a: Val, b: Val): Val | undefined {
	const [one, other] = [a, b].map((each) => each.unknown ?? each.parameter ?? each.path).sort();
	if (!l.outline || l.frame.file.modelled || one === undefined || other === undefined) return undefined;
	const key = `${one} ${other}`;
	const chosen = l.compared.get(key) ?? l.emitter.register();
	l.compared.set(key, chosen);
	const told = l.emitter.label();
	l.emitter.branch({ reg: chosen }, told);
	l.chooseFrom(chosen, [DIFFERENT, SAME]);
	l.emitter.place(told);
	return l.alu('eq', { reg: chosen }, value(SAME), INT);
}

/** What the register of a comparison holds once it was made. */
const DIFFERENT = 1;
const SAME = 2;

import type { Unless } from '../../../sim';
import { type Lowering, QUIESCENCE } from '../lowering';
import type { Place, Val } from './value';
import { at, reg, value } from '../emitted/emitter';
import { isPointer, known, pointee, pointerTo } from './ctype';
import { loadedAs } from '../elided/local';
import type { CNode } from '../../parse/source';
import { refresh } from '../outline';
import { storeInWord } from '../emitted/shared-word';
import { structOf } from './place';

/** The value of a place. A struct as a whole has none but its address. */
export function load(l: Lowering, place: Place): Val {
	if (place.kind === 'register') {
		const { local } = place;
		// Nothing in sight gives it a value: a macro, or what is given its name, has.
		if (l.outline && !local.assigned && local.constant === undefined && !l.frame.file.modelled && !l.emitter.sets(local.register)) {
			const given = l.unknown(`given ${local.unknown}`, local.type);
			l.flow(local, given);
			l.assign(local.register, given);
		}
		return {
			operand: local.constant === undefined ? reg(local.register) : value(local.constant), type: local.type, unknown: local.unknown,
			...(local.fn ? { fn: local.fn } : {}), ...(local.path ? { path: local.path } : {}), ...(local.key ? { key: local.key } : {}), ...(local.fresh ? { fresh: true } : {}),
			...(local.parameter ? { parameter: local.parameter } : {}),
		};
	}
	if (place.type.array || (place.type.struct && place.type.pointer === 0)) return addressOf(l, place);
	const [struct = '', field = ''] = place.key.split('.', 2);
	const slot = l.sources.slot(struct, field);
	const result = { ...l.temporary(place.type, `f:${place.key}`), ...(place.element ? { element: true } : {}) };
	// At rest only what a party ran is run again.
	const bound = l.bindings.get(place.key) ?? (l.thread === QUIESCENCE ? undefined : slot);
	if (bound) return { ...l.constant(1, place.type), fn: bound };
	const shared = !place.own;
	const op = { op: 'load', dst: result.operand.reg, at: at(place.base, place.offset), order: 'plain' } as const;
	if (!isModelField(place.key)) refresh(l, place);
	if (!shared) {
		l.emitter.local(op);
		return result;
	}
	if (l.checking > 0) l.facts.conditions.add(`${l.thread}:${place.key}`);
	const watched = !isModelField(place.key) && l.facts.stored.has(`${l.thread}:${place.key}`);
	l.emitter.visible(watched ? { ...op, watch: l.watch(place.key) } : op, { key: place.key, marked: isModelField(place.key) });
	l.derived.reads(result.operand.reg, place.key);
	return result;
}

/** Fields that only models have begin with `__`. */
export const isModelField = (key: string): boolean => key.includes('.__') && /\.__[a-z]/.test(key) && !key.startsWith('~');

export function addressOf(l: Lowering, place: Place): Val {
	if (place.kind === 'register') return { operand: reg(place.local.register), type: pointerTo(place.local.type) };
	const type = place.type.array ? { ...place.type, array: false } : place.type;
	return { operand: l.offset(place.base, place.offset), type: pointerTo(type), path: place.path, key: place.key, holder: place.holder, ...(place.fresh ? { fresh: true } : {}), ...(place.element ? { element: true } : {}) };
}

/** Stores; `update`: it computes on what was loaded in the same expression (`x++`); on what was loaded before, the registers know. */
export function store(l: Lowering, place: Place, val: Val, update = false): void {
	if (place.kind === 'register') {
		const { local } = place;
		loadedAs(l, local.type, val);
		if (!known(local.type) && known(val.type)) local.type = val.type;
		local.fn = local.assigned ? undefined : val.fn;
		local.path = local.assigned ? undefined : val.path;
		local.key = local.assigned ? undefined : val.key;
		local.fresh = val.fresh;
		local.parameter = local.assigned ? undefined : val.parameter;
		local.assigned = true;
		l.flow(local, val);
		l.assign(local.register, val);
		return;
	}
	if (val.unknown) l.world.domains.flow(val.unknown, `f:${place.key}`);
	const target = pointee(val.type);
	if (val.type.pointer === 1 && known(target) && target.struct && !known(place.type)) l.world.field(place.key.split('.')[0] ?? '', place.key.slice(place.key.indexOf('.') + 1), place.element ? { ...val.type, array: true } : val.type);
	const op = { op: 'store', at: at(place.base, place.offset), from: val.operand, order: 'plain' } as const;
	if (place.own) {
		l.emitter.local(op);
		return;
	}
	if (l.outline && target.struct && isPointer(val.type)) l.kept.add(l.world.name(target));
	l.facts.store(l.thread, place.key);
	const unless = update || l.derived.isComputedOn(val.operand, place.key) ? unlessBroken(l, place, 'lost-data') : unlessTested(l, place);
	storeInWord(l, place, () => l.emitter.visible({ ...op, ...unless }, { key: place.key, marked: isModelField(place.key) }));
}

/** What a store, or an atomic change that asks nothing, goes by when its place was tested before, on a way that the test decides. */
export const unlessTested = (l: Lowering, place: Place & { readonly kind: 'memory' }): { readonly unless?: Unless } =>
	(l.facts.conditions.has(`${l.thread}:${place.key}`) ? unlessBroken(l, place, 'check-then-act') : {});

function unlessBroken(l: Lowering, place: Place & { readonly kind: 'memory' }, check: 'lost-data' | 'check-then-act'): { readonly unless?: Unless } {
	const watch = isModelField(place.key) ? undefined : l.watches.get(place.key);
	if (watch === undefined) return {};
	const field = place.key.replace(/^~/, '');
	const message = check === 'lost-data' ? `the update of ${field} overwrites another thread's, which it has not seen` : `${field} was tested, changed by another thread, and is now set on the strength of that test`;
	return { unless: { watch, check, message } };
}

/** The field alone: what tells a store that may hit a load. */
export const lastOf = (key: string): string => key.slice(key.lastIndexOf('.') + 1);

/** The object is used by code that is not modelled: it must be live, where it is there at all. */
export function touch(l: Lowering, val: Val, node: CNode): void {
	const skip = l.emitter.label();
	const none = l.alu('le', val.operand, value(0));
	l.emitter.branch(none.operand, skip);
	l.from(node);
	l.emitter.visible({ op: 'touch', pointer: val.operand }, { key: `${structOf(l, val)}.` });
	l.emitter.place(skip);
}

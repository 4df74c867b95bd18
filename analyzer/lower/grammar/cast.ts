import { containerOf } from './container';
import { type CType, isScalar, known, parseType, pointee } from '../values/ctype';
import { constantOf, value } from '../emitted/emitter';
import type { Lowering } from '../lowering';
import type { Val } from '../values/value';

/** First members that are looked into for the struct that a cast is meant for. */
const HEADS_BOUND = 4;

/** Names of the members that lead from the outer struct's beginning to the inner struct; null where it does not begin with one. */
function headOf(l: Lowering, outer: string, inner: string): readonly string[] | null {
	const path: string[] = [];
	let at = outer;
	for (let depth = 0; depth < HEADS_BOUND; depth++) {
		const first = l.world.oracle.struct(at)?.members[0];
		if (!first || first.pointer > 0 || first.array) return null;
		path.push(first.name);
		at = l.world.name(parseType(first.type));
		if (at === inner) return path;
	}
	return null;
}

/** The address of a field that is no struct: bytes behind or in an object that are somebody's own (`trans_specific`, `drv_priv`). */
export function isAmongBytes(l: Lowering, { path, key, type }: Val): boolean {
	if (path === undefined || key === undefined || type.pointer !== 1) return false;
	const dot = key.lastIndexOf('.');
	const [owner, member] = [key.slice(0, dot), key.slice(dot + 1)];
	if (dot < 0 || member === '' || owner.startsWith('~')) return false;
	const field = l.world.field(owner, member);
	return known(field) && isScalar(field);
}

/**
 * A pointer to one struct taken for a pointer to another. Memory is laid out by type, so that what begins with the other struct is found by that member;
 * what has nothing to do with it (a control block in an array of bytes) is that other type's one instance.
 */
export function recast(l: Lowering, val: Val, type: CType): Val {
	const [from, to] = [pointee(val.type), pointee(type)];
	if (isAmongBytes(l, val) && type.pointer === 1 && known(to) && to.struct) {
		const { path: _inner, key: _cell, ...plain } = val;
		return { ...plain, type, operand: value(l.world.canonical(l.world.name(to))) };
	}
	if (val.type.pointer !== 1 || type.pointer !== 1 || !known(from) || !known(to) || !from.struct || !to.struct) return { ...val, type };
	const [source, target] = [l.world.name(from), l.world.name(to)];
	if (source === target) return { ...val, type };
	const down = headOf(l, target, source);
	if (down) return containerOf(l, val, type, down.join('.'));
	const { path: _path, key: _key, ...plain } = val;
	const up = headOf(l, source, target);
	if (up) {
		let [owner, offset] = [source, 0];
		for (const name of up) {
			const field = l.world.field(owner, name);
			offset += l.world.offset(owner, name);
			owner = l.world.name(field);
		}
		return { ...plain, type, operand: l.offset(val.operand, offset) };
	}
	const instance = value(l.world.canonical(target));
	const constant = constantOf(val.operand);
	if (constant !== undefined) return constant <= 0 ? { ...val, type } : { ...plain, type, operand: instance };
	const result = l.temporary(type, val.unknown);
	const none = l.emitter.label();
	l.assign(result.operand.reg, val);
	l.emitter.branch(l.alu('le', val.operand, value(0)).operand, none);
	l.emitter.local({ op: 'set', dst: result.operand.reg, from: instance });
	l.emitter.place(none);
	return result;
}

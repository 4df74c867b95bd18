import { nameUses } from '../elided/name-uses';
import type { CNode } from '../../parse/source';
import { compile } from '../descent';
import { type CType, INT, isPointer, isScalar, known, pointee, UNKNOWN } from './ctype';
import { value } from '../emitted/emitter';
import type { Lowering } from '../lowering';
import type { Place, Val } from './value';
import { elidedLocal, isMadeUp, pointsSomewhere } from '../elided/local';
import { lookup, within } from './scope';
import { GLOBALS } from '../world/contents';

/** The struct that a pointer points at; a made-up one, named for where the pointer is kept, when its type is unknown. */
export function structOf(l: Lowering, val: Val): string {
	const type = pointee(val.type);
	if (known(type) && val.type.pointer > 0) return l.world.name(type);
	if (known(val.type) && val.type.struct) return l.world.name(val.type);
	// What comes out of a field is what the field is known to lead to.
	const told = (val.path ? l.world.pointsTo.get(val.path) : undefined) ?? (val.unknown?.startsWith('f:') ? l.world.pointsTo.get(val.unknown.slice(2)) : undefined);
	return told ?? `~${(val.unknown ?? val.path ?? 'object').replace(/^[a-z]:/, '').replace(/^\d+:.*:/, '').replaceAll('.', '/')}`;
}

/** `base->name` (or `base.name` of an embedded struct whose address base is). */
export function fieldPlace(l: Lowering, base: Val, name: string): Place {
	const owner = structOf(l, base);
	// `&folio->page`: the one name of the type inside the other is the object itself.
	if (owner !== name && l.world.oracle.canonicalName(name) === owner || (owner === name && l.world.oracle.struct(owner)?.members.every((member) => member.name !== name))) {
		l.world.field(owner, '', INT);
		return { kind: 'memory', base: base.operand, offset: 0, type: { base: owner, pointer: 0, struct: true }, key: `${owner}.`, path: base.path ?? owner, own: false };
	}
	const type = l.world.field(owner, name);
	if (!known(pointee(base.type))) {
		if (base.unknown?.startsWith('f:')) l.world.pointer(base.unknown.slice(2), owner);
		// `&x->part`, of a part that nobody shows: a struct, then, inside of x.
		else if (base.key && base.key === base.path && /^[^.]+\.[^.]+$/.test(base.key)) l.world.field(base.key.slice(0, base.key.indexOf('.')), base.key.slice(base.key.indexOf('.') + 1), { base: owner, pointer: 0, struct: true });
	}
	return {
		kind: 'memory', base: base.operand, offset: l.world.offset(owner, name), type,
		key: `${owner}.${name}`, path: `${base.path ?? owner}.${name}`, own: false, holder: base.holder ?? base.unknown, ...(base.fresh ? { fresh: true } : {}),
	};
}

export function globalPlace(l: Lowering, name: string): Place {
	const declared = l.sources.global(name);
	if (declared?.struct && declared.pointer === 0 && l.world.oracle.ours(l.world.name(declared))) {
		const owner = l.world.name(declared);
		return { kind: 'memory', base: value(l.world.canonical(owner)), offset: 0, type: { ...declared, array: false }, key: `${owner}.`, path: owner, own: false };
	}
	const usual = declared ?? l.sources.conventional(name);
	// Elsewhere a pointer of that name; here it is its address that is passed: the struct itself, declared in elided lines.
	if (!declared && usual?.struct && usual.pointer === 1 && l.frame.fn && nameUses(l.frame.fn).isObject(name)) {
		const owner = l.world.name({ ...usual, pointer: 0 });
		return { kind: 'memory', base: value(l.world.canonical(owner)), offset: 0, type: { ...usual, pointer: 0 }, key: `${owner}.`, path: owner, own: false };
	}
	const type = l.world.field(GLOBALS, name, usual);
	return { kind: 'memory', base: value(l.world.canonical(GLOBALS)), offset: l.world.offset(GLOBALS, name), type, key: `${GLOBALS}.${name}`, path: `${GLOBALS}.${name}`, own: false };
}

/** What the pointer points at, as a whole. */
export function derefPlace(l: Lowering, pointer: Val): Place {
	const type = pointer.type.pointer > 0 ? pointee(pointer.type) : UNKNOWN;
	const path = pointer.path;
	if (type.struct && type.pointer === 0) {
		const owner = l.world.name(type);
		if (!path) l.world.field(owner, '', INT);
		return { kind: 'memory', base: pointer.operand, offset: 0, type, key: pointer.key ?? `${owner}.`, path: path ?? owner, own: false, holder: pointer.holder };
	}
	if (pointer.type.pointer >= 2 && known(pointer.type) && !path) {
		const owner = l.world.indirect(pointer.type);
		return { kind: 'memory', base: pointer.operand, offset: 0, type, key: `${owner}.`, path: owner, own: false, holder: pointer.holder };
	}
	const numbers = numbersOf(l, pointer, type);
	if (numbers) return { kind: 'memory', base: pointer.operand, offset: 0, type, key: `${numbers}.`, path: numbers, own: false, holder: pointer.holder };
	// What a caller hands over to be read, or told, a number: nobody shows what is in it.
	if (pointer.parameter !== undefined && pointer.type.pointer === 1 && known(type) && !path && !isPointer(type)) {
		const owner = structOf(l, pointer);
		l.world.field(owner, '', type);
		return { kind: 'memory', base: pointer.operand, offset: 0, type, key: `${owner}.`, path: owner, own: false, holder: pointer.holder };
	}
	// An entry of a page table: one cell of its type.
	if (l.sources.table.types.get(type.base)?.readFrom) l.world.field(l.world.name(type), '', INT);
	return { kind: 'memory', base: pointer.operand, offset: 0, type, key: pointer.key ?? `*${pointer.unknown ?? structOf(l, pointer)}`, path: path ?? `*${structOf(l, pointer)}`, own: false, holder: pointer.holder, ...(pointer.element ? { element: true } : {}) };
}

/** What a field points at that is followed as a pointer to numbers (`u32 *map`): an object of its own, of one number, as indices are not told apart. Without it the field were NULL, and all that comes behind it out of reach. */
function numbersOf(l: Lowering, { type: { pointer }, unknown, path }: Val, type: CType): string | undefined {
	if (pointer !== 1 || !isScalar(type) || !known(type) || path !== undefined || !unknown?.startsWith('f:')) return undefined;
	const field = unknown.slice(2);
	if (/^[~*]/.test(field) || field.startsWith(`${GLOBALS}.`)) return undefined;
	const owner = `~${field.replaceAll('.', '/')}`;
	l.world.pointer(field, owner);
	if (l.world.pointsTo.get(field) !== owner) return undefined;
	l.world.field(owner, '', type);
	l.facts.indexed.add(`f:${owner}.`);
	return owner;
}

/** The place a C lvalue denotes, or null for what is none. */
export function placeOf(l: Lowering, node: CNode): Place | null {
	switch (node.type) {
		case 'parenthesized_expression': {
			const inner = node.named[0];
			return inner && inner.type !== 'compound_statement' ? placeOf(l, inner) : null;
		}
		case 'identifier': {
			const local = lookup(l, node.text);
			if (local?.kind === 'register') return { kind: 'register', local };
			if (local?.kind === 'memory') return { kind: 'memory', base: value(local.address), offset: 0, type: local.type, key: local.key, path: local.key, own: true };
			if (local?.kind === 'argument') return local.val ? null : within(l, local.frame, () => placeOf(l, local.node));
			if (l.sources.constant(node.text) !== undefined) return null;
			const elided = elidedLocal(l, node.text);
			if (elided) return elided;
			if (l.sources.defined(node.text) && l.sources.global(node.text) === undefined) return null;
			return globalPlace(l, node.text);
		}
		case 'field_expression': {
			const argument = node.field('argument');
			const name = node.field('field')?.text ?? '';
			if (!argument) return null;
			const arrow = node.children.some((child) => child.type === '->');
			if (!arrow) {
				const outer = placeOf(l, argument);
				if (outer?.kind === 'memory' && !isPointer(outer.type)) return embedded(l, outer, name);
				if (outer?.kind === 'register') {
					const val = compile(l, argument);
					return isPointer(val.type) ? fieldPlace(l, val, name) : null;
				}
			}
			const base = compile(l, argument, resultOf(argument));
			if (argument.type === 'identifier' && !known(pointee(base.type))) pointsSomewhere(l, argument.text);
			return fieldPlace(l, base, name);
		}
		case 'subscript_expression': {
			const argument = node.field('argument');
			const index = node.field('index');
			if (!argument) return null;
			if (index && index.type !== 'number_literal' && index.type !== 'identifier') compile(l, index);
			const array = placeOf(l, argument);
			// One element stands for all: indices are not told apart.
			if (array?.kind === 'memory' && array.type.array) l.facts.indexed.add(`f:${array.key}`);
			if (array?.kind === 'memory' && (array.type.array || !isPointer(array.type))) return { ...array, type: { ...array.type, array: false }, ...(known(array.type) ? {} : { element: true }) };
			return derefPlace(l, compile(l, argument));
		}
		case 'pointer_expression': {
			const argument = node.field('argument');
			if (!argument || node.children[0]?.type !== '*') return null;
			const local = argument.type === 'identifier' ? lookup(l, argument.text) : undefined;
			// `*p` where p is a parameter bound to `&x`.
			if (local?.kind === 'argument' && !local.val && local.node.type === 'pointer_expression' && local.node.children[0]?.type === '&') {
				const target = local.node.field('argument');
				if (target) return within(l, local.frame, () => placeOf(l, target));
			}
			const pointer = compile(l, argument);
			if (argument.type === 'identifier' && !known(pointer.type)) pointsSomewhere(l, argument.text);
			return derefPlace(l, pointer);
		}
		case 'cast_expression': {
			const inner = node.field('value');
			return inner ? placeOf(l, inner) : null;
		}
		case 'call_expression': {
			// Macros that are lvalues: `*this_cpu_ptr(x)`, `per_cpu(x, cpu)`, list_entry(…)->x.
			compile(l, node);
			return null;
		}
		default:
			return null;
	}
}

/** `FOO_I(inode)->lock`: what nobody defines here gives is one thing wherever it is called. */
const resultOf = (node: CNode): CType => {
	const callee = node.type === 'call_expression' ? node.field('function') : null;
	return callee?.type === 'identifier' ? { base: `${callee.text}()`, pointer: 1, struct: true } : UNKNOWN;
};

function embedded(l: Lowering, outer: Place & { kind: 'memory' }, name: string): Place {
	const owner = known(outer.type) ? l.world.name(outer.type) : `~${outer.key}`;
	const type = l.world.field(owner, name);
	if (!known(outer.type)) retype(l, outer, owner);
	return {
		kind: 'memory', base: outer.base, offset: outer.offset + l.world.offset(owner, name), type,
		key: `${owner}.${name}`, path: `${outer.path}.${name}`, own: outer.own, holder: outer.holder,
	};
}

/** `struct foo *f = &x->part`, of an x that nobody shows: the part is one, inside of x. */
export function isPart(l: Lowering, place: Place & { kind: 'memory' }, pointer: CType): void {
	const type = pointee(pointer);
	if (pointer.pointer === 1 && type.struct && known(type) && (l.world.oracle.ours(l.world.name(type)) || isMadeUp(l.world.name(type)))) retype(l, place, l.world.name(type));
}

/** A field of unknown type turns out to be a struct. */
function retype(l: Lowering, place: Place & { kind: 'memory' }, struct: string): void {
	const dot = place.key.indexOf('.');
	if (dot > 0) l.world.field(place.key.slice(0, dot), place.key.slice(dot + 1), { base: struct, pointer: 0, struct: true });
}

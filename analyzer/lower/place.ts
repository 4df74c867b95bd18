import { nameUses } from './name-uses';
import type { CNode } from '../parse/source';
import { type CType, INT, isPointer, known, parseType, pointee, pointerTo, UNKNOWN } from './ctype';
import { at, reg, value } from './emitter';
import { compile } from './expression';
import { type Frame, type Lowering, type Place, QUIESCENCE, type Val } from './lowering';
import { GLOBALS } from './world';

/** The struct that a pointer points at; a made-up one, named for where the pointer is kept, when its type is unknown. */
export function structOf(l: Lowering, val: Val): string {
	const type = pointee(val.type);
	if (known(type) && val.type.pointer > 0) return l.world.name(type);
	if (known(val.type) && val.type.struct) return l.world.name(val.type);
	const told = val.path ? l.world.pointsTo.get(val.path) : undefined;
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
	// An entry of a page table: one cell of its type.
	if (l.sources.table.types.get(type.base)?.readFrom) l.world.field(l.world.name(type), '', INT);
	return { kind: 'memory', base: pointer.operand, offset: 0, type, key: pointer.key ?? `*${pointer.unknown ?? structOf(l, pointer)}`, path: path ?? `*${structOf(l, pointer)}`, own: false, holder: pointer.holder };
}

export function lookup(l: Lowering, name: string): ReturnType<Frame['locals']['get']> {
	return l.frame.locals.get(name);
}

/** Runs in the frame of a call's argument. */
export function within<T>(l: Lowering, frame: Frame, run: () => T): T {
	const saved = l.frame;
	l.frame = frame;
	try {
		return run();
	} finally {
		l.frame = saved;
	}
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
			if (array?.kind === 'memory' && (array.type.array || !isPointer(array.type))) return { ...array, type: { ...array.type, array: false } };
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

/** A variable of elided type that is dereferenced: it points at one thing of its name. */
function pointsSomewhere(l: Lowering, name: string): void {
	const local = lookup(l, name);
	if (local?.kind === 'argument') {
		// `arg0->lock` of a row: the variable that is passed.
		if (local.node.type === 'identifier' && local.node.text !== name) within(l, local.frame, () => pointsSomewhere(l, local.node.text));
		return;
	}
	const names = l.facts.elided.get(l.frame.id);
	if (!names?.has(name) || known(names.get(name))) return;
	names.set(name, parseType(`${madeUp(name, l.frame.file.path)} *`));
	l.world.changed = true;
}

/** A variable of elided type that is compared with a pointer is one of the same type. */
export function alikeTyped(l: Lowering, node: CNode, val: Val, other: Val): void {
	if (node.type !== 'identifier' || known(val.type) || !known(other.type) || other.type.pointer === 0) return;
	const names = l.facts.elided.get(l.frame.id);
	if (!names?.has(node.text) || known(names.get(node.text))) return;
	names.set(node.text, other.type);
	l.world.changed = true;
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

/** A field of unknown type turns out to be a struct. */
function retype(l: Lowering, place: Place & { kind: 'memory' }, struct: string): void {
	const dot = place.key.indexOf('.');
	if (dot > 0) l.world.field(place.key.slice(0, dot), place.key.slice(dot + 1), { base: struct, pointer: 0, struct: true });
}

/** The struct of a pointer whose declaration nobody sees: the same for every function of the folder that uses the name. */
export const madeUp = (name: string, path: string): string => `struct ${name}_s${path.split('/').slice(-2, -1).map((folder) => `_${folder.replace(/\W/g, '_')}`).join('')}`;

/** A name that elided code declares: a local of the fragment, its value what the elided code left there. */
function elidedLocal(l: Lowering, name: string): Place | null {
	const { frame } = l;
	if (!frame.fn || !(frame.fn.headElided || frame.fn.gaps.length > 0) || frame.file.modelled) return null;
	const uses = nameUses(frame.fn);
	if (l.sources.global(name) || uses.isObject(name)) return null;
	const names = l.facts.elided.get(frame.id) ?? new Map<string, CType>();
	if (!names.has(name)) {
		const iterated = uses.iteratedType(name);
		const usual = iterated ? parseType(`struct ${iterated} *`) : l.conventional(name);
		names.set(name, known(usual) || !(uses.isPointedThrough(name) || uses.isEntry(name)) ? usual : parseType(`${madeUp(name, frame.file.path)} *`));
		l.facts.elided.set(frame.id, names);
		l.world.changed = true;
	}
	const local = l.declare(name, names.get(name) ?? UNKNOWN);
	return { kind: 'register', local };
}

/** The value of a place. A struct as a whole has none but its address. */
export function load(l: Lowering, place: Place): Val {
	if (place.kind === 'register') {
		const { local } = place;
		return {
			operand: local.constant === undefined ? reg(local.register) : value(local.constant), type: local.type, unknown: local.unknown,
			...(local.fn ? { fn: local.fn } : {}), ...(local.path ? { path: local.path } : {}), ...(local.key ? { key: local.key } : {}), ...(local.fresh ? { fresh: true } : {}),
			...(local.parameter ? { parameter: local.parameter } : {}),
		};
	}
	if (place.type.array || (place.type.struct && place.type.pointer === 0)) return addressOf(l, place);
	const slot = l.sources.slot(place.key.split('.')[0] ?? '', place.key.split('.')[1] ?? '');
	const result = l.temporary(place.type, `f:${place.key}`);
	// At rest only what a party ran is run again.
	const bound = l.bindings.get(place.key) ?? (l.thread === QUIESCENCE ? undefined : slot);
	if (bound) return { ...l.constant(1, place.type), fn: bound };
	const shared = !place.own;
	const op = { op: 'load', dst: result.operand.reg, at: at(place.base, place.offset), order: 'plain' } as const;
	if (!shared) {
		l.emitter.local(op);
		return result;
	}
	if (l.checking > 0) l.facts.conditions.add(`${l.thread}:${place.key}`);
	const watched = !isModelField(place.key) && l.facts.stored.has(`${l.thread}:${place.key}`);
	l.emitter.visible(watched ? { ...op, watch: l.watch(place.key) } : op, { key: place.key, marked: isModelField(place.key) });
	return result;
}

/** Fields that only models have begin with `__`. */
export const isModelField = (key: string): boolean => /\.__[a-z]/.test(key) && !key.startsWith('~');

export function addressOf(l: Lowering, place: Place): Val {
	if (place.kind === 'register') return { operand: reg(place.local.register), type: pointerTo(place.local.type) };
	const type = place.type.array ? { ...place.type, array: false } : place.type;
	return { operand: l.offset(place.base, place.offset), type: pointerTo(type), path: place.path, key: place.key, holder: place.holder, ...(place.fresh ? { fresh: true } : {}) };
}

/** What a field of a struct that nobody shows is loaded as, that it is. */
export function loadedAs(l: Lowering, type: CType, val: Val): void {
	if (val.unknown?.startsWith('l:') && !known(val.type) && type.pointer === 1 && type.struct && known(type)) elidedIs(l, type, val.unknown);
	if (!val.unknown?.startsWith('f:') || known(val.type) || type.pointer !== 1 || !type.struct || !known(type)) return;
	const [owner, member, ...deeper] = val.unknown.slice(2).split('.');
	if (owner && member && !deeper.length && !member.startsWith('__')) l.world.field(owner, member, type);
}

/** A variable of elided type that is taken for a pointer to this is one. */
function elidedIs(l: Lowering, type: CType, unknown: string): void {
	const [, frame = '', name = ''] = /^l:\d+:(.*):(\w+)$/.exec(unknown) ?? [];
	const names = l.facts.elided.get(frame);
	if (!names?.has(name) || known(names.get(name))) return;
	names.set(name, type);
	l.world.changed = true;
}

/** Stores; `update`: it computes on what was loaded before (`x++`). */
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
	if (val.type.pointer === 1 && known(target) && target.struct && !known(place.type)) l.world.field(place.key.split('.')[0] ?? '', place.key.slice(place.key.indexOf('.') + 1), val.type);
	const op = { op: 'store', at: at(place.base, place.offset), from: val.operand, order: 'plain' } as const;
	if (place.own) {
		l.emitter.local(op);
		return;
	}
	const model = isModelField(place.key);
	l.facts.store(l.thread, place.key);
	const check = update ? 'lost-data' : l.facts.conditions.has(`${l.thread}:${place.key}`) ? 'check-then-act' : undefined;
	const watch = check && !model ? l.watches.get(place.key) : undefined;
	const field = place.key.replace(/^~/, '');
	const message = update ? `the update of ${field} overwrites another thread's, which it has not seen` : `${field} was tested, changed by another thread, and is now set on the strength of that test`;
	l.emitter.visible(check && watch !== undefined ? { ...op, unless: { watch, check, message } } : op, { key: place.key, marked: model });
}

/** The field alone: what tells a store that may hit a load. */
export const lastOf = (key: string): string => key.slice(key.lastIndexOf('.') + 1);

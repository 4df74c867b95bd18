import { contradicted } from '../callers/contradicted';
import { instancePath } from '../callers/crossings';
import { leaks } from '../elided/account';
import { callNamed, inline } from '../descent';
import { type Arguments, type Frame, newFrame } from '../frame';
import { GRAMMAR } from '../grammar';
import { type CType, INT, isPointer, known, pointee, UNKNOWN } from '../values/ctype';
import { at, type Origin, type OutlineOf, value } from '../emitted/emitter';
import type { Definition, Sources } from '../sources';
import { Lowering, QUIESCENCE } from '../lowering';
import type { Reading } from '../reading';
import { DEFERRED, type ThreadDirectory } from './directory';
import type { Val } from '../values/value';
import type { Facts } from '../facts';
import type { Party } from './party';
import { within } from '../values/scope';
import { placeOf } from '../values/place';
import type { World } from '../world/world';

export interface LoweringContext {
	readonly world: World;
	readonly facts: Facts;
	readonly directory: ThreadDirectory;
	readonly origins: Origin[];
	readonly sources: Sources;
	readonly bindings: ReadonlyMap<string, string>;
	readonly reading: Reading;
	readonly outline: OutlineOf;
}

/** The thread of the setup in the facts' eyes. */
const SETUP = -1;
/** Parameter tuples of one invariant beyond these are left out. */
const INSTANCES_BOUND = 8;

const begin = (c: LoweringContext, thread: number): Lowering => new Lowering(thread, c.world, c.sources, c.facts, c.directory, c.origins, c.bindings, c.reading, GRAMMAR, c.outline);

/** Lowers one party's whole run: what its caller does around it, its body, its return. */
export function bodyOfThread(c: LoweringContext, party: Party, thread: number): Lowering {
	const l = begin(c, thread);
	const { definition } = party.caller ?? party;
	const { fn, file } = definition;
	const result = l.emitter.register();
	const root = newFrame(l, { fn: { ...fn, name: '' }, file }, `${thread}`, null, UNKNOWN, result);
	l.frame = root;
	l.repeats = party.runs > 1;
	l.tells = !/\bvoid\s*$/.test(party.definition.fn.returns);
	l.enter(party.entry, party.definition);
	if (party.key?.startsWith(DEFERRED)) deferredRun(l, party, root);
	else {
		const args = fn.params.map((param, index) => parameter(l, party, fn.name, param, fn.params.slice(0, index).some((before) => before.type === param.type)));
		const frame: Frame = { ...root, fn: null, locals: new Map(args.map((val, index) => [`arg${index}`, argument(l, val)])) };
		holds(l, party, frame);
		inherited(l);
		const inside = l.facts.acquired.has(readerOf(party));
		if (inside) {
			l.assumptions.add(`${party.entry}() is called inside a read side`);
			l.emitter.local({ op: 'rcu', domain: 0, delta: 1 });
		}
		const bound: Arguments = args.map((val) => argument(l, val));
		const returned = inline(l, definition, bound, fn.body, UNKNOWN);
		if (!party.caller) leaks(l, party.entry, returned, party.definition.fn.body);
		if (inside) l.emitter.local({ op: 'rcu', domain: 0, delta: -1 });
		if (!inside && l.firstOfReader === 'leaves' && l.lastOfReader === 'enters') {
			l.facts.acquired.set(readerOf(party), new Map([['rcu', { key: 'rcu', mode: 'shared' }]]));
			l.world.changed = true;
		}
	}
	l.emitter.local({ op: 'end' });
	if (contradicted(l)) l.world.changed = true;
	return l;
}

/** Where the read side was entered that the entry is called in: on both sides of the patch alike. */
const readerOf = ({ entry }: Party): string => `callers of ${entry}()`;

const argument = (l: Lowering, val: Val): Arguments[number] => ({ kind: 'argument', node: l.frame.fn?.body as never, frame: l.frame, val });

/** What the entry's caller passes in: the type's one instance (`second`: the other one), or an unknown. */
function parameter(l: Lowering, party: Party, fn: string, { name, type: written }: { readonly name: string; readonly type: string }, second: boolean): Val {
	const type = l.typeOf(written);
	const id = `${fn}:${name}`;
	const registered = party.registration?.argument;
	if (registered?.path && isPointer(type)) return { operand: value(l.world.address(registered.path)), type, path: registered.path, parameter: id };
	if (registered?.unknown?.startsWith('f:') && !registered.path && type.struct && type.pointer === 1) return { operand: value(l.world.owned(registered.unknown.slice(2), l.world.name(pointee(type)))), type, unknown: registered.unknown, parameter: id };
	const readFrom = l.sources.table.types.get(type.base)?.readFrom;
	if (readFrom && !isPointer(type)) {
		const node = l.sources.expression(readFrom);
		const place = node ? within(l, { ...l.frame, fn: null }, () => placeOf(l, node)) : null;
		if (place?.kind === 'memory') {
			const read = l.temporary(type, `f:${place.key}`);
			l.emitter.visible({ op: 'load', dst: read.operand.reg, at: at(place.base, place.offset), order: 'once' }, { key: place.key, marked: true });
			// An empty entry is nothing to be called for.
			const called = l.emitter.label();
			l.emitter.branch(read.operand, called);
			l.emitter.local({ op: 'end' });
			l.emitter.place(called);
			return read;
		}
	}
	const placed = l.world.parameter(id);
	if (placed !== undefined && isPointer(type)) return { operand: value(placed), type, parameter: id };
	if (placed !== undefined) return pointerOrNumber(l, placed, id, type);
	if (type.pointer === 1 && known(type) && (type.struct || !['void', 'char'].includes(type.base))) {
		const struct = l.world.name(pointee(type));
		return { operand: value(second && type.struct ? l.world.other(struct) : l.world.canonical(struct)), type, parameter: id };
	}
	if (isPointer(type)) {
		// A pointer to a pointer, or to nobody knows what: it points at a cell of its own.
		const owner = `~${fn}.${name}`;
		l.world.field(owner, '', pointee(type));
		// One that is only held against others, as a cookie is, is any of them.
		if (type.pointer === 1 && type.base === 'void' && l.world.domains.isCompared(l.unknownName(id))) return { ...pointerOrNumber(l, l.world.canonical(owner), id, type), path: owner };
		return { operand: value(l.world.canonical(owner)), type, path: owner, parameter: id, ...(type.pointer === 1 && type.base === 'void' ? { unknown: l.unknownName(id) } : {}) };
	}
	return { ...l.unknown(`${fn}:${name}`, known(type) ? type : INT), type, parameter: id };
}

/** A number that is taken for a pointer somewhere: where other code compares it, it is one of the numbers as well. */
function pointerOrNumber(l: Lowering, pointer: number, id: string, type: CType): Val {
	const unknown = l.unknownName(id);
	const numbers = l.world.domains.integers(unknown);
	if (numbers.length < 2) return { operand: value(pointer), type, parameter: id, unknown };
	const either = l.temporary(type, unknown);
	l.chooseFrom(either.operand.reg, [pointer, ...numbers]);
	return { ...either, parameter: id };
}

/** Locks that the role's caller holds around it. */
function holds(l: Lowering, party: Party, frame: Frame): void {
	for (const lock of [...party.role?.holds ?? [], ...party.holds ?? []]) {
		const path = instancePath(lock.at);
		if (path !== null) l.facts.crossings.holders.add(path, l.thread);
		// What the caller does is a model's: of what it holds besides only who meets that on his way can tell.
		if (party.caller && (path === null || !l.facts.crossings.crossers.elsewhere(path, l.thread))) continue;
		const node = l.sources.expression(lock.at);
		const place = node ? within(l, frame, () => placeOf(l, node)) : null;
		if (place?.kind !== 'memory' || l.taken.has(place.path)) continue;
		const told = party.holds?.find((each) => each === lock);
		if (told) l.assumptions.add(told.elided ? `${party.entry}() holds ${place.path.replace(/^~/, '')}, taken in lines that the patch does not show` : `all callers of ${party.entry}() in sight hold ${place.path.replace(/^~/, '')}`);
		l.taken.add(place.path);
		l.borrowed.add(place.path);
		l.emitter.visible({ op: 'inherit', at: at(place.base, place.offset), kind: lock.kind, mode: lock.mode }, { key: place.path, ...(told ? {} : { role: true }) });
	}
}

function inherited(l: Lowering): void {
	for (const lock of l.facts.inherited.get(l.thread)?.values() ?? []) {
		if (l.taken.has(lock.key)) continue;
		l.assumptions.add(`the caller holds ${lock.key}`);
		l.taken.add(lock.key);
		l.world.reach(lock.key);
		// What was learnt in an earlier pass is the caller's all the same.
		l.borrowed.add(lock.key);
		l.emitter.visible({ op: 'inherit', at: at(value(l.world.address(lock.key)), 0), kind: lock.kind, mode: lock.mode }, { key: lock.key });
	}
}

/** An RCU callback: its argument comes in register 0. */
function deferredRun(l: Lowering, party: Party, root: Frame): void {
	const { registration } = party;
	const passed: Val = { operand: { reg: root.result }, type: registration?.argument?.type ?? UNKNOWN, ...(registration?.argument?.path ? { path: registration.argument.path } : {}) };
	if (registration?.key === 'free') {
		const origin = registration.argument?.operand;
		l.emitter.origin = origin && 'value' in origin ? origin.value : 0;
		l.emitter.visible({ op: 'free', pointer: passed.operand }, { key: `${known(passed.type) ? l.world.name(pointee(passed.type)) : '~'}.` });
		return;
	}
	callNamed(l, party.entry, [passed], party.definition.fn.body);
}

/** The initial world that models describe, where all their types occur. */
export function setupCode(c: LoweringContext, models: readonly Definition[]): Lowering {
	const l = begin(c, SETUP);
	l.emitter.atomically(() => {
		for (const model of models) {
			const types = model.fn.params.map((param) => l.typeOf(param.type));
			if (!types.every((type) => c.world.exists(c.world.name(pointee(type))))) continue;
			run(l, model, 0, types.map((type) => ({ operand: value(c.world.canonical(c.world.name(pointee(type)))), type })));
		}
		for (const [path, count] of c.facts.frozenCounts()) l.emitter.visible({ op: 'store', at: at(value(c.world.address(path)), 0), from: value(count), order: 'once' }, { key: path, marked: true });
	});
	l.emitter.local({ op: 'end' });
	return l;
}

/** The invariants at quiescence, once per instance of their parameters' types. */
export function invariants(c: LoweringContext, models: readonly Definition[]): Lowering {
	const l = begin(c, QUIESCENCE);
	l.emitter.atomically(() => {
		for (const model of models) {
			const types = model.fn.params.map((param) => l.typeOf(param.type));
			if (!types.every((type) => c.world.exists(c.world.name(pointee(type))))) continue;
			const tuples = types.reduce<readonly (readonly Val[])[]>((all, type) => {
				const name = c.world.name(pointee(type));
				const found = c.world.instances(name);
				const instances = found.length > 0 ? found : [c.world.canonical(name)];
				return all.flatMap((tuple) => instances.map((instance) => [...tuple, { operand: value(instance), type }]));
			}, [[]]).slice(0, INSTANCES_BOUND);
			for (const [n, tuple] of tuples.entries()) run(l, model, n, tuple);
		}
	});
	l.emitter.local({ op: 'end' });
	return l;
}

/** The `n`th run of a model: what is its own has the same name in each pass. */
function run(l: Lowering, model: Definition, n: number, args: readonly Val[]): void {
	l.frame = newFrame(l, { fn: { ...model.fn, name: '' }, file: model.file }, `${l.thread}:${model.fn.name}:${n}`, null, UNKNOWN, l.emitter.register());
	inline(l, model, args.map((val) => argument(l, val)), model.fn.body, UNKNOWN);
}

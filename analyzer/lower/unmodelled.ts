import type { Arguments } from './frame';
import type { CNode } from '../parse/source';
import { PLACEHOLDER } from '../parse/placeholder';
import { valueOf } from './values/argument';
import { type CType, INT, isPointer, known } from './values/ctype';
import { contract } from './callers/contract';
import { isNamed } from '../knowledge/namings';
import { apply } from './effects/apply';
import { allocate } from './effects/objects';
import { constantOf, value } from './emitted/emitter';
import { droppedTwice, droppedUnseen, dropsByPatch } from './elided/account';
import { loadedAs } from './elided/local';
import * as givers from './references/giver';
import { handed } from './references/handed';
import { handsOut } from './values/handed-out';
import type { Lowering } from './lowering';
import type { Val } from './values/value';
import { structOf } from './values/place';
import { touch } from './values/access';
import { stale } from './outline';

/** Flags for an allocation that may wait: whoever is given them may sleep. include/linux/gfp_types.h */
const MAY_WAIT = /^\(?\s*GFP_(KERNEL|KERNEL_ACCOUNT|USER|HIGHUSER\w*|NOIO|NOFS)\b/;
export const mayWait = (l: Lowering, args: Arguments): boolean => args.some((arg) => arg.frame === l.frame && MAY_WAIT.test(arg.node.text));

/** Nothing is known of it: its pointers are used, what it is given the address of is unknown after it. */
export function unmodelled(l: Lowering, name: string, args: Arguments, node: CNode, hint: CType): Val {
	// A call whose name the patch does not show is nothing that could be made known.
	if (!l.frame.file.modelled && name !== PLACEHOLDER) l.unmodelled.add(`${name}()`);
	for (const [index, arg] of args.entries()) {
		const val = valueOf(l, arg);
		if (handsOut(l, name, arg, index)) continue;
		if (isPointer(val.type) && known(val.type) && val.type.struct && constantOf(val.operand) === undefined) touch(l, val, node);
	}
	const definition = l.frame.file.modelled ? null : l.sources.defined(name) ?? l.sources.elsewhere(name, l.frame.file.path);
	if (definition) contract(l, definition, args, node);
	const told = l.sources.table.rows.evenPartial(name);
	if (told?.partial) apply(l, told, args, node, hint);
	stale(l);
	const counted = references(l, name, args, node, hint);
	unregistered(l, name, node);
	if (counted) return counted;
	const returns = l.sources.returns(name);
	const type = known(hint) ? hint : (returns ?? givers.givenType(l, name) ?? INT);
	// Bytes that somebody hands out, and what is made anew, are nobody else's.
	if (isPointer(type) && known(type) && (!type.struct || isNamed(l.sources.table, 'makes', name))) return allocate(l, type, node, true, undefined);
	return handed(l, name, `${l.frame.id}@${node.start}`, type, node);
}

/** Functions whose names say that they drop a reference of their argument. */
export const dropsByName = (name: string): boolean => /(^|_)(put|unref)$|^put_[a-z_]+$|_put_ref$/.test(name);

const HOLDS_UNLESS_ZERO = /_(?:get|hold|ref|inc)_(?:unless|not)_zero$|(^|_)(?:tryget|try_get)$/;
/** Functions whose names say that they take a reference of their argument. */
export const holdsByName = (name: string): boolean => /(^|_)(get|hold|grab|ref)$|^get_[a-z]+$/.test(name) || HOLDS_UNLESS_ZERO.test(name);

/** `foo_put(p)` and `foo_get(p)` that nobody shows are what their names say: they count references of their argument. */
function references(l: Lowering, name: string, args: Arguments, node: CNode, hint: CType): Val | undefined {
	const drops = dropsByName(name);
	const unlessZero = HOLDS_UNLESS_ZERO.test(name);
	const takes = holdsByName(name);
	const [argument] = args;
	if ((!drops && !takes) || args.length !== 1 || !argument) return undefined;
	const val = valueOf(l, argument);
	const untyped = !known(val.type) && constantOf(val.operand) === undefined && val.unknown !== undefined;
	if (!untyped && (!isPointer(val.type) || !val.type.struct)) return undefined;
	// What is taken is what is returned, and is known by where that goes to.
	if (takes && val.unknown?.startsWith('f:') && isPointer(hint) && known(hint) && hint.struct) loadedAs(l, hint, val);
	const owner = structOf(l, val);
	// What a field of a struct that nobody shows points at.
	if (untyped && val.unknown?.startsWith('f:')) l.world.pointer(val.unknown.slice(2), owner);
	l.world.field(owner, '__references');
	const key = `${owner}.__references`;
	const place = { base: val.operand, offset: l.world.offset(owner, '__references') };
	const none = l.emitter.label();
	const taken = unlessZero ? l.temporary() : null;
	if (taken) l.emitter.local({ op: 'set', dst: taken.operand.reg, from: value(0) });
	l.emitter.branch(l.alu('le', val.operand, value(0)).operand, none);
	l.from(node);
	const counted = { kind: 'memory', ...place, type: INT, key, path: key, own: false, holder: val.holder ?? val.unknown } as const;
	if (takes) givers.takes(l, counted);
	else if (!givers.givenBack(l, counted) && !l.held.has(key)) droppedUnseen(l, key);
	if (drops && droppedTwice(l, key, node)) {
		l.emitter.place(none);
		return undefined;
	}
	if (drops) dropsByPatch(l, key, node);
	l.facts.counted(key, l.thread, drops ? -1 : 1);
	if (taken) {
		l.emitter.visible({ op: 'get', at: place, unlessZero: true, dst: taken.operand.reg }, { key });
		l.released(val.operand);
		l.account(key, 'add', taken.operand);
		l.emitter.place(none);
		// The object or nothing; or whether there was one.
		return { ...l.alu('mul', taken.operand, val.operand), type: isPointer(hint) ? hint : INT };
	}
	l.account(key, drops ? 'sub' : 'add', value(1));
	l.emitter.visible(drops ? { op: 'put', at: place, frees: true } : { op: 'get', at: place }, { key });
	if (takes) l.released(val.operand);
	l.emitter.place(none);
	// What is taken and handed on is the same object.
	return takes && isPointer(val.type) && isPointer(hint) && known(hint) && hint.base === val.type.base && hint.pointer === val.type.pointer ? val : undefined;
}

/** Names of functions after which the callbacks of what they unregister run no more. */
const UNREGISTERS = /(^|_)(unreg|unregister|deregister)(_|$)|[a-z]_(remove|del|delete)(_dev|_device|_disk|_chip|_client|_recursive|_file|_groups?|_notifier)?$/;

export const unregisters = (name: string): boolean => UNREGISTERS.test(name) && !/list|timer|work|rcu|bit|idr|ida|xa_|hash|rb_|kobject/.test(name);

/** What is on a notifier chain ends with what takes it off that, and a call that takes off an attribute, or a notifier, ends nothing else. */
function ends(l: Lowering, name: string, takes: string): boolean {
	// Of who is made up it is said that this call ends him.
	if (takes === '') return true;
	const { table } = l.sources;
	const [notified, shown] = [/\bnotifier_block\b/.test(takes), /_attribute\b/.test(takes)];
	if (isNamed(table, 'ends-notifier', name)) return notified;
	return !notified && (shown || !isNamed(table, 'ends-attribute', name));
}

export function unregistered(l: Lowering, name: string, node: CNode): void {
	if (!unregisters(name) || l.frame.file.modelled) return;
	for (const { thread, takes } of l.directory.callbacks()) {
		if (thread === l.thread || !ends(l, name, takes)) continue;
		l.assumptions.add(`after ${name}() no callback of what it unregisters runs`);
		l.from(node);
		l.emitter.visible({ op: 'disable', thread }, { key: `thread ${thread}.` });
		l.emitter.visible({ op: 'join', thread }, { key: `thread ${thread}.` });
	}
}

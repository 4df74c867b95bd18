import type { CNode } from '../../parse/source';
import { callNamed, compile } from '../descent';
import { type CType, isPointer, known, parseType, pointee, pointerTo, UNKNOWN } from '../values/ctype';
import { value } from '../emitted/emitter';
import type { Lowering } from '../lowering';
import type { Val } from '../values/value';
import { isFragment } from '../elided/passage';
import { lookup } from '../values/scope';

/** Macros from a member to its struct: include/linux/{container_of,list,rbtree,llist,timer,interrupt,workqueue}.h. */
export const CONTAINER: ReadonlySet<string> = new Set(['container_of', 'container_of_const', 'list_entry', 'list_entry_rcu', 'hlist_entry', 'hlist_entry_safe', 'rb_entry', 'rb_entry_safe', 'llist_entry', 'from_timer', 'timer_container_of', 'rb_entry_rcu', 'list_entry_lockless', 'from_tasklet', 'from_work']);
/** First entries of a list; true: NULL when there is none. */
export const FIRST: Readonly<Record<string, boolean>> = {
	list_first_entry: false, list_first_entry_or_null: true, list_last_entry: false, list_first_or_null_rcu: true, list_last_entry_or_null: true,
};

export function container(l: Lowering, node: CNode, name: string, args: readonly CNode[], hint: CType): Val {
	const written = l.frame.file.parsed.rewritten.get(node.start)?.args;
	const pointer = args[name.startsWith('from_') || name === 'timer_container_of' ? 1 : 0];
	if (!pointer) return l.constant(0, hint);
	const typed = written?.[1]?.text ?? args[1]?.text ?? '';
	const member = (written?.[2]?.text ?? args[2]?.text ?? '').trim();
	const type = name.startsWith('from_') || name === 'timer_container_of' ? variableType(l, args[0]) ?? hint : pointerTo(typeofArgument(l, typed));
	const owner = known(pointee(type)) && /^\w+$/.test(member) ? l.world.name(pointee(type)) : undefined;
	const held = owner ? l.world.field(owner, member) : undefined;
	// Of what type the member is nobody shows: what leads to it points into its owner all the same.
	const inside: CType | undefined = held && known(held) ? held : owner ? { base: `~${owner}.${member}`, pointer: 0, struct: true } : undefined;
	const ptr = compile(l, pointer, inside?.struct ? pointerTo({ ...inside, array: false }) : UNKNOWN);
	return containerOf(l, ptr, type, member);
}

/** `typeof(*x)` or a type's name. */
function typeofArgument(l: Lowering, text: string): CType {
	const variable = /^\s*(?:typeof|__typeof__)\s*\(\s*\*\s*(\w+)\s*\)/.exec(text)?.[1];
	const local = variable ? lookup(l, variable) : undefined;
	if (local && local.kind !== 'argument') return pointee(local.type);
	return parseType(text);
}

const variableType = (l: Lowering, node: CNode | undefined): CType | undefined => {
	const local = node ? lookup(l, node.text) : undefined;
	return local && local.kind !== 'argument' ? local.type : undefined;
};

/** From a pointer to the member to its struct. */
export function containerOf(l: Lowering, ptr: Val, type: CType, member: string): Val {
	const owner = l.world.name(pointee(type));
	const parts = member.split('.');
	let inner = owner;
	let offset = 0;
	for (const part of parts) {
		const field = l.world.field(inner, part, part === parts.at(-1) && isPointer(ptr.type) ? pointee(ptr.type) : undefined);
		offset += l.world.offset(inner, part);
		inner = l.world.name(field);
	}
	const embedded = pointee(ptr.type);
	if (known(embedded) && embedded.struct && parts.length === 1) l.world.container(l.world.name(embedded), owner, member);
	if (ptr.parameter) l.world.placeParameter(ptr.parameter, owner, member);
	return { operand: l.offset(ptr.operand, -offset), type: known(pointee(type)) ? { ...pointerTo(pointee(type)) } : type, ...(ptr.unknown ? { unknown: ptr.unknown } : {}) };
}

export function firstEntry(l: Lowering, node: CNode, name: string, args: readonly CNode[]): Val {
	const written = l.frame.file.parsed.rewritten.get(node.start)?.args;
	const head = args[0];
	if (!head) return l.constant(0);
	const list = compile(l, head);
	const type = typeofArgument(l, written?.[1]?.text ?? args[1]?.text ?? '');
	const member = (written?.[2]?.text ?? args[2]?.text ?? '').trim();
	if (list.path && known(type)) l.world.containers.element(list.path, l.world.name(type), member);
	const found = callNamed(l, '__list_first', [list], node, pointerTo({ base: 'list_head', pointer: 0, struct: true }));
	if (!FIRST[name]) notEmpty(l, found);
	if (!FIRST[name]) return containerOf(l, found, pointerTo(type), member);
	const result = l.temporary(pointerTo(type));
	const none = l.emitter.label();
	l.emitter.local({ op: 'set', dst: result.operand.reg, from: value(0) });
	l.emitter.branch(l.alu('eq', found.operand, value(0)).operand, none);
	l.assign(result.operand.reg, containerOf(l, found, pointerTo(type), member));
	l.emitter.place(none);
	return result;
}

/** Nobody takes the first entry of a list without having seen that there is one: a fragment in which that is not seen has it in elided lines. */
function notEmpty(l: Lowering, found: Val): void {
	const { fn } = l.frame;
	if (!fn || !isFragment(l.frame) || /\b(list_empty|list_is_singular)\w*\s*\(/.test(fn.body.text)) return;
	const some = l.emitter.label();
	l.emitter.branch(l.alu('gt', found.operand, value(0)).operand, some);
	l.emitter.local({ op: 'cut', why: 'an empty list: code that the patch does not show has tested for that' });
	l.emitter.place(some);
}

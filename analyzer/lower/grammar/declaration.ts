import type { CNode } from '../../parse/source';
import { compile } from '../descent';
import { value } from '../emitted/emitter';
import type { Lowering } from '../lowering';
import { type CType, isPointer, known, parseType, UNKNOWN } from '../values/ctype';
import { setUnseen } from '../elided/value';
import { guardOf } from './guard';
import { endsWithBlock } from './on-stack';
import { fieldPlace } from '../values/place';
import { addressOf, store } from '../values/access';

/** Macros that declare a variable: what type it has. */
const DECLARERS: Readonly<Record<string, string>> = {
	LIST_HEAD: 'list_head', HLIST_HEAD: 'hlist_head', LLIST_HEAD: 'llist_head', DECLARE_COMPLETION_ONSTACK: 'completion', DECLARE_COMPLETION: 'completion',
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK: 'wait_queue_head', DECLARE_WAIT_QUEUE_HEAD: 'wait_queue_head', DEFINE_WAIT: 'wait_queue_entry', DECLARE_WAITQUEUE: 'wait_queue_entry',
	DEFINE_WAIT_FUNC: 'wait_queue_entry', XA_STATE: 'xa_state',
};

/** What stands for every thread alike, wherever it is declared. */
const FILE_SCOPE: ReadonlySet<string> = new Set(['DEFINE_MUTEX', 'DEFINE_SPINLOCK', 'DEFINE_RAW_SPINLOCK', 'DEFINE_RWLOCK', 'DECLARE_RWSEM', 'DEFINE_SEMAPHORE', 'DEFINE_RATELIMIT_STATE']);

/** Its name, what stands before and after it, and its initial value. */
function declarators(node: CNode): { readonly name: string; readonly text: string; readonly value: CNode | null; readonly prototype: boolean }[] {
	return node.children.filter((child) => child.fieldName === 'declarator').map((child) => {
		const value = child.type === 'init_declarator' ? child.field('value') : null;
		let inner: CNode = child.type === 'init_declarator' ? (child.field('declarator') ?? child) : child;
		const { text } = inner;
		let prototype = false;
		for (let next: CNode | null = inner; next && next.type !== 'identifier'; ) {
			prototype ||= next.type === 'function_declarator' && !/^\s*\(/.test(next.text);
			next = next.field('declarator') ?? next.named.find((part) => part.type.endsWith('declarator') || part.type === 'identifier') ?? null;
			if (next) inner = next;
		}
		return { name: inner.type === 'identifier' ? inner.text : (/[A-Za-z_]\w*/.exec(text)?.[0] ?? ''), text, value, prototype };
	});
}

export function declaration(l: Lowering, node: CNode): void {
	const typeText = node.children.filter((child) => child.fieldName === 'type' || child.type === 'type_qualifier').map((child) => child.text).join(' ');
	if (node.children.some((child) => child.type === 'storage_class_specifier' && child.text === 'static')) return;
	for (const { name, text, value: initial, prototype } of declarators(node)) {
		if (!name || prototype) continue;
		const type = l.typeOf(typeText, text);
		const plain = /^[A-Z]/.test(typeText) && !known(parseType(typeText)) ? UNKNOWN : type;
		define(l, name, plain, initial, node);
		guardOf(l, node, null, name);
	}
}

/** Makes the local and gives it its initial value. */
function define(l: Lowering, name: string, type: CType, initial: CNode | null, node: CNode): void {
	const struct = !isPointer(type) && type.struct;
	if (struct || type.array || l.frame.addressed.has(name)) {
		const owner = struct ? l.world.name(type) : `~${l.frame.fn?.name ?? ''}.${name}`;
		if (!struct) l.world.field(owner, 'value', type);
		const address = l.world.frame(`${l.thread}:${l.frame.id}:${name}`, owner, name);
		l.frame.locals.set(name, { kind: 'memory', address, type, key: struct ? owner : `${owner}.value` });
		const place = { kind: 'memory', base: value(address), offset: 0, type, key: struct ? owner : `${owner}.value`, path: struct ? owner : `${owner}.value`, own: true } as const;
		if (initial?.type === 'initializer_list') {
			for (const pair of initial.named) {
				const field = /^\.\s*([A-Za-z_]\w*)$/.exec(pair.field('designator')?.text ?? '')?.[1];
				const given = pair.field('value');
				if (!field || !given) continue;
				const target = { ...fieldPlace(l, addressOf(l, place), field), own: true };
				store(l, target as typeof place, compile(l, given, target.kind === 'memory' ? target.type : UNKNOWN));
			}
		} else if (initial) {
			const val = compile(l, initial, type);
			if (!struct) store(l, place, val);
		}
		if (struct) endsWithBlock(l, name, address, owner);
		return;
	}
	const val = initial ? compile(l, initial, type) : undefined;
	const local = l.declare(name, known(type) ? type : (val?.type ?? type));
	if (val) {
		l.from(node);
		store(l, { kind: 'register', local }, val);
	} else setUnseen(l, name, local, type, node);
}

export function declarer(l: Lowering, expression: CNode): boolean {
	if (expression.type !== 'call_expression') return false;
	const type = DECLARERS[expression.field('function')?.text ?? ''];
	const name = expression.field('arguments')?.named[0]?.text;
	// A lock made in a function is static: every thread's.
	if (FILE_SCOPE.has(expression.field('function')?.text ?? '')) return true;
	if (!type || !name) return false;
	define(l, name, { base: type, pointer: 0, struct: true }, null, expression);
	return true;
}

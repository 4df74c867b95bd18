import type { Cell } from '../../../sim';
import { type Containers, ENTRY } from './containers';
import { type CType, isPointer } from '../values/ctype';
import type { Domains } from './domains';

/** How an object begins: as the type's one instance, as another one of the type, or as memory that is yet to be filled. */
export type Populated = 'first' | 'other' | 'blank';

/** The one object that holds the file-scope variables. */
export const GLOBALS = 'globals';

/** What is laid out already when the cells get their contents. */
interface Memory {
	readonly domains: Domains;
	readonly containers: Containers;
	readonly pointsTo: ReadonlyMap<string, string>;
	readonly initial: ReadonlyMap<string, number>;
	canonical(type: string): number;
	other(type: string): number;
	owned(field: string, type: string): number;
	isPaired(type: string): boolean;
	isRelative(owner: string, field: string, type: CType): boolean;
	offset(owner: string, field: string): number;
	address(key: string): number;
	target(key: string, type: CType): string | undefined;
}

/** A cell: `key` is the innermost struct's field, `path` that of the outermost, `container` the path of what the field lies in. */
interface Place {
	readonly name: string;
	readonly key: string;
	readonly path: string;
	readonly container: string;
	readonly field: string;
	readonly type: CType;
}

/** What the cell holds in the beginning. A container's slots are filled from what is known of its elements. */
export function initialCell(memory: Memory, { name, key, path, container, field, type }: Place, populated: Populated): Cell {
	const fixed = memory.initial.get(path) ?? memory.initial.get(container) ?? memory.initial.get(key);
	if (fixed !== undefined) return { name, initial: fixed };
	if (populated === 'blank') return { name, initial: 0 };
	// Nothing is known to be on another object's lists, nor it on any.
	if (populated === 'other' && field.startsWith('__')) return { name, initial: 0 };
	const element = memory.containers.elements.get(container);
	if (element && memory.containers.emptied.has(container)) return { name, initial: 0 };
	if (field === '__slot' || field === '__slot0') {
		if (element && holderOf(memory, `${element.type}.${element.member}`) !== container) return { name, initial: 0 };
		const entry = element ? memory.canonical(element.type) + (element.member ? memory.offset(element.type, element.member) : 0) : field === '__slot0' && memory.containers.asked.has(container) ? memory.canonical(ENTRY) : 0;
		// What asks the entry itself whether it is on a list knows it by the list's own word.
		const either = entry !== 0 && memory.containers.asked.has(container) && !(element && memory.containers.asked.has(`${element.type}.${element.member}`));
		return { name, ...first(either ? [entry, 0] : [entry]) };
	}
	if (field === '__on') {
		const holder = holderOf(memory, container);
		if (holder !== undefined) return { name, initial: memory.address(holder) };
	}
	if (field.startsWith('__')) return { name, initial: 0 };
	const target = memory.pointsTo.get(path) ?? memory.target(key, type);
	if (isPointer(type) || target) {
		if (!target) return { name, ...first(memory.domains.integers(`f:${key}`)) };
		const [owner = '', own = ''] = key.split('.');
		if (memory.isPaired(target) && memory.isRelative(owner, own, type)) {
			const values = memory.domains.pointers(`f:${key}`, memory.other(target), false);
			// Relatives end with the other one: at none where code asks for that.
			return { name, ...first(populated === 'other' && values.includes(0) ? [0] : values) };
		}
		const object = memory.owned(key, target);
		// What stands for an array that elided code declares may hold an error, where it is asked for one.
		return { name, ...first(memory.domains.pointers(`f:${key}`, object, owner === GLOBALS)) };
	}
	return { name, ...first(memory.domains.integers(`f:${key}`)) };
}

/** The container that an entry is in by this member (`foo.node`) in the beginning: it is in one at a time. */
function holderOf({ containers }: Memory, entry: string): string | undefined {
	const holders = [...containers.elements].filter(([holder, { type, member }]) => `${type}.${member}` === entry && !containers.emptied.has(holder)).map(([holder]) => holder);
	// What was learnt of a pointer before its struct was known is behind what is known of that.
	return holders.find((each) => /^[^~]*\./.test(each)) ?? holders[0];
}

const first = (values: readonly number[]): { initial: number; domain?: readonly number[] } =>
	values.length > 1 ? { initial: values[0] ?? 0, domain: values } : { initial: values[0] ?? 0 };

import { expression } from '../../knowledge/expressions';
import { callsNamed, type Namings } from '../../knowledge/namings';
import type { Definition } from '../../lower/sources';
import { digestsOf } from '../digests/digests';
import type { Side } from '../sides/side';

/** What one function makes of an object that it is handed, before any other function can have it: `name` runs before `other`. */
export const comesFirst = (side: Side, name: string, other: string): boolean => begins(side, name, other) || empties(side, name, other);

/** `mutex_init(&foo->lock)` */
const makesLock = (table: Namings): RegExp => expression(String.raw`${callsNamed(table, 'makes-lock')}\s*&\s*(\w+)\s*->\s*(\w+)\s*\)`, 'g');

/**
 * In lines that are not the patch's it makes the lock of an object that it is handed, which the other one takes or gives back, itself or in what it calls in sight: it comes before
 * that. So does who makes the object itself, but not before what it registers: that may come too early.
 */
function begins(side: Side, name: string, other: string): boolean {
	const definition = side.functions.get(name);
	const makes = makesLock(side.sources.table);
	if (!definition || name === other || side.referenced.has(name) || definition.fn.body.text.search(makes) < 0) return false;
	const locks = new Set([...digestsOf(side).of(other).locks.keys(), ...digestsOf(side).factsOf(other).flatMap(({ kind, key }) => (kind === 'lock' || kind === 'unlock' ? [key] : []))]);
	const isTaken = (field: string): boolean => [...locks].some((key) => key.endsWith(`.${field}`));
	const { fn, file } = definition;
	return fn.body.text.split('\n').some((text, index) => !file.place(fn.body.line + index).changed && [...text.matchAll(makes)].some(([, object = '', field = '']) => {
		const given = fn.params.find((param) => param.name === object);
		const type = /struct\s+(\w+)\s*\*/.exec(given?.type ?? '')?.[1] ?? new RegExp(String.raw`\bstruct\s+(\w+)\s*\*\s*${object}\b`).exec(fn.body.text)?.[1];
		if (!given && side.referenced.has(other)) return false;
		return type === undefined ? !given && isTaken(field) : locks.has(`${type}.${field}`);
	}));
}

/** It empties the whole of what it is handed, which the other one works on: nobody else has that yet. */
const empties = (side: Side, name: string, other: string): boolean => !side.referenced.has(name) && emptiedBy(side, name).some((type) => given(side, other).includes(type));

const emptying = new WeakMap<Side, Map<string, readonly string[]>>();

/** As `emptied` says: looked for once, for all pairs that the function is one of. */
function emptiedBy(side: Side, name: string): readonly string[] {
	const ofSide = emptying.get(side) ?? new Map<string, readonly string[]>();
	emptying.set(side, ofSide);
	const types = ofSide.get(name) ?? emptied(side, name);
	ofSide.set(name, types);
	return types;
}

/** Calls into which what is handed on is followed. */
const HANDED_BOUND = 2;
/** `memset(d, 0, sizeof(*d))` */
const EMPTIES = /\bmemset\s*\(\s*(\w+)\s*,\s*0\s*,\s*sizeof\s*\(\s*(?:\*\s*\1|struct\s+\w+)\s*\)\s*\)/g;
const HANDS_ON = /\b([a-z_]\w*)\s*\(([^(){};]*)\)/g;

/** Struct types of what the function is handed and empties before it takes any lock, in lines that are not the patch's. */
function emptied(side: Side, name: string, depth = HANDED_BOUND): readonly string[] {
	const definition = side.functions.get(name);
	if (!definition) return [];
	const { fn, file } = definition;
	const typeOf = (name: string): readonly string[] => [/struct\s+(\w+)\s*\*$/.exec(fn.params.find((param) => param.name === name)?.type ?? '')?.[1] ?? []].flat();
	const text = fn.body.text;
	const before = (at: number): boolean => !digestsOf(side).factsOf(name).some(({ kind, line }) => kind === 'lock' && line < fn.body.line + text.slice(0, at).split('\n').length - 1);
	const own = [...text.matchAll(EMPTIES)].filter(({ index }) => before(index) && !file.place(fn.body.line + text.slice(0, index).split('\n').length - 1).changed).flatMap(([, object = '']) => typeOf(object));
	if (depth === 0) return own;
	return [...own, ...[...text.matchAll(HANDS_ON)].flatMap(({ 1: callee = '', 2: given = '', index }) => {
		const taken = side.functions.has(callee) && callee !== name && before(index) ? emptied(side, callee, depth - 1) : [];
		return given.split(',').flatMap((each) => typeOf(each.trim())).filter((type) => taken.includes(type));
	})];
}

/** Struct types of the pointers that a function is handed, read once. */
const handed = new WeakMap<Definition, readonly string[]>();

export function given(side: Side, name: string): readonly string[] {
	const definition = side.functions.get(name);
	if (!definition) return [];
	const types = handed.get(definition) ?? definition.fn.params.flatMap(({ type }) => /struct\s+(\w+)\s*\*/.exec(type)?.[1] ?? []);
	handed.set(definition, types);
	return types;
}


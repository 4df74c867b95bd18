import { type CType, parseType } from '../../lower/values/ctype';
import type { Definition } from '../../lower/sources';
import { isWhole, type StructSource } from '../../parse';
import { splitArguments } from '../../parse/plain-text';

/** What gives the places that text names their types. */
export interface TypeContext {
	readonly struct: (name: string) => StructSource | undefined;
	readonly typedef: (name: string) => string | undefined;
	/** The type of a variable at file scope. */
	readonly global: (name: string) => CType | undefined;
	/** The type that the files give a name most often: for variables that elided lines declare. */
	readonly conventional: (name: string) => CType | undefined;
}

export const INDEX = /\[[^\][]*\]/g;
/** Words that look like calls, or like types, and are none. */
export const KEYWORDS: ReadonlySet<string> = new Set(['if', 'while', 'for', 'switch', 'return', 'sizeof', 'typeof', 'do', 'else', 'case', 'defined', 'likely', 'unlikely']);

/** Where the bracket that is open at `from` is closed, or the statement ends. */
export function closing(text: string, from: number): number {
	let depth = 1;
	for (let at = from; at < text.length; at++) {
		const letter = text[at];
		if (letter === '(') depth++;
		else if (letter === ')' && --depth === 0) return at;
		else if (letter === ';' && depth === 1) return at;
	}
	return text.length;
}

/** The types of parameters and of the variables that the body declares, or that its elided lines do. */
export function variables({ fn }: Definition, text: string, c: TypeContext): ReadonlyMap<string, CType> {
	const types = new Map<string, CType>(fn.params.map(({ name, type }) => [name, parseType(type)]));
	for (const [, kind = '', base = '', rest = ''] of text.matchAll(/(?:^|[;{}(])\s*(?:const\s+|static\s+)*(?:(struct|union)\s+)?([A-Za-z_]\w*)\s+([^;(){}]*?(?:\((?:[^;()]|\([^;()]*\))*\)[^;(){}]*?)*)(?=;)/gm)) {
		if (KEYWORDS.has(base) || base === 'goto') continue;
		for (const declared of splitArguments(rest)) {
			const [, stars = '', name = ''] = /^(\**)\s*([A-Za-z_]\w*)\s*(?:\[|=|$)/.exec(declared) ?? [];
			if (name && !types.has(name)) types.set(name, { base, pointer: stars.length, struct: kind !== '' });
		}
	}
	if (isWhole(fn)) return types;
	for (const [, name = ''] of text.matchAll(/(?<![\w.]|->)([A-Za-z_]\w*)\s*->/g)) {
		const usual = types.has(name) ? undefined : c.conventional(name);
		if (usual?.struct && usual.pointer === 1) types.set(name, usual);
	}
	return types;
}

/** `a->b.c`, up to that many of its words. */
export const firstMembers = (chain: string, count: number): string => (chain.match(/^\s*\w+(?:\s*\[[^\][]*\])*/)?.[0] ?? '')
	+ (chain.match(/(?:->|\.)\s*\w+(?:\s*\[[^\][]*\])*/g) ?? []).slice(0, count - 1).join('');

const bare = (expression: string): string => {
	let text = expression.trim();
	for (let before = ''; before !== text;) {
		before = text;
		text = text.replace(/^[&*]+\s*/, '').replace(/^\(\s*(?:const\s+)?(?:struct\s+|union\s+)?\w+\s*\*+\s*\)\s*(?=[\w(&*])/, '').trim();
		if (text.startsWith('(') && closing(text, 1) === text.length - 1) text = text.slice(1, -1).trim();
	}
	return text;
};

/** Members along `a->b.c`, with the struct that each is a member of where that is known. */
function walked(expression: string, types: ReadonlyMap<string, CType>, c: TypeContext): { readonly owner: string; readonly member: string; readonly type: () => CType | undefined } | null {
	const text = bare(expression).replace(/^\(([^()]*)\)(?=->|\.)/, (_, inner: string) => bare(inner));
	const match = /^([A-Za-z_]\w*)(?:\s*\[[^\]]*\])*((?:\s*(?:->|\.)\s*[A-Za-z_]\w*(?:\s*\[[^\]]*\])*)*)$/.exec(text);
	if (!match) {
		// `FOO_I(inode)->lock`: a member of what nobody types here.
		const last = /(?:->|\.)\s*([A-Za-z_]\w*)(?:\s*\[[^\]]*\])*$/.exec(text)?.[1];
		return last ? { owner: '', member: last, type: () => undefined } : null;
	}
	const members = [...(match[2] ?? '').replace(INDEX, '').matchAll(/(?:->|\.)\s*([A-Za-z_]\w*)/g)].map(([, name]) => name ?? '');
	const own = types.get(match[1] ?? '');
	if (members.length === 0) return { owner: types.has(match[1] ?? '') ? '*' : 'globals', member: match[1] ?? '', type: () => own };
	const ownerOf = (type: CType | undefined): string => (type ? structName(type, c) : '');
	const memberOf = (owner: string, member: string): CType | undefined => {
		const found = owner ? c.struct(owner)?.members.find((each) => each.name === member) : undefined;
		return found ? { ...parseType(found.type), pointer: Math.max(found.pointer, parseType(found.type).pointer) } : undefined;
	};
	const member = members.at(-1) ?? '';
	const owner = ownerOf(members.slice(0, -1).reduce((type, each) => memberOf(ownerOf(type), each), own ?? c.global(match[1] ?? '')));
	return { owner, member, type: () => memberOf(owner, member) };
}

const structName = (type: CType, c: TypeContext): string => {
	if (type.struct) return type.base;
	const aliased = c.typedef(type.base);
	return aliased ? parseType(aliased).base : type.base.endsWith('_t') ? '' : type.base;
};

/** `foo.lock` for `&dev->lock`; '' for what only the function itself sees. */
export function keyOf(expression: string, types: ReadonlyMap<string, CType>, c: TypeContext): string {
	const found = walked(expression, types, c);
	if (!found) return '';
	if (found.owner !== '*') return `${found.owner}.${found.member}`;
	// A parameter that is the lock or the list itself: the one of its name.
	const type = found.type();
	return type && type.pointer > 0 && structName(type, c) ? `${structName(type, c)}.` : type?.pointer ? `.${found.member}` : '';
}

/** Struct that a pointer expression points at (or `.member` where its type is not known). */
export function typeOf(expression: string, types: ReadonlyMap<string, CType>, c: TypeContext): string {
	const found = walked(expression, types, c);
	if (!found) return '';
	const type = found.type();
	const name = type ? structName(type, c) : '';
	// `put(&foo->kref)` ends the foo.
	if (/^\s*&/.test(expression) && found.owner && found.owner !== '*' && found.owner !== 'globals') return found.owner;
	return name || (found.owner === '*' ? '' : `${found.owner}.${found.member}`);
}

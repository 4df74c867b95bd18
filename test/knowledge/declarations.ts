import { splitArguments } from '../../analyzer/parse/plain-text';

/**
 * What a kernel header or source file declares, read without a C parser: macros, functions, and names that its own macros paste together
 * (`PAGEFLAG(Dirty, dirty, …)` declares SetPageDirty). Each with the numbers of arguments it was seen with; null where that is open.
 */
export type Declarations = ReadonlyMap<string, ReadonlySet<number | null>>;

interface Macro {
	readonly params: readonly string[];
	readonly body: string;
}

/** Words before a name that make `word name(…)` no declaration. */
const NO_TYPE = new Set(['return', 'else', 'do', 'case', 'goto', 'sizeof', 'typeof', 'if', 'while', 'for', 'switch', 'define', 'and', 'or']);
const NESTED_MACROS = 6;

export function declarationsOf(text: string): Declarations {
	const plain = text.replace(/\/\*[\s\S]*?\*\//gu, ' ').replace(/\/\/[^\n]*/gu, ' ').replace(/\\\r?\n/gu, ' ')
		// Attributes between a type and a name.
		.replace(/\b__(?:printf|scanf|alloc_size|must_hold|acquires|releases|cond_acquires|realloc_size)\([^()]*\)(?=\s*\*?\s*[A-Za-z_]\w*\s*\()/gu, ' ');
	const found = new Map<string, Set<number | null>>();
	const add = (name: string, count: number | null): void => {
		found.set(name, (found.get(name) ?? new Set()).add(count));
	};
	const macros = new Map<string, Macro[]>();
	for (const [, name = '', params, body = ''] of plain.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)(\([^)]*\))?(.*)$/gmu)) {
		if (params === undefined) {
			add(name, null);
			continue;
		}
		const names = argumentsIn(params.slice(1, -1));
		add(name, names.some((each) => each.endsWith('...')) ? null : names.length);
		macros.set(name, [...(macros.get(name) ?? []), { params: names, body }]);
	}
	const code = plain.replace(/^[ \t]*#.*$/gmu, '');
	declare(code, add);
	for (const match of code.matchAll(/(?<![\w.>])([A-Z_][A-Z_0-9]*)\(/gu)) {
		if (macros.has(match[1] ?? '')) {
			expandInto(match[1] ?? '', argumentsIn(balanced(code.slice(match.index + match[0].length - 1))), macros, add, 0);
		}
	}
	return found;
}

/** Declares what the macro's body declares with these arguments. */
function expandInto(name: string, args: readonly string[], macros: ReadonlyMap<string, readonly Macro[]>, add: (name: string, count: number | null) => void, depth: number): void {
	for (const { params, body } of macros.get(name) ?? []) {
		if (depth > NESTED_MACROS || params.length !== args.length) {
			continue;
		}
		let text = body;
		params.forEach((param, index) => {
			text = text.replace(new RegExp(`\\b${param}\\b`, 'gu'), () => args[index] ?? '');
		});
		text = text.replace(/\s*##\s*/gu, '');
		declare(text, add);
		for (const match of text.matchAll(/(?<![\w.>])([A-Z_][A-Z_0-9]*)\(/gu)) {
			expandInto(match[1] ?? '', argumentsIn(balanced(text.slice(match.index + match[0].length - 1))), macros, add, depth + 1);
		}
	}
}

/** Functions: a type's last word or a star, a name, parameters. */
function declare(text: string, add: (name: string, count: number | null) => void): void {
	for (const match of text.matchAll(/(\w+|\*)\s*\b([A-Za-z_]\w*)\s*\(/gu)) {
		const [whole, before = '', name = ''] = match;
		if (NO_TYPE.has(before) || NO_TYPE.has(name) || /^\d/u.test(before)) {
			continue;
		}
		const params = argumentsIn(balanced(text.slice(match.index + whole.length - 1)));
		const none = params.length === 1 && (params[0] === 'void' || params[0] === '');
		add(name, params.some((each) => each.includes('...')) ? null : none ? 0 : params.length);
	}
}

/** The inside of the parentheses that the text begins with. */
function balanced(text: string): string {
	let depth = 0;
	for (let at = 0; at < text.length; at++) {
		if (text[at] === '(') {
			depth++;
		} else if (text[at] === ')' && --depth === 0) {
			return text.slice(1, at);
		}
	}
	return text.slice(1);
}

/** None between a pair of parentheses is no argument at all. */
const argumentsIn = (text: string): readonly string[] => (text.trim() === '' ? [] : splitArguments(text));

/** Members of a struct by name; function pointers with how many parameters. null when the file does not define it. */
export function membersOf(text: string, struct: string): ReadonlySet<string> | null {
	const plain = text.replace(/\/\*[\s\S]*?\*\//gu, ' ').replace(/\/\/[^\n]*/gu, ' ');
	const head = new RegExp(`\\bstruct\\s+${struct}\\s*\\{`, 'u').exec(plain);
	if (!head) {
		return null;
	}
	let [depth, at] = [1, head.index + head[0].length];
	const from = at;
	for (; at < plain.length && depth > 0; at++) {
		depth += plain[at] === '{' ? 1 : plain[at] === '}' ? -1 : 0;
	}
	return new Set(plain.slice(from, at).match(/\w+/gu) ?? []);
}

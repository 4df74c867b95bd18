import type { CNode } from '../../parse/source';
import type { Lowering } from '../lowering';
import { iteratorOf, type IteratorShape } from './iterators';

/** An iterator of the kernel's own, with its arguments as they are written and as nodes. */
export interface Walk {
	readonly shape: IteratorShape;
	readonly args: readonly string[];
	readonly nodes: readonly CNode[];
}

/** Macros that stand for each other, one inside the other. */
const EXPANSIONS_BOUND = 3;

/**
 * The iterator that a macro is: itself, or what a macro of the code under review (or of its headers) stands for, when that is no more than one walk over a
 * container, `#define foo_for_each(f, foo) list_for_each_entry(f, &(foo)->bars, node)`. Undefined for all others.
 */
export function walkOf(l: Lowering, name: string, args: readonly string[], nodes: readonly CNode[]): Walk | undefined {
	const shape = iteratorOf(name, args);
	if (shape) return { shape, args, nodes };
	let [called, given]: readonly [string, readonly string[]] = [name, args];
	for (let depth = 0; depth < EXPANSIONS_BOUND; depth++) {
		const macro = l.sources.walk(called);
		const [, params = '', callee = '', inner = ''] = /^\(([^()]*)\) (\w+)\s*\(([\s\S]*)\)\s*$/.exec(macro ?? '') ?? [];
		if (callee === '') return undefined;
		const values = new Map(params.split(',').map((param, index) => [param.trim(), given[index]?.trim() ?? ''] as const));
		given = split(inner).map((arg) => arg.replace(/(?<!->|\.)\b[A-Za-z_]\w*/g, (word) => values.get(word) ?? word));
		called = callee;
		const found = iteratorOf(called, given);
		if (!found) continue;
		const read = given.map((arg, index) => nodes.find((_, at) => args[at]?.trim() === arg) ?? (index === found.member ? undefined : l.sources.expression(arg)));
		const whole = read.map((node) => node ?? nodes[0]);
		return read.some((node, index) => node === null && (index === found.position || index === found.head)) || whole.some((node) => node === undefined) ? undefined
			: { shape: found, args: given, nodes: whole as readonly CNode[] };
	}
	return undefined;
}

/** At the commas that stand in no parentheses. */
function split(text: string): readonly string[] {
	const parts: string[] = [''];
	let depth = 0;
	for (const letter of text) {
		if (letter === '(' || letter === '[') depth++;
		else if (letter === ')' || letter === ']') depth--;
		if (letter === ',' && depth === 0) parts.push('');
		else parts.push(`${parts.pop() ?? ''}${letter}`);
	}
	return parts.map((part) => part.trim());
}

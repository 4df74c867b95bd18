import { splitArguments } from '../../../analyzer/parse/plain-text';
import type { FunctionText } from '../kernel-tree';

/** A statement that stands on one line of its own: `mutex_unlock(&dev->lock);`. */
export interface CallLine {
	readonly at: number;
	readonly indent: string;
	readonly callee: string;
	/** Arguments as text, split at top-level commas. */
	readonly args: readonly string[];
}

const CALL = /^(\s+)(\w+)\((.*)\);$/;

/** The single-line calls of a function that stand as statements, in order; not those that are all an `if` or a loop without braces does. */
export function callLines(fn: FunctionText): readonly CallLine[] {
	const known = read.get(fn);
	if (known) {
		return known;
	}
	const { lines, open, close } = fn;
	const found: CallLine[] = [];
	for (let at = open + 1; at < close; at++) {
		const match = CALL.exec(lines[at]!);
		if (match && !isLoneBody(lines, at)) {
			found.push({ at, indent: match[1]!, callee: match[2]!, args: splitArguments(match[3]!) });
		}
	}
	read.set(fn, found);
	return found;
}

/** Every kind of mutant asks for the same lines. */
const read = new WeakMap<FunctionText, readonly CallLine[]>();

/** The only statement of an unbraced `if`, `else`, `for` … or the rest of a call from the line above. */
export function isLoneBody(lines: readonly string[], at: number): boolean {
	const before = (lines[at - 1] ?? '').replace(/\/\*.*\*\//, '').trimEnd();
	return before !== '' && !/[;{}:]$|\*\/$|^#/.test(before);
}

/** The member an expression ends in: `lock` of `&dev->queue.lock`. */
export const lastName = (expression: string): string => /(\w+)\W*$/.exec(expression.replace(/\[[^\]]*\]/g, '').replace(/\([^()]*\)$/, ''))?.[1] ?? expression;

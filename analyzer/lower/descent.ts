import type { CNode } from '../parse/source';
import type { Arguments } from './frame';
import { type CType, UNKNOWN } from './values/ctype';
import type { Lowering } from './lowering';
import type { Definition } from './sources';
import type { Val } from './values/value';

/**
 * The parts of the grammar as they call one another: an expression may hold a call, a call a body, a body statements, a statement expressions. Each lies in
 * a file of its own, which reaches those that need it in turn by these four; `grammar/index.ts` says which function each of them is.
 */

/** Compiles an expression for its value and effects. `hint` is the type of what the value goes to. */
export const compile = (l: Lowering, node: CNode, hint: CType = UNKNOWN): Val => l.grammar.expression(l, node, hint);

/** Evaluates the expressions in a node of no value of its own. */
export function effects(l: Lowering, node: CNode): void {
	if (node.type.endsWith('_expression') || node.type === 'identifier') compile(l, node);
	else for (const child of node.named) effects(l, child);
}

export const compileStatement = (l: Lowering, node: CNode): void => l.grammar.statement(l, node);

/** A call with values at hand: from iterators, guards, rows. */
export const callNamed = (l: Lowering, name: string, args: readonly Val[], node: CNode, hint: CType = UNKNOWN): Val =>
	l.grammar.call(l, name, args.map((val) => ({ kind: 'argument', node, frame: l.frame, val })), node, hint);

/** Lowers the function's body in place of the call. */
export const inline = (l: Lowering, definition: Definition, args: Arguments, node: CNode, hint: CType): Val => l.grammar.body(l, definition, args, node, hint);

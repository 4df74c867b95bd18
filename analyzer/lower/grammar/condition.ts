import type { CNode } from '../../parse/source';
import { compile } from '../descent';
import { constantOf, type Label, value } from '../emitted/emitter';
import { operatorOf } from './arithmetic';
import type { Lowering } from '../lowering';
import type { Val } from '../values/value';

/** Calls that only hint to the compiler. */
const TRANSPARENT = new Set(['likely', 'unlikely', '__builtin_expect', 'READ_ONCE_NOCHECK']);

/** Compiles a condition as control flow: goes to `yes` or `no`; the fields that decide, also those read before, are added to `decided`. */
export function branchOn(l: Lowering, node: CNode, yes: Label, no: Label, decided?: Set<string>): void {
	const { emitter } = l;
	if (node.type === 'parenthesized_expression') {
		const inner = node.named[0];
		if (inner && inner.type !== 'compound_statement') return branchOn(l, inner, yes, no, decided);
	}
	if (node.type === 'unary_expression' && operatorOf(node) === '!') {
		const argument = node.field('argument');
		if (argument) return branchOn(l, argument, no, yes, decided);
	}
	if (node.type === 'binary_expression') {
		const operator = operatorOf(node);
		const [left, right] = [node.field('left'), node.field('right')];
		if (left && right && (operator === '&&' || operator === '||')) {
			const middle = emitter.label();
			if (operator === '&&') branchOn(l, left, middle, no, decided);
			else branchOn(l, left, yes, middle, decided);
			emitter.place(middle);
			return branchOn(l, right, yes, no, decided);
		}
	}
	if (node.type === 'call_expression') {
		const callee = node.field('function')?.text ?? '';
		const argument = node.field('arguments')?.named[0];
		if (TRANSPARENT.has(callee) && argument) return branchOn(l, argument, yes, no, decided);
	}
	l.checking++;
	const val = compile(l, node);
	l.checking--;
	for (const key of l.derived.decidedBy(val.operand)) decided?.add(`${l.thread}:${key}`);
	branchOnValue(l, val, yes, no);
}

export function branchOnValue(l: Lowering, val: Val, yes: Label, no: Label): void {
	const constant = constantOf(val.operand);
	if (constant !== undefined) return l.emitter.jump(constant !== 0 ? yes : no);
	l.interest(val, (interest) => { interest.truth = true; });
	l.emitter.branch(val.operand, yes);
	l.emitter.jump(no);
}

/** IS_ERR(x): pointers are positive, errors negative. */
export function isError(l: Lowering, val: Val, orNull: boolean): Val {
	l.interest(val, (interest) => {
		interest.error = true;
		if (orNull) interest.truth = true;
	});
	const constant = constantOf(val.operand);
	if (constant !== undefined) return l.constant(Number(orNull ? constant <= 0 : constant < 0));
	return l.alu(orNull ? 'le' : 'lt', val.operand, value(0));
}

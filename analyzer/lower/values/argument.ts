import type { Arguments } from '../frame';
import { compile } from '../descent';
import type { Lowering } from '../lowering';
import { type CType, UNKNOWN } from './ctype';
import type { Val } from './value';
import { within } from './scope';

/** A call's argument, evaluated once. */
export function valueOf(l: Lowering, arg: Arguments[number], hint: CType = UNKNOWN): Val {
	arg.val ??= within(l, arg.frame, () => compile(l, arg.node, hint));
	return arg.val;
}

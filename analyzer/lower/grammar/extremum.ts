import type { CNode } from '../../parse/source';
import { compile } from '../descent';
import { isPointer } from '../values/ctype';
import { reg } from '../emitted/emitter';
import type { Lowering } from '../lowering';
import type { Val } from '../values/value';
import { compute } from './arithmetic';
import { branchOnValue } from './condition';

/** What gives the lesser, or the greater, of its last two arguments: whether it is the lesser. */
const EXTREMA: ReadonlyMap<string, boolean> = new Map([['min', true], ['min_t', true], ['max', false], ['max_t', false]]);

/** The value of min(), max() and their kind; null for any other call. Which of two numbers it is matters to no check, and is taken to be the last. Which of two objects comes first does: it is how two of a kind are put in order. */
export function extremum(l: Lowering, name: string, args: readonly CNode[]): Val | null {
	const isLesser = EXTREMA.get(name);
	const [one, other] = args.slice(-2);
	if (isLesser === undefined || !one || !other) return null;
	const b = compile(l, other);
	if (!isPointer(b.type)) return b;
	const a = compile(l, one, b.type);
	const { emitter } = l;
	const result = l.temporary(b.type, `c:${l.thread}:${l.frame.id}@${one.start}`);
	const [yes, no, done] = [emitter.label(), emitter.label(), emitter.label()];
	branchOnValue(l, compute(l, isLesser ? '<' : '>', a, b), yes, no);
	for (const [label, val] of [[yes, a], [no, b]] as const) {
		emitter.place(label);
		l.flow(result, val);
		l.assign(result.operand.reg, val);
		if (label === yes) emitter.jump(done);
	}
	emitter.place(done);
	return { ...result, operand: reg(result.operand.reg) };
}

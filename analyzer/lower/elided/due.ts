import type { CNode } from '../../parse/source';
import { compile } from '../descent';
import { reg, value } from '../emitted/emitter';
import type { Due, Frame } from '../frame';
import type { Lowering } from '../lowering';
import { within } from '../values/scope';

/** Room for what may become due in the function. */
export function dueOf(l: Lowering): Due | null {
	const { fn, file } = l.frame;
	if (!fn || file.modelled) return null;
	const flag = l.emitter.register();
	l.emitter.local({ op: 'set', dst: flag, from: value(0) });
	return { flag, pending: null };
}

/** DUE: the nearest function of patch or tree on the stack, if its name is one of those, owes the call. */
export function owe(l: Lowering, call: CNode, functions: RegExp, callees: RegExp): void {
	let frame: Frame | null = l.frame;
	const because = l.frame.fn?.name ?? '';
	while (frame?.file.modelled) frame = frame.parent;
	if (!frame?.due || !frame.fn || !functions.test(frame.fn.name)) return;
	frame.due.pending = { call, frame: l.frame, callees, because };
	l.emitter.local({ op: 'set', dst: frame.due.flag, from: value(1) });
}

/** At a gap, or (`callee`) where the function calls something whose name says that it does what is due. */
export function settle(l: Lowering, callee?: string): void {
	const { due, fn } = l.frame;
	const pending = due?.pending;
	if (!due || !pending || (callee !== undefined && !pending.callees.test(callee))) return;
	const what = pending.call.text.replace(/\s*\(.*$/s, '').replace(/^_+/, '').replace(/_/g, ' ');
	l.assumptions.add(callee === undefined
		? `${what}: in code of ${fn?.name ?? ''}() that the patch does not show, after ${pending.because}()`
		: `${what}: by ${callee}() in ${fn?.name ?? ''}()`);
	const done = l.emitter.label();
	l.emitter.branch(l.alu('eq', reg(due.flag), value(0)).operand, done);
	const origin = l.emitter.origin;
	within(l, pending.frame, () => compile(l, pending.call));
	l.emitter.origin = origin;
	l.emitter.local({ op: 'set', dst: due.flag, from: value(0) });
	l.emitter.place(done);
}

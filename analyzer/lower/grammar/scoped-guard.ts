import type { CNode } from '../../parse/source';
import { compile, compileStatement } from '../descent';
import type { Lowering } from '../lowering';
import { goTo, leave } from '../values/scope';
import { enter } from './guard';

/**
 * `scoped_guard(class, lock) body` and `scoped_cond_guard(class, otherwise, lock) body`: the body is passed by where a class that may fail did not take its
 * lock, and what is to be done `otherwise`, which is written as an argument, is. include/linux/cleanup.h
 */
export function scopedGuard(l: Lowering, node: CNode, args: readonly { readonly text: string }[], nodes: readonly CNode[], conditional: boolean): void {
	const { emitter, frame } = l;
	const body = node.field('body');
	frame.scopes.push({ id: node.start, cleanups: [] });
	const head = node.field('condition') ?? node;
	const held = enter(l, args[0]?.text.trim() ?? '', (conditional ? nodes.at(-1) : nodes[1]) ?? null, head);
	const done = emitter.label();
	if (held) {
		const taken = emitter.label();
		emitter.branch(held.operand, taken);
		if (!conditional || !leavesBy(l, (args[1]?.text ?? '').trim(), nodes)) emitter.jump(done);
		emitter.place(taken);
	}
	frame.loops.push({ breaks: done, continues: done, scopes: frame.scopes.length - 1 });
	if (body) compileStatement(l, body);
	frame.loops.pop();
	leave(l, frame.scopes.length - 1);
	frame.scopes.pop();
	emitter.place(done);
}

/** `return -EINTR`, `goto out`: false where it goes on behind the body. */
function leavesBy(l: Lowering, text: string, nodes: readonly CNode[]): boolean {
	const { emitter, frame } = l;
	const [, word, rest = ''] = /^(return|goto)\b\s*([\s\S]*)$/.exec(text) ?? [];
	if (word === 'return') {
		const result = nodes.find((each) => each.text === rest) ?? nodes.find((each) => each.text.endsWith(rest));
		if (rest) l.assign(frame.result, result ? compile(l, result, frame.returns) : l.constant(-1));
		leave(l, 0);
		emitter.jump(frame.exit);
		return true;
	}
	return word === 'goto' && goTo(l, rest);
}

import type { CNode } from '../../parse/source';
import { callNamed, compile } from '../descent';
import { value } from '../emitted/emitter';
import type { Lowering } from '../lowering';
import type { Val } from '../values/value';
import { addressOf, load } from '../values/access';
import { lookup } from '../values/scope';
import { guarded } from '../elided/gap';

/** Scope-based cleanup: include/linux/cleanup.h. True when the statement was a guard and is done with. */
export function guardOf(l: Lowering, node: CNode, expression: CNode | null, variable = ''): boolean {
	const rewritten = l.frame.file.parsed.rewritten;
	if (variable) {
		const text = node.text;
		const free = /__free\(\s*(\w+)\s*\)/.exec(text.slice(0, text.indexOf('=') < 0 ? text.length : text.indexOf('=')))?.[1];
		if (free) cleanup(l, free, variable, node);
		return false;
	}
	const found = expression ? (rewritten.get(expression.start) ?? rewritten.get(node.start)) : undefined;
	const written = found ? undefined : /^guard\s*\(\s*(\w+)\s*\)\s*\(([\s\S]*)\)$/.exec(expression?.text ?? '');
	const name = found?.name === 'guard' ? found.args[0]?.text.trim() : written?.[1];
	if (!name || !expression) return false;
	const outer = expression.type === 'call_expression' ? expression : null;
	const argument = outer?.field('arguments')?.named.at(-1) ?? null;
	enter(l, name, argument, expression);
	return true;
}

/**
 * Takes what the guard class takes, and releases it when the innermost open scope ends. Of a class that may fail to: what is true where it did not,
 * and only then is anything released.
 */
export function enter(l: Lowering, name: string, argument: CNode | null, node: CNode): Val | null {
	const guard = l.sources.table.guards.get(name);
	if (!guard) {
		l.unmodelled.add(`guard(${name})`);
		return null;
	}
	// The lock's address is fixed when the guard is made.
	const kept = argument ? compile(l, argument) : l.constant(0);
	const { frame } = l;
	l.from(node);
	const answer = guard.acquire ? callNamed(l, guard.acquire, [kept], node) : null;
	if (guard.acquire) guarded(l, node);
	const held = answer && guard.conditional ? l.alu(guard.conditional === 'zero' ? 'eq' : 'ne', answer.operand, value(0)) : null;
	frame.scopes.at(-1)?.cleanups.push(() => {
		const none = held ? l.emitter.label() : null;
		if (held && none) l.emitter.branch(l.alu('eq', held.operand, value(0)).operand, none);
		l.from(node, `end of ${node.text.replace(/\s+/g, ' ').slice(0, 60)}`);
		callNamed(l, guard.release, [kept], node);
		if (none) l.emitter.place(none);
	});
	return held;
}

function cleanup(l: Lowering, name: string, variable: string, node: CNode): void {
	const guard = l.sources.table.guards.get(name);
	if (!guard) {
		l.unmodelled.add(`__free(${name})`);
		return;
	}
	l.frame.scopes.at(-1)?.cleanups.push(() => {
		const local = lookup(l, variable);
		if (!local || local.kind === 'argument') return;
		const val = local.kind === 'register' ? load(l, { kind: 'register', local }) : addressOf(l, { kind: 'memory', base: value(local.address), offset: 0, type: local.type, key: local.key, path: local.key, own: true });
		const skip = l.emitter.label();
		const none = guard.unless === 'error-or-null' ? l.alu('le', val.operand, value(0)) : l.alu('eq', val.operand, value(0));
		l.emitter.branch(none.operand, skip);
		l.from(node, `end of scope of ${variable}`);
		callNamed(l, guard.release, [val], node);
		l.emitter.place(skip);
	});
}

import type { Lowering } from '../lowering';
import { compile } from '../descent';
import type { CNode } from '../../parse/source';
import type { Val } from '../values/value';
import { compute, operatorOf } from './arithmetic';
import { placeOf } from '../values/place';
import { load, store } from '../values/access';
import { lookup } from '../values/scope';
import { isPointer, UNKNOWN } from '../values/ctype';
import { storedCallback } from '../effects/stored-callback';
import { value } from '../emitted/emitter';

export function assignment(l: Lowering, node: CNode): Val {
	const [left, right] = [node.field('left'), node.field('right')];
	if (!left || !right) return l.constant(0);
	const operator = operatorOf(node);
	l.from(node);
	if (operator !== '=') {
		const place = placeOf(l, left);
		const b = compile(l, right);
		if (!place) return b;
		l.from(node);
		const a = loadForUpdate(l, place);
		const result = compute(l, operator.slice(0, -1), a, b);
		l.from(node);
		store(l, place, result, true);
		return result;
	}
	// `x = x + 1` is an update too.
	const updates = right.type === 'binary_expression' && right.text.includes(left.text);
	if (left.type === 'identifier') {
		// Elided code declares it: its type is what the code makes of it.
		if (!lookup(l, left.text)) placeOf(l, left);
		const local = lookup(l, left.text);
		const type = local && local.kind !== 'argument' ? local.type : (l.sources.global(left.text) ?? l.conventional(left.text));
		const val = compile(l, right, type);
		const place = placeOf(l, left);
		l.from(node);
		if (place) store(l, place, val, updates && place.kind === 'memory');
		return val;
	}
	const probe = placeOf(l, left);
	const val = compile(l, right, probe?.kind === 'memory' ? probe.type : UNKNOWN);
	l.from(node);
	if (probe) store(l, probe, val, updates);
	if (probe?.kind === 'memory' && val.fn !== undefined) storedCallback(l, probe, val.fn);
	return val;
}

function loadForUpdate(l: Lowering, place: NonNullable<ReturnType<typeof placeOf>>): Val {
	if (place.kind === 'memory') l.facts.stored.add(`${l.thread}:${place.key}`);
	return load(l, place);
}

export function update(l: Lowering, node: CNode): Val {
	const argument = node.field('argument');
	const place = argument ? placeOf(l, argument) : null;
	if (!argument || !place) return l.constant(0);
	l.from(node);
	const old = loadForUpdate(l, place);
	if (isPointer(old.type)) return old;
	const kept = l.temporary(old.type);
	l.assign(kept.operand.reg, old);
	const sum = l.alu(node.text.includes('--') ? 'sub' : 'add', old.operand, value(1), old.type);
	// What others may have counted meanwhile nobody knows.
	const next = l.outline && place.kind === 'memory' && !place.own ? l.unknown(`${place.key}${node.text.includes('--') ? '-' : '+'}`, old.type) : sum;
	store(l, place, next, true);
	const counted = (val: Val, by: number): Val => (old.unknown === undefined ? val : { ...val, counted: { unknown: old.unknown, by } });
	return node.children[0] === argument || node.children[0]?.start === argument.start ? counted(kept, 0) : counted(next, node.text.includes('--') ? -1 : 1);
}

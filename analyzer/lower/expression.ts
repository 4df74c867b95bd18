import type { Alu } from '../../sim';
import type { CNode } from '../parse/source';
import { call, callNamed } from './call';
import { isAmongBytes, recast } from './cast';
import { branchOn } from './condition';
import { type CType, INT, isPointer, known, pointerTo, UNKNOWN } from './ctype';
import { constantOf, reg, value } from './emitter';
import { LINKS } from './iterators';
import type { Lowering, Val } from './lowering';
import { addressOf, alikeTyped, isModelField, lastOf, load, lookup, placeOf, store, within } from './place';
import { block } from './statement';

const ALU: Readonly<Record<string, Alu>> = {
	'+': 'add', '-': 'sub', '*': 'mul', '/': 'div', '%': 'mod', '&': 'and', '|': 'or', '^': 'xor', '<<': 'shl', '>>': 'shr',
	'==': 'eq', '!=': 'ne', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge',
};
const SUMS = new Set(['+', '-', '*', '/', '%', '<<', '>>']);
const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);

const FOLD: Readonly<Record<Alu, (a: number, b: number) => number>> = {
	add: (a, b) => (a + b) | 0, sub: (a, b) => (a - b) | 0, mul: (a, b) => Math.imul(a, b), div: (a, b) => (b === 0 ? 0 : Math.trunc(a / b)),
	mod: (a, b) => (b === 0 ? 0 : a % b), and: (a, b) => a & b, or: (a, b) => a | b, xor: (a, b) => a ^ b, shl: (a, b) => a << b, shr: (a, b) => a >> b,
	eq: (a, b) => Number(a === b), ne: (a, b) => Number(a !== b), lt: (a, b) => Number(a < b), le: (a, b) => Number(a <= b), gt: (a, b) => Number(a > b), ge: (a, b) => Number(a >= b),
};

/** C's integer literal, or NaN. */
export function literal(text: string): number {
	const plain = text.replace(/[uUlL]+$/, '');
	const parsed = /^0[xX][0-9a-fA-F]+$/.test(plain) ? Number.parseInt(plain, 16) : /^0[0-7]+$/.test(plain) ? Number.parseInt(plain, 8) : Number(plain);
	return Number.isFinite(parsed) ? parsed | 0 : Number.NaN;
}

/** The operator of a binary, unary or assignment node. */
export const operatorOf = (node: CNode): string => node.field('operator')?.type ?? node.children.find((child) => /^[^\w\s(]/.test(child.type) && child.type.length <= 3)?.type ?? '';

/** Compiles an expression for its value and effects. `hint` is the type of what the value goes to. */
export function compile(l: Lowering, node: CNode, hint: CType = UNKNOWN): Val {
	switch (node.type) {
		case 'parenthesized_expression': {
			const inner = node.named[0];
			if (!inner) return l.constant(0);
			return inner.type === 'compound_statement' ? statementExpression(l, inner, hint) : compile(l, inner, hint);
		}
		case 'number_literal': {
			const parsed = literal(node.text);
			return Number.isNaN(parsed) ? l.constant(1) : l.constant(parsed);
		}
		case 'char_literal':
			return l.constant(node.text.length > 2 ? node.text.charCodeAt(1) : 0);
		case 'string_literal':
		case 'concatenated_string':
			return l.constant(1, { base: 'char', pointer: 1, struct: false });
		case 'true':
			return l.constant(1);
		case 'false':
		case 'null':
			return l.constant(0, hint);
		case 'sizeof_expression':
		case 'offsetof_expression':
		case 'alignof_expression':
			return l.constant(8);
		case 'identifier':
			return identifier(l, node, hint);
		case 'field_expression':
		case 'subscript_expression': {
			l.from(node);
			const place = placeOf(l, node);
			const following = place?.kind === 'memory' ? LINKS.get(place.key) : undefined;
			// What a container's model keeps elsewhere: `head.next` is the first entry.
			if (following && place?.kind === 'memory' && !l.frame.file.modelled) {
				const owner = pointerTo({ base: place.key.slice(0, place.key.indexOf('.')), pointer: 0, struct: true });
				const base = l.offset(place.base, place.offset - l.world.offset(owner.base, place.key.slice(place.key.indexOf('.') + 1)));
				return callNamed(l, following, [{ operand: base, type: owner, path: place.path.slice(0, place.path.lastIndexOf('.')) }], node, owner);
			}
			return place ? coerce(l, load(l, place), hint) : l.unknown(`${l.frame.id}@${node.start}`, hint);
		}
		case 'pointer_expression': {
			const argument = node.field('argument') ?? node.named[0];
			if (!argument) return l.constant(0);
			if (node.children[0]?.type === '&') {
				if (argument.type === 'identifier' && !lookup(l, argument.text) && l.sources.defined(argument.text) && !l.sources.global(argument.text)) return compile(l, argument, hint);
				const place = placeOf(l, argument);
				return place ? addressOf(l, place) : compile(l, argument, hint);
			}
			l.from(node);
			const place = placeOf(l, node);
			return place ? coerce(l, load(l, place), hint) : compile(l, argument, hint);
		}
		case 'cast_expression': {
			const written = node.field('type')?.text ?? '';
			const type = l.typeOf(written);
			const inner = node.field('value');
			if (!inner) return l.constant(0, type);
			const val = compile(l, inner, isPointer(type) && known(type) ? type : hint);
			if (!known(type)) return coerce(l, val, hint);
			return coerce(l, isPointer(type) ? recast(l, val, type) : { ...val, type: isPointer(val.type) ? val.type : type }, hint);
		}
		case 'unary_expression':
			return unary(l, node);
		case 'binary_expression':
			return binary(l, node);
		case 'assignment_expression':
			return assignment(l, node);
		case 'update_expression':
			return update(l, node);
		case 'conditional_expression':
			return conditional(l, node, hint);
		case 'comma_expression': {
			const [left, right] = [node.field('left') ?? node.named[0], node.field('right') ?? node.named[1]];
			if (left) compile(l, left);
			return right ? compile(l, right, hint) : l.constant(0);
		}
		case 'call_expression':
			return coerce(l, call(l, node, hint), hint);
		case 'compound_literal_expression':
		case 'initializer_list':
			for (const child of node.named) if (child.type !== 'type_descriptor') effects(l, child);
			return l.unknown(`${l.frame.id}@${node.start}`, hint);
		default:
			for (const child of node.named) effects(l, child);
			return l.unknown(`${l.frame.id}@${node.start}`, hint);
	}
}

/** Evaluates the expressions in a node of no value of its own. */
export function effects(l: Lowering, node: CNode): void {
	if (node.type.endsWith('_expression') || node.type === 'identifier') compile(l, node);
	else for (const child of node.named) effects(l, child);
}

/** A `void *` takes the type of what it is assigned to; the cell it came from then points at that. */
export function coerce(l: Lowering, val: Val, hint: CType): Val {
	if (!known(hint) || !isPointer(hint)) return val;
	const vague = !known(val.type) || (val.type.pointer >= 1 && val.type.base === 'void') || (!isPointer(val.type) && !val.type.struct);
	if (!vague && !isAmongBytes(l, val)) return val;
	if (isAmongBytes(l, val)) return recast(l, val, hint);
	if (val.parameter && hint.pointer === 1) l.world.pointer(`p:${val.parameter}`, l.world.name({ ...hint, pointer: 0 }));
	if (val.unknown?.startsWith('f:') && hint.pointer === 1) l.world.pointer(val.unknown.slice(2), l.world.name({ ...hint, pointer: 0 }));
	return { ...val, type: hint };
}

function statementExpression(l: Lowering, body: CNode, hint: CType): Val {
	let last: Val | undefined;
	block(l, body, (statement) => {
		if (statement !== body.named.at(-1) || statement.type !== 'expression_statement') return false;
		const expression = statement.named[0];
		if (!expression) return false;
		last = compile(l, expression, hint);
		return true;
	});
	return last ?? l.constant(0);
}

function identifier(l: Lowering, node: CNode, hint: CType): Val {
	const name = node.text;
	const local = lookup(l, name);
	if (local?.kind === 'argument') {
		local.val ??= within(l, local.frame, () => compile(l, local.node, hint));
		return local.val;
	}
	if (!local) {
		if (name === 'NULL' || name === 'false') return l.constant(0, hint);
		if (name === 'true') return l.constant(1);
		const constant = l.sources.constant(name);
		if (constant !== undefined) return l.constant(constant);
		const macro = l.sources.macro(name);
		if (macro && macro.params === null) {
			const expression = macro.body.body.named[0]?.named[0];
			if (expression && expression.text !== name) return compile(l, expression, hint);
		}
		if (l.sources.global(name) === undefined && (l.sources.defined(name) || l.sources.model(name) || l.sources.table.rows.has(name))) return { ...l.constant(1, pointerTo(UNKNOWN)), fn: name };
	}
	const place = placeOf(l, node);
	if (!place) return l.constant(0, hint);
	if (place.kind === 'memory') l.from(node);
	const val = coerce(l, load(l, place), hint);
	if (place.kind === 'register' && !known(place.local.type) && known(hint)) place.local.type = hint;
	return val;
}

function unary(l: Lowering, node: CNode): Val {
	const argument = node.field('argument');
	if (!argument) return l.constant(0);
	const operator = operatorOf(node);
	if (operator === '!') return branched(l, node);
	const val = compile(l, argument);
	const constant = constantOf(val.operand);
	if (operator === '-') return constant !== undefined ? l.constant(-constant | 0) : l.alu('sub', value(0), val.operand);
	if (operator === '~') return constant !== undefined ? l.constant(~constant) : l.alu('xor', val.operand, value(-1));
	return val;
}

/** A truth value made by branches. */
function branched(l: Lowering, node: CNode): Val {
	const { emitter } = l;
	const result = l.temporary();
	const [yes, no, done] = [emitter.label(), emitter.label(), emitter.label()];
	branchOn(l, node, yes, no);
	emitter.place(yes);
	emitter.local({ op: 'set', dst: result.operand.reg, from: value(1) });
	emitter.jump(done);
	emitter.place(no);
	emitter.local({ op: 'set', dst: result.operand.reg, from: value(0) });
	emitter.place(done);
	return result;
}

function binary(l: Lowering, node: CNode): Val {
	const operator = operatorOf(node);
	if (operator === '&&' || operator === '||') return branched(l, node);
	const [left, right] = [node.field('left'), node.field('right')];
	if (!left || !right) return l.constant(0);
	const a = compile(l, left);
	const b = compile(l, right, isPointer(a.type) ? a.type : UNKNOWN);
	if (COMPARISONS.has(operator)) {
		alikeTyped(l, left, a, b);
		alikeTyped(l, right, b, a);
	}
	return compute(l, operator, a, b);
}

/** `a operator b`, noting what the comparison tells of unknowns. */
export function compute(l: Lowering, operator: string, a: Val, b: Val): Val {
	const alu = ALU[operator];
	if (!alu) return l.constant(0);
	const [left, right] = [constantOf(a.operand), constantOf(b.operand)];
	if (left !== undefined && right !== undefined) return l.constant(FOLD[alu](left, right), COMPARISONS.has(operator) ? INT : a.type);
	const note = (val: Val, constant: number, flipped: boolean): void => l.interest(val, (interest) => {
		if (operator === '==' || operator === '!=') interest.equal.add(constant);
		else if (operator === '&') interest.masks.add(constant);
		else if ((operator === '<' || operator === '>=') !== flipped) interest.below.add(constant);
		else if (COMPARISONS.has(operator)) interest.below.add(constant + 1);
	});
	if (right !== undefined) note(a, right, false);
	else if (left !== undefined) note(b, left, true);
	else if (COMPARISONS.has(operator)) {
		// What tells values of the one apart tells the other's.
		if (a.unknown && b.unknown) l.world.domains.alike(a.unknown, b.unknown);
		for (const val of [a, b]) l.interest(val, (interest) => { interest.compared = true; });
		if (ofOneArray(l, a, b)) return l.unknown(`${a.unknown}${operator}${b.unknown}`, INT);
	}
	// Pointer arithmetic stays on the object: one element stands for all.
	if (isPointer(a.type) && (operator === '+' || operator === '-') && !isPointer(b.type)) return a;
	if (SUMS.has(operator)) {
		// What is computed from an unknown is another unknown: its tests may come out either way.
		if ([a, b].some((val) => isOpen(l, val.unknown))) return l.unknown(`${a.unknown ?? left ?? ''}${operator}${b.unknown ?? right ?? ''}`, a.type);
	}
	const result = l.alu(alu, a.operand, b.operand, COMPARISONS.has(operator) ? INT : a.type);
	// A mask's or a comparison's outcome is told apart by what was noted; other sums stay unknown of the same class.
	return operator === '|' && a.unknown ? { ...result, unknown: a.unknown } : result;
}

/** Both are elements of one array, of which one cell stands for all. */
function ofOneArray(l: Lowering, a: Val, b: Val): boolean {
	if (l.facts.indexed.size === 0 || !a.unknown || !b.unknown) return false;
	const left = l.world.domains.sources(a.unknown);
	return [...l.world.domains.sources(b.unknown)].some((name) => l.facts.indexed.has(name) && left.has(name));
}

/** Nobody in the scenario says what it is: what a call nobody shows returned, or a field that no thread sets; also in a local that got it. */
function isOpen(l: Lowering, unknown: string | undefined): boolean {
	if (unknown === undefined) return false;
	const open = (name: string): boolean => name.startsWith('u:') || l.facts.indexed.has(name) || (name.startsWith('f:') && !isModelField(name.slice(2)) && !l.facts.stored.has(lastOf(name)));
	if (open(unknown)) return true;
	return /^[lr]:/.test(unknown) && [...l.world.domains.sources(unknown)].some(open);
}

function assignment(l: Lowering, node: CNode): Val {
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
	return val;
}

function loadForUpdate(l: Lowering, place: NonNullable<ReturnType<typeof placeOf>>): Val {
	if (place.kind === 'memory') l.facts.stored.add(`${l.thread}:${place.key}`);
	return load(l, place);
}

function update(l: Lowering, node: CNode): Val {
	const argument = node.field('argument');
	const place = argument ? placeOf(l, argument) : null;
	if (!argument || !place) return l.constant(0);
	l.from(node);
	const old = loadForUpdate(l, place);
	if (isPointer(old.type)) return old;
	const kept = l.temporary(old.type);
	l.assign(kept.operand.reg, old);
	const next = l.alu(node.text.includes('--') ? 'sub' : 'add', old.operand, value(1), old.type);
	store(l, place, next, true);
	return node.children[0] === argument || node.children[0]?.start === argument.start ? kept : next;
}

function conditional(l: Lowering, node: CNode, hint: CType): Val {
	const { emitter } = l;
	const condition = node.field('condition');
	const [consequence, alternative] = [node.field('consequence'), node.field('alternative')];
	if (!condition || !alternative) return l.constant(0);
	const result = l.temporary(hint, `c:${l.thread}:${l.frame.id}@${node.start}`);
	const [yes, no, done] = [emitter.label(), emitter.label(), emitter.label()];
	let elvis: Val | undefined;
	if (consequence) branchOn(l, condition, yes, no);
	else {
		elvis = compile(l, condition, hint);
		l.interest(elvis, (interest) => { interest.truth = true; });
		emitter.branch(elvis.operand, yes);
		emitter.jump(no);
	}
	emitter.place(yes);
	const a = consequence ? compile(l, consequence, hint) : (elvis ?? l.constant(1));
	l.flow(result, a);
	l.assign(result.operand.reg, a);
	emitter.jump(done);
	emitter.place(no);
	const b = compile(l, alternative, hint);
	l.flow(result, b);
	l.assign(result.operand.reg, b);
	emitter.place(done);
	return { ...result, type: known(a.type) && constantOf(a.operand) === undefined ? a.type : known(b.type) ? b.type : hint, operand: reg(result.operand.reg) };
}

import type { Alu } from '../../../sim';
import type { CNode } from '../../parse/source';
import type { Lowering } from '../lowering';
import type { Val } from '../values/value';
import { constantOf } from '../emitted/emitter';
import { INT, isPointer } from '../values/ctype';
import { isModelField, lastOf } from '../values/access';
import { mayBeSame } from '../outline';

const ALU: Readonly<Record<string, Alu>> = {
	'+': 'add', '-': 'sub', '*': 'mul', '/': 'div', '%': 'mod', '&': 'and', '|': 'or', '^': 'xor', '<<': 'shl', '>>': 'shr',
	'==': 'eq', '!=': 'ne', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge',
};
const SUMS = new Set(['+', '-', '*', '/', '%', '<<', '>>']);
export const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);

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

/** `a operator b`, noting what the comparison tells of unknowns. */
export function compute(l: Lowering, operator: string, a: Val, b: Val): Val {
	const alu = ALU[operator];
	if (!alu) return l.constant(0);
	const [left, right] = [constantOf(a.operand), constantOf(b.operand)];
	if ((operator === '==' || operator === '!=') && (left ?? 1) > 0 && (right ?? 1) > 0 && isPointer(a.type) && isPointer(b.type)) {
		const same = mayBeSame(l, a, b);
		if (same) return operator === '==' ? same : l.alu('eq', same.operand, { value: 0 }, INT);
	}
	if (left !== undefined && right !== undefined) return l.constant(FOLD[alu](left, right), COMPARISONS.has(operator) ? INT : a.type);
	const note = (val: Val, constant: number, flipped: boolean): void => l.interest(val, (interest) => {
		if (operator === '==' || operator === '!=') interest.equal.add(constant);
		else if (operator === '&') interest.masks.add(constant);
		else if ((operator === '<' || operator === '>=') !== flipped) interest.below.add(constant);
		else if (COMPARISONS.has(operator)) interest.below.add(constant + 1);
	});
	const noteEither = (val: Val, constant: number, flipped: boolean): void => {
		note(val, constant, flipped);
		// A limit that a counter comes to is as far from what it begins with as it is counted on before it is asked.
		if (val.counted && constant > 1 && COMPARISONS.has(operator) && operator !== '==' && operator !== '!=') note({ ...val, unknown: val.counted.unknown }, constant - val.counted.by, flipped);
	};
	if (operator === '==' || operator === '!=') for (const [val, constant] of [[a, right], [b, left]] as const) if (constant !== undefined) comparesBits(l, val, constant);
	if (right !== undefined) noteEither(a, right, false);
	else if (left !== undefined) noteEither(b, left, true);
	else if (COMPARISONS.has(operator)) {
		// What tells values of the one apart tells the other's.
		if (a.unknown && b.unknown) l.world.domains.alike(a.unknown, b.unknown);
		for (const val of [a, b]) l.interest(val, (interest) => { interest.compared = true; });
		if (ofOneArray(l, a, b)) return l.unknown(`${a.unknown}${operator}${b.unknown}`, INT);
	}
	// Pointer arithmetic stays on the object: one element stands for all.
	if (isPointer(a.type) && (operator === '+' || operator === '-') && !isPointer(b.type)) return a;
	// C shifts no pointers: it is one that was made a number, and the frame it is in leads to the same object.
	if (isPointer(a.type) && (operator === '>>' || operator === '<<')) return a;
	// Of two masks that nobody knows either may have what the other one asks for.
	const open = SUMS.has(operator) || (l.outline && operator === '&' && left === undefined && right === undefined);
	if (open) {
		// What is computed from an unknown is another unknown: its tests may come out either way.
		if ([a, b].some((val) => isOpen(l, val.unknown))) return differing(l, computed(l, l.unknown(`${a.unknown ?? left ?? ''}${operator}${b.unknown ?? right ?? ''}`, a.type), a, b));
	}
	if (operator === '|' || operator === '^') putsBits(l, a, b);
	const plain = l.alu(alu, a.operand, b.operand, COMPARISONS.has(operator) ? INT : a.type);
	const result = COMPARISONS.has(operator) ? plain : computed(l, plain, a, b);
	// A mask's or a comparison's outcome is told apart by what was noted; other sums stay unknown of the same class.
	const [bits, mask] = operator !== '&' ? [] : right !== undefined ? [a, right] : [b, left];
	if (bits?.unknown !== undefined && mask !== undefined) return { ...result, masked: { unknown: bits.unknown, mask } };
	return operator === '|' && a.unknown ? { ...result, unknown: a.unknown } : result;
}

/** Some bits of an unknown are asked for a value that they can have: neither none of them nor all, which the mask has told already. */
export function comparesBits(l: Lowering, { masked }: Val, constant: number): void {
	if (masked && constant !== 0 && constant !== masked.mask && (constant & ~masked.mask) === 0) l.world.domains.of(masked.unknown).equal.add(constant);
}

/** A sum of what a field held is not what it held: one value would not tell them apart. */
function differing(l: Lowering, result: Val): Val {
	if (l.derived.isOfField(result.operand)) l.interest(result, (interest) => { interest.truth = true; });
	return result;
}

/** A mask that nobody knows, put into what a field held, changes it: none at all would be no update. */
function putsBits(l: Lowering, a: Val, b: Val): void {
	for (const [held, mask] of [[a, b], [b, a]] as const) {
		if (l.derived.decidedBy(held.operand).length > 0 && l.derived.decidedBy(mask.operand).length === 0) l.interest(mask, (interest) => { interest.truth = true; });
	}
}

function computed(l: Lowering, result: Val, a: Val, b: Val): Val {
	if ('reg' in result.operand) l.derived.computes(result.operand.reg, [a.operand, b.operand]);
	return result;
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
	const open = (name: string): boolean => name.startsWith('u:') || l.facts.indexed.has(name) || (name.startsWith('f:') && !isModelField(name.slice(2)) && (l.outline !== false || !l.facts.stored.has(lastOf(name))));
	if (open(unknown)) return true;
	return /^[lr]:/.test(unknown) && [...l.world.domains.sources(unknown)].some(open);
}

import type { CNode } from './source';

/** Integers beyond this are not exact in the numbers that carry them. */
const MAX_EXACT = Number.MAX_SAFE_INTEGER;

/** The value of a constant expression over known enumerators, or null where something in it is not known. */
export function evaluateConstant(node: CNode, known: ReadonlyMap<string, number>): number | null {
	const value = evaluate(node, known, 0);
	return value !== null && Number.isFinite(value) && Math.abs(value) <= MAX_EXACT ? value : null;
}

/** Nesting beyond this is no constant that a person wrote. */
const MAX_DEPTH = 60;

function evaluate(node: CNode, known: ReadonlyMap<string, number>, depth: number): number | null {
	if (depth > MAX_DEPTH) return null;
	const sub = (child: CNode | null | undefined) => (child ? evaluate(child, known, depth + 1) : null);
	switch (node.type) {
		case 'number_literal':
			return readInteger(node.text);
		case 'char_literal':
			return /^'[^\\]'$/.test(node.text) ? node.text.charCodeAt(1) : null;
		case 'identifier':
			return known.get(node.text) ?? null;
		case 'parenthesized_expression':
			return sub(node.named[0]);
		case 'cast_expression':
			return sub(node.field('value'));
		case 'unary_expression': {
			const argument = sub(node.field('argument'));
			if (argument === null) return null;
			const operator = node.children[0]?.type;
			if (operator === '-') return -argument;
			if (operator === '+') return argument;
			if (operator === '~') return ~argument;
			return operator === '!' ? Number(argument === 0) : null;
		}
		case 'binary_expression': {
			const left = sub(node.field('left'));
			const right = sub(node.field('right'));
			return left === null || right === null ? null : binary(node.field('operator')?.type ?? '', left, right);
		}
		case 'call_expression': {
			const name = node.field('function')?.text;
			const bit = sub(node.field('arguments')?.named[0]);
			return bit !== null && (name === 'BIT' || name === 'BIT_ULL') ? 2 ** bit : null;
		}
		case 'conditional_expression': {
			const condition = sub(node.field('condition'));
			if (condition === null) return null;
			return sub(condition !== 0 ? node.field('consequence') : node.field('alternative'));
		}
		default:
			return null;
	}
}

function binary(operator: string, left: number, right: number): number | null {
	if (!Number.isSafeInteger(left) || !Number.isSafeInteger(right)) return null;
	switch (operator) {
		case '+': return left + right;
		case '-': return left - right;
		case '*': return left * right;
		case '/': return right === 0 ? null : Math.trunc(left / right);
		case '%': return right === 0 ? null : left % right;
		case '<<': return right < 0 ? null : left * 2 ** right;
		case '>>': return right < 0 ? null : Math.floor(left / 2 ** right);
		case '|': return Number(BigInt(left) | BigInt(right));
		case '&': return Number(BigInt(left) & BigInt(right));
		case '^': return Number(BigInt(left) ^ BigInt(right));
		default: return null;
	}
}

/** A C integer literal with its suffix, or null. */
export function readInteger(text: string): number | null {
	const digits = text.replace(/[uUlL]+$/, '');
	if (/^0[xX][0-9a-fA-F]+$/.test(digits) || /^0[bB][01]+$/.test(digits)) return Number(digits);
	if (/^0[0-7]+$/.test(digits)) return Number.parseInt(digits, 8);
	return /^[0-9]+$/.test(digits) ? Number(digits) : null;
}

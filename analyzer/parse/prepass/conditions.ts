import { readInteger } from '../constants';

/** Options that exclude what most kernels are built with; everything else named CONFIG_ is taken as on. */
const OFF = new Set([
	'CONFIG_PREEMPT_RT', 'CONFIG_PREEMPT_RT_FULL', 'CONFIG_32BIT', 'CONFIG_BROKEN', 'CONFIG_COMPILE_TEST', 'CONFIG_TINY_RCU', 'CONFIG_SLOB',
	'CONFIG_UML', 'CONFIG_CPU_BIG_ENDIAN',
]);

/** Macros of the compiler and the build whose value is the same wherever the code of interest is built. */
const KNOWN = new Map<string, number>([
	['BITS_PER_LONG', 64], ['__BITS_PER_LONG', 64], ['BITS_PER_LONG_LONG', 64], ['__KERNEL__', 1], ['__GNUC__', 12], ['__SIZEOF_INT128__', 16],
	['__LITTLE_ENDIAN', 1234], ['__LITTLE_ENDIAN_BITFIELD', 1], ['PAGE_SHIFT', 12], ['NR_CPUS', 64],
]);

/** Macros that are not defined when the code of interest is built. */
const UNDEFINED = new Set([
	'__ASSEMBLY__', '__ASSEMBLER__', '__cplusplus', '__BIG_ENDIAN', '__BIG_ENDIAN_BITFIELD', '__CHECKER__', '__GENKSYMS__', '__CHECK_ENDIAN__',
	'DEBUG', 'NOTYET', 'notyet', 'notdef', 'never',
]);

/** Truth of a condition; null where it depends on what is not known. */
export function holds(directive: string, rest: string): boolean | null {
	const expression = rest.replace(/\/\*[\s\S]*?\*\/|\/\/.*|\\\r?\n/g, ' ').trim();
	if (directive === 'ifdef' || directive === 'elifdef') return isDefined(expression.split(/\s/)[0] ?? '');
	if (directive === 'ifndef' || directive === 'elifndef') return negate(isDefined(expression.split(/\s/)[0] ?? ''));
	const parts = expression.match(/[A-Za-z_]\w*|\d\w*|&&|\|\||[!=<>]=|<<|>>|\S/g) ?? [];
	if (parts.length > MAX_TOKENS) return null;
	const value = new Condition(parts).read();
	return value === null ? null : value !== 0;
}

/** A condition longer than this is left undecided. */
const MAX_TOKENS = 400;

function isDefined(name: string): boolean | null {
	if (OFF.has(name) || UNDEFINED.has(name)) return false;
	if (KNOWN.has(name) || name.startsWith('CONFIG_')) return true;
	return null;
}

function negate(value: boolean | null): boolean | null {
	return value === null ? null : !value;
}

/** Recursive descent over a preprocessor expression in three-valued logic. */
class Condition {
	readonly #parts: readonly string[];
	#at = 0;

	constructor(parts: readonly string[]) {
		this.#parts = parts;
	}

	read(): number | null {
		const value = this.#binary(0);
		return this.#at === this.#parts.length ? value : null;
	}

	#take(): string {
		return this.#parts[this.#at++] ?? '';
	}

	#binary(level: number): number | null {
		const operators = LEVELS[level];
		if (operators === undefined) return this.#unary();
		let left = this.#binary(level + 1);
		while (operators.includes(this.#parts[this.#at] ?? '')) {
			const operator = this.#take();
			left = apply(operator, left, this.#binary(level + 1));
		}
		return left;
	}

	#unary(): number | null {
		const part = this.#take();
		if (part === '!') {
			const value = this.#unary();
			return value === null ? null : Number(value === 0);
		}
		if (part === '-') {
			const value = this.#unary();
			return value === null ? null : -value;
		}
		if (part === '(') {
			const value = this.#binary(0);
			if (this.#parts[this.#at] === ')') this.#at++;
			return value;
		}
		if (part === 'defined') return this.#name(isDefined);
		if (/^(?:IS_ENABLED|IS_BUILTIN|IS_REACHABLE|CONFIG_IS_ENABLED)$/.test(part)) return this.#name(isDefined);
		if (/^\d/.test(part)) return readInteger(part);
		if (/^\w/.test(part)) {
			if (this.#parts[this.#at] === '(') {
				this.#skipParentheses();
				return null;
			}
			if (part === 'true') return 1;
			if (UNDEFINED.has(part) || part === 'false') return 0;
			return KNOWN.get(part) ?? null;
		}
		return null;
	}

	#name(known: (name: string) => boolean | null): number | null {
		const bracketed = this.#parts[this.#at] === '(';
		if (bracketed) this.#at++;
		const value = known(this.#take());
		if (bracketed && this.#parts[this.#at] === ')') this.#at++;
		return value === null ? null : Number(value);
	}

	#skipParentheses(): void {
		let depth = 0;
		do {
			const part = this.#take();
			if (part === '(') depth++;
			else if (part === ')') depth--;
			else if (part === '') return;
		} while (depth > 0);
	}
}

const LEVELS: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']];

function apply(operator: string, left: number | null, right: number | null): number | null {
	if (operator === '&&') {
		if (left === 0 || right === 0) return 0;
		return left === null || right === null ? null : 1;
	}
	if (operator === '||') {
		if ((left ?? 0) !== 0 || (right ?? 0) !== 0) return 1;
		return left === null || right === null ? null : 0;
	}
	if (left === null || right === null) return null;
	switch (operator) {
		case '==': return Number(left === right);
		case '!=': return Number(left !== right);
		case '<': return Number(left < right);
		case '>': return Number(left > right);
		case '<=': return Number(left <= right);
		case '>=': return Number(left >= right);
		case '+': return left + right;
		case '-': return left - right;
		case '*': return left * right;
		default: return null;
	}
}

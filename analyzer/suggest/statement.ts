import type { LineEdit } from './edit';
import type { CNode, FunctionSource } from '../parse';

/** A statement that has its lines to itself, so that it can be moved, and others put before and behind it. */
export interface Statement {
	readonly node: CNode;
	/** 1-based, of the image's text. */
	readonly line: number;
	readonly endLine: number;
	/** Those that stand in the same block, in order, itself among them. */
	readonly block: readonly Statement[];
	/** The body of an `if` or a loop without braces: the line of its head's end, where nothing follows it that would need them too. */
	readonly bare: { readonly head: number; readonly braces: boolean } | null;
	/** White space before it. */
	readonly indent: string;
}

/** Statements of a function beyond these are not looked at. */
const STATEMENTS_BOUND = 1_500;

const STATEMENT = /_statement$|^declaration$/;

/** All statements of the function that have whole lines, outer ones before those in them. */
export function statementsOf(fn: FunctionSource, lines: readonly string[]): readonly Statement[] {
	const found: Statement[] = [];
	const make = (node: CNode, block: readonly Statement[], bare: Statement['bare']): Statement | null => {
		const [first = '', last = ''] = [lines[node.line - 1], lines[node.endLine - 1]];
		const text = node.text.split('\n');
		if (node.synthetic || node.isError || found.length >= STATEMENTS_BOUND) return null;
		if (!first.trimStart().startsWith((text[0] ?? '').trim()) || !last.replace(/\s*(\/\*.*\*\/|\/\/.*)?\s*$/, '').endsWith((text.at(-1) ?? '').trim())) return null;
		const made = { node, line: node.line, endLine: node.endLine, block, bare, indent: /^\s*/.exec(first)?.[0] ?? '' };
		found.push(made);
		return made;
	};
	/** A label's own statement stands in the block that the label is in. */
	const inBlock = (nodes: readonly CNode[]): readonly CNode[] => nodes.flatMap((node) => (node.type === 'labeled_statement' ? inBlock(node.named.slice(1)) : STATEMENT.test(node.type) ? [node] : []));
	const walk = (node: CNode): void => {
		if (node.type === 'compound_statement' || node.type === 'case_statement') {
			const block: Statement[] = [];
			for (const child of inBlock(node.named)) {
				const made = make(child, block, null);
				if (made) block.push(made);
			}
		} else {
			for (const child of node.named) {
				const body = child.type === 'else_clause' ? child.named[0] : child;
				if (!body || !STATEMENT.test(body.type) || body.type === 'compound_statement' || body.type === 'if_statement' && child !== body || !/^(if|while|for|do)_statement$/.test(node.type)) continue;
				const block: Statement[] = [];
				const braces = node.type === 'if_statement' && child === body && node.field('alternative') === null;
				const made = make(body, block, { head: body.line - 1, braces });
				if (made) block.push(made);
			}
		}
		for (const child of node.named) walk(child);
	};
	walk(fn.body);
	return found;
}

/** The call that is all of the statement, or whose value it keeps. */
export function callOf({ node }: Statement): { readonly api: string; readonly kept: boolean } | null {
	const expression = node.type === 'expression_statement' ? node.named[0] : undefined;
	const call = expression?.type === 'assignment_expression' ? expression.field('right') : expression;
	const api = call?.type === 'call_expression' ? (call.field('function')?.text ?? '') : '';
	return /^[A-Za-z_]\w*$/.test(api) ? { api, kept: call !== expression } : null;
}

const LOOP = /^(for|while|do|switch)_statement$/;

/** A way out of the block leads through it, or a way into it. A loop's own jumps do not leave it. `returns`: ways out of the function do not count. */
export function leaves(node: CNode, returns = true, inLoop = false): boolean {
	if (node.type === 'return_statement') return returns;
	if (node.type === 'goto_statement' || node.type === 'labeled_statement') return true;
	if (node.type === 'break_statement' || node.type === 'continue_statement') return !inLoop;
	return node.named.some((child) => leaves(child, returns, inLoop || LOOP.test(node.type)));
}

/** Names that the statement gives a value to, or declares. */
export function assigns(node: CNode): ReadonlySet<string> {
	const found = new Set<string>();
	const walk = (at: CNode): void => {
		const target = at.type === 'assignment_expression' ? at.field('left') : at.type === 'update_expression' ? at.field('argument') : at.type === 'init_declarator' ? at.field('declarator') : null;
		const name = target && /\w+$/.exec(target.text)?.[0];
		if (name) found.add(name);
		for (const child of at.named) walk(child);
	};
	walk(node);
	return found;
}

/** Names of variables and fields in it. */
export function namesIn(node: CNode): ReadonlySet<string> {
	return new Set(node.text.match(/\b[A-Za-z_]\w*\b/g) ?? []);
}

/** The text before the statement, with the braces that this takes; null where they do not fit. */
export function before({ line, endLine, indent, bare }: Statement, text: string, lines: readonly string[]): readonly LineEdit[] | null {
	if (!bare) return [{ at: line - 1, remove: 0, insert: [`${indent}${text}`] }];
	const head = lines[bare.head - 1] ?? '';
	if (!bare.braces || !/\)\s*$/.test(head)) return null;
	return [
		{ at: bare.head - 1, remove: 1, insert: [`${head.trimEnd()} {`] },
		{ at: line - 1, remove: 0, insert: [`${indent}${text}`] },
		{ at: endLine, remove: 0, insert: [`${/^\s*/.exec(head)?.[0] ?? ''}}`] },
	];
}

import type { Row } from '../../analyzer/knowledge/row';
import type { CNode } from '../../analyzer/parse';

/** How many locks that spin, read sides and the like the call takes; what it gives back counts below nothing. */
function spins(row: Row | undefined): number {
	switch (row?.effect) {
		case 'lock':
			return ['spin', 'rw', 'bit'].includes(row.kind) ? 1 : 0;
		case 'unlock':
			return ['spin', 'rw', 'bit'].includes(row.kind) ? -1 : 0;
		case 'rcu-lock':
			return row.domain === undefined ? 1 : 0;
		case 'rcu-unlock':
			return row.domain === undefined ? -1 : 0;
		case 'context':
			return row.delta;
		default:
			return 0;
	}
}

const LEAVES = /\b(?:return\b[^;]*|goto\s+\w+|break|continue)\s*;\s*\}?\s*$/;

export interface AtomicCalls {
	/** Names of what the body calls where it holds a lock that spins, or has interrupts or preemption off, in sight. */
	readonly names: readonly string[];
	/** It begins by giving back what its caller holds: where it sleeps then, its caller may be anywhere. */
	readonly letsGo: boolean;
}

export function calledAtomic(body: CNode, rowOf: (name: string) => Row | undefined): AtomicCalls {
	const names: string[] = [];
	let first = 0;
	let depth = 0;
	const evaluated = (node: CNode | null): void => {
		if (node === null) return;
		for (const child of node.named) evaluated(child);
		const callee = node.type === 'call_expression' ? node.field('function') : null;
		if (callee?.type !== 'identifier') return;
		const change = spins(rowOf(callee.text));
		if (depth > 0 && change === 0) names.push(callee.text);
		first ||= change;
		depth = Math.max(0, depth + change);
	};
	/** A branch that leaves says nothing of what is behind it; of two that do not, the lesser counts. */
	const ways = (nodes: readonly (CNode | null)[]): void => {
		const before = depth;
		const after = nodes.map((node) => {
			depth = before;
			if (node === null) return before;
			statement(node);
			return LEAVES.test(node.text) ? Number.POSITIVE_INFINITY : depth;
		});
		const least = Math.min(...after);
		depth = Number.isFinite(least) ? least : 0;
	};
	const statement = (node: CNode): void => {
		switch (node.type) {
			case 'compound_statement':
			case 'else_clause':
			case 'case_statement':
				for (const child of node.named) statement(child);
				return;
			// Who comes there by a goto is not known.
			case 'labeled_statement':
				depth = 0;
				for (const child of node.named.slice(1)) statement(child);
				return;
			case 'if_statement':
				evaluated(node.field('condition'));
				return ways([node.field('consequence'), node.field('alternative')]);
			case 'switch_statement':
			case 'while_statement':
			case 'for_statement':
				evaluated(node.field('initializer'));
				evaluated(node.field('condition'));
				return ways([node.field('body'), null]);
			case 'do_statement':
				return statement(node.field('body') ?? node);
			default:
				evaluated(node);
		}
	};
	statement(body);
	return { names, letsGo: first < 0 };
}

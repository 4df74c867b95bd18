import type { CNode } from '../../parse/source';

const assignments = new WeakMap<CNode, ReadonlySet<string>>();

/** Names that a body assigns to. */
export function assignedIn(body: CNode | undefined): ReadonlySet<string> {
	if (!body) return new Set();
	const known = assignments.get(body);
	if (known) return known;
	const found = new Set<string>();
	const walk = (each: CNode): void => {
		const target = each.type === 'assignment_expression' ? each.field('left') : each.type === 'update_expression' ? each.field('argument') : null;
		if (target?.type === 'identifier') found.add(target.text);
		for (const child of each.named) walk(child);
	};
	walk(body);
	assignments.set(body, found);
	return found;
}

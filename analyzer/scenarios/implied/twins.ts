import type { CNode } from '../../parse';
import { folded } from '../../parse/plain-text';
import type { Definition } from '../../lower/sources';
import type { Change } from './change';
import { type Pair, paired } from './pairing';

const STATEMENT = /_statement$/;
const leaf = (node: CNode): boolean => STATEMENT.test(node.type) && node.type !== 'compound_statement' && node.type !== 'labeled_statement' && !node.synthetic;

/** By the body: as long as somebody has that. Each subject asks for them. */
const statements = new WeakMap<CNode, readonly CNode[]>();

/** All statements of a body that are more than their parts, outer ones first, in order. */
export function statementsOf(body: CNode): readonly CNode[] {
	const known = statements.get(body);
	if (known) return known;
	const found: CNode[] = [];
	const collect = (node: CNode): void => {
		if (leaf(node)) found.push(node);
		node.named.forEach(collect);
	};
	collect(body);
	statements.set(body, found);
	return found;
}

/** Its conditions, outer ones first, in order. */
export const conditionals = (body: CNode): readonly CNode[] => statementsOf(body).filter(({ type }) => type === 'if_statement');

/** One of these lines of the file is the patch's. */
const isAmongOwn = ({ file }: Definition, from: number, to: number): boolean => {
	for (let line = from; line <= to; line++) if (file.place(line).changed) return true;
	return false;
};

/** One of the node's lines is the patch's. */
export const isChanged = (definition: Definition, node: CNode): boolean => isAmongOwn(definition, node.line, node.endLine);

/** Its condition, or all of what has none, is among the patch's lines. */
export const isOwnAsked = (definition: Definition, node: CNode): boolean => isChanged(definition, node.field('condition') ?? node);

/** Its own lines, not those of what it has inside, are among the patch's. */
export function isOwnHead(definition: Definition, node: CNode): boolean {
	const inside = node.field('consequence') ?? node.field('body');
	return isAmongOwn(definition, node.line, inside ? Math.max(node.line, inside.line - (inside.type === 'compound_statement' ? 0 : 1)) : node.endLine);
}

/** The line of the mail, or of the file where there is one, on which a kept statement begins: alike on both sides. */
const lineOf = ({ file }: Definition, node: CNode): string => {
	const { input, file: line } = file.place(node.line);
	return input > 0 ? `mail ${input}` : `file ${line}`;
};

/** The statement on both sides, where the other side has just one that is `alike` by its text. */
export function movedWith(change: Change, statement: CNode, side: 'before' | 'after', alike: (node: CNode) => string = ({ text }) => text): Pair<CNode> | undefined {
	const [other, more] = statementsOf(change[side === 'after' ? 'before' : 'after'].fn.body).filter((each) => alike(each) === alike(statement));
	return !other || more ? undefined : side === 'after' ? { before: other, after: statement } : { before: statement, after: other };
}

/** Statements that stand on both sides, untouched, in order. */
export function twins({ before, after }: Change): readonly Pair<CNode>[] {
	const untouched = (definition: Definition): readonly { readonly node: CNode; readonly key: string }[] =>
		statementsOf(definition.fn.body).flatMap((node) => (isChanged(definition, node) ? [] : [{ node, key: `${lineOf(definition, node)} ${node.text}` }]));
	return paired(untouched(before), untouched(after), ({ key }) => key).map((pair) => ({ before: pair.before.node, after: pair.after.node }));
}

/** The innermost statement that the line belongs to. */
export const statementAt = (body: CNode, line: number): CNode | undefined => statementsOf(body).findLast((node) => node.line <= line && node.endLine >= line);

/** The statement that is reached next by falling out of this one; null at the function's end. */
export function nextOf(body: CNode, node: CNode): CNode | null {
	const path = pathTo(body, node);
	for (let depth = path.length - 1; depth > 0; depth--) {
		const [outer, inner] = [path[depth - 1], path[depth]];
		if (!outer || !inner || !/^(compound_statement|case_statement)$/.test(outer.type)) continue;
		const at = outer.named.indexOf(inner);
		const next = outer.named.slice(at + 1).find((each) => STATEMENT.test(each.type) || each.type === 'declaration');
		if (next) return unlabelled(next);
	}
	return null;
}

/** What stands behind its label. */
export const unlabelled = (node: CNode): CNode => {
	const inner = node.type === 'labeled_statement' ? node.named.find((each) => STATEMENT.test(each.type)) : undefined;
	return inner ? unlabelled(inner) : node;
};

/** Of one condition's two branches each stands in another: who comes by the one does not come by the other. */
export const areEitherOr = (body: CNode, one: CNode, other: CNode): boolean => pathTo(body, one).some((outer) => {
	if (outer.type !== 'if_statement') return false;
	const [yes, no] = [outer.field('consequence'), outer.field('alternative')];
	const isIn = (branch: CNode | null | undefined, node: CNode): boolean => branch !== null && branch !== undefined && branch.start <= node.start && node.end <= branch.end;
	return (isIn(yes, one) && isIn(no, other)) || (isIn(no, one) && isIn(yes, other));
});

/** What the node is directly a part of. */
export const parentOf = (body: CNode, node: CNode): CNode | undefined => pathTo(body, node).at(-2);

/** From the body down to the node. */
function pathTo(body: CNode, node: CNode): readonly CNode[] {
	if (body.start === node.start && body.type === node.type) return [body];
	for (const child of body.named) {
		if (child.start > node.start || child.end < node.end) continue;
		const path = pathTo(child, node);
		if (path.length > 0) return [body, ...path];
	}
	return [];
}

/** The same statement before the patch, or else the next one that both sides have, or the last one of all. */
export function oldOf(change: Change, act: CNode): CNode | undefined {
	const kept = twins(change);
	const all = statementsOf(change.before.fn.body);
	return kept.find(({ after }) => after.start === act.start)?.before ?? all.find((node) => folded(node.text) === folded(act.text)) ?? kept.find(({ after }) => after.start > act.start)?.before ?? all.at(-1);
}

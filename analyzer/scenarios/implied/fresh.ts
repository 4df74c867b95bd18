import type { Definition } from '../../lower/sources';
import { type CNode, type CParser, isWhole } from '../../parse';
import type { Side } from '../sides/side';
import type { Change } from './change';
import { lockOf, type Site, sitesOf } from './sites';

/**
 * An operation that the patch makes and puts into a slot: before it, who calls the slot did what it does, without the locks that it takes. null for what is
 * no such function, or takes none.
 */
export function freshOperation(parser: CParser, name: string, pre: Side, post: Side): Change | null {
	const after = post.functions.get(name);
	if (!after || pre.functions.has(name) || !isWhole(after.fn) || !isPut(post, name)) return null;
	const now = sitesOf(after, post);
	const locking = now.filter((site) => lockOf(site) !== null);
	const before = locking.length > 0 ? without(parser, after, locking) : null;
	if (!before) return null;
	const old = sitesOf(before, post);
	return {
		parser, name, pre, post, before, after, old, now, whole: true, threadKeys: () => [],
		ways: new Map([...now.map((site) => [site, locking.includes(site) ? 'added' as const : 'kept' as const] as const), ...old.map((site) => [site, 'kept' as const] as const)]),
	};
}

/** One of the patch's own lines puts it into a slot. */
const isPut = ({ files }: Side, name: string): boolean => files.some(({ source, image }) => source.parsed.initialisers.some(({ value, line }) => value.replace(/^&/, '') === name && image.changed[line - 1]));

/** The function with the statements of these calls left out, line by line the same. */
function without(parser: CParser, { fn, file }: Definition, calls: readonly Site[]): Definition | null {
	const ranges = statements(fn.body).filter((node) => calls.some(({ start }) => start >= node.start && start < node.end));
	const body = ranges.reduce((text, { start, end }) => {
		const [from, to] = [start - fn.body.start, end - fn.body.start];
		return `${text.slice(0, from)}${text.slice(from, to - 1).replace(/[^\n]/g, ' ')};${text.slice(to)}`;
	}, fn.body.text);
	const params = fn.params.map((each) => `${each.type} ${each.name}`).join(', ');
	const parsed = parser.parseFile(`${'\n'.repeat(Math.max(0, fn.body.line - 1))}${fn.returns} ${fn.name}(${params || 'void'}) ${body}\n`);
	const found = parsed.functions.find((each) => each.name === fn.name);
	return found && !found.broken ? { fn: found, file: { path: file.path, parsed, modelled: file.modelled, place: (line) => file.place(line) } } : null;
}

const statements = (node: CNode): readonly CNode[] => (node.type === 'expression_statement' ? [node] : node.named.flatMap(statements));

import type { CNode } from '../../parse';
import type { Change } from './change';

/** An expression statement, or an `if` whose condition does something, that stands on both sides, once. */
export interface Step {
	readonly before: CNode;
	readonly after: CNode;
}

export const folded = (node: CNode): string => (node.field('condition') ?? node).text.replace(/\s+/g, ' ').trim();

/** What both sides do with something that others may have as well: fields, and calls that are known to do something. */
export function steps(change: Change): readonly Step[] {
	const [old, now] = [statements(change.before.fn.body), statements(change.after.fn.body)];
	const { rows, patterns } = change.post.sources.table;
	const telling = (api: string): boolean => rows.get(api)?.effect === 'none' || patterns.some(({ prefix, suffix }) => api.startsWith(prefix) && api.endsWith(suffix)) || /^[A-Z_0-9]+$/.test(api);
	return now.flatMap((after) => {
		const text = folded(after);
		const same = old.filter((each) => folded(each) === text);
		const [before] = same;
		const api = /^(\w+)\s*\(/.exec(text)?.[1];
		const effect = api === undefined ? undefined : rows.get(api)?.effect;
		const locks = effect !== undefined && LOCKING.has(effect);
		return before && same.length === 1 && now.filter((each) => folded(each) === text).length === 1 && /->|\(/.test(text) && !locks && !(api && telling(api)) ? [{ before, after }] : [];
	});
}

/** Effects of calls that only keep others away. */
export const LOCKING: ReadonlySet<string> = new Set(['lock', 'trylock', 'unlock', 'rcu-lock', 'rcu-unlock']);

function statements(node: CNode): readonly CNode[] {
	if (node.type === 'expression_statement' && !node.synthetic) return [node];
	const inner = node.named.flatMap(statements);
	return node.type === 'if_statement' && !node.synthetic && /\+\+|--/.test(node.field('condition')?.text ?? '') ? [node, ...inner] : inner;
}

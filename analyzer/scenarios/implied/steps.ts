import { clipped, folded } from '../../parse/plain-text';
import type { CNode } from '../../parse';
import { familyOf } from '../../knowledge/table';
import type { Change } from './change';
import { type Pair, paired, single } from './pairing';

/** An expression statement, or an `if` whose condition does something, that stands on both sides, once. */
export type Step = Pair<CNode>;

/** Characters of a statement that are told. */
const TOLD_BOUND = 70;

/** A statement, or a condition, as a sentence of a partner's has it: in one line, not too long. */
export const told = (text: string): string => clipped(folded(text).replaceAll('"', "'").replace(/;$/, ''), TOLD_BOUND);

export const written = (node: CNode): string => folded((node.field('condition') ?? node).text);

/** What both sides do with something that others may have as well: fields, and calls that are known to do something. */
export function steps(change: Change): readonly Step[] {
	const [old, now] = [statements(change.before.fn.body), statements(change.after.fn.body)];
	const { table } = change.post.sources;
	const { rows } = table;
	const telling = (api: string): boolean => rows.get(api)?.effect === 'none' || familyOf(table, api) !== undefined || /^[A-Z_0-9]+$/.test(api);
	return paired(single(old, written), single(now, written), written).filter(({ after }) => {
		const text = written(after);
		const api = /^(\w+)\s*\(/.exec(text)?.[1];
		const effect = api === undefined ? undefined : rows.get(api)?.effect;
		const locks = effect !== undefined && LOCKING.has(effect);
		return /->|\(/.test(text) && !locks && !(api && telling(api));
	});
}

/** Effects of calls that only keep others away. */
export const LOCKING: ReadonlySet<string> = new Set(['lock', 'trylock', 'unlock', 'rcu-lock', 'rcu-unlock']);

function statements(node: CNode): readonly CNode[] {
	if (node.type === 'expression_statement' && !node.synthetic) return [node];
	const inner = node.named.flatMap(statements);
	return node.type === 'if_statement' && !node.synthetic && /\+\+|--/.test(node.field('condition')?.text ?? '') ? [node, ...inner] : inner;
}

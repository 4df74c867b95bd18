import type { CNode } from '../../parse';
import { paired, type Pair, single } from '../implied/pairing';

/** Words that mark an access which another thread makes as well, one level of parentheses inside. */
const MARK = /\b(?:READ_ONCE|data_race|smp_load_acquire)\s*\(\s*&?\s*((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)|\b(?:WRITE_ONCE|smp_store_release)\s*\(\s*&?\s*((?:[^(),]|\([^()]*\))*),\s*((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)/g;

const unmarked = (text: string): string => text.replace(MARK, (_all, read: string | undefined, place = '', value = '') => read ?? `${place} = ${value}`).replace(/\s+/g, '').replace(/\(([\w>.-]+)\)/g, '$1');
const marks = (text: string): number => text.match(MARK)?.length ?? 0;

/** Statements whose accesses alone are marked now, and were not before. */
export function newlyMarked(old: readonly CNode[], now: readonly CNode[], head: (node: CNode) => string): readonly Pair<CNode>[] {
	const key = (node: CNode): string => `${node.type === 'declaration' ? 'expression_statement' : node.type} ${unmarked(head(node))}`;
	return paired(single(old, key), single(now.filter((node) => marks(head(node)) > 0), key), key).filter(({ before, after }) => marks(head(after)) > marks(head(before)));
}

import type { CNode } from '../../parse';
import { paired, type Pair, single } from '../implied/pairing';

/** Words that mark an access which another thread makes as well, one level of parentheses inside. */
const MARK = /\b(?:READ_ONCE|data_race|smp_load_acquire|rcu_dereference\w*)\s*\(\s*&?\s*((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)|\b(?:WRITE_ONCE|smp_store_release)\s*\(\s*&?\s*((?:[^(),]|\([^()]*\))*),\s*((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)/g;

const once = (text: string): string => text.replace(MARK, (_all, read: string | undefined, place = '', value = '') => read ?? `${place} = ${value}`);

/** Marks may stand in one another. */
function unmarked(text: string): string {
	const less = once(text);
	return less === text ? text.replace(/\s+/g, '').replace(/\(([\w>.-]+)\)/g, '$1') : unmarked(less);
}

function marks(text: string): number {
	const here = text.match(MARK)?.length ?? 0;
	return here === 0 ? 0 : here + marks(once(text));
}

/** Marks are all that tells the two apart. */
export const differsInMarks = (before: string, after: string): boolean => before !== after && unmarked(before) === unmarked(after);

/** Statements whose accesses alone are marked now, and were not before. */
export function newlyMarked(old: readonly CNode[], now: readonly CNode[], head: (node: CNode) => string): readonly Pair<CNode>[] {
	const key = (node: CNode): string => `${node.type === 'declaration' ? 'expression_statement' : node.type} ${unmarked(head(node))}`;
	return paired(single(old, key), single(now.filter((node) => marks(head(node)) > 0), key), key).filter(({ before, after }) => marks(head(after)) > marks(head(before)));
}

/** The statement is one of the side before, with no more than sparse's word for a pointer that readers find: it is read as it was. */
export const isAnnotated = (old: readonly CNode[], node: CNode, head: (node: CNode) => string): boolean => {
	const plain = head(node).replace(/\brcu_dereference\w*\s*\(\s*([^(),]*)(?:,[^()]*(?:\([^()]*\))?)?\)/g, '$1');
	return plain !== head(node) && old.some((each) => head(each) === plain);
};

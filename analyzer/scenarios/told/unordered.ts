import type { CheckName } from '../../../sim';
import { readsMarked } from '../implied/marked-reads';
import type { CNode } from '../../parse';
import { type Claim, OF_UPDATES } from './claim';
import type { Edit } from './edit';
import { takesLock } from './nature';
import { headOf } from './standing';

/** It goes by what others have as well. */
const tests = (node: CNode): boolean => /^(?:if|while|do|switch)_statement$/.test(node.type) && /->|\.\w|\w\s*\(/.test((node.field('condition') ?? node).text);

/**
 * What a mail calls a race, and no more than that, is one of accesses that nothing orders where its patch takes a lock around them, or where what it does and what comes behind that are no tests: what
 * is kept out, then, does not only change what somebody goes by.
 */
export function isUnordered({ change, how, made, next }: Edit, claim: Claim, check: CheckName): boolean {
	if (claim.check !== 'check-then-act' || !OF_UPDATES.has(check) || (how !== 'added' && how !== 'moved') || (next && readsMarked(change, next.before))) return false;
	return (how === 'added' && takesLock(headOf(made))) || (next !== undefined && !tests(made) && !tests(next.after));
}

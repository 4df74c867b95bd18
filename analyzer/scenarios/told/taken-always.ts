import type { CNode } from '../../parse';
import type { Pair } from '../implied/pairing';
import { nextOf, parentOf } from '../implied/twins';
import { isLock } from './nature';

/** A lock that was taken on a condition, and is taken whatever that says now: its statement, and the first one that came behind the condition, which goes under it always. */
export interface AlwaysNow {
	readonly made: CNode;
	readonly was: CNode;
	readonly next: Pair<CNode>;
}

/** Those of a function, of its statements that stand on both sides and of the conditions that are gone. */
export function takenAlways(before: CNode, after: CNode, kept: readonly Pair<CNode>[], gone: readonly CNode[]): readonly AlwaysNow[] {
	const conditions = gone.filter(({ type }) => type === 'if_statement');
	return kept.flatMap((lock): readonly AlwaysNow[] => {
		if (lock.after.type !== 'expression_statement' || !(isLock(lock.after.text) || COUNTS_IN.test(lock.after.text)) || TRIES.test(lock.after.text)) return [];
		const asked = conditions.find((each) => !each.field('alternative') && insideOf(each, lock.before));
		const next = asked ? behind(before, asked, kept) : undefined;
		return next && next.after.start > lock.after.end && parentOf(after, next.after)?.start === parentOf(after, lock.after)?.start ? [{ made: lock.after, was: lock.before, next }] : [];
	});
}

/** A writer begins, of whom readers know by a count. */
const COUNTS_IN = /seqcount_(?:t_)?begin|seqcount_begin/;
const TRIES = /try|_interruptible|_killable/;

/** All that the condition decides on directly. */
const insideOf = (condition: CNode, node: CNode): boolean => {
	const does = condition.field('consequence');
	return does !== null && does !== undefined && (does.start === node.start || does.named.some(({ start, end }) => start === node.start && end === node.end));
};

/** The first statement of both sides behind it. */
function behind(before: CNode, from: CNode, kept: readonly Pair<CNode>[]): Pair<CNode> | undefined {
	for (let node = nextOf(before, from); node; node = nextOf(before, node)) {
		const at = node.start;
		const pair = kept.find((each) => each.before.start === at);
		if (pair) return pair;
	}
	return undefined;
}

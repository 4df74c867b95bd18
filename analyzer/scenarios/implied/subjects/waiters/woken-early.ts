import { beginsWith } from '../../../../knowledge/namings';
import { type Change, mirrored } from '../../change';
import type { Finding } from '../../partner';
import { type Twin, twinsOf } from '../../point-twins';
import type { Point } from '../../sections';
import { parentOf, statementAt } from '../../twins';
import { constantStored, type Wake, wakes } from './unwoken';

/** A place, by whatever is put there. */
const SETS = /^\*?[A-Za-z_]\w*(?:(?:->|\.|\[[^\]]*\])[\w.]*)+ *(?:[-+|&]?=(?!=)|\+\+|--)/;
/** Nobody waits for what only counts what happened, or for a link that is made anew. */
const ONLY_COUNTS = /\b\w*(?:stat|stats|statistics|count_\w+|nr_\w+|seq|debug|dbg|jiffies|timestamp|last_\w+)\b|->(?:tx|rx)_\w+/;

/**
 * What shows something to others, a statement that both sides have, comes behind the wake-up of a queue (`early`) on one side and before it on the other; or the wake-up
 * behind it is done only `sometimes` before, and always after. Marked: the statement behind which whoever waits there has what he waits for.
 */
export function wokenEarly(change: Change): readonly Finding[] {
	return [...moved(change, 'fixes'), ...moved(mirrored(change), 'introduces').map(turned), ...sometimes(change)].slice(0, 2);
}

const turned = ({ marked, ...finding }: Finding): Finding => ({ ...finding, ...(marked ? { marked: { before: marked.after, after: marked.before } } : {}) });

function shows({ post }: Change, { node, text }: Point): boolean {
	return node.type === 'expression_statement' && (SETS.test(text) || beginsWith(post.sources.table, 'shows-others', text)) && !ONLY_COUNTS.test(text);
}

/** The two of them, where each side wakes the queue once. */
function woken(change: Change): readonly { readonly was: Wake; readonly is: Wake }[] {
	const [old, now] = [wakes(change.old), wakes(change.now)];
	return now.flatMap((is) => {
		const was = old.filter(({ queue }) => queue === is.queue);
		return was[0] && was.length === 1 && now.filter(({ queue }) => queue === is.queue).length === 1 ? [{ was: was[0], is }] : [];
	});
}

function moved(change: Change, tells: Finding['tells']): readonly Finding[] {
	return woken(change).flatMap(({ was, is }): readonly Finding[] => {
		const [before, after] = [statementAt(change.before.fn.body, was.site.line), statementAt(change.after.fn.body, is.site.line)];
		if (!before || !after || before.type !== 'expression_statement' || after.type !== 'expression_statement') return [];
		const twins = twinsOf(change);
		const late = twins.find((twin) => shows(change, twin.after) && twin.before.node.start > before.start && twin.after.node.start < after.start && !constantStored(change, twin.after.text)
			&& reached(change.after.fn.body, twin.after.node, after) && !keptApart(twins, before, twin));
		return late ? [{ words: { early: is.queue, call: is.site.text, made: late.after.text }, tells, marked: { before: late.before.node, after: late.after.node } }] : [];
	});
}

/** Both are done in one run: the wake-up's block is the statement's, or around it. */
const reached = (body: Change['after']['fn']['body'], node: Point['node'], wake: Point['node']): boolean => {
	const block = parentOf(body, wake);
	return block !== undefined && block.start <= node.start && block.end >= node.end;
};

/** The wake-up lies in one section of a lock with it: who is woken, and looks under the lock, finds it done. */
function keptApart(twins: readonly Twin[], wake: Point['node'], { before: point }: Twin): boolean {
	const there = twins.find(({ before }) => before.node.start === wake.start)?.before;
	return there !== undefined && [...there.held].some(([lock, section]) => point.held.get(lock) === section);
}

function sometimes(change: Change): readonly Finding[] {
	return woken(change).flatMap(({ was, is }): readonly Finding[] => {
		const [before, after] = [statementAt(change.before.fn.body, was.site.line), statementAt(change.after.fn.body, is.site.line)];
		const outer = before && enclosing(change.before.fn.body, before);
		if (!before || !after || !outer || outer.field('alternative') || enclosing(change.after.fn.body, after)) return [];
		const made = twinsOf(change).findLast((twin) => shows(change, twin.after) && twin.before.node.end <= outer.start && twin.after.node.end <= after.start
			&& reached(change.before.fn.body, twin.before.node, outer) && reached(change.after.fn.body, twin.after.node, after));
		// Whether anybody waits is another question.
		return made && !/waitqueue_active|swait_active|has_sleeper|waiters|waiting/.test(outer.field('condition')?.text ?? '')
			? [{ words: { sometimes: is.queue, call: is.site.text, made: made.after.text }, tells: 'fixes' as const, marked: { before: made.before.node, after: made.after.node } }] : [];
	});
}

/** The condition under which it is done. */
function enclosing(body: Change['after']['fn']['body'], node: Point['node']): Point['node'] | undefined {
	const outer = parentOf(body, node);
	return outer?.type === 'if_statement' ? outer : outer?.type === 'compound_statement' && parentOf(body, outer)?.type === 'if_statement' ? parentOf(body, outer) : undefined;
}

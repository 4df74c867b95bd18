import type { CNode } from '../../../../parse';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { inOneSection, KEPT_OFF, type Point, pointsOf } from '../../sections';
import { escaped, lockOf, READ_SIDE } from '../../sites';
import { told } from '../../steps';
import { plainCalls } from '../../plain-calls';
import { type Twin, twinsOf } from '../../point-twins';

/**
 * A local (`object`) that the function has already is looked up once more (`again`) under `lock`, which both sides take there, on one side only: what it was
 * given before the lock was taken may be gone. Marked is a statement behind it in that section; the look-up is marked as earlier.
 */
export function foundAgain(change: Change): readonly Finding[] {
	return [...inOrder(change.old, change.now, change, 'fixes'), ...inOrder(change.now, change.old, change, 'introduces')].slice(0, 2);
}

const LOOKS = /^([a-z_]\w*)\s*=\s*(?:[a-z]\w*_)?(?:vma_lookup|find|lookup|look_up|search|get|peek|walk|first|next|last|load)\w*\s*\(|^([a-z_]\w*)\s*=\s*\w*(?:_lookup|_find|_search|find_|lookup_)\w*\s*\(/;

const ENDS = /^\w*(?:unlock|_put|put_|free|release)\w*\s*\(/;

function inOrder(_: Change['old'], sites: Change['now'], change: Change, tells: 'fixes' | 'introduces'): readonly Finding[] {
	const [older, newer] = [pointsOf(change.before, change.old), pointsOf(change.after, change.now)];
	const [mine, theirs, definition] = tells === 'fixes' ? [newer, older, change.after] : [older, newer, change.before];
	const twins = twinsOf(change, older, newer);
	const at = ({ before, after }: Twin): { readonly own: Point; readonly other: Point } => (tells === 'fixes' ? { own: after, other: before } : { own: before, other: after });
	for (const look of mine) {
		const [, one, two] = look.node.type === 'expression_statement' ? (LOOKS.exec(look.text) ?? []) : [];
		const object = one ?? two;
		if (!object || !definition.file.place(look.node.line).changed || isGiven(theirs, mine, object, look)) continue;
		for (const lock of look.held.keys()) {
			if (lock === READ_SIDE || KEPT_OFF[lock] !== undefined) continue;
			const taken = sites.findLast((site) => lockOf(site) === lock && site.start < look.node.start && site.row?.effect === 'lock');
			const calls = taken && change.ways.get(taken) === 'kept' ? plainCalls(change, lock, 'task', true) : null;
			const then = twins.map(at).find(({ own, other }) => own.node.start > look.node.end && inOneSection(look, own, lock) && other.held.has(lock) && own.node.type === 'expression_statement' && !definition.file.place(own.node.line).changed && !ENDS.test(own.text));
			if (!calls || !then || !isHadBefore(change, definition.fn.body, object, look.node)) continue;
			const [mark, first] = tells === 'fixes' ? [{ before: then.other.node, after: then.own.node }, { before: undefined, after: look.node }] : [{ before: then.own.node, after: then.other.node }, { before: look.node, after: undefined }];
			const found: Finding = { words: { ...calls, lock, object, again: told(look.text), ...(isLeftWhenThere(mine, object, look) ? { there: '1' } : {}) }, tells, marked: mark, earlier: first };
			return [found, { ...found, outline: ['use-after-free', 'check-then-act'], inPart: true }];
		}
	}
	return [];
}

/** The function goes back where something is found, as others may have put it there meanwhile. */
function isLeftWhenThere(mine: readonly Point[], object: string, look: Point): boolean {
	const test = mine.find(({ node }) => node.type === 'if_statement' && node.start > look.node.end);
	return test !== undefined && new RegExp(`^\\(\\s*(?:(?:un)?likely\\s*\\(\\s*)?${escaped(object)}\\b(?!\\s*(?:==|->))`).test(test.text);
}

/** The other side gives it something in lines of its own, or the side that looks has it newly. */
function isGiven(theirs: readonly Point[], mine: readonly Point[], object: string, look: Point): boolean {
	const gives = new RegExp(`(?<![\\w.>])${escaped(object)}\\s*=(?!=)|[\\s*]${escaped(object)}\\s*[;,=]`);
	const known = new Set(mine.filter((point) => point !== look).map(({ text }) => text));
	return theirs.some(({ text }) => gives.test(text) && !known.has(text));
}

/** It was given something, and used, before that. In a fragment no line that the patch adds declares it: it was there for something. */
function isHadBefore({ whole }: Change, body: CNode, object: string, look: CNode): boolean {
	const ahead = body.text.slice(0, look.start - body.start);
	if (!whole && !new RegExp(`(?<![\\w.>])${escaped(object)}\\b`).test(ahead)) return true;
	return new RegExp(`(?<![\\w.>])${escaped(object)}\\s*=(?!=)\\s*(?!NULL\\b)`).test(ahead) && new RegExp(`(?<![\\w.>])${escaped(object)}\\b(?!\\s*=[^=])(?!\\s*[;,])`).test(ahead);
}

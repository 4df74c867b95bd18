import { folded } from '../../../../parse/plain-text';
import type { CNode } from '../../../../parse';
import { isOfOwnMaking } from '../../asked-there';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { isShown } from '../../shown';
import { escaped, type Site } from '../../sites';
import { type Step, steps, told, written } from '../../steps';
import { conditionals } from '../../twins';
import { opposite } from './condition';

/**
 * `work`, done on both sides, is not done where `test` says so, on one side only. `undo` makes the test say so; or (`asked`, which nobody shows) what a call
 * returns: `yes` if it is that there is nothing to do. Marked is the work.
 */
export function newGuards(change: Change): readonly Finding[] {
	const all = steps(change);
	const old = new Set(conditionals(change.before.fn.body).flatMap((node) => partsOf(node)).map(plain));
	return conditionals(change.after.fn.body).flatMap((node): readonly Finding[] => {
		const condition = node.field('condition');
		const [consequence, alternative] = [node.field('consequence'), node.field('alternative')];
		if (!condition || !consequence || !change.after.file.place(node.line).changed && !change.after.file.place(condition.endLine).changed) return [];
		const leaves = LEAVES.test(consequence.text) && !alternative;
		const inside = all.find((step) => (leaves ? isBehind(change, node, step) : isWithin(step, consequence)));
		// It is done where the test says no.
		const otherwise = inside || !alternative ? undefined : all.find((step) => isWithin(step, alternative));
		const marked = inside ?? otherwise;
		const fresh = partsOf(node).filter((part) => !old.has(plain(part)) && !isOfOwnMaking(change.after.fn.body, node, part.text));
		const answer = marked && fresh.length > 0 ? answered(change, condition, fresh, partsOf(node).length, leaves || otherwise !== undefined) : null;
		return marked && answer ? [{ words: { ...answer, test: told(written(node)), work: told(written(marked.after)) }, tells: 'fixes', marked }] : [];
	}).slice(0, 1);
}

const LEAVES = /\b(return|goto|continue|break)\b/;

const isWithin = ({ after }: Step, node: CNode): boolean => after.start >= node.start && after.end <= node.end;
/** Behind the test, in its block. */
function isBehind({ after: { fn } }: Change, node: CNode, { after }: Step): boolean {
	const end = fn.body.named.length > 0 ? Math.max(...blocksAround(fn.body, node).map((block) => block.end).slice(-1)) : node.end;
	return after.start >= node.end && after.end <= end;
}

function blocksAround(body: CNode, node: CNode): readonly CNode[] {
	const inner = body.named.filter((each) => each.start <= node.start && each.end >= node.end && each !== node).flatMap((each) => blocksAround(each, node));
	return body.type === 'compound_statement' ? [body, ...inner] : inner;
}

/** What the condition is joined of. */
function partsOf(node: CNode): readonly CNode[] {
	const walk = (part: CNode): readonly CNode[] => {
		if (part.type === 'parenthesized_expression' && part.named[0]) return walk(part.named[0]);
		const [left, right] = [part.field('left'), part.field('right')];
		return part.type === 'binary_expression' && /^(&&|\|\|)$/.test(part.field('operator')?.text ?? '') && left && right ? [...walk(left), ...walk(right)] : [part];
	};
	const condition = node.field('condition');
	return condition ? walk(condition) : [];
}

const plain = ({ text }: CNode): string => folded(text).replace(/^\((.*)\)$/, '$1');

/** How the test comes to say that the work is not to be done: by a field, or by what a call that nobody shows returns. */
function answered(change: Change, condition: CNode, fresh: readonly CNode[], count: number, leaves: boolean): Readonly<Record<string, string>> | null {
	const parts = fresh.length === count ? [condition, ...fresh] : fresh;
	for (const part of parts) {
		const undo = opposite(change, part, leaves) ?? throughLocal(change, part, leaves);
		if (undo) return { undo };
		const [, not = '', api = ''] = /^\(*\s*(!?)\s*(\w+)\s*\([^()]*\)\s*\)*$/.exec(part.text.trim()) ?? [];
		const site = api ? change.now.find((each) => each.api === api) : undefined;
		if (site && isUnknown(change, site)) return { asked: api, ...((not === '') === leaves ? { yes: '1' } : { no: '1' }) };
	}
	return null;
}

const isUnknown = (change: Change, { api, row }: Site): boolean => row === null && !isShown(change, api) && !/^[A-Z_0-9]+$/.test(api);

/** `!x`, or `x`, of a local that is given a field once: that field. */
function throughLocal(change: Change, part: CNode, truth: boolean): string | null {
	const [, not = '', name = ''] = /^\(*\s*(!?)\s*([a-z_]\w*)\s*\)*$/.exec(part.text.trim()) ?? [];
	if (!name || (not === '!') !== truth) return null;
	const given = [...change.after.fn.body.text.matchAll(new RegExp(`(?<![\\w.>])${escaped(name)}\\s*=(?!=)\\s*([^;,]+)[;,]`, 'g'))].map((match) => (match[1] ?? '').trim());
	const [place = ''] = given;
	return given.length === 1 && /^[a-z_]\w*(?:(?:->|\.)\w+)+$/.test(place) ? `${place} = NULL;` : null;
}

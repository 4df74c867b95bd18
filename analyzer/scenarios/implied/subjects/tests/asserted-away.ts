import { folded } from '../../../../parse/plain-text';
import type { CNode } from '../../../../parse';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { escaped, type Site } from '../../sites';
import { told, written } from '../../steps';
import { conditionals, isOwnAsked, statementsOf } from '../../twins';

/**
 * What was asserted (`claim`) is asked for now (`test`), as it may well not be so: by a condition of the patch's own about the same value, or about the call
 * that the value came from. Marked are the assertion and what the condition decides on.
 */
export function assertedAway(change: Change): readonly Finding[] {
	const gone = change.old.filter((site) => change.ways.get(site) === 'removed' && site.row?.effect === 'assert' && !isKept(change, site));
	return gone.flatMap((site): readonly Finding[] => {
		const claim = statementsOf(change.before.fn.body).find((node) => node.type === 'expression_statement' && node.start <= site.start && site.start < node.end);
		const values = claim ? valuesOf(change.before.fn.body, site) : [];
		const test = conditionals(change.after.fn.body).find((node) => isOwnAsked(change.after, node) && values.some((value) => asks(written(node), value)));
		const then = test && statementsOf(test.field('consequence') ?? test)[0];
		if (!claim || !test || !then || values.length === 0) return [];
		const found: Finding = { words: { claim: told(site.text), test: told(written(test)) }, tells: 'fixes', marked: { before: claim, after: then }, earlier: { before: undefined, after: test } };
		return [found, { ...found, outline: ['assertion'], inPart: true }];
	}).slice(0, 2);
}

/** It only moved, or got another spelling. */
const isKept = ({ now, ways }: Change, { args }: Site): boolean => now.some((site) => site.row?.effect === 'assert' && ways.get(site) === 'added' && site.args[0] === args[0]);

const asks = (condition: string, value: string): boolean => new RegExp(`(?<![\\w.>])${escaped(value)}(?![\\w(]|->|\\.)`).test(folded(condition));

/** What the assertion is about: places, and calls; for a variable, the call as well that it was last given. */
function valuesOf(body: CNode, { args, start }: Site): readonly string[] {
	const about = folded(args[0] ?? '').replace(/\b(?:un)?likely\b/g, '');
	const plain = [...about.matchAll(/[A-Za-z_]\w*(?:(?:->|\.)\w+|\([^()]*\))*/g)].map(([name]) => name).filter((name) => !/^(?:NULL|true|false|[A-Z_0-9]+)$/.test(name));
	return plain.flatMap((name) => {
		const given = /^\w+$/.test(name) ? statementsOf(body).findLast((node) => node.type === 'expression_statement' && node.start < start && new RegExp(`^${name}\\s*=[^=]`).test(node.text)) : undefined;
		const call = given ? /=\s*([A-Za-z_]\w*\s*\([^;]*\));$/.exec(folded(given.text))?.[1] : undefined;
		return call ? [name, call] : [name];
	});
}

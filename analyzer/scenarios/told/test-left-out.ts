import { says } from '../../knowledge/phrases';
import { expression } from '../../knowledge/expressions';
import { type Namings, namesOf } from '../../knowledge/namings';
import type { Patch } from '../../mail/patch';
import type { CNode } from '../../parse';
import { type Change, typeOf } from '../implied/change';
import { pointsOf } from '../implied/sections';
import { escaped, lastWord } from '../implied/sites';
import { told, written } from '../implied/steps';
import { type Claim, OF_TWO, wordsOf } from './claim';
import { isInSight, leaves, shares } from './places';
import type { Shortfall } from './window';
import { oldOf } from '../implied/twins';

/**
 * The patch takes a lock around what is set on the strength of a test, and not around the test, which was there before: it is seen to come before the lock, or the mail
 * speaks of it and the section, which is in sight, has none. Two who come at once both pass it, one behind the other now.
 */
export function testLeftOut(change: Change, claims: readonly Claim[], patch: Pick<Patch, 'prose' | 'subject'>): Shortfall | null {
	const claim = claims.find(({ check }) => OF_TWO.has(check));
	const words = wordsOf(patch);
	if (!claim || !says(change.post.sources.table, 'at-the-same-time', words)) return null;
	const { now, after } = change;
	const points = pointsOf(after, now);
	const sets = setsIn(change.post.sources.table);
	for (const act of points) {
		const place = act.node.type === 'expression_statement' ? sets.exec(act.text)?.slice(1).find((each) => each !== undefined) : undefined;
		if (place === undefined || isLocal(change, place)) continue;
		for (const [lock, section] of act.held) {
			const taken = now.find(({ start }) => start === section);
			const from = taken?.changed && change.ways.get(taken) === 'added' ? points.find(({ node }) => node.start <= taken.start && taken.start < node.end)?.node : undefined;
			const old = oldOf(change, act.node);
			if (!from || !old || !isInSight(change, from, act.node)) continue;
			const inside = points.filter(({ node, held }) => node.start > section && node.start < act.node.start && held.get(lock) === section);
			if (inside.some(({ text }) => names(text, place))) continue;
			const copies = (node: CNode): string | undefined => copiedInto(after.fn.body, node, place);
			const asked = points.filter(({ node, text }) => node.start < section && !COPY.test(text) && (names(text, place) || (node.type === 'if_statement' && copies(node) !== undefined)));
			const test = asked.find(({ node, text, held }) => node.type === 'if_statement' && !held.has(lock) && leaves(node) && isTruth(text, copies(node) ?? place));
			// Who sets it on the way as well has his own way of keeping to it.
			if (asked.some((each) => each !== test) || (test ? shares(test, act) || !isInSight(change, test.node, act.node) : !isSpokenOf(words, lastWord(place)) || (!after.fn.headElided && !after.fn.gaps.some((gap) => gap <= from.line)))) continue;
			const question = test ? `\`${told(written(test.node))}\`` : `the test of ${lastWord(place)} that the mail speaks of`;
			return {
				check: 'check-then-act', message: `another one passes ${question.replaceAll('`', '')} as well before \`${told(written(act.node))}\``, other: 'another_of_them',
				said: claim.text, reason: `${told(lock)} is taken behind ${question}, around \`${told(written(act.node))}\` alone: two who come at once both pass`,
				...test ? { opens: { after: test.node } } : { opens: {} }, opensAt: 'after', ends: { before: old, after: act.node },
			};
		}
	}
	return null;
}

const PLACE = String.raw`(\w+(?:\s*(?:->|\.)\s*\w+)*)`;
/** A cell is given a value, or counted. */
const setsIn = (table: Namings): RegExp => expression(String.raw`^(?:${PLACE}\s*(?:[-+|&]?=(?!=)|\+\+|--)|(?:\+\+|--)\s*${PLACE}\s*;|${namesOf(table, 'writes-once', 'stores-and-fences')}\s*\(\s*&?\s*${PLACE}\s*,)`);
/** It is read into a local, by whatever call. */
const COPY = /^(?:[\w\s]+[\s*])?\w+\s*=(?!=)\s*(?:\w+\s*\(\s*)?&?\s*\w+(?:(?:->|\.)\w+)+\s*\)?;?$/;

/** The local that the condition asks of, where it was last given what the place holds. */
function copiedInto(body: CNode, { start, text }: CNode, place: string): string | undefined {
	const local = /^if\s*\(\s*!?\s*(?:(?:un)?likely\s*\(\s*)?!?\s*(\w+)\b(?!\s*(?:->|\.|\())/.exec(text)?.[1];
	if (local === undefined) return undefined;
	const [last] = [...body.text.slice(0, start - body.start).matchAll(new RegExp(`(?<![\\w.>])${local}\\s*=(?!=)\\s*([^;]*);`, 'g'))].slice(-1);
	return last && new RegExp(`^(?:\\w+\\s*\\(\\s*)?&?\\s*${escaped(place)}\\s*\\)?$`).test(last[1] ?? '') ? local : undefined;
}

const isLocal = ({ after }: Change, place: string): boolean => /^\w+$/.test(place) && (typeOf(place, after) !== undefined || declares(after.fn.body, place) || after.fn.params.some(({ name }) => name === place));
const declares = (node: CNode, name: string): boolean => (node.type === 'declaration' ? new RegExp(`(?<![\\w.>])${name}\\b`).test(node.text.replace(/=[^,;]*/g, '')) : node.named.some((each) => declares(each, name)));

const names = (text: string, place: string): boolean => new RegExp(`(?<![\\w.>])${escaped(place)}(?!\\w|->|\\.)`).test(text);

/** The condition is whether it is set, and no more: not how many there may be. */
const isTruth = (text: string, place: string): boolean => new RegExp(`^\\(?\\s*!?\\s*(?:(?:un)?likely\\s*\\(\\s*)?!?${escaped(place)}\\s*(?:[!=]=\\s*(?:NULL|0|true|false)|>\\s*0)?\\s*\\)*$`).test(text);

/** The mail has a test of it, which does not keep them apart. */
const isSpokenOf = (words: string, name: string): boolean => new RegExp(`\\b(?:both|two|each|concurrent\\w*|simultaneous\\w*)\\b[^.]{0,60}\\b(?:get|go|come|pass\\w*|see|find|slip|run)\\b[^.]{0,60}\\b(?:test|check)s?\\b[^.]{0,30}\\b${name}\\b`, 'i').test(words.replace(/\s+/g, ' '));

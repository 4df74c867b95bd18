import { callsNamed, namesOf } from '../../../../knowledge/namings';
import type { Table } from '../../../../knowledge';
import { folded } from '../../../../parse/plain-text';
import type { CNode } from '../../../../parse';
import { type Change, mirrored } from '../../change';
import type { Finding, Marked } from '../../partner';
import { pointsOf } from '../../sections';
import { escaped, lastWord } from '../../sites';
import { told, written } from '../../steps';
import { conditionals, isChanged, parentOf, statementsOf, twins } from '../../twins';

const LEAVES = /\b(?:return|goto|continue|break)\b/;
/** What a condition asks: a place, or a bit of it, by one load. */
const askedBy = (table: Table): RegExp => new RegExp(String.raw`^(!?)\s*(?:${namesOf(table, 'reads-count', 'reads-once')}\(\s*&?\s*([\w.>-]+)\s*\)|${namesOf(table, 'asks-bit')}\(\s*\w+,\s*&\s*([\w.>-]+)\s*\)|([A-Za-z_]\w*(?:(?:->|\.)\w+)+))(?:\s*(>=?|==|<=?)\s*\w+)?$`);

const NONE = '(?:0|false|NULL)';
/** A statement that makes it so that the next one is refused: the place is set to something, or raised. */
const refuses = (table: Table, place: string): RegExp =>
	new RegExp(String.raw`^(?:${namesOf(table, 'sets-count', 'marks-store', 'counts-up', 'sets-bit')}\([^;]*${place}[^;]*(?<!,\s*${NONE})\)|${place}\s*(?:=\s*(?!${NONE};|=)|\+\+|\+=))`);
/** One that does so where the test lets in whom it finds set: the place is set to nothing, or lowered. */
const empties = (table: Table, place: string): RegExp =>
	new RegExp(String.raw`^(?:${namesOf(table, 'counts-down', 'clears-bit')}\([^;]*${place}[^;]*\)|${namesOf(table, 'sets-count', 'marks-store')}\([^;]*${place}\s*,\s*${NONE}\)|${place}\s*(?:=\s*${NONE};|--|-=))`);
/** A condition that looks at the place and changes it in one step. */
const inOneStep = (table: Table, place: string): RegExp => new RegExp(`${callsNamed(table, 'in-one-step')}[^;]*${place}\\b`);

/**
 * `test` leaves where somebody was there before, and `act`, which tells the next one so, is a step of its own, with no lock around both: as the patch
 * makes it, which is meant to keep two runs apart. Marked is what is done in between, or the act. What was two steps and is one (`was`) now is that the other way round.
 */
export function tornGuards(change: Change): readonly Finding[] {
	const mended = tornNow(mirrored(change)).flatMap((each): readonly Finding[] => (each.tells !== 'introduces' || !each.marked || !each.earlier ? []
		: [{ ...each, tells: 'fixes', marked: { before: each.marked.after, after: each.marked.before }, earlier: { before: each.earlier.after, after: each.earlier.before } }]));
	return [...tornNow(change), ...mended];
}

function tornNow(change: Change): readonly Finding[] {
	const { after } = change;
	const own = (node: CNode): boolean => isChanged(after, node);
	const { table } = change.post.sources;
	const asked = askedBy(table);
	const points = pointsOf(after, change.now);
	const held = (node: CNode): boolean => (points.find((point) => point.node.start === node.start)?.held.size ?? 0) > 0;
	return conditionals(after.fn.body).flatMap((test): readonly Finding[] => {
		const condition = folded(test.field('condition')?.text ?? '').replace(/^\((.*)\)$/, '$1').replace(/^(?:un)?likely\s*\((.*)\)$/, '$1').trim();
		const [, not = '', ...rest] = asked.exec(condition) ?? [];
		const place = rest.slice(0, 3).find((each) => each);
		if (!place || !/->|\./.test(place) || !LEAVES.test(test.field('consequence')?.text ?? '') || test.field('alternative') || held(test)) return [];
		const pattern = (not === '!' || rest[3] === '==' ? empties : refuses)(table, escaped(place));
		const act = statementsOf(after.fn.body).find((node) => node.type === 'expression_statement' && node.start > test.end && pattern.test(folded(node.text)));
		if (!act || held(act) || !own(test)) return [];
		const marked = between(change, test, act, place);
		if (!marked) return [];
		const whole = conditionals(change.before.fn.body).find((node) => node.end <= marked.before.start && inOneStep(table, escaped(place)).test(node.field('condition')?.text ?? ''));
		const words = { place, test: told(written(test)), act: told(written(act)) };
		return whole ? [{ words: { ...words, was: told(written(whole)) }, tells: 'introduces', marked, earlier: { before: whole, after: test }, passes: true }]
			: [{ words, tells: 'still-fails', marked, earlier: { before: ahead(change, marked.before), after: test }, passes: true }];
	}).slice(0, 1);
}

/** A statement of both sides behind the test, as far as the act; or that which does the same to the place on the side before. */
function between(change: Change, test: CNode, act: CNode, place: string): Marked | undefined {
	const kept = twins(change).find(({ after, before }) => after.start > test.end && after.end <= act.start && after.type === 'expression_statement' && before.type === 'expression_statement');
	if (kept) return kept;
	const was = statementsOf(change.before.fn.body).find((node) => node.type === 'expression_statement' && new RegExp(`\\b${lastWord(place)}\\s*(?:=(?!=)|\\+\\+|--|[-+]=)|\\([^;]*\\b${lastWord(place)}\\b`).test(node.text));
	return was ? { before: was, after: act } : undefined;
}

/** What is done right before it on that side: a statement of its block, else of those around it. */
function ahead(change: Change, node: CNode): CNode | undefined {
	const outer = parentOf(change.before.fn.body, node);
	return outer?.named.findLast((each) => each.end <= node.start && /^(?:expression|if)_statement$|^declaration$/.test(each.type) && !each.synthetic) ?? (outer ? ahead(change, outer) : undefined);
}

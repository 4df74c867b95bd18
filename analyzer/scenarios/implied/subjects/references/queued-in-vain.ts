import type { Asked } from '../../../../knowledge/partner-row';
import { holdsByName } from '../../../../lower/unmodelled';
import type { CNode } from '../../../../parse';
import { folded } from '../../../../parse/plain-text';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { rootOf, type Site } from '../../sites';
import { statementAt, statementsOf } from '../../twins';
import { drops, objectOf } from './missing-drop';

/**
 * One side asks what `queue`, one of the row's calls, answers, and drops the reference of `object`, by `drop`, where that was in vain: it answers `vain` then. The
 * other side makes the same call and does not ask. Marked is the call, earlier is that drop. `get`: the reference is seen to be taken before it. `off`: the call takes away what is pending, whose reference was taken by who queued it.
 */
export function queuedInVain(change: Change, { calls = [], behind }: Asked): readonly Finding[] {
	const truthful = behind ? new RegExp(`^(?:${behind})$`) : null;
	return change.now.flatMap((site): readonly Finding[] => {
		const vain = calls.includes(site.api) ? false : truthful?.test(site.api) ? true : null;
		const before = vain === null ? undefined : change.old.flatMap((each) => (each.text === site.text ? (unasked(change, each) ?? []) : []))[0];
		if (vain === null || !before) return [];
		const branch = inVain(change.after.fn.body, site, vain);
		const drop = branch && change.now.find((each) => drops(change)(each) && each.start >= branch.start && each.start < branch.end);
		const object = drop && objectOf(drop);
		if (!drop || !object || !change.after.file.place(drop.line).changed || count(change.old, drop) >= count(change.now, drop)) return [];
		const taken = change.now.find((each) => each.start < site.start && (each.row?.effect === 'get' || holdsByName(each.api)) && (rootOf(each.args[0] ?? '') === object || isGivenBy(change, each, object)));
		const after = statementAt(change.after.fn.body, site.line);
		const given = statementAt(change.after.fn.body, drop.line);
		return [{ words: { queue: site.api, call: site.text, vain: vain ? '1' : '0', drop: drop.api, dropped: drop.text, object, ...(taken ? { get: taken.text } : { unseen: object }), ...(site.row?.effect === 'cancel' ? { off: '1' } : {}) }, tells: 'fixes', ...(after && given ? { marked: { before, after }, earlier: { before: undefined, after: given } } : {}) }];
	}).slice(0, 1);
}

/** The call hands the object out. */
const isGivenBy = ({ after: { fn: { body } } }: Change, { start }: Site, object: string): boolean => new RegExp(`(?<![\\w.>])${object}\\s*=\\s*$`).test(body.text.slice(0, start - body.start));

const count = (sites: readonly Site[], { text }: Site): number => sites.filter((each) => each.text === text).length;

/** The statement that throws its answer away. */
const unasked = ({ before }: Change, site: Site): CNode | undefined =>
	statementsOf(before.fn.body).find(({ type, start, end, text }) => type === 'expression_statement' && start <= site.start && end > site.start && folded(text).replace(/^\(void\)\s*/, '') === `${folded(site.text)};`);

/** What is done where the call, or the variable that keeps its answer, says that it was in vain. */
function inVain(body: CNode, site: Site, vain: boolean): CNode | undefined {
	const all = statementsOf(body);
	const kept = all.find(({ type, start, end }) => type === 'expression_statement' && start <= site.start && end > site.start);
	const name = kept && /^(\w+) ?= ?/.exec(folded(kept.text))?.[1];
	const asked = name ?? folded(site.text);
	for (const node of all) {
		if (node.type !== 'if_statement' || (name ? node.start < site.start : node.start > site.start || node.end <= site.start)) continue;
		const condition = folded(node.field('condition')?.text ?? '').replace(/^\((.*)\)$/, '$1').trim();
		const holds = meaningOf(condition, asked);
		if (holds !== null) return (holds === vain ? node.field('consequence') : node.field('alternative')) ?? undefined;
	}
	return undefined;
}

/** Whether the condition is true when the call answers true; null: it is another condition. */
function meaningOf(condition: string, asked: string): boolean | null {
	if (condition === asked || [' == true', ' != false', ' != 0', ' == 1', ' > 0'].some((end) => condition === asked + end)) return true;
	return condition === `!${asked}` || condition === `!(${asked})` || [' == false', ' != true', ' == 0'].some((end) => condition === asked + end) ? false : null;
}

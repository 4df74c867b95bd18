import { isNamed } from '../../../../knowledge/namings';
import type { CNode } from '../../../../parse';
import { type Change, mirrored } from '../../change';
import { isNewborn } from '../../newborn';
import { type Finding, turnedBack } from '../../partner';
import { pointsOf } from '../../sections';
import { escaped, READ_SIDE, rootOf, type Site } from '../../sites';
import { statementsOf } from '../../twins';

/**
 * `value`, which the function has made, is put into `place`, where others find it, by a store that orders what was done before it (`strong`, its name) on one side, and
 * on the other one by one that does not: by the call `weak`, or plainly. Both statements are marked. Who makes what holds the place lets nobody in by that.
 */
export const plainPublications = (change: Change): readonly Finding[] => [...of(change), ...of(mirrored(change)).map(turnedBack)].slice(0, 1);

function of(change: Change): readonly Finding[] {
	const { table } = change.post.sources;
	return change.now.flatMap((site): readonly Finding[] => {
		if (!isRelease(site) || change.ways.get(site) !== 'added') return [];
		const [place = '', value = ''] = putBy(site);
		const root = rootOf(place);
		const after = statementOf(change.after.fn.body, site);
		if (!after || root === null || !/->|\./.test(place) || !isMade(change, value, after) || isNewborn(table, change.after, change.now, root, after) || makes(change, root)) return [];
		const call = change.old.find((each) => each.row?.effect === 'store' && !isRelease(each) && change.ways.get(each) === 'removed' && putBy(each).join() === `${place},${value}`);
		const plain = statementsOf(change.before.fn.body).find(({ type, text }) => type === 'expression_statement' && new RegExp(`^${escaped(place)}\\s*=\\s*${value}\\s*;$`).test(text));
		const before = call ? statementOf(change.before.fn.body, call) : plain;
		// Who looks under the lock, which is still held there, sees all of it in any case.
		if (!before || (!isNamed(table, 'replaces-pointer', site.api) && isLocked(change, before))) return [];
		return [{ words: { place, value, strong: site.api, call: site.text, ...(call ? { weak: call.api } : { plainly: '1' }) }, tells: 'fixes', marked: { before, after } }];
	}).slice(0, 1);
}

const isLocked = ({ before, old }: Change, node: CNode): boolean => [...(pointsOf(before, old).find((point) => point.node === node)?.held.keys() ?? [])].some((lock) => lock !== READ_SIDE);

const isRelease = ({ row }: Site): boolean => row?.effect === 'store' && row.order === 'release';

/** Where a call puts what: `&` or not. */
const putBy = ({ args }: Site): readonly string[] => [(args[0] ?? '').replace(/^&\s*/, ''), args[1] ?? ''];

const statementOf = (body: CNode, site: Site): CNode | undefined => statementsOf(body).find((node) => node.type === 'expression_statement' && node.start <= site.start && node.end > site.start);

/** What the function's name says that it makes is found by nobody yet. */
const makes = ({ name, after: { fn }, post: { sources: { table } } }: Change, root: string): boolean => isNamed(table, 'sets-up-object', name) && fn.params.some((each) => each.name === root);

/** Each value that the variable is given is made by a call, or none: nothing that others have found already is put back. */
function isMade(change: Change, value: string, before: CNode): boolean {
	if (!/^[A-Za-z_]\w*$/.test(value) || value === 'NULL') return false;
	const text = change.after.fn.body.text.slice(0, before.start - change.after.fn.body.start);
	const given = [...text.matchAll(new RegExp(`(?<![\\w.>])${value}\\s*=(?!=)\\s*([^;,]*)`, 'g'))].map(([, from = '']) => from.trim()).filter((from) => from !== 'NULL');
	const { table } = change.post.sources;
	return given.length > 0 && given.every((from) => {
		const api = /^([A-Za-z_]\w*)\s*\(/.exec(from)?.[1] ?? '';
		return table.rows.get(api)?.effect === 'alloc' || isNamed(table, 'makes', api);
	});
}

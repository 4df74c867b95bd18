import { added, type Change, removed } from '../../change';
import type { Finding } from '../../partner';
import { lockOf } from '../../sites';
import { twinsOf } from '../../point-twins';
import { told } from '../../steps';

/** `lock` is taken for one alone (`call`), and was for many (`shared`): marked is what is done under it, on both sides. */
export function madeExclusive(change: Change): readonly Finding[] {
	const twins = twinsOf(change);
	return added(change).flatMap((site): readonly Finding[] => {
		const { row } = site;
		const lock = row?.effect === 'lock' && row.mode === 'exclusive' ? lockOf(site) : null;
		const shared = lock && removed(change).find((each) => each.row?.effect === 'lock' && each.row.mode === 'shared' && lockOf(each) === lock);
		const inside = shared ? twins.filter(({ before, after }) => before.held.has(lock) && after.held.has(lock) && after.node.start > site.start && after.node.type === 'expression_statement' && /->|\w\s*\(/.test(after.text)) : [];
		const twin = inside.find(({ after }) => /=(?!=)/.test(after.text)) ?? inside[0];
		return shared && twin ? [{ words: { lock, call: site.text, shared: shared.text, acts: told(twin.after.text) }, tells: 'fixes', marked: { before: twin.before.node, after: twin.after.node } }] : [];
	}).slice(0, 1);
}


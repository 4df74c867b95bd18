import { isNamed } from '../../../../knowledge/namings';
import type { CNode } from '../../../../parse';
import type { Change } from '../../change';
import type { Marked } from '../../partner';
import { placeText, type Site } from '../../sites';
import { parentOf, statementAt } from '../../twins';

/** `call`; where it is made only of what is found pending, `asked`, by which that is found: it may begin right after. Or by which something was waited for before. */
export function askedFor({ now, post }: Change, site: Site): Readonly<Record<string, string>> {
	const ahead = now.filter(({ start }) => start < site.start);
	const asked = ahead.find((each) => isNamed(post.sources.table, 'asks-pending', each.api) && each.args[0] === site.args[0]);
	if (asked) return { call: `${site.text}, of what ${asked.api}() has just found pending,`, asked: asked.api };
	const awaited = ahead.find(({ row }) => row?.effect === 'wait-completion');
	return awaited ? { call: `${site.text}, after what ${awaited.api}() has waited for,`, asked: awaited.api } : { call: site.text };
}

/** It is made on a condition, as what stood there before was: which tells whether there is anything to stop. */
export function onCondition(change: Change, { site, place }: { readonly site: Site; readonly place: string }): Marked | undefined {
	const was = change.old.find((each) => change.ways.get(each) === 'removed' && each.row?.effect === 'cancel' && placeText(each, each.row.at) === place);
	const [before, after] = [was && statementAt(change.before.fn.body, was.line), statementAt(change.after.fn.body, site.line)];
	const inside = (side: 'before' | 'after', node: CNode): boolean => parentOf(change[side].fn.body, node)?.type !== undefined && parentOf(change[side].fn.body, node) !== change[side].fn.body;
	return before?.type === 'expression_statement' && after?.type === 'expression_statement' && inside('before', before) && inside('after', after) ? { before, after } : undefined;
}

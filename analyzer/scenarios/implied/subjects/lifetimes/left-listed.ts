import { isNamed, type Naming } from '../../../../knowledge/namings';
import type { CNode } from '../../../../parse';
import { added, type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { escaped, lastWord, rootOf, type Site, sitesIn } from '../../sites';
import { parentOf, statementAt, twins } from '../../twins';

/**
 * `object` is freed by the marked statement, `call`, and only on the side after it is taken out by its `member` in the same block before: the statement that does so is the earlier one.
 * What the patch itself puts there, or takes out elsewhere no more, speaks of nobody.
 */
export function leftListed(change: Change): readonly Finding[] {
	return added(change).flatMap((unlink): readonly Finding[] => {
		const at = isNamed(change.post.sources.table, 'takes-out', unlink.api) ? unlink.args.find((arg) => /^&\s*[A-Za-z_]\w*->/.test(arg)) : undefined;
		const object = at ? rootOf(at) : null;
		if (!at || !object || !structOf(change, object) || isTakenOut(change, object) || isNews(change, lastWord(at))) return [];
		const free = change.now.find((site) => site.start > unlink.start && change.ways.get(site) === 'kept' && frees(change, site, object));
		const statement = free ? statementAt(change.after.fn.body, free.line) : undefined;
		const marked = statement && twins(change).find(({ after }) => after.start === statement.start);
		const out = marked ? besides(change.after.fn.body, unlink, marked.after) : undefined;
		return free && marked && out ? [{ words: { object, member: lastWord(at), out: unlink.text, call: free.text }, tells: 'fixes', marked, earlier: { before: undefined, after: out } }] : [];
	}).slice(0, 1);
}

function frees(change: Change, { api, args, row }: Site, object: string): boolean {
	if (row?.effect !== 'free' && !(row === null && isNamed(change.post.sources.table, 'frees-outright', api))) return false;
	return args.some((arg) => arg === object);
}

/** The side before takes it out as well, or gives it to a function that may, and that it no longer calls. */
const isTakenOut = ({ old, ways, pre }: Change, object: string): boolean =>
	old.some((site) => site.args.some((arg) => rootOf(arg) === object) && (isNamed(pre.sources.table, 'takes-out', site.api) || (ways.get(site) === 'removed' && site.row === null)));

/** The patch puts it there, or takes it out by that member no longer in another function. */
function isNews({ pre, post, name }: Change, member: string): boolean {
	const by = new RegExp(`(?:->|\\.)${escaped(member)}$`);
	const count = (side: Change['pre'], each: string, naming: Naming): number => sitesIn(side, each).filter(({ api, args }) => isNamed(side.sources.table, naming, api) && args.some((arg) => by.test(arg))).length;
	return post.changed.some((each) => count(post, each, 'puts-in') > count(pre, each, 'puts-in')) || pre.changed.some((each) => each !== name && count(pre, each, 'takes-out') > count(post, each, 'takes-out'));
}

/** The statement in the block of the freeing one that takes it out, if it is there; no way leads in between. */
function besides(body: CNode, unlink: Site, free: CNode): CNode | undefined {
	const block = parentOf(body, free);
	const out = block?.named.find((each) => each.start <= unlink.start && unlink.start < each.end && each.end <= free.start);
	if (!block || !out || (out.type !== 'expression_statement' && out.type !== 'if_statement')) return undefined;
	return /\b(?:return|goto|break|continue)\b/.test(out.text) || block.named.some((each) => each.type === 'labeled_statement' && each.start > out.start && each.end <= free.start) ? undefined : out;
}

import { isNamed } from '../../../../knowledge/namings';
import { isOnlyAskedFor } from '../../asked-there';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { placeText, rootOf, type Site } from '../../sites';
import { areEitherOr, parentOf, statementAt } from '../../twins';
import type { Point } from '../../sections';
import { type Twin, twinsOf } from '../../point-twins';
import { told } from '../../steps';

/**
 * `call` ends what `object` is, or has, and on one side only after `use`, which is given the object, or leads through it. Earlier is the statement that ends it,
 * marked the one that uses it.
 */
export function endedEarly(change: Change): readonly Finding[] {
	const twins = twinsOf(change);
	return change.now.flatMap((site): readonly Finding[] => {
		const object = ended(change, site);
		const was = change.old.filter(({ text }) => text === site.text);
		const [twin] = was;
		if (!object || !twin || was.length !== 1 || change.now.filter(({ text }) => text === site.text).length !== 1) return [];
		const [before, after] = [statementAt(change.before.fn.body, twin.line), statementAt(change.after.fn.body, site.line)];
		if (!before || !after || before.type === 'if_statement' || after.type === 'if_statement') return [];
		const use = twins.find((each) => each.after.node.end <= after.start && (site.row !== null || !areEitherOr(change.after.fn.body, each.after.node, after)) && each.before.node.start >= before.end && mentions(each.after, partOf(change, site, object)) && apart(change, each) && follows(change, before, each) && leadsTo(change, each, after) && !isOnlyAskedFor(change, { before: each.before.node, after: each.after.node }));
		return use ? [{ words: { object, call: site.text, use: told(use.after.text) }, tells: 'fixes', earlier: { before, after }, marked: { before: use.before.node, after: use.after.node } }] : [];
	}).slice(0, 1);
}

/** The variable whose life, or whose part's, the call ends. */
function ended(change: Change, site: Site): string | null {
	const { row } = site;
	if (row?.effect === 'free' || row?.effect === 'free-rcu') return rootOf(placeText(site, row.pointer) ?? '');
	return (row === null || row.effect === 'put' || row.partial === true) && isNamed(change.post.sources.table, 'ends-life', site.api) ? rootOf(site.args[0] ?? '') : null;
}

/** What nobody may use behind it: after a part was unregistered nobody comes in by it, and what else its owner has is taken down then. */
const partOf = (change: Change, { api, args }: Site, object: string): string => (isNamed(change.post.sources.table, 'lets-nobody-in', api) ? (args[0] ?? object).replace(/^&\s*/, '') : object);

/** Something is done with it; nothing is only set. */
const mentions = ({ node, text }: Point, part: string): boolean =>
	node.type === 'expression_statement' && !/^[\w.>[\]-]+\s*=\s*(?:NULL|0|false|true)\s*;/.test(text) && new RegExp(`\\w\\([^;]*(?<![\\w.>])${part.replace(/[^\w]/g, '\\$&')}(?!\\w)`).test(text);

/** The use was moved, or what ends was: they changed places. */
const apart = (change: Change, { before, after }: Twin): boolean => [before.node, after.node].every((node) => parentOf(change[node === before.node ? 'before' : 'after'].fn.body, node) !== undefined);

/** It is reached from there: not a jump's other way. */
const follows = ({ before }: Change, end: { readonly end: number }, { before: use }: Twin): boolean => !/\breturn\b|\bgoto\b/.test(before.fn.body.text.slice(end.end - before.fn.body.start, use.node.start - before.fn.body.start).replace(/\{[^{}]*\}/g, '').replace(/\bif\s*\([^;]*;/g, ''));

/** Behind the use, where it is now, its block goes on to the end of the object, and leaves not. */
function leadsTo({ after }: Change, { after: use }: Twin, end: { readonly start: number }): boolean {
	const between = after.fn.body.text.slice(use.node.end - after.fn.body.start, end.start - after.fn.body.start);
	let depth = 0;
	const own = [...between].findIndex((char) => (char === '{' ? void depth++ : char === '}' ? --depth < 0 : false));
	return !/\b(?:return|goto|break|continue)\b/.test(own < 0 ? '' : between.slice(0, own).replace(/\{[^{}]*\}/g, ''));
}

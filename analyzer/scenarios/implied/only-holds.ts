import type { CParser } from '../../parse';
import { changedOnEither, type Side } from '../sides/side';
import { type Change, changeOf } from './change';
import { countOf } from './subjects/references/missing-hold';

/** All that the patch does is to take references, on some condition at most: whoever brings a new holder, or hands one on, does more than that. */
export const onlyHolds = (changes: readonly Change[]): boolean => changes.length > 0 && changes.every((change) => codeOf(change.before).length === 0
	&& codeOf(change.after).every(({ line, text }) => CONDITION.test(text) || change.now.some((site) => site.changed && countOf(site) !== null && line >= site.line && line <= site.endLine)));

/** All that the patch does in the function is to put a statement elsewhere. */
export function onlyMoves({ before, after }: Change): boolean {
	const [went, came] = [codeOf(before), codeOf(after)];
	return went.length === 1 && came.length === 1 && went[0]?.text === came[0]?.text;
}

/** The same of all functions that differ on two sides; `whole`: each of them is in sight from end to end. */
export function takesReferencesOnly(parser: CParser, pre: Side | null, post: Side | null): { readonly whole: boolean } | null {
	if (!pre || !post) return null;
	const changes = changedOnEither(pre, post).map((name) => changeOf(parser, name, pre, post, () => []));
	const known = changes.filter((change) => change !== null);
	return known.length === changes.length && onlyHolds(known) ? { whole: known.every(({ whole }) => whole) } : null;
}

const CONDITION = /^(?:if \(.*\)(?: \{)?|\})$/;

/** The patch's own lines of code in the function. */
const codeOf = ({ fn: { body }, file }: Change['after']): readonly { readonly line: number; readonly text: string }[] => body.text.split('\n')
	.map((text, index) => ({ line: body.line + index, text: text.replace(/\/\*.*?\*\//g, '').trim() }))
	.filter(({ line, text }) => text !== '' && !/^(?:\/\/|\/?\*)/.test(text) && file.place(line).changed);

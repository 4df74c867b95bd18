import type { Patch, ProseLine } from './patch';

/** A line of a comment: of its own, or behind code. */
const COMMENT = /^\s*\*(?:\s|$)|\/\*|(?:^|\s)\/\/\s/;
const MARKS = /^.*?(?:\/\*+|\/\/)|^\s*\*(?!\/)|\*\/.*$/g;

/** What comments that the patch adds say, as prose of its mail: where that says nothing, they may. */
export const addedComments = ({ files }: Pick<Patch, 'files'>): readonly ProseLine[] =>
	files.flatMap(({ hunks }) => hunks.flatMap(({ lines }) => lines.flatMap(({ kind, text, input }) => (kind === 'added' && COMMENT.test(text) ? [{ text: text.replace(MARKS, ''), input, author: 'changelog' as const }] : []))));

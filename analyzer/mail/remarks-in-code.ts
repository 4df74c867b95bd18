import type { HunkLine, Patch, ProseLine } from './patch';

/** A line of a comment: of its own, or behind code. */
const COMMENT = /^\s*\*(?:\s|$)|\/\*|(?:^|\s)\/\/\s/;
const MARKS = /^.*?(?:\/\*+|\/\/)|^\s*\*(?!\/)|\*\/.*$/g;

/** What comments in the lines of the hunks say, as prose of the mail. */
export const commentsOf = (patch: Pick<Patch, 'files'>): readonly ProseLine[] => comments(patch, () => true);

/** Those that the patch adds: where its mail says nothing, they may. */
export const addedComments = (patch: Pick<Patch, 'files'>): readonly ProseLine[] => comments(patch, ({ kind }) => kind === 'added');

/** Those that the patch takes away. */
export const removedComments = (patch: Pick<Patch, 'files'>): readonly ProseLine[] => comments(patch, ({ kind }) => kind === 'removed');

const comments = ({ files }: Pick<Patch, 'files'>, isMeant: (line: HunkLine) => boolean): readonly ProseLine[] => files.flatMap(({ hunks }) => hunks.flatMap(({ lines }) =>
	lines.filter((line) => isMeant(line) && COMMENT.test(line.text)).map(({ text, input }) => ({ text: text.replace(MARKS, ''), input, author: 'changelog' as const }))));

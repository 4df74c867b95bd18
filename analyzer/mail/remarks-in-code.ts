import type { HunkLine, Patch, ProseLine } from './patch';

/** A line of a comment: of its own, or behind code. */
const COMMENT = /^\s*\*(?:\s|$)|\/\*|(?:^|\s)\/\/\s/;
const MARKS = /^.*?(?:\/\*+|\/\/)|^\s*\*(?!\/)|\*\/.*$/g;

/** What comments in the lines of the hunks say, as prose of the mail. */
export const commentsOf = (patch: Pick<Patch, 'files'>): readonly ProseLine[] => comments(patch, () => true);

/** Those that the patch adds: where its mail says nothing, they may. */
export function addedComments(patch: Pick<Patch, 'files'>): readonly ProseLine[] {
	// What was said before in lines of another length is not said anew.
	const gone = words(comments(patch, ({ kind }) => kind === 'removed').map(({ text }) => text).join(' '));
	return comments(patch, ({ kind }) => kind === 'added').filter(({ text }) => !isIn(words(text), gone));
}

const words = (text: string): readonly string[] => text.match(/\w+/g) ?? [];
/** Most words of the line, in their order, stood there. */
function isIn(line: readonly string[], gone: readonly string[]): boolean {
	const half = Math.ceil(line.length / 2);
	return line.length > 2 && Array.from({ length: line.length - half + 1 }, (_, at) => line.slice(at, at + half).join(' ')).some((part) => ` ${gone.join(' ')} `.includes(` ${part} `));
}

/** Those that the patch takes away. */
export const removedComments = (patch: Pick<Patch, 'files'>): readonly ProseLine[] => comments(patch, ({ kind }) => kind === 'removed');

const comments = ({ files }: Pick<Patch, 'files'>, isMeant: (line: HunkLine) => boolean): readonly ProseLine[] => files.flatMap(({ hunks }) => hunks.flatMap(({ lines }) =>
	lines.filter((line) => isMeant(line) && COMMENT.test(line.text)).map(({ text, input }) => ({ text: text.replace(MARKS, ''), input, author: 'changelog' as const }))));

import type { FileImages, Image } from '../images/image';
import { lineScript } from '../images/line-script';

/** Lines of an image's text that are replaced: `at` is the 0-based index of the first one, or of the line before which others are put. */
export interface LineEdit {
	readonly at: number;
	readonly remove: number;
	readonly insert: readonly string[];
}

/** One edit of one function of a file after the patch: what it is, in words, and its lines, from the first to the last, none twice. */
export interface Candidate {
	readonly path: string;
	readonly lines: readonly LineEdit[];
	/** `spin_unlock(&foo->lock) before the return in foo_submit()`. */
	readonly words: string;
	/** What is simpler is tried first. */
	readonly cost: number;
	/** Only what was there before the patch. */
	readonly restores?: boolean;
}

const textLines = (image: Image): readonly string[] => (image.text.endsWith('\n') ? image.text.slice(0, -1) : image.text).split('\n');
const together = (lines: readonly string[]): string => (lines.length === 0 ? '' : `${lines.join('\n')}\n`);

/** The image with the edit's lines: those that come are the patch's own, and in no line of the document. */
export function withLines(image: Image, edits: readonly LineEdit[]): Image {
	const old = textLines(image);
	const whole = image.completeness === 'whole';
	const made = { text: [] as string[], fileLines: [] as number[], inputLines: [] as number[], columns: [] as number[], changed: [] as boolean[] };
	/** By old index: the new one. */
	const moved: number[] = [];
	let shift = 0;
	const put = (text: string, file: number, input: number, column: number, changed: boolean): void => {
		made.text.push(text);
		made.fileLines.push(file);
		made.inputLines.push(input);
		made.columns.push(column);
		made.changed.push(changed);
	};
	let next = 0;
	for (let at = 0; at <= old.length; at++) {
		const here = edits.filter((edit) => edit.at === at);
		moved[at] = made.text.length;
		for (const edit of here) {
			const near = image.fileLines[Math.min(at, old.length - 1)] ?? 0;
			edit.insert.forEach((text, index) => put(text, near > 0 ? near + shift + index : 0, 0, 0, true));
			shift += edit.insert.length - edit.remove;
			next = Math.max(next, at + edit.remove);
		}
		if (at === old.length || at < next) continue;
		const file = image.fileLines[at] ?? 0;
		put(old[at] ?? '', file > 0 ? file + shift : 0, image.inputLines[at] ?? 0, image.columns[at] ?? 0, image.changed[at] ?? false);
	}
	const line = (at: number): number => (moved[at - 1] ?? made.text.length) + 1;
	return {
		...image, ...made, text: together(made.text), fileLines: whole ? made.text.map((_, index) => index + 1) : made.fileLines,
		gaps: image.gaps.map(line), hunks: image.hunks.map((hunk) => ({ ...hunk, line: line(hunk.line) })),
	};
}

/** The same edit in another image of the file after the patch; null where that does not show its place. */
function inOther(edits: readonly LineEdit[], from: Image, to: Image): readonly LineEdit[] | null {
	if (from === to) return edits;
	const index = (at: number): number => {
		const input = from.inputLines[at] ?? 0;
		if (input > 0) return to.inputLines.indexOf(input);
		const file = from.fileLines[at] ?? 0;
		return file > 0 ? to.fileLines.indexOf(file) : -1;
	};
	const found: LineEdit[] = [];
	for (const edit of edits) {
		const first = index(edit.at);
		const at = first >= 0 || edit.remove > 0 ? first : index(edit.at - 1) + 1;
		if (at < 0 || (at === 0 && first < 0)) return null;
		for (let line = 1; line < edit.remove; line++) if (index(edit.at + line) !== at + line) return null;
		found.push({ ...edit, at });
	}
	return found;
}

/** The patch's files with the edit in them; each line is the patch's own again where the two sides now differ. Null where `of` is in none of them. */
export function editedImages(files: readonly FileImages[], { path, lines }: Candidate, of: Image): readonly FileImages[] | null {
	const file = files.find((each) => each.post?.path === path);
	const edits = file?.post && inOther(lines, of, file.post);
	if (!file?.post || !edits) return null;
	return files.map((each) => (each === file && each.post ? told(each.path, each.pre, withLines(each.post, edits)) : each));
}

/** The edit as a patch of its own: the files after the patch before it. */
export function editAlone(files: readonly FileImages[], edit: Candidate, of: Image): readonly FileImages[] | null {
	const before = files.map(({ path, post }): FileImages => ({ path, pre: post && { ...post, side: 'pre', changed: post.changed.map(() => false) }, post: post && { ...post, changed: post.changed.map(() => false) } }));
	const own = before.find(({ post }) => post?.path === edit.path);
	const image = files.find(({ post }) => post?.path === edit.path)?.post;
	const edits = image && inOther(edit.lines, of, image);
	return own?.post && edits ? [told(own.path, own.pre, withLines(own.post, edits))] : null;
}

/** With who changes which line told anew. */
function told(path: string, pre: Image | null, post: Image): FileImages {
	if (!pre) return { path, pre, post };
	const [before, after]: [boolean[], boolean[]] = [[], []];
	for (const fate of lineScript(textLines(pre), textLines(post))) {
		if (fate !== '+') before.push(fate === '-');
		if (fate !== '-') after.push(fate === '+');
	}
	return { path, pre: { ...pre, changed: before }, post: { ...post, changed: after } };
}

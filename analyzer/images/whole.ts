import type { FilePatch, HunkLine, Patch } from '../mail/patch';
import type { TreePort } from '../ports';
import type { FileImages, Image } from './image';
import { FileLines, linesOf, type Placement, placeHunks, reversed, STRICTNESSES, type Strictness } from './placement';
import { skeletonOf } from './skeleton';
import { weave } from './weave';

/** Files as earlier patches of a series left them: text by path, null where deleted. */
export type Overlay = ReadonlyMap<string, string | null>;

/** A text that one side of the file may be, and where it is from. */
interface Candidate {
	readonly text: string;
	readonly found: string;
	readonly given: 'pre' | 'post';
	/** Only believed when every hunk fits exactly. */
	readonly exactly: boolean;
}

/** The whole file, or how many hunks at best fitted the file of the tree. */
export type WholeFile = { readonly images: FileImages } | { readonly images: null; readonly placed: number; readonly seen: boolean };

const ID = /^[0-9a-f]{4,64}$/;
const ZERO = /^0+$/;
/** Commits that a patch says it fixes, looked into. */
const MOST_FIXES = 3;

/** Tries, in order: the series so far, blobs by id, the commit itself, the base commit, the tree's file forwards and backwards. */
export function wholeFile(patch: Patch, file: FilePatch, tree: TreePort | undefined, base: Overlay): WholeFile {
	let placed = 0;
	let seen = false;
	for (const candidate of candidates(patch, file, tree, base)) {
		seen = true;
		const lines = new FileLines(linesOf(candidate.text));
		const hunks = candidate.given === 'pre' ? file.hunks : file.hunks.map(reversed);
		for (const strictness of candidate.exactly ? STRICTNESSES.slice(0, 2) : STRICTNESSES) {
			const result = placeHunks(lines, hunks, strictness);
			const believed = result.placements.filter((placement) => !misplaced(placement, strictness)).length;
			placed = Math.max(placed, believed);
			if (believed === hunks.length) {
				return { images: weave(file, lines.lines, result.placements, candidate.given, `${candidate.found}${manner(strictness, result.offset)}`) };
			}
		}
	}
	const skeleton = tree === undefined ? null : fromSkeleton(file, tree);
	return skeleton === null ? { images: null, placed, seen } : { images: skeleton };
}

/** The tree's file with the hunks' own lines in place of what it has there: the side that it is more like. */
function fromSkeleton(file: FilePatch, tree: TreePort): FileImages | null {
	const text = file.oldPath === null || file.newPath === null ? null : tree.read(file.newPath) ?? tree.read(file.oldPath);
	if (text === null) {
		return null;
	}
	const lines = new FileLines(linesOf(text));
	const sides = ([['pre', file.hunks], ['post', file.hunks.map(reversed)]] as const)
		.map(([given, hunks]) => ({ given, skeleton: skeletonOf(lines, hunks) })).filter(({ skeleton }) => skeleton !== null)
		.sort((a, b) => b.skeleton!.share - a.skeleton!.share);
	for (const { given, skeleton } of sides) {
		const { placements, missing } = placeHunks(new FileLines(skeleton!.lines), skeleton!.hunks, STRICTNESSES[0]!);
		if (missing.length === 0) {
			return weave(file, skeleton!.lines, placements, given, `the tree's functions of the same name as a skeleton, ${Math.round(skeleton!.share * 100)} % of the hunks' lines in them`);
		}
	}
	return null;
}

/** Of a hunk's lines that say something, so many must be left when fuzz has taken its share, or one that it removes. */
const FEWEST_TELLING = 2;
const LEAST_SHARE = 0.5;

/** Too little left to go by: an addition without context would fit anywhere, and a line or two of context nearly so. */
const misplaced = ({ lines, hunk }: Placement, { fuzz }: Strictness): boolean => {
	const telling = (of: readonly HunkLine[]) => of.filter(({ kind, text }) => kind !== 'added' && /\w{2}/.test(text));
	const left = telling(lines);
	if (left.length === 0) {
		return fuzz > 0 || hunk.oldStart === 0;
	}
	return fuzz > 0 && !left.some(({ kind }) => kind === 'removed') && (left.length < FEWEST_TELLING || left.length < telling(hunk.lines).length * LEAST_SHARE);
};

const manner = ({ fuzz, ignoreSpace }: Strictness, offset: number): string =>
	`${offset > 0 ? `, offset ${offset}` : ''}${fuzz > 0 ? `, fuzz ${fuzz}` : ''}${ignoreSpace ? ', white space ignored' : ''}`;

/** The text that was found is another version of the file than the one that the patch was made for: its hunks had to be moved, bent or put in by their functions' names. */
export const isOtherVersion = ({ found }: Pick<Image, 'found'>): boolean => /, (offset|fuzz) \d|\bskeleton\b/.test(found);

function* candidates(patch: Patch, file: FilePatch, tree: TreePort | undefined, base: Overlay): Generator<Candidate> {
	const oldPath = file.oldPath;
	const path = oldPath ?? file.newPath!;
	const earlier = oldPath === null ? undefined : base.get(oldPath);
	if (typeof earlier === 'string') {
		yield { text: earlier, found: 'as the series so far leaves it', given: 'pre', exactly: false };
	}
	if (tree === undefined) {
		return;
	}
	const { oldBlob, newBlob } = file;
	for (const [id, given] of [[oldBlob, 'pre'], [newBlob, 'post']] as const) {
		const text = id !== undefined && ID.test(id) && !ZERO.test(id) ? tree.blob?.(id) : null;
		if (typeof text === 'string') {
			yield { text, found: `blob ${id}`, given, exactly: true };
		}
	}
	if (patch.commit !== null && ID.test(patch.commit) && oldPath !== null) {
		const parent = `${patch.commit}^`;
		const text = tree.show?.(parent, oldPath);
		if (typeof text === 'string') {
			yield { text, found: `commit ${parent}`, given: 'pre', exactly: false };
		}
	}
	if (patch.base !== null && ID.test(patch.base) && oldPath !== null) {
		const text = tree.show?.(patch.base, oldPath);
		if (typeof text === 'string') {
			yield { text, found: `base commit ${patch.base.slice(0, 12)}`, given: 'pre', exactly: false };
		}
	}
	const text = tree.read(path);
	const newer = file.newPath !== null && file.newPath !== path ? tree.read(file.newPath) : text;
	// Exactly backwards goes before forwards with fuzz: a tree that has the patch already may take it a second time.
	if (text !== null && file.change !== 'added') {
		yield { text, found: 'tree patched forward', given: 'pre', exactly: true };
	}
	if (newer !== null && file.newPath !== null) {
		yield { text: newer, found: 'tree patched backward', given: 'post', exactly: true };
	}
	if (text !== null && file.change !== 'added') {
		yield { text, found: 'tree patched forward', given: 'pre', exactly: false };
	}
	if (newer !== null && file.newPath !== null) {
		yield { text: newer, found: 'tree patched backward', given: 'post', exactly: false };
	}
	for (const id of oldPath === null ? [] : patch.fixes.slice(0, MOST_FIXES)) {
		const then = ID.test(id) ? tree.show?.(id, oldPath!) : null;
		if (typeof then === 'string') {
			yield { text: then, found: `commit ${id} that it fixes`, given: 'pre', exactly: false };
		}
	}
}

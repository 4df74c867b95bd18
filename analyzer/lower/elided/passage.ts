import type { LockKind } from '../../../sim';
import type { CNode, FunctionSource } from '../../parse/source';
import type { ElidedLock } from '../facts';
import type { SourceFile } from '../sources';

/** How far a fragment's body has been lowered: which gaps lie behind, and how the code at this point is reached. */
export interface Passage {
	/** Lines of the gaps behind this point. */
	readonly gaps: Set<number>;
	/** By label: the last gap behind the first goto that leads to it. */
	readonly gotos: Map<string, number>;
	/** At a label: what was taken was taken before the first goto to it, so not behind this gap. */
	reached: number | null;
	/** The last statement since the gap that returns on a condition: what it does not give back was taken behind it. */
	leaving: string | null;
	/** Statements behind which something was taken already. */
	readonly taken: Set<string>;
	/** The gap behind which each lock was last seen to be taken. */
	readonly locked: Map<string, number>;
	/** The gap behind which what has been released since the last gap was taken: what is released later was taken before it. */
	before: number | null;
	/** Locks that are seen to be taken and not yet to be released, each with the gap behind which it was. */
	readonly open: Map<string, { readonly line: number; readonly lock: ElidedLock; readonly own: boolean }>;
	/** References that the patch's own lines take, since the last gap. */
	readonly gained: string[];
	/** Locks that the patch's own lines release in the blocks around this point. */
	readonly released: { readonly key: string; readonly kind: LockKind; readonly mode: 'exclusive' | 'shared' }[];
	/** Branches around this point: on a condition in sight, and on one that is not shown. */
	readonly inside: { told: number; unseen: number };
	/** Locks that are taken on a condition in sight. */
	readonly apart: Set<string>;
}

/** A function's body on its way. */
export interface Passing {
	readonly fn: FunctionSource | null;
	readonly file: SourceFile;
	readonly passage: Passage;
}

export const newPassage = (): Passage => ({ gaps: new Set(), gotos: new Map(), reached: null, leaving: null, taken: new Set(), locked: new Map(), before: null, open: new Map(), gained: [], released: [], inside: { told: 0, unseen: 0 }, apart: new Set() });

/** The lock is taken here, perhaps on a condition. */
export function takenHere({ passage }: Passing, key: string): void {
	if (passage.inside.told > 0) passage.apart.add(key);
}

/** A block that begins out of sight gives back what was taken on a condition: that is what it was entered on. */
export const goesByTaken = ({ passage }: Passing, key: string): boolean => passage.inside.unseen > 0 && passage.apart.has(key);

/** The patch shows only parts of the function. */
export const isFragment = ({ fn, file }: Passing): boolean => fn !== null && !file.modelled && (fn.headElided || fn.gaps.length > 0);

const lastGap = ({ gaps }: Passage): number => Math.max(0, ...gaps);

/** The gap, alike on both sides of the patch, in which something was taken that is released at this point; its statement when it can only have been behind that. */
export function takenBehind({ passage }: Passing): { readonly line: number; readonly statement: string | null } {
	const last = lastGap(passage);
	const bound = Math.min(passage.reached ?? last, passage.before ?? last);
	if (bound < last) return { line: bound, statement: null };
	return { line: last, statement: passage.reached === null && passage.before === null ? passage.leaving : null };
}

export function passGap({ passage }: Passing, line: number): void {
	passage.gaps.add(line);
	passage.leaving = null;
	passage.reached = null;
	passage.before = null;
	passage.gained.length = 0;
}

/** A lock is seen to be taken, by the patch's `own` line or not. The gap that must have released it before, if it was taken already. */
export function locks({ passage }: Passing, lock: ElidedLock, own: boolean): number | null {
	const { key } = lock;
	const line = lastGap(passage);
	const before = passage.open.get(key);
	passage.locked.set(key, line);
	passage.open.set(key, { line, lock, own });
	return before && before.line < line ? line : null;
}

/** What was released is held again: that it was tells nothing of what is done behind this. */
export function retaken({ passage: { released } }: Passing, key: string): void {
	for (let at = released.findIndex((each) => each.key === key); at >= 0; at = released.findIndex((each) => each.key === key)) released.splice(at, 1);
}

/** The gaps behind this point since the lock was seen to be taken, if it was not seen to be released. */
export function gapsSinceTaken({ passage }: Passing, key: string): readonly number[] {
	const taken = passage.open.get(key);
	return taken === undefined ? [] : [...passage.gaps].filter((line) => line > taken.line);
}

/** Control goes on behind the block that this stands in: it is no way out. */
export function fallsOut({ fn }: Passing, { start, end }: CNode): boolean {
	let block = fn?.body;
	for (let inner = block; inner; inner = inner.named.find((each) => each.start <= start && each.end >= end && each.start < each.end)) if (inner.type === 'compound_statement') block = inner;
	return block !== undefined && !LEAVES.has(block.named.at(-1)?.type ?? '');
}

/** Locks that are seen to be taken and not to be released, with nothing out of sight since. */
export const heldInSight = ({ passage }: Passing): readonly ElidedLock[] => [...passage.open.values()].flatMap(({ line, lock }) => (line === lastGap(passage) ? [lock] : []));

/** At the end of a block that control falls out of: locks taken in it that only a gap in it can have released, each with that gap. */
export function leftOpen({ passage, fn }: Passing, block: CNode, before: ReadonlySet<string>): readonly { readonly gap: number; readonly lock: ElidedLock }[] {
	if (!fn || block === fn.body || LEAVES.has(block.named.at(-1)?.type ?? '')) return [];
	return [...passage.open].flatMap(([key, { line, lock }]) => {
		const gap = [...passage.gaps].find((each) => each > line && each > block.line && each <= block.endLine);
		return before.has(key) || gap === undefined ? [] : [{ gap, lock }];
	});
}

/** Statements that control does not fall out of. */
export const LEAVES: ReadonlySet<string> = new Set(['return_statement', 'goto_statement', 'break_statement', 'continue_statement']);

/** A lock is released that was taken behind the gap at this line, or where it was seen to be: locks are released in the reverse order. */
export function unlocks({ passage }: Passing, key: string, taken?: number): void {
	const line = taken ?? passage.locked.get(key);
	passage.open.delete(key);
	if (line !== undefined) passage.before = Math.min(line, passage.before ?? Number.POSITIVE_INFINITY);
}

export function goesTo({ passage }: Passing, label: string): void {
	passage.gotos.set(label, Math.min(passage.gotos.get(label) ?? Number.POSITIVE_INFINITY, lastGap(passage)));
}

export function arrivesAt({ passage }: Passing, label: string): void {
	const from = passage.gotos.get(label);
	if (from !== undefined) passage.reached = Math.min(from, passage.reached ?? Number.POSITIVE_INFINITY);
}

/** A statement as both sides of the patch have it, or null where a side changes it. */
export function statementOf({ file }: Passing, node: CNode): string | null {
	for (let line = node.line; line <= node.endLine; line++) if (file.place(line).changed) return null;
	return node.text.replace(/\s+/g, ' ');
}

/** Behind a statement that may return. */
export function leftBehind(frame: Passing, node: CNode): void {
	if (node.type !== 'if_statement' || !isFragment(frame) || !returns(node)) return;
	frame.passage.leaving = statementOf(frame, node) ?? frame.passage.leaving;
}

const returning = new WeakMap<CNode, boolean>();

function returns(node: CNode): boolean {
	const known = returning.get(node);
	if (known !== undefined) return known;
	const found = node.type === 'return_statement' || node.named.some(returns);
	returning.set(node, found);
	return found;
}

import type { LockKind } from '../../sim';
import type { CNode } from '../parse/source';
import type { Frame, Lowering } from './lowering';

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
	/** Locks that the patch's own lines release in the blocks around this point. */
	readonly released: { readonly key: string; readonly kind: LockKind; readonly mode: 'exclusive' | 'shared' }[];
}

export const newPassage = (): Passage => ({ gaps: new Set(), gotos: new Map(), reached: null, leaving: null, taken: new Set(), locked: new Map(), before: null, released: [] });

/** The patch shows only parts of the function. */
export const isFragment = ({ fn, file }: Frame): boolean => fn !== null && !file.modelled && (fn.headElided || fn.gaps.length > 0);

const lastGap = ({ gaps }: Passage): number => Math.max(0, ...gaps);

/** The gap, alike on both sides of the patch, in which something was taken that is released at this point; its statement when it can only have been behind that. */
export function takenBehind({ passage }: Frame): { readonly line: number; readonly statement: string | null } {
	const last = lastGap(passage);
	const bound = Math.min(passage.reached ?? last, passage.before ?? last);
	if (bound < last) return { line: bound, statement: null };
	return { line: last, statement: passage.reached === null && passage.before === null ? passage.leaving : null };
}

export function passGap({ passage }: Frame, line: number): void {
	passage.gaps.add(line);
	passage.leaving = null;
	passage.reached = null;
	passage.before = null;
}

/** A lock is seen to be taken. */
export function locks({ passage }: Frame, key: string): void {
	passage.locked.set(key, lastGap(passage));
}

/** A lock is released that was taken behind the gap at this line, or where it was seen to be: locks are released in the reverse order. */
export function unlocks({ passage }: Frame, key: string, taken?: number): void {
	const line = taken ?? passage.locked.get(key);
	if (line !== undefined) passage.before = Math.min(line, passage.before ?? Number.POSITIVE_INFINITY);
}

export function goesTo({ passage }: Frame, label: string): void {
	passage.gotos.set(label, Math.min(passage.gotos.get(label) ?? Number.POSITIVE_INFINITY, lastGap(passage)));
}

export function arrivesAt({ passage }: Frame, label: string): void {
	const from = passage.gotos.get(label);
	if (from !== undefined) passage.reached = Math.min(from, passage.reached ?? Number.POSITIVE_INFINITY);
}

/** A statement as both sides of the patch have it, or null where a side changes it. */
export function statementOf({ frame }: Lowering, node: CNode): string | null {
	for (let line = node.line; line <= node.endLine; line++) if (frame.file.place(line).changed) return null;
	return node.text.replace(/\s+/g, ' ');
}

/** Behind a statement that may return. */
export function leftBehind(l: Lowering, node: CNode): void {
	if (node.type !== 'if_statement' || !isFragment(l.frame) || !returns(node)) return;
	l.frame.passage.leaving = statementOf(l, node) ?? l.frame.passage.leaving;
}

const returns = (node: CNode): boolean => node.type === 'return_statement' || node.named.some(returns);

import type { CNode } from '../../parse';
import type { Change } from '../implied/change';
import type { Point } from '../implied/sections';
import type { Site } from '../implied/sites';
import { isOwnAsked } from '../implied/twins';

/** Its condition, or all of it, is among the patch's lines. */
export const isOwn = ({ after }: Change, node: CNode): boolean => isOwnAsked(after, node);

/** Where the condition holds, the function is left, or goes to a label. */
export const leaves = (node: CNode): boolean => /\b(?:return|goto)\b/.test(node.field('consequence')?.text ?? '');

/** All that lies between the two is shown. */
export const isInSight = ({ after: { fn } }: Change, from: CNode, to: CNode): boolean => fn.gaps.every((gap) => gap <= from.line || gap > to.line);

/** Both are in one section of some lock. */
export const shares = (one: Point, other: Point): boolean => [...one.held].some(([lock, section]) => other.held.get(lock) === section);

/** The calls in a statement. */
export const callsIn = (sites: readonly Site[], node: CNode): readonly Site[] => sites.filter(({ start }) => start >= node.start && start < node.end);

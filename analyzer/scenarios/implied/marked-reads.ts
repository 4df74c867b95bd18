import type { CNode } from '../../parse';
import type { Change } from './change';
import type { Site } from './sites';

/** What a statement reads of others, or only an `if` decides on. */
const headOf = (node: CNode): string => (node.field('condition') ?? node).text;

/** By the table the call is one access that may meet others: it is atomic, or says in which order it comes. */
const isMarked = ({ row }: Site): boolean => row !== null && 'order' in row && row.order !== undefined && row.order !== 'plain';

/** All that a statement of the side before reads of what others have is read by calls that are made for that: whoever changes it meanwhile races with no plain access. */
export function readsMarked({ old }: Change, node: CNode | undefined): boolean {
	if (!node) return false;
	const { start, end } = node.field('condition') ?? node;
	const calls = old.filter((site) => site.start >= start && site.start < end && isMarked(site));
	const rest = calls.reduce((text, { api, text: call }) => text.replace(call, '').replace(new RegExp(`\\b${api}\\s*\\((?:[^()]|\\([^()]*\\))*\\)`), ''), headOf(node));
	return calls.length > 0 && !/->|\.\w|\w\s*\(/.test(rest.replace(/^\s*if\b|\b(?:un)?likely\s*\(/g, ''));
}

import type { Definition } from '../../lower/sources';
import type { CNode } from '../../parse';
import { escaped, type Site } from './sites';

/** Calls that begin or look at what they are given, and let nobody find it. */
const KEEPS_TO_ITSELF = /(^|_)(init|INIT|setup_timer)(_|$)|^(?:mem(?:set|cpy|move)|str(?:s?cpy|lcpy|ncpy)|ether_addr_copy|IS_ERR\w*|PTR_ERR\w*|WARN\w*|BUG_ON|sizeof|(?:un)?likely|k\w*free\w*|(?:refcount|atomic(?:64)?)_set|INIT_\w+|__set_bit)/;

/** Whether `name` leads, at this node, to an object that the function has allocated and that nobody else can find yet. */
export function isNewborn({ fn }: Definition, sites: readonly Site[], name: string, node: CNode): boolean {
	const { body } = fn;
	const ahead = (start: number): string => body.text.slice(0, Math.max(0, start - body.start));
	const given = new RegExp(`(?<![\\w.>])${escaped(name)}\\s*=\\s*(?:\\([^()]*\\)\\s*)?$`);
	const made = sites.findLast(({ row, start }) => row?.effect === 'alloc' && start < node.start && given.test(ahead(start)));
	if (!made || fn.gaps.some((line) => line >= made.line && line <= node.line)) return false;
	const between = body.text.slice(made.start - body.start, node.start - body.start);
	const shown = new RegExp(`(?<![\\w.>])${escaped(name)}\\s*=[^=]|[^=!<>]=\\s*(?:\\([^()]*\\)\\s*)?&?\\s*${escaped(name)}\\b(?:\\s*->[\\w.\\s]+)?\\s*[;,?]`);
	const handed = new RegExp(`^&?\\s*${escaped(name)}$|^&\\s*${escaped(name)}\\s*->`);
	return !shown.test(between) && !sites.some(({ api, args, start }) => start > made.start && start < node.start && !KEEPS_TO_ITSELF.test(api) && args.some((arg) => handed.test(arg)));
}

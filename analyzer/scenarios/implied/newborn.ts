import { isNamed, type Namings } from '../../knowledge/namings';
import type { Definition } from '../../lower/sources';
import type { CNode } from '../../parse';
import { escaped, type Site } from './sites';

/** Whether `name` leads, at this node, to an object that the function has allocated and that nobody else can find yet. */
export function isNewborn(table: Namings, { fn }: Definition, sites: readonly Site[], name: string, node: CNode): boolean {
	const { body } = fn;
	const ahead = (start: number): string => body.text.slice(0, Math.max(0, start - body.start));
	const given = new RegExp(`(?<![\\w.>])${escaped(name)}\\s*=\\s*(?:\\([^()]*\\)\\s*)?$`);
	const made = sites.findLast(({ row, start }) => row?.effect === 'alloc' && start < node.start && given.test(ahead(start)));
	if (!made || fn.gaps.some((line) => line >= made.line && line <= node.line)) return false;
	const between = body.text.slice(made.start - body.start, node.start - body.start);
	const shown = new RegExp(`(?<![\\w.>])${escaped(name)}\\s*=[^=]|[^=!<>]=\\s*(?:\\([^()]*\\)\\s*)?&?\\s*${escaped(name)}\\b(?:\\s*->[\\w.\\s]+)?\\s*[;,?]`);
	const handed = new RegExp(`^&?\\s*${escaped(name)}$|^&\\s*${escaped(name)}\\s*->`);
	return !shown.test(between) && !sites.some(({ api, args, start }) => start > made.start && start < node.start && !isNamed(table, 'keeps-to-itself', api) && args.some((arg) => handed.test(arg)));
}

import { holds } from './conditions';
import { CUT, type Directive } from './tokens';

/** One branch of a conditional block, by index of the directive that opens it (-1: it opens where the text begins). */
export interface Branch {
	readonly directive: number;
	readonly condition: string;
	readonly truth: boolean | null;
}

/** `#if … #endif`, or what is left of it where hunks cut it. */
export interface Group {
	readonly branches: Branch[];
	/** Index of its `#endif`, or of the cut that ends it. */
	end: number;
	/** The group's first directive was elided, so its condition is not known. */
	readonly headElided: boolean;
	readonly depth: number;
}

const OPENERS = new Set(['if', 'ifdef', 'ifndef']);
const MIDDLES = new Set(['elif', 'else', 'elifdef', 'elifndef']);

/** For each directive that opens a group (or a first `#else` whose `#if` is elided), its group; keyed by directive index. */
export function findGroups(directives: readonly Directive[]): Map<number, Group> {
	const groups = new Map<number, Group>();
	let open: Group[] = [];
	directives.forEach((directive, index) => {
		if (directive.name === CUT) {
			for (const group of open) group.end = index;
			open = [];
		} else if (OPENERS.has(directive.name)) {
			const group: Group = { branches: [branchOf(directive, index)], end: directives.length, headElided: false, depth: open.length };
			groups.set(index, group);
			open.push(group);
		} else if (MIDDLES.has(directive.name)) {
			const group = open[open.length - 1];
			if (group !== undefined) {
				group.branches.push(branchOf(directive, index));
			} else {
				const first: Branch = { directive: -1, condition: '', truth: null };
				const cut: Group = { branches: [first, branchOf(directive, index)], end: directives.length, headElided: true, depth: 0 };
				groups.set(index, cut);
				open.push(cut);
			}
		} else if (directive.name === 'endif') {
			const group = open.pop();
			if (group !== undefined) group.end = index;
		}
	});
	return groups;
}

function branchOf(directive: Directive, index: number): Branch {
	if (directive.name === 'else') return { directive: index, condition: 'else', truth: true };
	const name = directive.name.startsWith('el') ? directive.name.slice(2) : directive.name;
	return { directive: index, condition: `${name} ${directive.rest.trim()}`, truth: holds(name, directive.rest) };
}

/** The branch that is taken when all options are on: the first whose condition is not false; -1 when none is. */
export function takenBranch(group: Group): number {
	return group.branches.findIndex((branch) => branch.truth !== false);
}

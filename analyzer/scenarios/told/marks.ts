import { expression } from '../../knowledge/expressions';
import { callsNamed, type Namings } from '../../knowledge/namings';
import type { CNode } from '../../parse';
import { paired, type Pair, single } from '../implied/pairing';

/** An argument, two levels of parentheses inside; one that others may follow, with one level inside. */
const ALL = String.raw`((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)`;
const FIRST = String.raw`((?:[^(),]|\([^()]*\))*)`;

/** Calls that mark an access which another thread makes as well: a load of a place, or a store of a value to one. */
const markedIn = (table: Namings): RegExp =>
	expression(String.raw`${callsNamed(table, 'reads-once', 'disowns-race')}\s*&?\s*${ALL}\)|${callsNamed(table, 'marks-store')}\s*&?\s*${FIRST},\s*${ALL}\)`, 'g');

const once = (table: Namings, text: string): string => text.replace(markedIn(table), (_all, read: string | undefined, place = '', value = '') => read ?? `${place} = ${value}`);

/** Marks may stand in one another. */
function unmarked(table: Namings, text: string): string {
	const less = once(table, text);
	return less === text ? text.replace(/\s+/g, '').replace(/\(([\w>.-]+)\)/g, '$1') : unmarked(table, less);
}

function marks(table: Namings, text: string): number {
	const here = text.match(markedIn(table))?.length ?? 0;
	return here === 0 ? 0 : here + marks(table, once(table, text));
}

/** Marks are all that tells the two apart. */
export const differsInMarks = (table: Namings, before: string, after: string): boolean => before !== after && unmarked(table, before) === unmarked(table, after);

/** Statements whose accesses alone are marked now, and were not before. */
export function newlyMarked(table: Namings, old: readonly CNode[], now: readonly CNode[], head: (node: CNode) => string): readonly Pair<CNode>[] {
	const key = (node: CNode): string => `${node.type === 'declaration' ? 'expression_statement' : node.type} ${unmarked(table, head(node))}`;
	return paired(single(old, key), single(now.filter((node) => marks(table, head(node)) > 0), key), key).filter(({ before, after }) => marks(table, head(after)) > marks(table, head(before)));
}

/** A statement without what its loads demand of lockdep: a read's second argument, whatever is called in it. */
export function withoutDemands(table: Namings, text: string): string {
	const call = expression(callsNamed(table, 'annotates-load'), 'g');
	let rest = '';
	let from = 0;
	for (let match = call.exec(text); match; match = call.exec(text)) {
		const { comma, end } = argumentsFrom(text, call.lastIndex);
		if (comma === null) continue;
		rest += text.slice(from, comma);
		from = call.lastIndex = end;
	}
	return rest + text.slice(from);
}

/** Behind the parenthesis at which arguments begin: the first comma between them, and where they end. */
function argumentsFrom(text: string, start: number): { readonly comma: number | null; readonly end: number } {
	let comma: number | null = null;
	let depth = 0;
	for (let at = start; at < text.length; at++) {
		const each = text[at];
		if (each === ')' && depth === 0) return { comma, end: at };
		if (each === ',' && depth === 0) comma ??= at;
		depth += each === '(' ? 1 : each === ')' ? -1 : 0;
	}
	return { comma: null, end: text.length };
}

/** The statement is one of the side before, with no more than sparse's word for a pointer that readers find: it is read as it was. */
export const isAnnotated = (table: Namings, old: readonly CNode[], node: CNode, head: (node: CNode) => string): boolean => {
	const plain = head(node).replace(expression(String.raw`${callsNamed(table, 'annotates-load')}\s*([^(),]*)(?:,[^()]*(?:\([^()]*\))?)?\)`, 'g'), '$1');
	return plain !== head(node) && old.some((each) => head(each) === plain);
};

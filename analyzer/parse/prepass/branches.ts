import type { Canvas } from './canvas';
import { findGroups, type Group, takenBranch } from './groups';
import { CODE, ENUM, FILE, INITIALISER, RECORD, Structure } from './structure';
import { CLOSE_BRACE, CLOSE_BRACKET, CLOSE_PAREN, COLON, COMMA, CUT, IDENTIFIER, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON, type Tokens } from './tokens';

/** A conditional block of which one branch was kept. */
export interface Conditional {
	readonly line: number;
	/** The condition of the branch kept, as written; `''` where it is elided, `no branch` where none was kept. */
	readonly condition: string;
}

export interface Selected {
	readonly structure: Structure;
	readonly conditionals: readonly Conditional[];
	/** Start and end offsets in turn. */
	readonly alternatives: readonly number[];
}

interface Options {
	readonly changed?: (start: number, end: number) => boolean;
	/** `fragments`: file scope or a function's body, whichever the first column tells. */
	readonly within?: 'file' | 'fragments';
}

/** Groups nested deeper than this keep one branch without a look at whether all could stay. */
const MAX_DEPTH = 32;

/**
 * Reduces conditional blocks: where both branches are whole declarations, members or rows, both stay; inside functions and
 * where branches share braces, one does. What goes is blanked; the result's tokens are those that stay.
 */
export function selectBranches(lexed: Tokens, canvas: Canvas, options: Options): Selected {
	const { directives } = lexed;
	const groups = findGroups(directives);
	const kept = { ...lexed, kind: new Uint8Array(lexed.count), start: new Int32Array(lexed.count), end: new Int32Array(lexed.count) };
	const structure = new Structure(kept, options.within === 'fragments' ? CODE : FILE);
	const conditionals: Conditional[] = [];
	const alternatives: [number, number][] = [];
	const lines = new LineCounter(lexed.text);
	/** Directive that opens a branch that goes → the directive that ends it. */
	const dropped = new Map<number, number>();
	let count = 0;

	const startOf = (directive: number): number => (directive < 0 ? 0 : directives[directive]!.end);
	const endOf = (directive: number): number => directives[directive]?.start ?? lexed.text.length;

	/** Decides which branches of a group go. */
	const reduce = (group: Group): void => {
		const taken = takenBranch(group);
		const atMargin = options.within === 'fragments' && structure.isOutermost && standsAtMargin(lexed, group);
		const context = atMargin ? FILE : structure.current;
		if (atMargin || canKeepAll(lexed, group, context, count > 0 ? kept.kind[count - 1]! : 0)) {
			group.branches.forEach((branch, number) => {
				if (number === taken || branch.directive < 0) return;
				const to = endOfBranch(group, number);
				if (isNeverBuilt(branch.condition)) dropped.set(branch.directive, to);
				else if (context === FILE) alternatives.push([startOf(branch.directive), endOf(to)]);
			});
			return;
		}
		const changed = (number: number): boolean =>
			options.changed?.(startOf(group.branches[number]!.directive), endOf(endOfBranch(group, number))) ?? false;
		const preferred = taken >= 0 && changed(taken) ? taken : group.branches.findIndex((_, number) => changed(number));
		const choice = preferred >= 0 ? preferred : taken;
		const shown = group.branches.find((branch) => branch.directive >= 0)!;
		conditionals.push({ line: lines.at(directives[shown.directive]!.start), condition: choice < 0 ? 'no branch' : group.branches[choice]!.condition });
		group.branches.forEach((branch, number) => {
			if (number !== choice && branch.directive >= 0) dropped.set(branch.directive, endOfBranch(group, number));
		});
	};

	let directive = 0;
	let token = 0;
	while (token < lexed.count || directive < directives.length) {
		if (directive < directives.length && directives[directive]!.token <= token) {
			if (directives[directive]!.name === CUT && options.within === 'fragments') structure.reset(CODE);
			const group = groups.get(directive);
			if (group !== undefined) reduce(group);
			const to = dropped.get(directive);
			if (to === undefined) {
				directive++;
			} else {
				canvas.blank(startOf(directive), endOf(to));
				token = directives[to]?.token ?? lexed.count;
				directive = to;
			}
			continue;
		}
		kept.kind[count] = lexed.kind[token]!;
		kept.start[count] = lexed.start[token]!;
		kept.end[count] = lexed.end[token]!;
		structure.add(count);
		count++;
		token++;
	}
	kept.count = count;
	return { structure, conditionals, alternatives: joined(alternatives) };
}

function endOfBranch(group: Group, number: number): number {
	return group.branches[number + 1]?.directive ?? group.end;
}

/** Ascending and apart, starts and ends in turn. */
function joined(ranges: [number, number][]): number[] {
	const flat: number[] = [];
	for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
		const last = flat[flat.length - 1] ?? -1;
		if (from > last) flat.push(from, to);
		else if (to > last) flat[flat.length - 1] = to;
	}
	return flat;
}

/** Conditions under which no kernel code is ever compiled. */
function isNeverBuilt(condition: string): boolean {
	return /^if\s+0\b|__cplusplus|__ASSEMBL/.test(condition);
}

/** A branch begins in the first column with what is no label: it is at file scope. */
function standsAtMargin(lexed: Tokens, group: Group): boolean {
	return group.branches.some(({ directive }, number) => {
		const first = lexed.directives[directive]?.token ?? -1;
		const end = lexed.directives[endOfBranch(group, number)]?.token ?? lexed.count;
		if (first < 0 || first >= end || lexed.kind[first] !== IDENTIFIER || lexed.kind[first + 1] === COLON) return false;
		const start = lexed.start[first]!;
		return start === 0 || lexed.text.charCodeAt(start - 1) === 10;
	});
}

/** Each branch is whole in itself and the surroundings are a list that can take them all. */
function canKeepAll(lexed: Tokens, group: Group, context: number, previous: number): boolean {
	if (context === CODE || group.headElided || group.depth > MAX_DEPTH) return false;
	if (previous !== 0 && previous !== SEMICOLON && previous !== CLOSE_BRACE && previous !== OPEN_BRACE && previous !== COMMA && previous !== CLOSE_PAREN) return false;
	if (context === INITIALISER || context === ENUM) {
		if (group.branches.length > 1) return false;
	}
	// A function's head without its body is not whole.
	const behind = lexed.kind[lexed.directives[group.end]?.token ?? lexed.count] === OPEN_BRACE;
	for (let branch = 0; branch < group.branches.length; branch++) {
		const from = lexed.directives[group.branches[branch]!.directive]!.token;
		const to = lexed.directives[endOfBranch(group, branch)]?.token ?? lexed.count;
		if (!isWhole(lexed, from, to, context, behind)) return false;
	}
	return true;
}

function isWhole(lexed: Tokens, from: number, to: number, context: number, beforeBrace: boolean): boolean {
	let depth = 0;
	for (let at = from; at < to; at++) {
		const kind = lexed.kind[at]!;
		if (kind === OPEN_BRACE || kind === OPEN_PAREN || kind === OPEN_BRACKET) depth++;
		else if ((kind === CLOSE_BRACE || kind === CLOSE_PAREN || kind === CLOSE_BRACKET) && --depth < 0) return false;
	}
	if (depth !== 0) return false;
	if (from === to) return true;
	const last = lexed.kind[to - 1]!;
	if (last === SEMICOLON || last === CLOSE_BRACE) return true;
	if (context === FILE) return last === CLOSE_PAREN && !beforeBrace;
	return context !== RECORD && last === COMMA;
}

/** 1-based lines of ascending offsets. */
class LineCounter {
	readonly #text: string;
	#line = 1;
	#offset = 0;

	constructor(text: string) {
		this.#text = text;
	}

	at(offset: number): number {
		if (offset < this.#offset) {
			this.#line = 1;
			this.#offset = 0;
		}
		for (let newline = this.#text.indexOf('\n', this.#offset); newline >= 0 && newline < offset; ) {
			this.#line++;
			this.#offset = newline + 1;
			newline = this.#text.indexOf('\n', this.#offset);
		}
		return this.#line;
	}
}

import { COLON, IDENTIFIER, type Tokens, word } from '../prepass/tokens';
import type { Loose } from './brackets';
import type { Draft, PartialFunction } from './draft';
import type { ShownHead } from './heads';
import type { Stretch } from './hunks';
import { closerOf, type Level, openerOf, readDemand, reconcile, shownLevel } from './levels';
import type { Section } from './sections';
import { beginning, ending } from './statements';

/** Elided lines between two stretches of one function, when neither header names it. */
const MAX_UNNAMED_GAP = 30;
/** The same when a label stands in the header, or one stretch jumps to a label of the other. */
const MAX_LABELLED_GAP = 400;
/** Labels stand in the first columns. */
const LABEL_COLUMN = 4;
/** Levels that stay open from stretch to stretch. */
const MAX_LEVELS = 120;

interface Open {
	readonly unit: PartialFunction;
	levels: Level[];
	/** Shown so far. */
	readonly gotos: Set<string>;
	readonly labels: Set<string>;
	/** Where the last stretch of it ends. */
	end: number;
}

/** The function that is open while stretches are gone through, and what its elided lines must have opened and closed. */
export class Bodies {
	readonly #draft: Draft;
	readonly #tokens: Tokens;
	readonly #match: Int32Array;
	#open: Open | null = null;

	constructor(draft: Draft) {
		this.#draft = draft;
		this.#tokens = draft.cut.tokens;
		this.#match = draft.match;
	}

	get isOpen(): boolean {
		return this.#open !== null;
	}

	readonly #column = (token: number): number => this.#draft.cut.layout.lineColumn(token);

	/** Makes the open function the one that the stretch begins in. */
	resume(stretch: Stretch, section: Section): void {
		if (this.#open !== null && this.#open.levels.length < MAX_LEVELS && this.#continuesOpen(this.#open, stretch, section)) {
			this.#open.unit.gaps.push(stretch.fromLine);
			if (this.#open.unit.name === '' && section.kind === 'function') {
				this.#open.unit.name = section.name;
				this.#open.unit.named = 'hunk header';
			}
			return;
		}
		this.close();
		const isFunction = section.kind === 'function';
		const unit: PartialFunction = {
			from: stretch.from, to: stretch.to,
			name: isFunction ? section.name : '',
			named: isFunction ? 'hunk header' : '',
			headElided: true, tailElided: true, gaps: [],
		};
		this.#draft.functions.push(unit);
		this.#draft.insertions.add(stretch.from, isFunction ? `${section.opener} ` : 'void elided_(void) { ');
		this.#open = { unit, levels: [{ kind: 'function', indent: 0 }], gotos: new Set(), labels: new Set(), end: stretch.from };
	}

	#continuesOpen(open: Open, stretch: Stretch, section: Section): boolean {
		if (section.kind === 'function') {
			if (open.unit.name !== '') return open.unit.name === section.name;
			return stretch.elidedBefore <= MAX_UNNAMED_GAP;
		}
		if (section.kind === 'label') return stretch.elidedBefore <= MAX_LABELLED_GAP;
		if (section.kind !== 'none') return false;
		if (stretch.elidedBefore <= MAX_UNNAMED_GAP) return true;
		return stretch.elidedBefore <= MAX_LABELLED_GAP && this.#sharesLabel(open, stretch);
	}

	/** One of them jumps to a label that the other shows. */
	#sharesLabel(open: Open, stretch: Stretch): boolean {
		const gotos = new Set<string>();
		const labels = new Set<string>();
		this.#readLabels(stretch.first, stretch.last, gotos, labels);
		return [...labels].some((label) => open.gotos.has(label)) || [...gotos].some((label) => open.labels.has(label));
	}

	#readLabels(first: number, last: number, gotos: Set<string>, labels: Set<string>): void {
		for (let at = first; at + 1 < last; at++) {
			if (this.#tokens.kind[at] !== IDENTIFIER) continue;
			if (this.#tokens.kind[at + 1] === IDENTIFIER && word(this.#tokens, at) === 'goto') gotos.add(word(this.#tokens, at + 1));
			else if (this.#tokens.kind[at + 1] === COLON && this.#draft.cut.layout.column(at) <= LABEL_COLUMN) labels.add(word(this.#tokens, at));
		}
	}

	/** A head whose body is not closed in its stretch. `openers`: braces in the body that stay open, outermost first. */
	begin(stretch: Stretch, head: ShownHead, openers: readonly number[]): void {
		const { functions } = this.#draft;
		// A head whose beginning is elided was noted already, as the last one.
		const latest = functions[functions.length - 1];
		const from = this.#tokens.start[head.begin]!;
		const unit: PartialFunction = latest?.from === from ? latest
			: { from, to: stretch.to, name: head.name, named: '', headElided: false, tailElided: true, gaps: [] };
		if (unit !== latest) functions.push(unit);
		unit.to = stretch.to;
		unit.tailElided = true;
		const levels = openers.map((brace) => shownLevel(this.#tokens, this.#match, head.brace + 1, brace, this.#column));
		this.#open = { unit, levels: [{ kind: 'function', indent: 0 }, ...levels], gotos: new Set(), labels: new Set(), end: stretch.to };
		this.#readLabels(head.brace + 1, stretch.last, this.#open.gotos, this.#open.labels);
	}

	/** The open function's own closing brace is shown: everything else that is open closes in front of it. */
	finish(close: number): void {
		const open = this.#open;
		if (open === null) return;
		open.unit.to = this.#tokens.end[close]!;
		open.unit.tailElided = false;
		for (let level = open.levels.length - 1; level > 0; level--) this.#draft.insertions.add(this.#tokens.start[close]!, ` ${closerOf(open.levels[level]!.kind)} `);
		this.#open = null;
	}

	/** Code of the open function from token `first` to `last`: opens what it demands, notes what it leaves open. */
	code(stretch: Stretch, first: number, last: number, closers: readonly number[], openers: readonly number[]): void {
		const open = this.#open;
		if (open === null) return;
		const demand = readDemand(this.#tokens, this.#match, first, last, closers, this.#column, stretch.indented);
		const { keep, add } = reconcile(open.levels, demand);
		for (let level = open.levels.length - 1; level >= keep; level--) this.#draft.insertions.add(open.end, ` ${closerOf(open.levels[level]!.kind)}`);
		const prefix = add.map((level) => `${openerOf(level)} `).join('') + beginning(this.#tokens, this.#match, first, last, this.#draft.cut.layout, stretch.indented);
		this.#draft.insertions.add(stretch.from, prefix);
		open.levels = [...open.levels.slice(0, keep), ...add];
		open.levels.length -= Math.min(closers.length, open.levels.length - 1);
		for (const brace of openers) open.levels.push(shownLevel(this.#tokens, this.#match, first, brace, this.#column));
		this.#readLabels(first, last, open.gotos, open.labels);
		open.end = stretch.to;
		open.unit.to = stretch.to;
	}

	/** Completes the statement that a stretch of the open function breaks off in. */
	completeStatement(stretch: Stretch, loose: Loose): void {
		if (loose.completed) return;
		const from = loose.openers.length > 0 ? loose.openers[loose.openers.length - 1]! + 1 : Math.max(stretch.first, (loose.closers[loose.closers.length - 1] ?? -1) + 1);
		const text = ending(this.#tokens, this.#match, from, stretch.last, loose.openParens);
		// Entries of a table do not end with a semicolon.
		const table = this.#open?.levels[this.#open.levels.length - 1]?.kind === 'initialiser';
		this.#draft.insertions.add(stretch.to, table ? text.replace(/ ;$/, '') : text);
	}

	/** Closes what is open behind the last stretch of it: its end is elided. */
	close(): void {
		const open = this.#open;
		if (open === null) return;
		for (let level = open.levels.length - 1; level >= 0; level--) this.#draft.insertions.add(open.end, ` ${closerOf(open.levels[level]!.kind)}`);
		open.unit.tailElided = true;
		this.#open = null;
	}
}

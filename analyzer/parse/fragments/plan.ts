import { CLOSE_BRACE, COLON, IDENTIFIER, OPEN_BRACE, OPEN_PAREN, SEMICOLON, STAR, type Tokens, word } from '../prepass/tokens';
import { type Loose, matchBrackets } from './brackets';
import { headBefore, type ShownHead } from './heads';
import type { Cut, Stretch } from './hunks';
import { Insertions } from './insertions';
import { closerOf, type Level, openerOf, readDemand, reconcile, shownLevel } from './levels';
import { readSection, type Section } from './sections';
import { beginning, ending, type Reading, readAs } from './statements';

/** A function of which not everything is shown. */
export interface PartialFunction {
	/** Offsets in the image's text: from its first shown character to behind its last. */
	from: number;
	to: number;
	/** `''` where nothing tells. */
	name: string;
	named: string;
	headElided: boolean;
	tailElided: boolean;
	/** First lines of stretches behind its first. */
	readonly gaps: number[];
}

export interface Plan {
	readonly insertions: Insertions;
	readonly functions: readonly PartialFunction[];
	/** Ranges of offsets that belong to nothing that could be told, and are left out. */
	readonly dropped: readonly number[];
}

/** Elided lines between two stretches of one function, when neither header names it. */
const MAX_UNNAMED_GAP = 30;
/** The same when a label stands in the header, or one stretch jumps to a label of the other. */
const MAX_LABELLED_GAP = 400;
/** Labels stand in the first columns. */
const LABEL_COLUMN = 4;

/** A stretch with more brackets without partners than this is no code that a person wrote, and is left out. */
const MAX_LOOSE = 40;
/** Levels that stay open from stretch to stretch. */
const MAX_LEVELS = 120;

interface Open {
	readonly unit: PartialFunction;
	levels: Level[];
	/** Shown so far. */
	readonly gotos: Set<string>;
	readonly labels: Set<string>;
	end: number;
}

/** Decides what has to be put where so that the stretches of an image read as whole functions, structs and tables. */
export function planFragments(cut: Cut): Plan {
	return new Planner(cut).run();
}

/** What the hunk header makes likely; null where it says nothing. `open`: a function is not closed yet. */
function expectedReading(section: Section, open: boolean): Reading | null {
	if (section.kind === 'function' || section.kind === 'label') return 'code';
	if (section.kind === 'none') return open ? 'code' : null;
	return section.kind;
}

/** The type of a head whose own line does not show it: the header's, or any; a macro's head has none. */
function missingType(section: string, name: string): string {
	if (/^[A-Za-z_][\w\s*]*$/.test(section)) return `${section} `;
	return /^[A-Z0-9_]+$/.test(name) ? '' : 'void ';
}

class Planner {
	readonly #cut: Cut;
	readonly #tokens: Tokens;
	readonly #match: Int32Array;
	readonly #insertions = new Insertions();
	readonly #functions: PartialFunction[] = [];
	readonly #dropped: number[] = [];
	#open: Open | null = null;

	constructor(cut: Cut) {
		this.#cut = cut;
		this.#tokens = cut.tokens;
		this.#match = new Int32Array(cut.tokens.count).fill(-1);
	}

	run(): Plan {
		for (const stretch of this.#cut.stretches) {
			if (stretch.first < stretch.last) this.#stretch(stretch);
		}
		this.#closeOpen(true);
		return { insertions: this.#insertions, functions: this.#functions, dropped: this.#dropped };
	}

	readonly #column = (token: number): number => this.#cut.layout.lineColumn(token);
	readonly #rawColumn = (token: number): number => this.#cut.layout.column(token);

	#stretch(stretch: Stretch): void {
		const all = matchBrackets(this.#tokens, stretch.first, stretch.last, this.#match);
		const loose = this.#closeExpressions(stretch, all);
		if (loose.openers.length + loose.closers.length + loose.openParens.length + loose.parens.length > MAX_LOOSE) {
			this.#dropped.push(stretch.from, stretch.to);
			return;
		}
		const heads = this.#heads(stretch);
		const section = readSection(stretch.section);
		const firstHead = heads[0];
		const close = this.#closing(stretch, loose, firstHead);
		if (close >= 0) {
			this.#continuation(stretch, stretch.first, close, true, loose, section);
		} else if (firstHead === undefined) {
			const expected = expectedReading(section, this.#open !== null);
			const code = loose.closers.length > 0 && (expected === null || expected === 'code');
			const reading = code ? 'code'
				: (readAs(this.#tokens, this.#match, stretch.first, stretch.last, this.#rawColumn, stretch.indented, stretch.elidedBefore === 0 ? 'file' : expected) ?? 'code');
			if (reading !== 'file') {
				this.#inside(stretch, reading, loose, section);
				return;
			}
		}
		if (close < 0) this.#closeOpen(true);
		this.#fileScope(stretch, close, firstHead, loose);
		this.#openHeads(stretch, heads, loose, section);
	}

	/**
	 * A brace within open parentheses (a compound literal, a statement in an expression, an argument) does not stay open into
	 * the next stretch: the whole expression is closed. What is left are braces of statements, and no parentheses then.
	 */
	#closeExpressions(stretch: Stretch, loose: Loose): Loose {
		const { open } = loose;
		const isBrace = (token: number): boolean => this.#tokens.kind[token] === OPEN_BRACE;
		const outer = open.findIndex((token, index) => !isBrace(token) && open.slice(index + 1, index + 1 + MAX_LOOSE).some(isBrace));
		if (outer < 0) return loose;
		const last = open.length - 1 - [...open].reverse().findIndex(isBrace);
		const statements = open[last]! > 0 && this.#tokens.kind[open[last]! - 1] === OPEN_PAREN;
		const inner = ending(this.#tokens, this.#match, open[last]! + 1, stretch.last, open.slice(last + 1));
		this.#insertions.add(stretch.to, statements ? inner : inner.replace(/ ;$/, ''));
		for (let index = last; index >= outer; index--) {
			const kind = this.#tokens.kind[open[index]!];
			this.#insertions.add(stretch.to, kind === OPEN_BRACE ? ' }' : kind === OPEN_PAREN ? ')' : ']');
		}
		this.#insertions.add(stretch.to, ' ;');
		return { ...loose, openers: open.slice(0, outer).filter(isBrace), openParens: [], completed: true };
	}

	/** Heads of functions shown at the stretch's outermost levels. */
	#heads(stretch: Stretch): ShownHead[] {
		const heads: ShownHead[] = [];
		let from = stretch.first;
		for (let at = stretch.first; at < stretch.last; at++) {
			if (this.#tokens.kind[at] !== OPEN_BRACE) continue;
			const head = headBefore(this.#tokens, this.#match, from, at, this.#rawColumn);
			const margin = !stretch.indented || this.#rawColumn(at) === 0 || (head !== null && this.#rawColumn(head.begin) === 0);
			if (head !== null && margin && (!head.cut || heads.length === 0)) heads.push(head);
			else if (head === null && at === stretch.first && this.#rawColumn(at) === 0) {
				// Alone on the first line, in the first column: only a function's brace stands like that.
				heads.push({ begin: at, brace: at, name: '', cut: true, typeless: false, listElided: true });
			}
			if (this.#match[at]! > at) {
				at = this.#match[at]!;
				from = at + 1;
			}
		}
		return heads;
	}

	/** The brace that closes what the stretch begins in at file scope, or -1. */
	#closing(stretch: Stretch, loose: Loose, head: ShownHead | undefined): number {
		const before = loose.closers.filter((closer) => head === undefined || closer < head.begin);
		if (before.length === 0) return -1;
		if (head !== undefined) return before[before.length - 1]!;
		if (stretch.indented) return before.find((closer) => this.#rawColumn(closer) === 0) ?? -1;
		const last = before[before.length - 1]!;
		const next = last + 1;
		// Without columns: what follows says whether the function ended.
		const ends = next < stretch.last && this.#tokens.kind[next] === IDENTIFIER
			&& /^(?:EXPORT_\w+|MODULE_\w+|static|extern|module_\w+|SYSCALL_DEFINE\w*|DEFINE_\w+)$/.test(word(this.#tokens, next));
		return ends || (next < stretch.last && this.#tokens.kind[next] === SEMICOLON) ? last : -1;
	}

	/** The stretch from `first` to the closing brace `close` ends something that began in elided lines. */
	#continuation(stretch: Stretch, first: number, close: number, whole: boolean, loose: Loose, section: Section): void {
		const after = close + 1;
		const afterKind = after < stretch.last ? this.#tokens.kind[after]! : 0;
		const inner = loose.closers.filter((closer) => closer < close);
		const expected = expectedReading(section, false);
		let reading: Reading = 'code';
		const declarator = afterKind === IDENTIFIER && after + 1 < stretch.last && this.#tokens.kind[after + 1] === SEMICOLON
			&& this.#cut.layout.sameLine(close, after);
		if (afterKind === SEMICOLON || declarator) {
			reading = readAs(this.#tokens, this.#match, first, close, this.#rawColumn, stretch.indented, expected) ?? 'record';
			if (reading === 'file') reading = 'record';
		}
		if (reading === 'code') {
			this.#resume(stretch, section);
			this.#code(stretch, first, close, inner, [], !whole);
			const open = this.#open!;
			open.unit.to = this.#tokens.end[close]!;
			open.unit.tailElided = false;
			// The function's own closing brace is shown: everything else that is open closes in front of it.
			const at = this.#tokens.start[close]!;
			for (let level = open.levels.length - 1; level > 0; level--) this.#insertions.add(at, ` ${closerOf(open.levels[level]!.kind)} `);
			this.#open = null;
			return;
		}
		this.#closeOpen(true);
		this.#data(stretch, first, reading, inner, section);
	}

	/** Nothing in the stretch begins or ends at file scope. */
	#inside(stretch: Stretch, reading: Reading, loose: Loose, section: Section): void {
		if (reading === 'initialiser' && expectedReading(section, this.#open !== null) === 'code') {
			// A table that is local to a function.
			this.#resume(stretch, section);
			this.#code(stretch, stretch.first, stretch.first, [], [], false);
			this.#insertions.add(stretch.from, 'int elided_[] = { ');
			this.#insertions.add(stretch.to, ` ${'}'.repeat(loose.openers.length)}};`);
			return;
		}
		if (reading === 'code') {
			this.#resume(stretch, section);
			this.#code(stretch, stretch.first, stretch.last, loose.closers, loose.openers, false);
			this.#completeStatement(stretch, loose);
			return;
		}
		this.#closeOpen(true);
		this.#data(stretch, stretch.first, reading, loose.closers, section);
		this.#insertions.add(stretch.to, ` ${(reading === 'record' ? '};' : '}').repeat(loose.openers.length)}};`);
	}

	/** Makes `#open` the function that the stretch begins in. */
	#resume(stretch: Stretch, section: Section): void {
		if (this.#open !== null && this.#open.levels.length < MAX_LEVELS && this.#continuesOpen(this.#open, stretch, section)) {
			this.#open.unit.gaps.push(stretch.fromLine);
			if (this.#open.unit.name === '' && section.kind === 'function') {
				this.#open.unit.name = section.name;
				this.#open.unit.named = 'hunk header';
			}
			return;
		}
		this.#closeOpen(true);
		const isFunction = section.kind === 'function';
		const unit: PartialFunction = {
			from: stretch.from, to: stretch.to,
			name: isFunction ? section.name : '',
			named: isFunction ? 'hunk header' : '',
			headElided: true, tailElided: true, gaps: [],
		};
		this.#functions.push(unit);
		this.#insertions.add(stretch.from, isFunction ? `${section.opener} ` : 'void elided_(void) { ');
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
			else if (this.#tokens.kind[at + 1] === COLON && this.#rawColumn(at) <= LABEL_COLUMN) labels.add(word(this.#tokens, at));
		}
	}

	/** Code of the open function from token `first` to `last`: opens what it demands, notes what it leaves open. */
	#code(stretch: Stretch, first: number, last: number, closers: readonly number[], openers: readonly number[], resumed: boolean): void {
		const open = this.#open!;
		const demand = readDemand(this.#tokens, this.#match, first, last, closers, this.#column, stretch.indented);
		const { keep, add } = reconcile(open.levels, demand);
		for (let level = open.levels.length - 1; level >= keep; level--) this.#insertions.add(open.end, ` ${closerOf(open.levels[level]!.kind)}`);
		if (!resumed) {
			const prefix = add.map((level) => `${openerOf(level)} `).join('') + beginning(this.#tokens, this.#match, first, last, this.#cut.layout, stretch.indented);
			this.#insertions.add(stretch.from, prefix);
		}
		open.levels = [...open.levels.slice(0, keep), ...add];
		open.levels.length -= Math.min(closers.length, open.levels.length - 1);
		for (const brace of openers) open.levels.push(shownLevel(this.#tokens, this.#match, first, brace, this.#column));
		this.#readLabels(first, last, open.gotos, open.labels);
		open.end = stretch.to;
		open.unit.to = stretch.to;
	}

	#completeStatement(stretch: Stretch, loose: Loose): void {
		if (loose.completed) return;
		const from = loose.openers.length > 0 ? loose.openers[loose.openers.length - 1]! + 1 : Math.max(stretch.first, (loose.closers[loose.closers.length - 1] ?? -1) + 1);
		const text = ending(this.#tokens, this.#match, from, stretch.last, loose.openParens);
		// Entries of a table do not end with a semicolon.
		const table = this.#open?.levels[this.#open.levels.length - 1]?.kind === 'initialiser';
		this.#insertions.add(stretch.to, table ? text.replace(/ ;$/, '') : text);
	}

	/** Members, enumerators or entries whose beginning is elided. */
	#data(stretch: Stretch, first: number, reading: Reading, closers: readonly number[], section: Section): void {
		const matching = section.kind === reading;
		const outer = matching ? section.opener : reading === 'record' ? 'struct elided_ {' : reading === 'enum' ? 'enum elided_ {' : 'int elided_[] = {';
		const inner = reading === 'record' ? 'struct { ' : '{ ';
		this.#insertions.add(this.#tokens.start[first]!, `${outer} ${inner.repeat(closers.length)}`);
		void stretch;
	}

	/** What stands between the end of one thing and the first head: cut declarations at its beginning are left out. */
	#fileScope(stretch: Stretch, close: number, head: ShownHead | undefined, loose: Loose): void {
		const first = close >= 0 ? close + 1 : stretch.first;
		const last = head?.begin ?? stretch.last;
		if (first >= last) return;
		// Nothing is open at file scope that these could close.
		for (const closer of loose.closers) if (closer > close && closer < last) this.#dropped.push(this.#tokens.start[closer]!, this.#tokens.end[closer]!);
		const cutParens = loose.parens.filter((paren) => paren >= first && paren < last);
		if (cutParens.length > 0) {
			let at = cutParens[cutParens.length - 1]! + 1;
			while (at < last && this.#tokens.kind[at] !== SEMICOLON && this.#tokens.kind[at] !== CLOSE_BRACE) at++;
			this.#dropped.push(this.#tokens.start[first]!, at < last ? this.#tokens.end[at]! : this.#tokens.end[last - 1]!);
		}
	}

	/** Opens the last head's function when its end is elided; completes a head whose beginning is. */
	#openHeads(stretch: Stretch, heads: readonly ShownHead[], loose: Loose, section: Section): void {
		for (const head of heads) {
			if (head.cut) this.#completeHead(head, stretch, section);
			// The type stands on the line before, which the header may show.
			else if (head.typeless) this.#insertions.add(this.#tokens.start[head.begin]!, missingType(stretch.section, head.name));
		}
		const outermost = loose.openers[0];
		const head = heads.find((shown) => shown.brace === outermost);
		if (head === undefined) {
			const from = outermost === undefined ? Math.max(stretch.first, (loose.closers[loose.closers.length - 1] ?? -1) + 1) : loose.openers[loose.openers.length - 1]! + 1;
			const tail = loose.completed ? '' : ending(this.#tokens, this.#match, from, stretch.last, loose.openParens);
			// Entries and enumerators end with commas; a semicolon would be wrong there and nothing is missing.
			if (outermost === undefined || loose.openParens.length > 0) this.#insertions.add(stretch.to, outermost === undefined ? tail : tail.replace(/ ;$/, ''));
			for (let open = loose.openers.length - 1; open >= 0; open--) this.#insertions.add(stretch.to, this.#isRecord(loose.openers[open]!) || open === 0 ? ' };' : ' }');
			return;
		}
		// A head whose beginning is elided was noted already, as the last one.
		const latest = this.#functions[this.#functions.length - 1];
		const existing = latest?.from === this.#tokens.start[head.begin] ? latest : undefined;
		const unit: PartialFunction = existing ?? {
			from: this.#tokens.start[head.begin]!, to: stretch.to, name: head.name, named: '', headElided: false, tailElided: true, gaps: [],
		};
		if (existing === undefined) this.#functions.push(unit);
		unit.to = stretch.to;
		unit.tailElided = true;
		this.#open = { unit, levels: [{ kind: 'function', indent: 0 }], gotos: new Set(), labels: new Set(), end: stretch.to };
		const inner = loose.openers.slice(1);
		this.#code(stretch, head.brace + 1, stretch.last, [], inner, true);
		// Nothing is demanded of what is shown from the function's beginning.
		this.#open.levels = [{ kind: 'function', indent: 0 }, ...inner.map((brace) => shownLevel(this.#tokens, this.#match, head.brace + 1, brace, this.#column))];
		const from = loose.openers[loose.openers.length - 1]! + 1;
		if (!loose.completed) this.#insertions.add(stretch.to, ending(this.#tokens, this.#match, from, stretch.last, loose.openParens));
	}

	/** `struct foo {`, `union {`: members of it end with a semicolon. */
	#isRecord(brace: number): boolean {
		for (let at = brace - 1; at >= Math.max(0, brace - 3); at--) {
			if (this.#tokens.kind[at] !== IDENTIFIER) return false;
			const text = word(this.#tokens, at);
			if (text === 'struct' || text === 'union') return true;
		}
		return false;
	}

	#completeHead(head: ShownHead, stretch: Stretch, section: Section): void {
		const isFunction = section.kind === 'function';
		const opener = isFunction ? section.opener.replace(/\s*\{$/, '') : 'void elided_()';
		const at = this.#tokens.start[head.begin]!;
		if (head.listElided) {
			this.#insertions.add(at, `${opener} `);
		} else {
			const open = opener.replace(/\)$/, '');
			const bare = /\(\s*(?:void\s*)?$/.test(open);
			// A parameter's star may be all that is left of its type's line.
			const first = this.#tokens.kind[head.begin] === STAR ? 'void ' : '';
			this.#insertions.add(at, `${bare ? open.replace(/void\s*$/, '') : `${open}, `}${first}`);
		}
		this.#functions.push({
			from: at, to: this.#match[head.brace]! > 0 ? this.#tokens.end[this.#match[head.brace]!]! : stretch.to,
			name: isFunction ? section.name : '', named: isFunction ? 'hunk header' : '',
			headElided: false, tailElided: this.#match[head.brace]! <= 0, gaps: [],
		});
	}

	#closeOpen(elided: boolean): void {
		const open = this.#open;
		if (open === null) return;
		for (let level = open.levels.length - 1; level >= 0; level--) this.#insertions.add(open.end, ` ${closerOf(open.levels[level]!.kind)}`);
		open.unit.tailElided = elided;
		this.#open = null;
	}
}

import { CLOSE_BRACE, IDENTIFIER, OPEN_BRACE, SEMICOLON, STAR, type Tokens, word } from '../prepass/tokens';
import { Bodies } from './bodies';
import { type Loose, matchBrackets } from './brackets';
import type { Draft } from './draft';
import { closeExpressions } from './expressions';
import { endsPrototype, headBefore, type ShownHead } from './heads';
import type { Cut, Stretch } from './hunks';
import { Insertions } from './insertions';
import { opensRecord } from './levels';
import { type Reading, readAs } from './readings';
import { readSection, type Section } from './sections';
import { ending } from './statements';

/** A stretch with more brackets without partners than this is no code that a person wrote, and is left out. */
const MAX_LOOSE = 40;

/** Decides what has to be put where so that the stretches of an image read as whole functions, structs and tables. */
export function planFragments(cut: Cut): Draft {
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
	readonly #draft: Draft;
	readonly #bodies: Bodies;
	readonly #tokens: Tokens;
	readonly #match: Int32Array;
	readonly #insertions: Insertions;

	constructor(cut: Cut) {
		this.#draft = { cut, match: new Int32Array(cut.tokens.count).fill(-1), insertions: new Insertions(), functions: [], dropped: [], leftOut: [] };
		this.#bodies = new Bodies(this.#draft);
		this.#tokens = cut.tokens;
		this.#match = this.#draft.match;
		this.#insertions = this.#draft.insertions;
	}

	run(): Draft {
		for (const stretch of this.#draft.cut.stretches) {
			if (stretch.first < stretch.last) this.#stretch(stretch);
		}
		this.#bodies.close();
		return this.#draft;
	}

	readonly #column = (token: number): number => this.#draft.cut.layout.column(token);

	#stretch(stretch: Stretch): void {
		const all = matchBrackets(this.#tokens, stretch.first, stretch.last, this.#match);
		const loose = closeExpressions(this.#draft, stretch, all);
		if (loose.openers.length + loose.closers.length + loose.openParens.length + loose.parens.length > MAX_LOOSE) {
			this.#draft.dropped.push(stretch.from, stretch.to);
			this.#draft.leftOut.push(stretch.from, stretch.to);
			return;
		}
		const heads = this.#heads(stretch);
		if (loose.closers.length === 0 && loose.parens.length === 1 && endsPrototype(this.#tokens, stretch.first, stretch.last, loose.parens[0]!)) {
			this.#bodies.close();
			this.#fileScope(stretch, -1, heads[0], loose);
			this.#openHeads(stretch, heads, loose, readSection(''));
			return;
		}
		const section = readSection(stretch.section);
		const firstHead = heads[0];
		const close = this.#closing(stretch, loose, firstHead);
		if (close >= 0) {
			this.#continuation(stretch, close, loose, section);
		} else if (firstHead === undefined) {
			const expected = expectedReading(section, this.#bodies.isOpen);
			const code = loose.closers.length > 0 && (expected === null || expected === 'code');
			const reading = code ? 'code'
				: (readAs(this.#tokens, this.#match, stretch.first, stretch.last, this.#column, stretch.indented, stretch.elidedBefore === 0 ? 'file' : expected) ?? 'code');
			if (reading !== 'file') {
				this.#inside(stretch, reading, loose, section);
				return;
			}
		}
		if (close < 0) this.#bodies.close();
		this.#fileScope(stretch, close, firstHead, loose);
		this.#openHeads(stretch, heads, loose, section);
	}

	/** Heads of functions shown at the stretch's outermost levels. */
	#heads(stretch: Stretch): ShownHead[] {
		const heads: ShownHead[] = [];
		let from = stretch.first;
		for (let at = stretch.first; at < stretch.last; at++) {
			if (this.#tokens.kind[at] !== OPEN_BRACE) continue;
			const head = headBefore(this.#tokens, this.#match, from, at, this.#column);
			const margin = !stretch.indented || this.#column(at) === 0 || (head !== null && this.#column(head.begin) === 0);
			if (head !== null && margin && (!head.cut || heads.length === 0)) heads.push(head);
			else if (head === null && at === stretch.first && this.#column(at) === 0) {
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
		if (stretch.indented) return before.find((closer) => this.#column(closer) === 0) ?? -1;
		const last = before[before.length - 1]!;
		const next = last + 1;
		// Without columns: what follows says whether the function ended.
		const ends = next < stretch.last && this.#tokens.kind[next] === IDENTIFIER
			&& /^(?:EXPORT_\w+|MODULE_\w+|static|extern|module_\w+|SYSCALL_DEFINE\w*|DEFINE_\w+)$/.test(word(this.#tokens, next));
		return ends || (next < stretch.last && this.#tokens.kind[next] === SEMICOLON) ? last : -1;
	}

	/** The stretch up to the closing brace `close` ends something that began in elided lines. */
	#continuation(stretch: Stretch, close: number, loose: Loose, section: Section): void {
		const after = close + 1;
		const afterKind = after < stretch.last ? this.#tokens.kind[after]! : 0;
		const inner = loose.closers.filter((closer) => closer < close);
		const expected = expectedReading(section, false);
		let reading: Reading = 'code';
		const declarator = afterKind === IDENTIFIER && after + 1 < stretch.last && this.#tokens.kind[after + 1] === SEMICOLON
			&& this.#draft.cut.layout.sameLine(close, after);
		if (afterKind === SEMICOLON || declarator) {
			reading = readAs(this.#tokens, this.#match, stretch.first, close, this.#column, stretch.indented, expected) ?? 'record';
			if (reading === 'file') reading = 'record';
		}
		if (reading === 'code') {
			this.#bodies.resume(stretch, section);
			this.#bodies.code(stretch, stretch.first, close, inner, []);
			this.#bodies.finish(close);
			return;
		}
		this.#bodies.close();
		this.#data(stretch.first, reading, inner, section);
	}

	/** Nothing in the stretch begins or ends at file scope. */
	#inside(stretch: Stretch, reading: Reading, loose: Loose, section: Section): void {
		if (reading === 'initialiser' && expectedReading(section, this.#bodies.isOpen) === 'code') {
			// A table that is local to a function.
			this.#bodies.resume(stretch, section);
			this.#bodies.code(stretch, stretch.first, stretch.first, [], []);
			this.#insertions.add(stretch.from, 'int elided_[] = { ');
			this.#insertions.add(stretch.to, ` ${'}'.repeat(loose.openers.length)}};`);
			return;
		}
		if (reading === 'code') {
			this.#bodies.resume(stretch, section);
			this.#bodies.code(stretch, stretch.first, stretch.last, loose.closers, loose.openers);
			this.#bodies.completeStatement(stretch, loose);
			return;
		}
		this.#bodies.close();
		this.#data(stretch.first, reading, loose.closers, section);
		this.#insertions.add(stretch.to, ` ${(reading === 'record' ? '};' : '}').repeat(loose.openers.length)}};`);
	}

	/** Members, enumerators or entries whose beginning is elided. */
	#data(first: number, reading: Reading, closers: readonly number[], section: Section): void {
		const matching = section.kind === reading;
		const outer = matching ? section.opener : reading === 'record' ? 'struct elided_ {' : reading === 'enum' ? 'enum elided_ {' : 'int elided_[] = {';
		const inner = reading === 'record' ? 'struct { ' : '{ ';
		this.#insertions.add(this.#tokens.start[first]!, `${outer} ${inner.repeat(closers.length)}`);
	}

	/** What stands between the end of one thing and the first head: cut declarations at its beginning are left out. */
	#fileScope(stretch: Stretch, close: number, head: ShownHead | undefined, loose: Loose): void {
		const first = close >= 0 ? close + 1 : stretch.first;
		const last = head?.begin ?? stretch.last;
		if (first >= last) return;
		// Nothing is open at file scope that these could close.
		for (const closer of loose.closers) if (closer > close && closer < last) this.#draft.dropped.push(this.#tokens.start[closer]!, this.#tokens.end[closer]!);
		const cutParens = loose.parens.filter((paren) => paren >= first && paren < last);
		if (cutParens.length > 0) {
			let at = cutParens[cutParens.length - 1]! + 1;
			while (at < last && this.#tokens.kind[at] !== SEMICOLON && this.#tokens.kind[at] !== CLOSE_BRACE) at++;
			this.#draft.dropped.push(this.#tokens.start[first]!, at < last ? this.#tokens.end[at]! : this.#tokens.end[last - 1]!);
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
			for (let open = loose.openers.length - 1; open >= 0; open--) this.#insertions.add(stretch.to, opensRecord(this.#tokens, loose.openers[open]!) || open === 0 ? ' };' : ' }');
			return;
		}
		this.#bodies.begin(stretch, head, loose.openers.slice(1));
		this.#bodies.completeStatement(stretch, loose);
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
		this.#draft.functions.push({
			from: at, to: this.#match[head.brace]! > 0 ? this.#tokens.end[this.#match[head.brace]!]! : stretch.to,
			name: isFunction ? section.name : '', named: isFunction ? 'hunk header' : '',
			headElided: false, tailElided: this.#match[head.brace]! <= 0, gaps: [],
		});
	}

}

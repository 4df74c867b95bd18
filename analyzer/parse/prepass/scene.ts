import type { Rewritten } from '../source';
import type { Canvas } from './canvas';
import type { Structure } from './structure';
import type { Tokens } from './tokens';

/** An annotation that was blanked, with its place. */
export interface BlankedAnnotation {
	readonly start: number;
	readonly text: string;
}

/** A function head that was a macro's: which offset its name stands at, what the function is called, and by which macro. */
export interface MacroHead {
	readonly name: string;
	readonly macro: string;
}

/** What the rules of the pre-pass read and write. */
export class Scene {
	readonly tokens: Tokens;
	readonly structure: Structure;
	readonly canvas: Canvas;
	readonly rewritten = new Map<number, Rewritten>();
	readonly annotations: BlankedAnnotation[] = [];
	/** Objects that a macro defines, by the offset of their name: the true type where there was no room for it. */
	readonly definitions = new Map<number, { readonly type: string; readonly array: boolean }>();
	/** By the offset of the name in the head. */
	readonly heads = new Map<number, MacroHead>();
	/** Arguments of file-scope macros that export a symbol, with their place. */
	readonly exports: { readonly name: string; readonly start: number }[] = [];
	readonly #skipped: Uint8Array;

	constructor(tokens: Tokens, structure: Structure, canvas: Canvas) {
		this.tokens = tokens;
		this.structure = structure;
		this.canvas = canvas;
		this.#skipped = new Uint8Array(tokens.count);
	}

	/** Tokens that no further rule looks at. */
	skip(from: number, to: number): void {
		this.#skipped.fill(1, from, to);
	}

	isSkipped(index: number): boolean {
		return this.#skipped[index] === 1;
	}

	/** Remembers what stood at a token that is being rewritten. The first to tell is the outermost and wins. */
	keep(token: number, name: string, args: Rewritten['args']): void {
		const at = this.tokens.start[token]!;
		if (!this.rewritten.has(at)) this.rewritten.set(at, { name, args });
	}

	/** Blanks the tokens `from` up to `to` and what stands between them. */
	blank(from: number, to: number): void {
		if (to <= from) return;
		this.canvas.blank(this.tokens.start[from]!, this.tokens.end[to - 1]!);
		this.skip(from, to);
	}

	/**
	 * Writes one character of punctuation behind a token, on white space. A newline stays, so it may come to stand at the
	 * beginning of the next line; false where there is no room at all.
	 */
	insertBehind(token: number, punctuation: string): boolean {
		const to = token + 1 < this.tokens.count ? this.tokens.start[token + 1]! : this.tokens.text.length;
		for (let at = this.tokens.end[token]!; at < to; at++) {
			const unit = this.canvas.unit(at);
			if (unit === 32 || unit === 9) {
				this.canvas.write(at, punctuation);
				return true;
			}
		}
		return false;
	}
}

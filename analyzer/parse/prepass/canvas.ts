/** A text that is written over in place: its length and its newlines never change. */
export class Canvas {
	readonly #units: Uint16Array;

	constructor(text: string) {
		this.#units = new Uint16Array(text.length);
		for (let at = 0; at < text.length; at++) this.#units[at] = text.charCodeAt(at);
	}

	/** Spaces from `from` up to `to`. */
	blank(from: number, to: number): void {
		for (let at = from; at < to; at++) {
			const unit = this.#units[at];
			if (unit !== 10 && unit !== 13) this.#units[at] = 32;
		}
	}

	/** Writes ASCII at `at`; newlines stay where they are and swallow what would stand on them. */
	write(at: number, ascii: string): void {
		for (let index = 0; index < ascii.length; index++) {
			const unit = this.#units[at + index];
			if (unit !== 10 && unit !== 13) this.#units[at + index] = ascii.charCodeAt(index);
		}
	}

	/** Blank between `from` and `to` but for `ascii` at the beginning, which must fit. */
	replace(from: number, to: number, ascii: string): void {
		this.blank(from, to);
		this.write(from, ascii.slice(0, to - from));
	}

	unit(at: number): number {
		return this.#units[at] ?? 0;
	}

	toString(): string {
		// A lone surrogate becomes a replacement character, which is one unit too.
		return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(this.#units);
	}
}

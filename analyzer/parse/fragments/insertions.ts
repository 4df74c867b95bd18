import { lineFinder } from '../lines';
import type { Placement } from '../placement';

/** Text of ours put into a text, never with a newline. */
interface Insertion {
	/** Offset in the original text. */
	readonly at: number;
	readonly text: string;
}

/** Gathers insertions and lays them into a text. At one offset they come in the order they were added. */
export class Insertions {
	readonly #list: Insertion[] = [];

	add(at: number, text: string): void {
		if (text !== '') this.#list.push({ at, text: text.replace(/\s+/g, ' ') });
	}

	/** The text with everything inserted, and the way back. */
	into(text: string): Augmented {
		const sorted = this.#list.map((insertion, order) => ({ ...insertion, order })).sort((a, b) => a.at - b.at || a.order - b.order);
		const starts: number[] = [];
		const ends: number[] = [];
		let result = '';
		let from = 0;
		for (const { at, text: inserted } of sorted) {
			result += text.slice(from, at);
			from = at;
			if (ends.length > 0 && ends[ends.length - 1] === result.length) {
				ends[ends.length - 1] = result.length + inserted.length;
			} else {
				starts.push(result.length);
				ends.push(result.length + inserted.length);
			}
			result += inserted;
		}
		return new Augmented(result + text.slice(from), starts, ends);
	}
}

/** A text with insertions: offsets in it, and back in the original. */
export class Augmented {
	readonly text: string;
	readonly #starts: readonly number[];
	readonly #ends: readonly number[];
	/** Units inserted before and with each insertion. */
	readonly #total: number[];

	constructor(text: string, starts: readonly number[], ends: readonly number[]) {
		this.text = text;
		this.#starts = starts;
		this.#ends = ends;
		this.#total = [];
		let sum = 0;
		starts.forEach((start, index) => {
			sum += ends[index]! - start;
			this.#total.push(sum);
		});
	}

	/** Index of the last insertion that starts at or before the offset, or -1. */
	#before(offset: number): number {
		let low = 0;
		let high = this.#starts.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.#starts[middle]! <= offset) low = middle + 1;
			else high = middle;
		}
		return low - 1;
	}

	inserted(offset: number): boolean {
		const index = this.#before(offset);
		return index >= 0 && offset < this.#ends[index]!;
	}

	/** The original offset; inside an insertion, where it was put. */
	original(offset: number): number {
		const index = this.#before(offset);
		if (index < 0) return offset;
		const before = index > 0 ? this.#total[index - 1]! : 0;
		return offset < this.#ends[index]! ? this.#starts[index]! - before : offset - this.#total[index]!;
	}

	/** The offset in the augmented text of an original offset: behind what was inserted there. */
	augmented(original: number): number {
		let low = 0;
		let high = this.#starts.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			const before = middle > 0 ? this.#total[middle - 1]! : 0;
			if (this.#starts[middle]! - before <= original) low = middle + 1;
			else high = middle;
		}
		return original + (low > 0 ? this.#total[low - 1]! : 0);
	}

	/** How nodes of the augmented, prepared text (`parsed`) lie in `source`. */
	placement(source: string, parsed: string): Placement {
		return {
			identical: false,
			parsed,
			slice: (from, to) => {
				const index = this.#before(from);
				if (index >= 0 && to <= this.#ends[index]!) return this.text.slice(from, to);
				return source.slice(this.original(from), to > from ? this.#endOf(to) : this.original(from));
			},
			offset: (at) => this.original(at),
			line: lineFinder(parsed),
			inserted: (at) => this.inserted(at),
		};
	}

	#endOf(to: number): number {
		return this.inserted(to - 1) ? this.original(to - 1) : this.original(to - 1) + 1;
	}
}

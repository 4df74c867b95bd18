import type { TextLine } from './document';
import { type Quotation, quotation, type Unquoting, unquoted } from './quotation';

/** The lines of one message, with a note of which ones a reader took: what nobody took is prose. */
export class Passage {
	private readonly taken: Uint8Array;

	constructor(readonly lines: readonly TextLine[]) {
		this.taken = new Uint8Array(lines.length);
	}

	get length(): number {
		return this.lines.length;
	}

	quotationAt(index: number): Quotation {
		return quotation(this.lines[index]!.text);
	}

	/** The line unquoted so, or null: past the end, or a comment on what is quoted. */
	at(index: number, how: Unquoting): TextLine | null {
		const line = this.lines[index];
		return line === undefined ? null : unquoted(line, how);
	}

	/** The index of the first line from `index` on at that depth of quotation; `length` when there is none. Comments are passed over only in a quotation. */
	next(index: number, how: Unquoting): number {
		let at = index;
		while (at < this.lines.length && this.at(at, how) === null) {
			at++;
		}
		return at;
	}

	take(index: number): void {
		this.taken[index] = 1;
	}

	isTaken(index: number): boolean {
		return this.taken[index] === 1;
	}
}

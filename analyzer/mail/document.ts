import type { InputLine, Remark } from './patch';

/** A line of text and the place in the document that shows it: the line, and the column its text begins at. */
export interface TextLine {
	readonly text: string;
	readonly input: InputLine;
	/** 0-based UTF-16 column in the input line. */
	readonly from: number;
}

/** A document, or a part of one, as lines, with what was repaired to get them. */
export interface Lines {
	readonly lines: readonly TextLine[];
	readonly repairs: readonly Remark[];
}

const BYTE_ORDER_MARK = '\uFEFF';
/** Blanks that are one column wide and no space in C: no-break, figure and narrow no-break space. */
const ODD_BLANK = /[\u00A0\u2007\u202F]/;
const ODD_BLANKS = /[\u00A0\u2007\u202F]/g;
/** Zero-width characters that mail programs leave behind. They stand in no C. */
const INVISIBLE = /[\u200B\u200E\u200F\u2060]/g;

/** Notes where something happened first and how often, to say it once. */
export class Tally {
	private first: InputLine = 0;
	private count = 0;

	at(input: InputLine): void {
		if (this.count === 0) {
			this.first = input;
		}
		this.count++;
	}

	/** Nothing when it never happened; `message` gets the number of lines. */
	remarks(message: (lines: string) => string): readonly Remark[] {
		return this.count === 0 ? [] : [{ message: message(this.count === 1 ? '1 line' : `${this.count} lines`), input: this.first }];
	}
}

/** Reads a document's lines, part after part, and tells in the end what was repaired in all of them. */
export class LineReader {
	private readonly separator: string;
	private readonly returns = new Tally();
	private readonly blanks = new Tally();
	private readonly invisible = new Tally();

	/** Lines end with LF or CRLF; with CR where the document has no LF at all. */
	constructor(document: string) {
		this.separator = document.includes('\n') ? '\n' : '\r';
	}

	/** The lines of a part whose first one is `first` in the document; odd blanks are taken for spaces. A line end at the end of the part ends its last line. */
	read(part: string, first: InputLine): readonly TextLine[] {
		const lines = part.split(this.separator).map((raw, index): TextLine => {
			const input = first + index;
			let line = raw;
			let from = 0;
			if (input === 1 && line.startsWith(BYTE_ORDER_MARK)) {
				line = line.slice(1);
				from = 1;
			}
			if (line.endsWith('\r')) {
				this.returns.at(input);
				line = line.replace(/\r+$/, '');
			}
			if (ODD_BLANK.test(line)) {
				this.blanks.at(input);
				line = line.replace(ODD_BLANKS, ' ');
			}
			const visible = line.replace(INVISIBLE, '');
			if (visible.length !== line.length) {
				this.invisible.at(input);
			}
			return { text: visible, input, from };
		});
		if (lines.length > 1 && lines.at(-1)?.text === '') {
			lines.pop();
		}
		return lines;
	}

	repairs(): readonly Remark[] {
		return [
			...this.returns.remarks((count) => `carriage returns removed (${count})`),
			...this.blanks.remarks((count) => `no-break spaces read as spaces (${count})`),
			...this.invisible.remarks((count) => `invisible characters removed (${count})`),
		];
	}
}

import type { HunkLine, ImageLine, InputLine } from '../mail/patch';
import type { Image } from './image';

/** Puts an image together line by line. */
export class ImageLines {
	private readonly text: string[] = [];
	private readonly fileLines: ImageLine[] = [];
	private readonly inputLines: InputLine[] = [];
	private readonly columns: number[] = [];
	private readonly changed: boolean[] = [];
	private readonly gaps: number[] = [];
	private readonly hunks: { readonly line: number; readonly section: string; readonly input: InputLine }[] = [];

	constructor(private readonly path: string, private readonly side: 'pre' | 'post') {}

	get length(): number {
		return this.text.length;
	}

	/** A line of the file that the document does not show. */
	plain(text: string, fileLine: ImageLine): void {
		this.push(text, fileLine, 0, 0, false);
	}

	/** A line that the document shows; `text` may have better white space than the document. */
	shown(text: string, line: HunkLine, fileLine: ImageLine): void {
		const shift = text === line.text ? line.from : line.from + lead(line.text) - lead(text);
		this.push(text, fileLine, line.input, shift, line.kind !== 'context');
	}

	hunk(section: string, input: InputLine): void {
		this.hunks.push({ line: this.text.length + 1, section, input });
	}

	gap(): void {
		this.gaps.push(this.text.length + 1);
	}

	image(completeness: Image['completeness'], found: string): Image {
		return {
			path: this.path, side: this.side, completeness, text: this.text.length === 0 ? '' : `${this.text.join('\n')}\n`,
			fileLines: this.fileLines, inputLines: this.inputLines, columns: this.columns, changed: this.changed,
			gaps: this.gaps, found, hunks: this.hunks,
		};
	}

	private push(text: string, fileLine: ImageLine, input: InputLine, column: number, changed: boolean): void {
		this.text.push(text);
		this.fileLines.push(fileLine);
		this.inputLines.push(input);
		this.columns.push(column);
		this.changed.push(changed);
	}
}

const lead = (text: string): number => text.length - text.trimStart().length;

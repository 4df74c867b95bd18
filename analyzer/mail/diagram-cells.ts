/** Text between two separators of a diagram's line, with the column it begins at when tabs are expanded. */
export interface Cell {
	readonly text: string;
	readonly start: number;
}

const TAB = 8;
/** A note behind a cell's own text, not a cell: a comment, an arrow to the left, a step in brackets. */
const NOTE = /^(?:\/\*|\/\/|<-|<=|#\s|\*\/)/;

/** Whether the `|` at `at` draws a call tree (`|-`, `|->`, `|_`) instead of parting columns. */
const isTree = (text: string, at: number): boolean => /^\|(?:[-_>`+=]|\|)/.test(text.slice(at, at + 2)) || text[at - 1] === '|';

/** The line's cells: parted by tabs, by two blanks or more, and by pipes that draw no call tree. */
export function cellsOf(text: string): readonly Cell[] {
	const cells: Cell[] = [];
	let column = 0;
	let blanks = 0;
	let tabbed = false;
	let current = '';
	let start = -1;
	const close = (): void => {
		const content = current.trim();
		if (content !== '') {
			const before = cells.at(-1);
			if (before !== undefined && NOTE.test(content)) {
				cells[cells.length - 1] = { ...before, text: `${before.text}  ${content}` };
			} else {
				cells.push({ text: content, start });
			}
		}
		current = '';
		start = -1;
	};
	for (let at = 0; at < text.length; at++) {
		const c = text[at]!;
		if (c === '\t') {
			tabbed = true;
			blanks++;
			column += TAB - (column % TAB);
			continue;
		}
		if (c === ' ') {
			blanks++;
			column++;
			continue;
		}
		if (c === '|' && !isTree(text, at)) {
			close();
			blanks = 0;
			tabbed = false;
			column++;
			continue;
		}
		if (blanks >= 2 || tabbed) {
			close();
		}
		if (start < 0) {
			start = column;
		}
		current += (blanks > 0 && current !== '' ? ' ' : '') + c;
		blanks = 0;
		tabbed = false;
		column++;
	}
	close();
	return cells;
}

/** Positions of column-parting pipes with tabs expanded. */
export function pipesOf(text: string): readonly number[] {
	const pipes: number[] = [];
	let column = 0;
	for (let at = 0; at < text.length; at++) {
		if (text[at] === '|' && !isTree(text, at)) {
			pipes.push(column);
		}
		column += text[at] === '\t' ? TAB - (column % TAB) : 1;
	}
	return pipes;
}

/** A rule drawn below headings, or a row of dots and bars that only says that time passes. */
export const isRule = (text: string): boolean => /^[\s|+:.=_~*-]*$/.test(text) && /[-=_~*]{2}/.test(text);
export const isFiller = (text: string): boolean => /^[\s|:.\u2026vV^]*$/.test(text);

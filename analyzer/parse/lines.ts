/** Offsets at which the lines of a text begin, the empty one behind a last newline among them. */
function lineStarts(text: string): number[] {
	const starts = [0];
	for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
	return starts;
}

/** Offsets at which the lines of a text begin; a newline at its end begins none. */
export function startsOfLines(text: string): number[] {
	const starts = lineStarts(text);
	if (starts.length > 1 && starts[starts.length - 1] === text.length) starts.pop();
	return starts;
}

/** 1-based line of an offset. */
export function lineOf(starts: readonly number[], offset: number): number {
	let low = 0;
	let high = starts.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (starts[middle]! <= offset) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** 1-based lines by offset, from a table that is made when the first is asked for. */
export function lineFinder(text: string): (offset: number) => number {
	let starts: readonly number[] | null = null;
	return (offset) => {
		starts ??= lineStarts(text);
		return lineOf(starts, offset);
	};
}

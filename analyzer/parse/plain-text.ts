/** A text on one line: white space folded. */
export const folded = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** At most so many characters; what is cut says so. */
export const clipped = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 3).trimEnd()}...` : text);

/** C with comments and strings blanked: every other character stays where it is. */
export const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"/g, (match) => match.replace(/[^\n]/g, ' '));

/** What stands between the commas of C that no bracket in it encloses. */
export function splitArguments(text: string): readonly string[] {
	const args: string[] = [];
	let depth = 0;
	let from = 0;
	for (let at = 0; at < text.length; at++) {
		const letter = text[at];
		if (letter === '(' || letter === '[' || letter === '{') depth++;
		else if (letter === ')' || letter === ']' || letter === '}') depth--;
		else if (letter === ',' && depth === 0) {
			args.push(text.slice(from, at).trim());
			from = at + 1;
		}
	}
	args.push(text.slice(from).trim());
	return args;
}

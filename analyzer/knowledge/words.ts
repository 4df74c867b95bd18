/** Words of a mail, or names of calls, under a name, as a regular expression's alternatives: several rows of a file may ask for them. */
export interface WordsRow {
	readonly words: string;
	readonly prose: string;
}

/** A name in a row's `prose` or `behind`: `<concurrency>`. */
const NAME = /<([a-z-]+)>/gu;

/** The row with the words that it names spelled out; a name that the file has not given stays. */
export function spelled(row: Readonly<Record<string, unknown>>, words: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> {
	const spell = (text: unknown): unknown => (typeof text === 'string' ? text.replace(NAME, (named, name: string) => words.get(name) ?? named) : Array.isArray(text) ? text.map(spell) : text);
	const told = ['prose', 'behind'].flatMap((field) => (row[field] === undefined ? [] : [[field, spell(row[field])]]));
	return told.length > 0 ? { ...row, ...Object.fromEntries(told) } : row;
}

/** No name is left. */
export const isSpelled = (prose: string): boolean => prose.search(NAME) < 0;

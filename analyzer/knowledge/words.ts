/** Words of a mail under a name, as a regular expression's alternatives: several rows of a file may ask for them. */
export interface WordsRow {
	readonly words: string;
	readonly prose: string;
}

/** A name in a row's prose: `<concurrency>`. */
const NAME = /<([a-z-]+)>/gu;

/** The row with the words that its prose names spelled out; a name that the file has not given stays. */
export function spelled(row: Readonly<Record<string, unknown>>, words: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> {
	const { prose } = row;
	return typeof prose === 'string' ? { ...row, prose: prose.replace(NAME, (named, name: string) => words.get(name) ?? named) } : row;
}

/** No name is left. */
export const isSpelled = (prose: string): boolean => prose.search(NAME) < 0;

import { type Phrases, unsaid } from '../knowledge/phrases';

/** Sentences with the titles of other commits that they name blanked: a sentence may have been cut at the colon of one. */
export function withoutNamedCommits(table: Phrases, texts: readonly string[]): readonly string[] {
	const blanked = unsaid(table, 'named-commit', texts.join('\n'), (title) => title.replace(/[^\n]/g, ' '));
	let end = -1;
	return texts.map(({ length }) => {
		const from = end + 1;
		end = from + length;
		return blanked.slice(from, end);
	});
}

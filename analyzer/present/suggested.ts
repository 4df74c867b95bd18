import type { ScenarioReview } from '../review';
import { oneLine, printable } from './wording';

const line = (text: string): string => printable(text).replaceAll('\n', ' ');

/** The lines of a suggestion as a reader of diffs knows them, each place under its file and line; empty where nothing was found. */
export function suggestedLines({ suggested }: ScenarioReview): readonly string[] {
	return (suggested?.edits ?? []).flatMap(({ file, line: at, before, after }, index, all) => {
		const where = `${oneLine(file)}${at === null ? '' : `:${at}`}`;
		const same = all[index - 1]?.line === at && at !== null;
		return [...(same ? [] : [where]), ...before.map((text) => `-${line(text)}`), ...after.map((text) => `+${line(text)}`)];
	});
}

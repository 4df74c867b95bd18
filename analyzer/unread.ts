import type { Side, SideFile } from './scenarios';

/** So many places of one file are told; damage is seldom alone. */
const MOST_PLACES = 3;
const SHOWN = 60;

/** What could not be read as C where the patch changes something, in words with the document's line where it shows one. Alike on both sides, told once. */
export function unread(pre: Side | null, post: Side | null): readonly string[] {
	return [...new Set([pre, post].flatMap((side) => side?.files.flatMap(unreadIn) ?? []))];
}

function unreadIn({ image, source, functions }: SideFile): readonly string[] {
	const isChanged = (from: number, to: number): boolean => image.changed.slice(from - 1, to).includes(true);
	const lost = source.parsed.errors.filter(({ line, endLine }) => {
		const around = functions.find(({ fn }) => fn.line <= line && line <= fn.endLine)?.fn;
		return isChanged(Math.min(line, around?.line ?? line), Math.max(endLine, around?.endLine ?? endLine));
	});
	const told = lost.slice(0, MOST_PLACES).map(({ line, text }) => {
		const place = source.place(line);
		const words = text.replace(/\s+/g, ' ').trim();
		return `${place.input > 0 ? `line ${place.input}` : `${image.path}:${place.file}`}: not read as C: ${words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words}`;
	});
	return lost.length > MOST_PLACES ? [...told, `${image.path}: ${lost.length - MOST_PLACES} more places are not read as C`] : told;
}

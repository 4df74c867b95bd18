import type { Standing } from '../emitted/emitter';
import type { Lowered } from '../program';
import type { Party } from '../threads/party';
import type { Definition } from '../sources';

/** A function, or the body of a macro, that an edit of the document left as it was, but elsewhere in the file or the document. */
export interface Move {
	readonly from: Definition;
	readonly to: Definition;
}

const firsts = new WeakMap<Definition, Definition>();
/** The first of those that are the same function. */
export const earliest = (definition: Definition): Definition => firsts.get(definition) ?? definition;

/** Says that `now` is what `before` was, but for where it stands. */
export const moved = (before: Definition, now: Definition): void => void firsts.set(now, earliest(before));

/** The same function, wherever it stands by now. */
export const isSame = (a: Definition, b: Definition): boolean => earliest(a) === earliest(b);

type Place = ReturnType<Definition['file']['place']>;

/** Each of its lines stands where it stood in the file and in the document. */
export function staysInPlace({ from, to }: Move): boolean {
	if (from.file.path !== to.file.path || from.fn.name !== to.fn.name) return false;
	for (let at = 0; at <= from.fn.endLine - from.fn.line; at++) {
		const [before, now] = [from.file.place(from.fn.line + at), to.file.place(to.fn.line + at)];
		if (before.file !== now.file || before.input !== now.input) return false;
	}
	return true;
}

/** Two functions of one name and file, one of either side of the patch, went different ways: where an operation comes from does not say which one it is of. */
export const tellsApart = (moves: readonly Move[]): boolean => {
	const known = new Map<string, Move>();
	for (const move of moves) {
		const key = nameOf(move.from.fn.name, move.from.file.path);
		const other = known.get(key);
		if (other && other.from.fn !== move.from.fn) return false;
		known.set(key, move);
	}
	return true;
};

/** What was lowered before, told with the lines at which its functions stand now. `parties`: those of the setting, as they are now. */
export function told(lowered: Lowered, moves: readonly Move[], parties: readonly Party[]): Lowered {
	const places = new Map(moves.map((move) => [nameOf(move.from.fn.name, move.from.file.path), move] as const));
	const lines = new Map<string, ReadonlyMap<string, Place>>();
	const now = new Map(moves.map(({ from, to }) => [from, to]));
	const here = <T extends Standing>(standing: T): T => {
		const key = nameOf(standing.function, standing.file ?? '');
		const move = places.get(key);
		if (!move) return standing;
		const known = lines.get(key) ?? linesOf(move);
		lines.set(key, known);
		const place = known.get(`${standing.line} ${standing.input}`);
		return place ? { ...standing, line: place.file, input: place.input } : standing;
	};
	return {
		...lowered,
		parties: lowered.parties.map((party, index) => parties[index] ?? { ...party, definition: now.get(party.definition) ?? party.definition }),
		origins: lowered.origins.map((origin) => {
			const at = here(origin);
			return origin.beside ? { ...at, beside: here(origin.beside) } : at;
		}),
	};
}

const nameOf = (name: string, path: string): string => `${name} ${path}`;

/** By file and document line before: where that is now. */
function linesOf({ from, to }: Move): ReadonlyMap<string, Place> {
	const lines = new Map<string, Place>();
	for (let line = from.fn.line; line <= from.fn.endLine; line++) {
		const { file, input } = from.file.place(line);
		lines.set(`${file} ${input}`, to.file.place(line - from.fn.line + to.fn.line));
	}
	return lines;
}

import type { DefinitionFinder, DefinitionPlace } from '../../images/definitions';
import type { Definition, SourceFile } from '../../lower/sources';
import type { CParser, StructSource } from '../../parse';
import type { Beyond } from './sources';

/** Functions longer than this are not inlined from elsewhere. */
const LINES_BOUND = 40;
/** Names looked up in the tree per review; beyond these, what is unknown stays unknown. */
const LOOKUPS_BOUND = 400;

/** The tree behind the patch: functions, structs and constants by name, each parsed alone. */
export interface TreeSources extends Beyond {
	/** The file that defines the function, as a path of the tree. */
	fileOf(name: string, near: string): string | null;
}

/** `finder`: of the same tree, with what it knows from reviews before. */
export function treeSources(parser: CParser, finder: DefinitionFinder): TreeSources {
	const functions = new Map<string, Definition | null>();
	const structs = new Map<string, StructSource | undefined>();
	const typedefs = new Map<string, string | undefined>();
	const macros = new Map<string, string | undefined>();
	let lookups = 0;
	const find = (name: string, near: string, kinds: readonly DefinitionPlace['kind'][]): DefinitionPlace | undefined =>
		(lookups++ < LOOKUPS_BOUND ? finder.find(name, near).find((place) => kinds.includes(place.kind)) : undefined);
	return {
		fileOf: (name, near) => find(name, near, ['function'])?.path ?? null,
		definition: (name, near) => {
			const known = functions.get(name);
			if (known !== undefined) return known;
			const place = find(name, near, ['function']);
			const definition = place && place.text.split('\n').length <= LINES_BOUND ? once(parser, place, () => definitionOf(parser, place, name)) : null;
			functions.set(name, definition);
			return definition;
		},
		struct: (name, near) => {
			if (!structs.has(name)) {
				structs.set(name, undefined);
				const place = find(name, near, ['struct']);
				// Those that are defined inside it come with it.
				for (const each of place ? once(parser, place, () => parser.parseFile(place.text.endsWith(';') ? place.text : `${place.text};`).structs) : []) {
					if (each.name === name || each.name.startsWith(`${name}::`)) structs.set(each.name, each);
				}
			}
			return structs.get(name);
		},
		typedef: (name, near) => {
			if (!typedefs.has(name)) {
				const place = find(name, near, ['typedef']);
				typedefs.set(name, place && once(parser, place, () => parser.parseFile(place.text.endsWith(';') ? place.text : `${place.text};`).typedefs).get(name));
			}
			return typedefs.get(name);
		},
		constant: () => undefined,
		macro: (name, near) => {
			if (!macros.has(name)) {
				const [, params, value = ''] = /^[ \t]*#[ \t]*define\s+\w+\(([^()]*)\)([\s\S]*)$/.exec(find(name, near, ['macro'])?.text ?? '') ?? [];
				macros.set(name, params === undefined ? undefined : `(${params}) ${value.replace(/\\\n/g, ' ').trim()}`);
			}
			return macros.get(name);
		},
	};
}

const read = new WeakMap<CParser, WeakMap<DefinitionPlace, unknown>>();

/** What is read at a place is read once: while it is still true, the finder gives the same place again. */
function once<T>(parser: CParser, place: DefinitionPlace, parse: () => T): T {
	const places = read.get(parser) ?? new WeakMap<DefinitionPlace, unknown>();
	read.set(parser, places);
	if (!places.has(place)) places.set(place, parse());
	return places.get(place) as T;
}

function definitionOf(parser: CParser, place: DefinitionPlace, name: string): Definition | null {
	const parsed = parser.parseFile(place.text);
	const fn = parsed.functions.find((each) => each.name === name);
	const file: SourceFile = {
		path: place.path, parsed, modelled: false, place: (line) => ({ file: place.line + line - 1, input: 0, column: 0, changed: false }),
	};
	return fn ? { fn, file } : null;
}

import type { Definition, SourceFile } from '../lower/lowering';
import type { CParser, StructSource } from '../parse';
import type { TreePort } from '../ports';
import type { Beyond } from './sources';

/** Files looked at for one name. */
const FILES_BOUND = 4;
/** Functions longer than this are not inlined from elsewhere. */
const LINES_BOUND = 60;

/** The tree behind the patch: functions and structs by name, each file parsed once. */
export interface TreeSources extends Beyond {
	/** The file that defines the function, as a path of the tree. */
	fileOf(name: string, near: string): string | null;
	file(path: string): SourceFile | null;
}

export function treeSources(parser: CParser, tree: TreePort): TreeSources {
	const files = new Map<string, SourceFile | null>();
	const found = new Map<string, Definition | null>();
	const structs = new Map<string, StructSource | undefined>();
	const file = (path: string): SourceFile | null => {
		if (!files.has(path)) {
			const text = tree.read(path);
			files.set(path, text === null ? null : {
				path, parsed: parser.parseFile(text), modelled: false, place: (line) => ({ file: line, input: 0, column: 0, changed: false }),
			});
		}
		return files.get(path) ?? null;
	};
	const candidates = (word: string, near: string): readonly string[] => tree.grep?.(word, near, FILES_BOUND) ?? [];
	const lookUp = (name: string, near: string): Definition | null => {
		const known = found.get(name);
		if (known !== undefined) return known;
		for (const path of candidates(name, near)) {
			const source = file(path);
			const fn = source?.parsed.functions.find((each) => each.name === name);
			if (source && fn) {
				found.set(name, { fn, file: source });
				return { fn, file: source };
			}
		}
		found.set(name, null);
		return null;
	};
	return {
		file,
		fileOf: (name, near) => lookUp(name, near)?.file.path ?? null,
		definition: (name, near) => {
			const definition = lookUp(name, near);
			return definition && definition.fn.endLine - definition.fn.line <= LINES_BOUND ? definition : null;
		},
		struct: (name) => {
			if (!structs.has(name)) {
				structs.set(name, undefined);
				for (const path of candidates(name, '')) {
					const struct = file(path)?.parsed.structs.find((each) => each.name === name);
					if (struct) {
						structs.set(name, struct);
						break;
					}
				}
			}
			return structs.get(name);
		},
		constant: () => undefined,
	};
}

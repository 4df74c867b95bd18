import { forgetOldest } from '../../forget-oldest';
import type { Image } from '../../images/image';
import { moved } from '../../lower/again/moved';
import type { Definition, SourceFile } from '../../lower/sources';
import { type CNode, type CParser, type FunctionSource, isWhole, parsedText } from '../../parse';

/** A side's parsed files: images of the patch's files, and files of the tree as they are needed. */
export interface SideFile {
	readonly image: Image;
	readonly source: SourceFile;
	/** Given to functions without one by `nameFunctions`. */
	readonly functions: readonly Definition[];
}

export function sideFile(parser: CParser, image: Image): SideFile {
	return { image, ...kept(parser, image) };
}

/** The file after an edit that is only tried: nothing of it is remembered. */
export function editedFile(parser: CParser, image: Image, previous: SideFile): SideFile {
	return { image, ...read(parser, image, previous.source) };
}

/** As it is read when nothing is known of it. */
function read(parser: CParser, image: Image, previous?: SourceFile): Parsed {
	const parsed = parser.parseImage(image, previous?.parsed);
	const source: SourceFile = {
		path: image.path, parsed, modelled: false,
		place: (line) => ({
			file: image.fileLines[line - 1] ?? 0, input: image.inputLines[line - 1] ?? 0, column: image.columns[line - 1] ?? 0, changed: image.changed[line - 1] ?? false,
		}),
	};
	return { source, functions: parsed.functions.map((fn) => ({ fn, file: source })) };
}

type Parsed = Omit<SideFile, 'image'>;

const members = new WeakMap<SideFile, ReadonlySet<Definition>>();

/** The image of the file that has this definition. */
export function imageOf(files: readonly SideFile[], definition: Definition | undefined): Image | undefined {
	return definition && files.find((file) => {
		const all = members.get(file) ?? new Set(file.functions);
		members.set(file, all);
		return all.has(definition);
	})?.image;
}

/** Files that are remembered, the oldest forgotten first, and of each function its last versions on either side. */
const KEPT_FILES = 24;
const KEPT_VERSIONS = 6;

/** A file as it was read last. */
interface Kept {
	readonly sides: Map<Image['side'], SideFile>;
	readonly versions: Map<string, readonly Definition[]>;
}

const remembered = new WeakMap<CParser, Map<string, Kept>>();

/**
 * A file that was read before in the same way is not read again; and of one that was edited meanwhile, or that the patch changes elsewhere, each function that is
 * where and as it was is the `Definition` of before, so that what is known of that need not be found out again.
 */
function kept(parser: CParser, image: Image): Parsed {
	if (image.completeness !== 'whole') return read(parser, image);
	const files = remembered.get(parser) ?? new Map<string, Kept>();
	remembered.set(parser, files);
	const file = files.get(image.path) ?? { sides: new Map<Image['side'], SideFile>(), versions: new Map<string, readonly Definition[]>() };
	const old = file.sides.get(image.side);
	const previous = old ?? [...file.sides.values()][0];
	const parsed = old && sameImage(old.image, image) ? old : asBefore(read(parser, image, previous?.source), file.versions);
	file.sides.set(image.side, { ...parsed, image });
	files.delete(image.path);
	files.set(image.path, file);
	forgetOldest(files, KEPT_FILES);
	return { source: parsed.source, functions: parsed.functions };
}

function asBefore({ source, functions }: Parsed, versions: Map<string, readonly Definition[]>): Parsed {
	return { source, functions: functions.map((each) => {
		const before = versions.get(each.fn.name) ?? [];
		const known = before.find((other) => other.fn.body.text === each.fn.body.text && sameText(other, each) && samePlace(other, each)) ?? each;
		const elsewhere = known === each && before.find((other) => sameText(other, each));
		if (elsewhere) moved(elsewhere, each);
		versions.set(each.fn.name, [known, ...before.filter((other) => other !== known)].slice(0, KEPT_VERSIONS));
		return known;
	}) };
}

const sameArray = <T>(a: readonly T[], b: readonly T[]): boolean => a === b || (a.length === b.length && a.every((each, index) => each === b[index]));

const sameImage = (a: Image, b: Image): boolean =>
	a.text === b.text && JSON.stringify([a.hunks, a.gaps]) === JSON.stringify([b.hunks, b.gaps]) && sameArray(a.changed, b.changed) && sameArray(a.fileLines, b.fileLines) && sameArray(a.inputLines, b.inputLines) && sameArray(a.columns, b.columns);

const headOf = ({ name, params, returns, storage, annotations, named, alternative }: FunctionSource): string =>
	JSON.stringify([name, params, returns, storage, annotations, named, alternative]);

/** Of a function that was read without errors: its tree hangs on its own text alone. And the patch changes the same of its lines. */
function sameText(a: Definition, b: Definition): boolean {
	const [left, right] = [a.fn, b.fn];
	if (left.name === '' || left.broken || right.broken || !isWhole(left) || !isWhole(right) || left.endLine - left.line !== right.endLine - right.line || left.body.line - left.line !== right.body.line - right.line) return false;
	if (!sameStatements(left.body, right.body) || headOf(left) !== headOf(right)) return false;
	return everyPlace(a, b, (from, to) => from.column === to.column && from.changed === to.changed && from.file > 0 === to.file > 0 && from.input > 0 === to.input > 0);
}

/** Behind a statement's end: a remark in plain words, which say nothing to whoever looks for code. */
const REMARK = /^\s*(?:\/\*[\w\s.,:'"?!]*\*\/|\/\/[\w\s.,:'"?!]*)?$/;
/** What these take is told with the text of all that they hold. */
const GUARDS = /guard\s*\(/;

/** The same text, but for remarks behind statements: whatever is read from its tree, or told of it, is the same and stands where it stood. */
function sameStatements(left: CNode, right: CNode): boolean {
	const [parsed, other] = [parsedText(left), parsedText(right)];
	if (left.text === right.text) return parsed === other;
	if (GUARDS.test(left.text)) return false;
	const [a, b, code, others] = [left.text.split('\n'), right.text.split('\n'), parsed.split('\n'), other.split('\n')];
	return a.length === b.length && code.length === a.length && others.length === a.length && a.every((line, at) => {
		const now = b[at]!;
		if (line === now) return code[at] === others[at];
		const said = code[at]!.trimEnd();
		const { length } = said;
		return said.endsWith(';') && said === others[at]!.trimEnd() && line.slice(0, length) === now.slice(0, length) && REMARK.test(line.slice(length)) && REMARK.test(now.slice(length));
	});
}

const samePlace = (a: Definition, b: Definition): boolean => a.fn.line === b.fn.line && everyPlace(a, b, (from, to) => from.file === to.file && from.input === to.input);

type Place = ReturnType<SourceFile['place']>;

function everyPlace(a: Definition, b: Definition, same: (from: Place, to: Place) => boolean): boolean {
	for (let at = 0; at <= a.fn.endLine - a.fn.line; at++) if (!same(a.file.place(a.fn.line + at), b.file.place(b.fn.line + at))) return false;
	return true;
}

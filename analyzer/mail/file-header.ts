import * as syntax from './diff-syntax';
import { isOldNewPair } from './hunk-end';
import type { Passage } from './passage';
import type { FilePatch, Remark } from './patch';
import type { Unquoting } from './quotation';

/** A file's head in a diff, without its hunks, and the index of the line after it. */
export interface FileHeader {
	readonly file: FilePatch;
	readonly next: number;
	readonly repairs: readonly Remark[];
	readonly problems: readonly Remark[];
}

/** Folders at the top of a kernel tree: a path that begins so has no prefix to take off. */
const TOP_FOLDERS = new Set(['arch', 'block', 'certs', 'crypto', 'Documentation', 'drivers', 'fs', 'include', 'init', 'io_uring', 'ipc', 'kernel', 'lib', 'mm', 'net', 'rust', 'samples', 'scripts', 'security', 'sound', 'tools', 'usr', 'virt']);
const SUBMODULE_MODE = '160000';

const top = (path: string): string => path.split('/')[0]!;

/** Whether the first folder of the names is a prefix such as `a/`, `b/`, `linux.orig/`. */
function prefixedNames(oldName: string, newName: string): boolean {
	const names = [oldName, newName].map((name) => name.replace(/\s.*$/, '').replace(/^"/, '')).filter((name) => name !== '/dev/null' && name.includes('/'));
	if (names.length === 0) {
		return false;
	}
	if (names.every((name) => /^[abciow]\//.test(name))) {
		return true;
	}
	return !names.some((name) => TOP_FOLDERS.has(top(name)));
}

/** `a/x b/x`: both names, where the line alone tells them apart; names with blanks in them only when both halves are alike. */
function gitNames(rest: string): readonly [string, string] | null {
	const quoted = /^("(?:\\.|[^"\\])*"|\S+) ("(?:\\.|[^"\\])*"|\S+)\s*$/.exec(rest);
	if (quoted !== null) {
		return [quoted[1]!, quoted[2]!];
	}
	for (let at = rest.indexOf(' '); at >= 0; at = rest.indexOf(' ', at + 1)) {
		const [left, right] = [rest.slice(0, at), rest.slice(at + 1)];
		if (left.replace(/^[^/]+\//, '') === right.replace(/^[^/]+\//, '')) {
			return [left, right];
		}
	}
	return null;
}

/** Reads a file's head that begins at `at`, or null when none does. Takes its lines. */
export function readFileHeader(passage: Passage, at: number, how: Unquoting): FileHeader | null {
	const first = passage.at(at, how);
	if (first === null || !startsFile(passage, at, how)) {
		return null;
	}
	const repairs: Remark[] = [];
	const problems: Remark[] = [];
	let index = at;
	let change: FilePatch['change'] = 'modified';
	let names: readonly [string, string] | null = null;
	let oldPath: string | null | undefined;
	let newPath: string | null | undefined;
	let oldBlob: string | undefined;
	let newBlob: string | undefined;
	const step = (): string | null => {
		passage.take(index);
		index = passage.next(index + 1, how);
		return passage.at(index, how)?.text ?? null;
	};

	let text: string | null = first.text;
	const submodule = syntax.SUBMODULE.exec(text);
	if (submodule !== null) {
		for (text = step(); text !== null && /^ {2}[<>] /.test(text); text = step()) { /* the log of its commits */ }
		return { file: { oldPath: submodule[1]!, newPath: submodule[1]!, change: 'submodule', hunks: [], input: first.input }, next: index, repairs, problems };
	}
	const combined = syntax.COMBINED_DIFF.exec(text);
	if (combined !== null) {
		change = 'combined';
		const path = syntax.unquotedName(combined[1]!.trim());
		[oldPath, newPath] = [path, path];
		text = step();
	} else if (syntax.INDEX_LINE.test(text)) {
		const path = syntax.INDEX_LINE.exec(text)![1]!.trim();
		names = [path, path];
		text = step();
		if (text !== null && syntax.INDEX_RULE.test(text)) {
			text = step();
		}
	} else if (syntax.GIT_DIFF.test(text)) {
		let rest = syntax.GIT_DIFF.exec(text)![1]!;
		text = step();
		names = gitNames(rest);
		if (names === null && text !== null && /^"?[a-z]\/\S+\s*$/.test(text)) {
			repairs.push({ message: 'wrapped line joined with the line before it', input: first.input });
			rest = `${rest.trimEnd()} ${text}`;
			names = gitNames(rest);
			text = step();
		}
	} else if (syntax.PLAIN_DIFF.test(text)) {
		names = gitNames(text.split(/\s+/).slice(-2).join(' '));
		text = step();
	}
	for (; text !== null && (syntax.EXTENDED.test(text) || syntax.BINARY.test(text)); text = step()) {
		const value = text.replace(/^(?:rename|copy) (?:from|to|old|new) /, '');
		if (text.startsWith('new file mode')) {
			change = change === 'combined' ? change : text.endsWith(SUBMODULE_MODE) ? 'submodule' : 'added';
		} else if (text.startsWith('deleted file mode')) {
			change = change === 'combined' ? change : 'deleted';
		} else if (text.startsWith('rename ') || text.startsWith('copy ')) {
			change = text.startsWith('rename') ? 'renamed' : 'copied';
			if (/^\w+ (?:from|old) /.test(text)) {
				oldPath = syntax.unquotedName(value);
			} else {
				newPath = syntax.unquotedName(value);
			}
		} else if (text.startsWith('old mode')) {
			change = change === 'modified' ? 'mode' : change;
		} else if (syntax.BINARY.test(text)) {
			change = 'binary';
			if (text.startsWith('GIT')) {
				index = skipBinary(passage, index, how);
				break;
			}
		} else {
			const blobs = syntax.BLOBS.exec(text);
			oldBlob = blobs?.[1]?.split(',')[0] ?? oldBlob;
			newBlob = blobs?.[2] ?? newBlob;
			change = blobs?.[3] === SUBMODULE_MODE ? 'submodule' : change;
		}
	}
	if (text !== null && isOldNewPair(passage, index, how)) {
		const oldName = syntax.OLD_FILE.exec(text)![1]!;
		const newName = syntax.NEW_FILE.exec(step()!)![1]!;
		step();
		const prefixed = prefixedNames(oldName, newName);
		oldPath = syntax.diffPath(oldName, prefixed);
		newPath = syntax.diffPath(newName, prefixed);
		if (change === 'mode' || change === 'modified') {
			change = oldPath === null ? 'added' : newPath === null ? 'deleted' : 'modified';
		}
	} else if (names !== null && (oldPath === undefined || newPath === undefined)) {
		const prefixed = prefixedNames(names[0], names[1]);
		oldPath ??= change === 'added' ? null : syntax.diffPath(names[0], prefixed);
		newPath ??= change === 'deleted' ? null : syntax.diffPath(names[1], prefixed);
	}
	if (oldPath === undefined && newPath === undefined) {
		problems.push({ message: 'the names of the files compared cannot be read', input: first.input });
	}
	const shared = oldPath === null && newPath === null ? {} : { ...(oldBlob === undefined ? {} : { oldBlob }), ...(newBlob === undefined ? {} : { newBlob }) };
	return {
		file: { oldPath: sane(oldPath), newPath: sane(newPath), ...shared, change, hunks: [], input: first.input },
		next: index, repairs, problems,
	};
}

/** GNU diff names a patched file after its backup: `x.c.orig`, and `x.c~name-of-the-patch` of quilt and of Andrew Morton's scripts, are `x.c`. */
const sane = (path: string | null | undefined): string | null => path?.replace(/\.orig$|~[^/]*$/, '') ?? null;

function skipBinary(passage: Passage, at: number, how: Unquoting): number {
	let index = at;
	for (let blanks = 0; blanks < 2; ) {
		passage.take(index);
		index = passage.next(index + 1, how);
		const text = passage.at(index, how)?.text;
		if (text === undefined || /^(?:diff |-- $)/.test(text)) {
			break;
		}
		blanks += text === '' ? 1 : 0;
	}
	return index;
}

function startsFile(passage: Passage, at: number, how: Unquoting): boolean {
	const text = passage.at(at, how)!.text;
	switch (text[0]) {
		case 'd':
			if (syntax.GIT_DIFF.test(text) || syntax.COMBINED_DIFF.test(text)) {
				return true;
			}
			return syntax.PLAIN_DIFF.test(text) && isOldNewPair(passage, passage.next(at + 1, how), how);
		case 'I': {
			if (!syntax.INDEX_LINE.test(text)) {
				return false;
			}
			const second = passage.next(at + 1, how);
			return isOldNewPair(passage, second, how) || syntax.INDEX_RULE.test(passage.at(second, how)?.text ?? '');
		}
		case 'S':
			return syntax.SUBMODULE.test(text);
		case '-':
			return isOldNewPair(passage, at, how);
		default:
			return false;
	}
}

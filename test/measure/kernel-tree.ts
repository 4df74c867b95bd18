import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The unpacked Linux source that measurements run over: `KERNEL_TREE`, else where `npm test` unpacks one. Null when there is none. */
export function kernelTree(): string | null {
	const places = [process.env['KERNEL_TREE'], join(homedir(), '.cache', 'kernel-race-review', 'linux-source-6.12'), join(homedir(), '.cache', 'krr-linux', 'tree', 'linux-source-6.12')];
	return places.find((place) => place !== undefined && existsSync(join(place, 'kernel', 'fork.c'))) ?? null;
}

/** A part of the tree: all C files below a folder, or those directly in it, whose path fits. */
export interface Part {
	readonly folder: string;
	readonly deep: boolean;
	readonly fits?: RegExp;
}

export const CORE: readonly Part[] = [
	{ folder: 'mm', deep: true }, { folder: 'fs', deep: false }, { folder: 'fs/ext4', deep: true }, { folder: 'drivers/target', deep: true }, { folder: 'net/core', deep: true },
	{ folder: 'kernel', deep: true, fits: /^kernel\/(fork|exit|futex|workqueue)/ },
];
export const XFS: Part = { folder: 'fs/xfs', deep: true };
export const DRIVERS: readonly Part[] = ['usb', 'net', 'tty', 'char', 'misc'].map((name) => ({ folder: `drivers/${name}`, deep: true }));

export function filesOf(tree: string, parts: readonly Part[]): readonly string[] {
	const walk = (folder: string, deep: boolean): readonly string[] => readdirSync(join(tree, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
		const path = `${folder}/${entry.name}`;
		if (entry.isDirectory()) {
			return deep && entry.name !== 'tests' && entry.name !== 'kunit' ? walk(path, true) : [];
		}
		return entry.isFile() && path.endsWith('.c') ? [path] : [];
	});
	return parts.flatMap(({ folder, deep, fits }) => walk(folder, deep).filter((path) => fits?.test(path) ?? true));
}

/** A function as its file's text has it: kernel style, braces in the first column. */
export interface FunctionText {
	readonly file: string;
	readonly name: string;
	/** 0-based indices of the line of the opening brace and of the closing one. */
	readonly open: number;
	readonly close: number;
	/** The whole file's lines. */
	readonly lines: readonly string[];
}

const LONGEST_HEAD_LINES = 12;

export function functionsOf(tree: string, file: string): readonly FunctionText[] {
	const lines = readFileSync(join(tree, file), 'utf8').split('\n');
	const found: FunctionText[] = [];
	lines.forEach((line, open) => {
		if (line !== '{') {
			return;
		}
		const name = headName(lines, open);
		const close = lines.indexOf('}', open);
		if (name !== null && close > open) {
			found.push({ file, name, open, close, lines });
		}
	});
	return found;
}

/** The name before the parameters of the head above the brace; null for what is no plain function. */
function headName(lines: readonly string[], open: number): string | null {
	for (let from = open - 1; from >= 0 && open - from <= LONGEST_HEAD_LINES; from--) {
		const line = lines[from]!;
		if (line === '' || /^[}#/]|;$|\*\/$/.test(line)) {
			return null;
		}
		// What sparse is told of the locks stands behind the head, on a line of its own.
		if (/^\s*__(acquires|releases|must_hold)\(/.test(line)) {
			continue;
		}
		const head = /^[A-Za-z_][\w\s*]*?\b(\w+)\s*\(/.exec(line) ?? (/^\s/.test(line) ? null : /^(\w+)\s*\(/.exec(line));
		if (head) {
			return /^[A-Z0-9_]+$/.test(head[1]!) ? null : head[1]!;
		}
	}
	return null;
}

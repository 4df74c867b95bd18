import type { FunctionText } from './kernel-tree';

/** A line of a file taken away, put in before another, or replaced. Indices are 0-based, of the file before. */
export type Edit =
	| { readonly at: number; readonly what: 'delete' }
	| { readonly at: number; readonly what: 'replace'; readonly text: string }
	| { readonly at: number; readonly what: 'insert'; readonly text: string };

const CONTEXT = 3;

/** The edits as a mail with a git-style diff. */
export function patchOf({ file, lines }: Pick<FunctionText, 'file' | 'lines'>, subject: string, edits: readonly Edit[]): string {
	const sorted = [...edits].sort((a, b) => a.at - b.at);
	const groups: Edit[][] = [];
	for (const edit of sorted) {
		const last = groups.at(-1);
		if (last && edit.at - last.at(-1)!.at <= 2 * CONTEXT) {
			last.push(edit);
		} else {
			groups.push([edit]);
		}
	}
	const out = [
		'From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001', 'From: A Developer <dev@example.org>', 'Date: Sat, 1 Nov 2025 10:00:00 +0000', `Subject: [PATCH] ${subject}`, '',
		'---', `diff --git a/${file} b/${file}`, `--- a/${file}`, `+++ b/${file}`,
	];
	let shift = 0;
	for (const group of groups) {
		const from = Math.max(0, group[0]!.at - CONTEXT);
		const to = Math.min(lines.length - 1, group.at(-1)!.at + CONTEXT);
		const body: string[] = [];
		for (let at = from; at <= to; at++) {
			const own = group.filter((edit) => edit.at === at);
			// Git shows what goes before what comes.
			const goes = own.some((edit) => edit.what !== 'insert');
			body.push(...own.flatMap((edit) => (edit.what === 'insert' ? [`+${edit.text}`] : [])));
			body.push(`${goes ? '-' : ' '}${lines[at]}`);
			body.push(...own.flatMap((edit) => (edit.what === 'replace' ? [`+${edit.text}`] : [])));
		}
		const [before, after] = [body.filter((line) => !line.startsWith('+')).length, body.filter((line) => !line.startsWith('-')).length];
		out.push(`@@ -${from + 1},${before} +${from + 1 + shift},${after} @@${section(lines, from)}`, ...body);
		shift += after - before;
	}
	return `${out.join('\n')}\n-- \n2.45.2\n`;
}

/** The lines with the edits done. */
export function editedLines(lines: readonly string[], edits: readonly Edit[]): readonly string[] {
	return lines.flatMap((line, at) => {
		const own = edits.filter((edit) => edit.at === at);
		const comes = (what: Edit['what']): readonly string[] => own.flatMap((edit) => (edit.what === what && edit.what !== 'delete' ? [edit.text] : []));
		return [...comes('insert'), ...own.some((edit) => edit.what !== 'insert') ? comes('replace') : [line]];
	});
}

/** The same mail for the other way round, under another subject: what it takes away comes, what it brings goes. */
export function reversedPatch(patch: string, subject: string): string {
	const out: string[] = [];
	let [went, came]: [string[], string[]] = [[], []];
	const flush = (): void => {
		out.push(...went, ...came);
		[went, came] = [[], []];
	};
	let inHunk = false;
	for (const line of patch.split('\n')) {
		const header = /^@@ -(\S+) \+(\S+) @@(.*)$/.exec(line);
		if (inHunk && line.startsWith('+')) {
			went.push(`-${line.slice(1)}`);
		} else if (inHunk && line.startsWith('-') && line !== '-- ') {
			came.push(`+${line.slice(1)}`);
		} else {
			flush();
			inHunk = header !== null || (inHunk && line.startsWith(' '));
			out.push(header ? `@@ -${header[2]} +${header[1]} @@${header[3]}` : line.replace(/^(Subject: \[PATCH\]) .*/, `$1 ${subject}`));
		}
	}
	return out.join('\n');
}

/** What git writes behind a hunk's numbers: the last line before it that begins with a letter; no label, as `--function-context` of C has it. */
function section(lines: readonly string[], from: number): string {
	const found = lines.slice(0, from).findLast((line) => /^[A-Za-z_$]/.test(line) && !/^\w+:\s*$/.test(line));
	return found === undefined ? '' : ` ${found.slice(0, SECTION_BOUND)}`;
}

const SECTION_BOUND = 80;

import { beforeAll, expect } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import type { TreePort } from '../../analyzer/ports';
import { answerOf } from '../corpus/answer';
import { sourceAnalyzer } from '../measure/engine';

/** A mail with these words and one hunk, of a function with this head; the hunk's counts are made to fit. */
export function hunkMail(words: string, head: string, hunk: string, subject = 'quux: rework'): string {
	const lines = hunk.replace(/^\n|\n$/g, '').split('\n');
	const count = (other: string): number => lines.filter((line) => !line.startsWith(other)).length;
	return `From: A <a@b.example>\nSubject: [PATCH] ${subject}\n\n${words}\n---\n drivers/misc/quux.c | 2 +-\n 1 file changed\n\n--- a/drivers/misc/quux.c\n+++ b/drivers/misc/quux.c\n@@ -40,${count('+')} +40,${count('-')} @@ ${head}\n${lines.join('\n')}\n-- \n2.40.1\n`;
}

/** What is said of such a mail. */
export const saidOfHunk = (analyzer: Analyzer, words: string, head: string, hunk: string, subject?: string): Promise<string> => saidOf(analyzer, hunkMail(words, head, hunk, subject));

const TURNED: Readonly<Record<string, string>> = { '+': '-', '-': '+' };
const turned = (hunk: string): string => hunk.split('\n').map((line) => `${TURNED[line[0] ?? ''] ?? line[0] ?? ''}${line.slice(1)}`).join('\n');

/** What is said of a hunk, and of its revert. */
export async function saidBothWays(analyzer: Analyzer, head: string, hunk: string, subject?: string, words = 'It is so in all of them.'): Promise<readonly string[]> {
	const lines = hunk.replace(/^\n|\n$/g, '');
	const said = (each: string, title?: string): Promise<string> => saidOfHunk(analyzer, words, head, each, title);
	return [await said(lines, subject), await said(turned(lines), subject && `Revert "${subject}"`)];
}

/** A made-up file that the one hunk of a mail shows whole: lines without a sign are context. */
const hunkLines = (file: string): readonly string[] => file.replace(/^\n|\n\t*$/g, '').split('\n').map((line) => (line.startsWith('-') || line.startsWith('+') ? line : ` ${line}`));

export function fileMail(name: string, subject: string, file: string): string {
	const lines = hunkLines(file);
	const count = (other: string): number => lines.filter((line) => !line.startsWith(other)).length;
	return `From: A <a@b.example>\nSubject: [PATCH] ${name}: ${subject}\n\n---\n ${name}.c | 2 +-\n 1 file changed\n\n--- a/${name}.c\n+++ b/${name}.c\n@@ -1,${count('+')} +1,${count('-')} @@\n${lines.join('\n')}\n-- \n2.40.1\n`;
}

/** What is said of such a mail. */
export async function saidOfFile(analyzer: Analyzer, name: string, subject: string, file: string, inTree = false): Promise<string> {
	// Of a tree the whole file is in sight, and it is known that there is no more of it.
	const before = `${hunkLines(file).filter((line) => !line.startsWith('+')).map((line) => line.slice(1)).join('\n')}\n`;
	return saidOf(analyzer, fileMail(name, subject, file), inTree ? { read: (path: string) => (path === `${name}.c` ? before : null) } : undefined);
}

export const saidOf = async (analyzer: Analyzer, text: string, tree?: TreePort): Promise<string> =>
	answerOf(await analyzer.review(text, { name: 'made up', ...(tree ? { tree } : {}) }), { neutral: false, outcome: [], checks: [], threads: [] } as never).words;

/** An analyzer that is made once for the tests of a file. */
function made(): () => Analyzer {
	let analyzer: Analyzer;
	beforeAll(async () => {
		analyzer = await sourceAnalyzer();
	});
	return () => analyzer;
}

/** For the tests of a file: checks what is said of one hunk. */
export function hunkCheck(): (head: string, hunk: string, expected: string, words?: string, subject?: string) => Promise<void> {
	const analyzer = made();
	return async (head, hunk, expected, words = '', subject) => expect(await saidOfHunk(analyzer(), words, head, hunk, subject)).toBe(expected);
}

/** For the tests of a file: checks what is said of a whole file, of a tree unless that is said, under this title or that one. */
export function fileCheck(name: string, subject: string, inTree = true): (file: string, expected: string, title?: string) => Promise<void> {
	const analyzer = made();
	return async (file, expected, title = subject) => expect(await saidOfFile(analyzer(), name, title, file, inTree)).toBe(expected);
}

import type { Analyzer } from '../../analyzer/engine';
import { answerOf } from '../corpus/answer';

/** What is said of a mail with these words and one hunk, of a function with this head; the hunk's counts are made to fit. */
export async function saidOfHunk(analyzer: Analyzer, words: string, head: string, hunk: string): Promise<string> {
	const lines = hunk.replace(/^\n|\n$/g, '').split('\n');
	const count = (other: string): number => lines.filter((line) => !line.startsWith(other)).length;
	const text = `From: A <a@b.example>\nSubject: [PATCH] quux: rework\n\n${words}\n---\n drivers/misc/quux.c | 2 +-\n 1 file changed\n\n--- a/drivers/misc/quux.c\n+++ b/drivers/misc/quux.c\n@@ -40,${count('+')} +40,${count('-')} @@ ${head}\n${lines.join('\n')}\n-- \n2.40.1\n`;
	return answerOf(await analyzer.review(text, { name: 'quux' }), { neutral: false, outcome: [], checks: [], threads: [] } as never).words;
}

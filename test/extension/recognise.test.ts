import { describe, expect, it } from 'vitest';
import { isReviewedByItself, looksLikePatch } from '../../extension/recognise';
import { pathsIn } from '../../extension/view/paths';

const check = (text: string, expected: boolean): void => expect(looksLikePatch(text)).toBe(expected);

describe('a document worth a review', () => {
	it('a unified diff', () => check('--- a/mm/x.c\n+++ b/mm/x.c\n@@ -1,2 +1,2 @@\n-a\n+b\n', true));
	it('a quoted diff', () => check('On Monday you wrote:\n> @@ -1,2 +1,2 @@\n> -a\n', true));
	it('a diff whose hunk headers an archive took', () => check('--- a/mm/x.c\n+++ b/mm/x.c\n-a\n+b\n', true));
	it('a diff on one line', () => check('Foo. diff --git a/mm/x.c b/mm/x.c --- a/mm/x.c +++ b/mm/x.c @@ -1 +1 @@ -a +b', true));
	it('a mail whose patch is encoded', () => check('Subject: [PATCH] x\nContent-Transfer-Encoding: base64\n\nLS0tIGEv\n', true));
	it('CRLF', () => check('--- a/mm/x.c\r\n+++ b/mm/x.c\r\n', true));
	it('prose', () => check('Minutes of the meeting\n\n--- and more ---\n', false));
	it('nothing', () => check('', false));
	it('a Markdown rule', () => check('a\n---\nb\n+++\n', false));

	it('a document of another language is left alone, however much of a diff it holds', () => {
		const text = '@@ -1 +1 @@\n';
		expect(isReviewedByItself({ languageId: 'markdown', fileName: 'notes.md', getText: () => text })).toBe(false);
		expect(isReviewedByItself({ languageId: 'diff', fileName: 'x', getText: () => text })).toBe(true);
		expect(isReviewedByItself({ languageId: 'plaintext', fileName: 'x.eml', getText: () => text })).toBe(true);
	});
});

describe('paths that a diff names', () => {
	it('are read ahead, those that leave the tree are not', () => {
		expect(pathsIn('--- a/mm/x.c\n+++ b/mm/x.c\n--- a/../../etc/x.c\n+++ /etc/passwd.c\n> +++ b/fs/y.h\n')).toEqual(['mm/x.c', 'fs/y.h']);
	});
});

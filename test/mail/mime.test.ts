import PostalMime from 'postal-mime';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readBytes, readSeries } from '../../analyzer/mail';
import { LineReader } from '../../analyzer/mail/document';
import { readHeaders } from '../../analyzer/mail/mail-headers';
import { mailBody } from '../../analyzer/mail/mime';
import { MANGLINGS } from './manglings';
import { makePatch } from './synthetic-patches';

/** Against another reader of MIME: the same text comes out of every encoding. */

const models = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'analyzer', 'knowledge', 'models');
const ENCODED = ['base64', 'base64 of CRLF', 'quoted-printable', 'attachment'];
const plain = (text: string): string => text.split(/\r?\n/).map((line) => line.trimEnd()).join('\n').trim();

describe('MIME', () => {
	for (const name of ENCODED) {
		it(`decodes ${name} as postal-mime does`, async () => {
			const mangling = MANGLINGS.find((each) => each.name === name)!;
			let compared = 0;
			for (const file of readdirSync(models).filter((each) => each.endsWith('.c'))) {
				const patch = makePatch(models, file, 3);
				if (patch === null) {
					continue;
				}
				const document = mangling.mangle(patch, 1) as string;
				const parsed = await PostalMime.parse(document);
				const theirs = [parsed.text ?? '', ...parsed.attachments.map(({ content }) => (typeof content === 'string' ? content : new TextDecoder().decode(content)))].map(plain).filter((text) => text !== '').join('\n\n');
				const lines = new LineReader(document).read(document, 1);
				const ours = mailBody(lines, readHeaders(lines, 0), false).lines.map(({ text }) => text).join('\n');
				expect(plain(ours).replace(/\n\n+/g, '\n')).toBe(theirs.replace(/\n\n+/g, '\n'));
				compared++;
			}
			expect(compared).toBeGreaterThan(3);
		});
	}

	it('keeps the document line of every decoded line', () => {
		const body = ['one', 'two '.repeat(40).trim(), 'three', 'four'].join('\n');
		const document = `Subject: x\nContent-Transfer-Encoding: base64\n\n${Buffer.from(body).toString('base64').match(/.{1,20}/g)!.join('\n')}`;
		const lines = new LineReader(document).read(document, 1);
		const decoded = mailBody(lines, readHeaders(lines, 0), false).lines;
		// Fifteen bytes a line from line 4 on.
		expect(decoded.map(({ text, input }) => [text.slice(0, 5), input])).toEqual([['one', 4], ['two t', 4], ['three', 4 + Math.floor(164 / 15)], ['four', 4 + Math.floor(170 / 15)]]);
	});

	it('reads UTF-16 with its mark', async () => {
		const text = 'Subject: x\n\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n';
		const wide = Buffer.from(`\uFEFF${text}`, 'utf16le');
		const summary = (series: ReturnType<typeof readSeries>) => series.patches.map(({ files }) => files.map(({ hunks }) => hunks));
		expect(summary(await readBytes(wide))).toEqual(summary(readSeries(text)));
		expect(summary(await readBytes(Buffer.from(wide).swap16()))).toEqual(summary(readSeries(text)));
	});
});

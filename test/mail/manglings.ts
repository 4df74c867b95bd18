import { type MadePatch, diffText, hunkText, headerOf, mailText, random } from './synthetic-patches';

/** What happens to patches on their way. Each takes a patch and gives the document that a reader has on the screen. */
export interface Mangling {
	readonly name: string;
	/** Lines come back to the letter, or only without their white space. */
	readonly keeps: 'text' | 'words';
	/** Columns in the document show the text (not where it is encoded). */
	readonly columns: boolean;
	readonly mangle: (patch: MadePatch, seed: number) => string | Uint8Array;
}

const join = (lines: readonly string[]): string => lines.join('\n');
const headers = (patch: MadePatch, extra: readonly string[]): readonly string[] => [`From: A Machine <machine@example.org>`, 'Date: Sat, 21 Nov 2026 03:00:00 +0000', `Subject: [PATCH] ${patch.subject}`, 'MIME-Version: 1.0', ...extra, ''];
const content = (patch: MadePatch): readonly string[] => [...patch.changelog, '---', ...diffText(patch), '-- ', '2.39.5'];
const quoted = (lines: readonly string[], prefix: string): readonly string[] => lines.map((line) => (prefix + line).trimEnd());

const COMMENTS = ['', 'This looks odd to me: why is the lock taken only here?', '', 'Also please say so in the changelog.', ''];

/** A reviewer's reply: comments after some lines of the hunks, never quoted. */
const reply = (patch: MadePatch, prefix: string, seed: number): string => {
	const next = random(seed);
	const body = quoted([...patch.changelog, '---', ...diffText(patch)], prefix);
	const out = body.flatMap((line, index) => (index > patch.changelog.length + 6 && next(9) === 0 ? [line, ...COMMENTS] : [line]));
	return join([`From: B Reviewer <b@example.org>`, `Subject: Re: [PATCH] ${patch.subject}`, '', 'On Sat, Nov 21, 2026 at 03:00:00AM +0000, A Machine wrote:', ...out, ...COMMENTS, '-- ', 'B']);
};

const quotedPrintable = (text: string): string => text.split('\n').map((line) => {
	const encoded = line.replace(/[=\t]|[^\x20-\x7e]/g, (c) => [...new TextEncoder().encode(c)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')).replace(/ $/, '=20');
	const parts: string[] = [];
	let rest = encoded;
	while (rest.length > 75) {
		let cut = 75;
		while (/=[0-9A-F]?$/.test(rest.slice(0, cut))) {
			cut--;
		}
		parts.push(`${rest.slice(0, cut)}=`);
		rest = rest.slice(cut);
	}
	return [...parts, rest].join('\n');
}).join('\n');

const base64 = (text: string): string => (Buffer.from(text).toString('base64').match(/.{1,76}/g) ?? []).join('\n');
const escaped = (line: string): string => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const expand = (line: string): string => {
	let out = '';
	for (const c of line) {
		out += c === '\t' ? ' '.repeat(8 - (out.length % 8)) : c;
	}
	return out;
};

/** What a mail program does to long lines: breaks at the last blank before the limit. */
const wrapped = (line: string, limit: number): readonly string[] => {
	const cut = line.length > limit ? line.lastIndexOf(' ', limit) : -1;
	return cut <= 40 ? [line] : [line.slice(0, cut), ...wrapped(line.slice(cut + 1), limit)];
};

const wrongCounts = (patch: MadePatch, seed: number): readonly string[] => {
	const next = random(seed);
	return diffText({ ...patch, hunks: patch.hunks.map((hunk) => (next(2) === 0 ? { ...hunk, oldCount: Math.max(1, hunk.oldCount + next(5) - 2), newCount: Math.max(1, hunk.newCount + next(5) - 2) } : hunk)) });
};

const squeezedLine = (line: string): string => line.replace(/[ \t]+/g, ' ').replace(/^ /, '').trimEnd();

/** Paragraphs on one line each, as a page that joins lines shows them. */
const flattened = (lines: readonly string[]): readonly string[] => {
	const out: string[] = [];
	let paragraph: string[] = [];
	for (const line of [...lines.map(squeezedLine), '']) {
		if (line === '' && paragraph.length > 0) {
			out.push(paragraph.join(' '));
			paragraph = [];
		} else if (line !== '') {
			paragraph.push(line);
		}
	}
	return out;
};

export const MANGLINGS: readonly Mangling[] = [
	{ name: 'format-patch', keeps: 'text', columns: true, mangle: (patch) => join(mailText(patch)) },
	{ name: 'bare diff', keeps: 'text', columns: true, mangle: (patch) => join(diffText(patch)) },
	{ name: 'git show', keeps: 'text', columns: true, mangle: (patch) => join(['commit 1234567890123456789012345678901234567890', 'Author: A Machine <machine@example.org>', 'Date:   Sat Nov 21 03:00:00 2026', '', `    ${patch.subject}`, '    ', ...patch.changelog.map((line) => `    ${line}`.trimEnd()), '', ...diffText(patch), '']) },
	{ name: 'quilt, no prefixes', keeps: 'text', columns: true, mangle: (patch) => join([patch.subject, '', ...patch.changelog, '', `Index: ${patch.path}`, '='.repeat(67), `--- ${patch.path}.orig`, `+++ ${patch.path}`, ...patch.hunks.flatMap((hunk) => [headerOf(hunk), ...hunkText(hunk)]), '']) },
	{ name: 'names of backups that bear the patch\'s', keeps: 'text', columns: true, mangle: (patch) => join([patch.subject, '', ...patch.changelog, '', `--- a/${patch.path}~fix-it-up`, `+++ a/${patch.path}`, ...patch.hunks.flatMap((hunk) => [headerOf(hunk), ...hunkText(hunk)]), '']) },
	{ name: 'CRLF', keeps: 'text', columns: true, mangle: (patch) => mailText(patch).join('\r\n') },
	{ name: 'quoted reply', keeps: 'text', columns: true, mangle: (patch, seed) => reply(patch, '> ', seed) },
	{ name: 'quoted thrice', keeps: 'text', columns: true, mangle: (patch, seed) => reply(patch, '> > > ', seed) },
	{ name: 'quoted without blanks', keeps: 'text', columns: true, mangle: (patch, seed) => reply(patch, '>', seed) },
	{ name: 'base64', keeps: 'text', columns: false, mangle: (patch) => join([...headers(patch, ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64']), base64(join(content(patch)))]) },
	{ name: 'base64 of CRLF', keeps: 'text', columns: false, mangle: (patch) => join([...headers(patch, ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64']), base64(content(patch).join('\r\n'))]) },
	{ name: 'quoted-printable', keeps: 'text', columns: false, mangle: (patch) => join([...headers(patch, ['Content-Type: text/plain; charset="utf-8"', 'Content-Transfer-Encoding: quoted-printable']), quotedPrintable(join(content(patch)))]) },
	{ name: 'attachment', keeps: 'text', columns: true, mangle: (patch) => join([...headers(patch, ['Content-Type: multipart/mixed; boundary="=_part"']), '--=_part', 'Content-Type: text/plain', '', 'The patch is attached.', '--=_part', 'Content-Type: text/x-patch; name="x.patch"', 'Content-Disposition: attachment; filename="x.patch"', '', ...diffText(patch), '--=_part--', '']) },
	{ name: 'UTF-8 changelog, Latin-1 bytes', keeps: 'text', columns: true, mangle: (patch) => Buffer.from(join([...headers(patch, ['Content-Type: text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding: 8bit']), 'J\u00f6rg says so.', ...content(patch)]), 'latin1') },
	{ name: 'format=flowed', keeps: 'text', columns: true, mangle: (patch) => join([...headers(patch, ['Content-Type: text/plain; charset=utf-8; format=flowed']), ...content(patch).map((line) => (/^ |^From /.test(line) ? ` ${line}` : line))]) },
	{ name: 'trailing blanks stripped', keeps: 'text', columns: true, mangle: (patch) => join(mailText(patch).map((line) => line.trimEnd())) },
	{ name: 'no-break spaces', keeps: 'text', columns: true, mangle: (patch) => join(mailText(patch).map((line, index) => (index < 6 ? line : line.replaceAll(' ', '\u00a0')))) },
	{ name: 'HTML page', keeps: 'text', columns: false, mangle: (patch) => join(['<!DOCTYPE html>', '<html><head><title>mail</title><style>b { x: y }</style></head>', '<body><b>[PATCH]</b><pre>', ...content(patch).map((line) => (line.startsWith('+') ? `<span class="add">${escaped(line)}</span>` : escaped(line))), '</pre></body></html>']) },
	{ name: 'entities left', keeps: 'text', columns: false, mangle: (patch) => join(['Subject: [PATCH] a-&gt;b', '', 'a-&gt;b', ...content(patch).map(escaped)]) },
	{ name: 'double spaced', keeps: 'text', columns: true, mangle: (patch) => join(content(patch).flatMap((line) => [line, ''])) },
	{ name: 'counts wrong', keeps: 'text', columns: true, mangle: (patch, seed) => join([patch.subject, '', ...wrongCounts(patch, seed), '-- ', '2.39.5']) },
	{ name: 'counts missing', keeps: 'text', columns: true, mangle: (patch) => join([...mailText(patch).map((line) => line.replace(/^@@ -[\d,]+ \+[\d,]+ @@/, '@@ ... @@'))]) },
	{ name: 'context lost its first blank', keeps: 'text', columns: true, mangle: (patch) => join(mailText(patch).map((line) => line.replace(/^ /, ''))) },
	{ name: 'white space eaten', keeps: 'words', columns: true, mangle: (patch) => join(mailText(patch).map(squeezedLine)) },
	{ name: 'white space eaten, quoted', keeps: 'words', columns: true, mangle: (patch, seed) => reply(patch, '> ', seed).split('\n').map((line) => line.replace(/^> (.*)$/, (_, rest: string) => `> ${squeezedLine(rest)}`)).join('\n') },
	{ name: 'tabs became spaces', keeps: 'words', columns: true, mangle: (patch) => join(mailText(patch).map(expand)) },
	{ name: 'lines wrapped at 78', keeps: 'words', columns: true, mangle: (patch) => join(mailText(patch).flatMap((line) => wrapped(line, 78))) },
	{ name: 'flattened', keeps: 'words', columns: true, mangle: (patch) => join([patch.subject, ...patch.changelog.filter((line) => line !== ''), '---', ...flattened(diffText(patch))]) },
	{ name: 'archive page', keeps: 'text', columns: true, mangle: (patch) => join([`[PATCH] ${patch.subject}`, '', 'From: A Machine', 'Date: Sat Nov 21 2026 - 03:00:00 EST', '', ...content(patch).map((line) => line.replace(/@example\.org/, '@xxxxxxxxxxx')), '', 'Next message: B: "Re: x"', 'Previous message: C: "y"', 'Messages sorted by: [ date ] [ thread ]']) },
	{ name: 'list footer, top reply', keeps: 'text', columns: true, mangle: (patch) => join([...mailText(patch).slice(1), '_______________________________________________', 'list mailing list', 'list@example.org']) },
	{ name: 'bytes in an mbox', keeps: 'text', columns: true, mangle: (patch) => new TextEncoder().encode(join(['From machine@example.org Sat Nov 21 03:00:00 2026', ...mailText(patch).slice(1), ''])) },
];

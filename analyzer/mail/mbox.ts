import type { TextLine } from './document';
import type { InputLine } from './patch';
import { FORMAT_PATCH_FROM, GIT_DIFF, LOG_COMMIT } from './diff-syntax';

/** `From someone Mon May  2 20:33:14 2016`, the address possibly obscured as `someone at host`. */
const DATED_FROM = /^From \S+(?: (?:at|\[at\]) \S+)? +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +(?:\d{1,2} +)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) .*\d{4}/;
const HEADER = /^[A-Za-z][A-Za-z0-9-]*:(?: |\t|$)/;
const MAIL_HEADER = /^(?:From|Subject|Date|To|Message-I[dD]|Received|Return-Path|Delivered-To|X-[\w-]+): /;
const LOG_HEADER = /^(?:Author|AuthorDate|Merge|tree|Refs|Reflog):? /;
/** How far a block of headers without a From_ line is looked into. */
const BLOCK = 40;
const PAGE_LINES = 60;

export const isHeaderLine = (text: string): boolean => HEADER.test(text);

/** Of a line, the one before it and the one after it; those are empty where there is none. */
const isMailStart = (text: string, before: string, after: string): boolean =>
	FORMAT_PATCH_FROM.test(text) || (DATED_FROM.test(text) && before.trim() === '' && HEADER.test(after));

/** A part of a document, and the document's line (1-based) that it begins with. */
export interface MailText {
	readonly text: string;
	readonly first: InputLine;
}

/**
 * Cuts a document where surely a mail of an mbox begins, so that no more than one mail need be held as lines. What `splitMessages` would
 * cut besides is left in one part. Blank lines before the first mail go with it.
 */
export function* mailTexts(text: string): Generator<MailText> {
	const lineAt = (at: number): string => text.slice(at, endOf(at));
	const endOf = (at: number): number => {
		const end = text.indexOf('\n', at);
		return end < 0 ? text.length : end;
	};
	let from = 0;
	let first = 1;
	let empty = true;
	let before = '';
	for (let at = 0, line = 1; at < text.length; line++) {
		const own = lineAt(at);
		const next = at + own.length + 1;
		if (!empty && own.startsWith('From ') && isMailStart(own, before, lineAt(next))) {
			yield { text: text.slice(from, at), first };
			from = at;
			first = line;
		}
		empty &&= own.trim() === '';
		before = own;
		at = next;
	}
	yield { text: text.slice(from), first };
}

/** A commit of `git log -p` or `git show`. */
const isLogStart = (lines: readonly TextLine[], at: number): boolean =>
	LOG_COMMIT.test(lines[at]!.text) && LOG_HEADER.test(lines[at + 1]?.text ?? '');

/** A thread saved from a public inbox's page: `* subject`, a few lines of the thread, then `From: … (permalink / raw)`. */
const isPageStart = (lines: readonly TextLine[], at: number): boolean =>
	lines[at]!.text.startsWith('* ') && lines.slice(at + 1, at + PAGE_LINES).some(({ text }) => /^@ \d{4}-\d\d-\d\d /.test(text))
	&& lines.slice(at + 1, at + PAGE_LINES).some(({ text }) => /^From: .* @ \d{4}-\d\d-\d\d .*\(permalink/.test(text));

/** Headers in the middle of a text, below a diff that is over: another mail was put behind the first. */
const isHeaderBlock = (lines: readonly TextLine[], at: number): boolean => {
	if (!MAIL_HEADER.test(lines[at]!.text) || (at > 0 && lines[at - 1]!.text.trim() !== '')) {
		return false;
	}
	const seen = new Set<string>();
	for (let index = at; index < lines.length && index < at + BLOCK; index++) {
		const text = lines[index]!.text;
		if (!HEADER.test(text) && !/^[ \t]\S/.test(text)) {
			break;
		}
		seen.add(text.split(':')[0]!.toLowerCase());
	}
	return seen.has('subject') && (seen.has('date') || seen.has('message-id')) && seen.has('from');
};

/** Cuts a document into messages: mbox, `git log -p`, or mails one behind the other. Each is a range of its lines. */
export function splitMessages(lines: readonly TextLine[]): readonly (readonly TextLine[])[] {
	const starts: number[] = [];
	let diff = false;
	for (let at = 0; at < lines.length; at++) {
		const text = lines[at]!.text;
		switch (text[0]) {
			case 'd':
				diff ||= GIT_DIFF.test(text);
				break;
			case '*':
				if (isPageStart(lines, at)) {
					starts.push(at);
					diff = false;
				}
				break;
			case '@':
				diff ||= text.startsWith('@@ -');
				break;
			case 'F':
			case 'c':
				if (isMailStart(text, lines[at - 1]?.text ?? '', lines[at + 1]?.text ?? '') || isLogStart(lines, at)) {
					starts.push(at);
					diff = false;
					break;
				}
				if (diff && isHeaderBlock(lines, at)) {
					starts.push(at);
					diff = false;
				}
				break;
			default:
				if (diff && text[0] !== undefined && text[0] >= 'A' && text[0] <= 'Z' && isHeaderBlock(lines, at)) {
					starts.push(at);
					diff = false;
				}
		}
	}
	const preface = lines.slice(0, starts[0] ?? 0);
	// Blank lines, or a page's own head, are no message.
	const none = preface.every(({ text }) => text.trim() === '') || (preface.length < BLOCK && lines[starts[0]!]!.text.startsWith('* '));
	const cuts = starts.length > 0 && none ? [0, ...starts.slice(1)] : [0, ...starts];
	return cuts.map((from, index) => lines.slice(from, cuts[index + 1] ?? lines.length)).filter((part) => part.length > 0);
}

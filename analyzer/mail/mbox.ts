import type { TextLine } from './document';
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

const isMailStart = (lines: readonly TextLine[], at: number): boolean => {
	const text = lines[at]!.text;
	if (FORMAT_PATCH_FROM.test(text)) {
		return true;
	}
	return DATED_FROM.test(text) && (at === 0 || lines[at - 1]!.text.trim() === '') && HEADER.test(lines[at + 1]?.text ?? '');
};

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
				if (isMailStart(lines, at) || isLogStart(lines, at)) {
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

import { diagramsOf } from './diagram';
import { readDiff } from './diff';
import type { Lines, TextLine } from './document';
import { FORMAT_PATCH_FROM, LOG_COMMIT } from './diff-syntax';
import { unflattened } from './flattened';
import { headerText, type MailHeaders, readHeaders } from './mail-headers';
import { mailBody } from './mime';
import { isPage, pageText, unescapedLines } from './page';
import { Passage } from './passage';
import type { Patch, ProseLine, Remark } from './patch';
import { quotation } from './quotation';
import { references } from './references';
import { subjectTags } from './subject';

/** Headers of `git log`, and lines that only say where something came from. */
const LOG_FIELD = /^(?:Author|AuthorDate|Date|Commit|CommitDate|Merge|commit|tree|parent|From|To|Cc|Sent|Message-I[dD]|In-Reply-To):? /;
const TAG_LINE = /^\s*(?:\[\s*upstream commit|commit [0-9a-f]{8,40} upstream|-{3,}|\d\S*-stable review patch)/i;
const ATTRIBUTION = /(?:wrote|writes):?\s*$/;
/** Share of blank lines at one parity that makes a text double spaced, and the fewest lines to say so. */
const DOUBLE_SPACED = 0.98;
const FEWEST_SPACED = 24;

/** A message as a patch, and whether it answers another one. */
export interface Message {
	readonly patch: Patch;
	readonly reply: boolean;
}

/** Reads one message: headers, encodings, quotation, diff and prose. `binary`: one character per byte. */
export function readMessage(lines: readonly TextLine[], binary: boolean): Message {
	const log = LOG_COMMIT.test(lines[0]!.text);
	const none: MailHeaders = { fields: new Map(), body: 0 };
	const headers = log ? none : mailHeaders(lines);
	const body = mailBody(lines, headers, binary);
	const repairs: Remark[] = [...body.repairs];
	const then = (step: (from: readonly TextLine[]) => Lines, from: readonly TextLine[]): readonly TextLine[] => {
		const result = step(from);
		repairs.push(...result.repairs);
		return result.lines;
	};
	let text = body.lines;
	text = isPage(text) ? then(pageText, text) : then(unescapedLines, text);
	text = then(singleSpaced, text);
	text = then(unflattened, text);
	const passage = new Passage(text);
	const diff = readDiff(passage);

	const subjectLine = headerText(headers, 'subject') ?? writtenSubject(text, log);
	const tags = subjectTags(subjectLine);
	const reply = tags.reply || (diff.depth ?? 0) > 0;
	const unquotedLines = text.map((line) => (line.text.includes('>') ? { ...line, text: line.text.slice(quotation(line.text).end).replace(/^ /, '') } : line));
	const named = references([...lines.slice(0, headers.body), ...unquotedLines]);
	const prose = proseOf(passage, diff.depth, reply, log);
	return {
		reply,
		patch: {
			subject: tags.subject,
			commit: named.commit, fixes: named.fixes, base: named.base,
			...(tags.number === undefined ? {} : { number: tags.number }),
			...(tags.total === undefined ? {} : { total: tags.total }),
			...(tags.version === undefined ? {} : { version: tags.version }),
			prose,
			diagrams: diagramsOf(prose),
			files: diff.files,
			repairs: [...repairs, ...diff.repairs],
			problems: [...body.problems, ...diff.problems],
			from: lines[0]!.input,
			to: lines.at(-1)!.input,
		},
	};
}

/** Headers only count as such when a mail's are among them: a changelog may begin with `mm: do this`. */
function mailHeaders(lines: readonly TextLine[]): MailHeaders {
	const headers = readHeaders(lines, 0);
	const mail = ['from', 'subject', 'date', 'content-type', 'message-id', 'to'].filter((name) => headers.fields.has(name)).length;
	return FORMAT_PATCH_FROM.test(lines[0]!.text) || mail >= 2 || headers.fields.has('subject') ? headers : { fields: new Map(), body: 0 };
}

/** Text without headers: a `Subject:` line among the first, else the first line that says something. */
function writtenSubject(lines: readonly TextLine[], log: boolean): string {
	const LOOK = 30;
	if (!log) {
		const at = lines.slice(0, LOOK).findIndex(({ text }) => /^Subject(?::|\t)\s*\S/.test(text));
		if (at >= 0) {
			const rest = /^\s+\S/.test(lines[at + 1]?.text ?? '') ? ` ${lines[at + 1]!.text.trim()}` : '';
			return lines[at]!.text.slice('Subject:'.length).trim() + rest;
		}
		// A public inbox's page puts it behind a bullet.
		const bullet = lines.find(({ text }) => text.startsWith('* '))?.text;
		if (bullet !== undefined && lines.some(({ text }) => /^From: .*\(permalink/.test(text))) {
			return bullet.slice(2);
		}
	}
	const first = lines.find(({ text }) => text.trim() !== '' && !LOG_FIELD.test(text) && !TAG_LINE.test(text) && !/^(?:diff |---|@@|Index: |From )/.test(text) && !ATTRIBUTION.test(text));
	return first?.text.trim() ?? '';
}

/** Each line that no diff took. What stands at the patch's own depth before and within it is its changelog; the rest are replies. */
function proseOf(passage: Passage, diffDepth: number | null, reply: boolean, log: boolean): readonly ProseLine[] {
	const prose: ProseLine[] = [];
	const own = diffDepth ?? (reply ? 1 : 0);
	let lastTaken = passage.length - 1;
	while (lastTaken >= 0 && !passage.isTaken(lastTaken)) {
		lastTaken--;
	}
	let others = false;
	for (let at = 0; at < passage.length; at++) {
		if (passage.isTaken(at)) {
			continue;
		}
		const line = passage.lines[at]!;
		const { depth, end } = line.text.includes('>') ? quotation(line.text) : { depth: 0, end: 0 };
		others ||= own === 0 && at > lastTaken && lastTaken >= 0 && ATTRIBUTION.test(line.text);
		const changelog = own === 0 ? depth === 0 && !others : depth >= own;
		const text = depth > 0 && line.text[end] === ' ' ? line.text.slice(end + 1) : line.text.slice(end);
		prose.push({ text: log && text.startsWith('    ') ? text.slice(4) : text, input: line.input, author: changelog ? 'changelog' : 'reply' });
	}
	return prose;
}

/** A page's copy with a blank line after each line. */
function singleSpaced(lines: readonly TextLine[]): Lines {
	if (lines.length < FEWEST_SPACED) {
		return { lines, repairs: [] };
	}
	for (const parity of [0, 1]) {
		const between = lines.filter((_, at) => at % 2 === parity);
		const blank = between.filter(({ text }) => text.trim() === '').length;
		const written = lines.filter(({ text }, at) => at % 2 !== parity && text.trim() !== '').length;
		if (blank >= between.length * DOUBLE_SPACED && written > (lines.length / 2) * 0.6) {
			return {
				lines: lines.filter(({ text }, at) => at % 2 !== parity || text.trim() !== ''),
				repairs: [{ message: 'every other line was blank: double spacing removed', input: lines[0]!.input }],
			};
		}
	}
	return { lines, repairs: [] };
}


import { base64Bytes, bytesOf, decodeCharset, quotedPrintableBytes } from './charset';
import type { TextLine } from './document';
import { pageText } from './page';
import { type MailHeaders, parameters, readHeaders } from './mail-headers';
import type { Remark } from './patch';

/** A mail's readable lines, decoded, each with the line of the document that it came from. */
export interface MailBody {
	readonly lines: readonly TextLine[];
	readonly repairs: readonly Remark[];
	readonly problems: readonly Remark[];
}

/** Parts within parts. */
const DEEPEST = 12;
const READABLE = /^text\/(?:plain|x-patch|x-diff|x-csrc|x-c)$|^application\/(?:x-patch|x-diff|mbox)$/;
const PATCH_NAME = /\.(?:patch|diff|txt|c|h|mbox|eml)$/i;
/** Charsets whose text is ASCII until it is decoded. */
const SEVEN_BIT = /^(?:utf-?7|iso-2022-|hz-gb)/i;
const SILENT = /^(?:application\/(?:pgp-signature|pkcs7-signature|x-pkcs7-signature|ms-tnef)|text\/(?:x-amp-html|calendar))$/;

interface Encoding {
	readonly transfer: string;
	readonly charset: string | undefined;
	/** The document is carried as one character per byte. */
	readonly binary: boolean;
}

/** Decodes the body of a mail whose headers are given; a text without MIME headers comes back as it is. */
export function mailBody(lines: readonly TextLine[], headers: MailHeaders, binary: boolean): MailBody {
	return part(lines.slice(headers.body), headers, binary, 0, lines[0]?.input ?? 1);
}

function part(body: readonly TextLine[], headers: MailHeaders, binary: boolean, depth: number, at: number): MailBody {
	const type = parameters(headers.fields.get('content-type'));
	if (type.value.startsWith('multipart/') && type.named.has('boundary')) {
		return depth < DEEPEST
			? multipart(body, type.named.get('boundary')!, type.value === 'multipart/alternative', binary, depth)
			: { lines: [], repairs: [], problems: [{ message: `parts nested deeper than ${DEEPEST} are not read`, input: at }] };
	}
	const disposition = parameters(headers.fields.get('content-disposition'));
	const name = disposition.named.get('filename') ?? type.named.get('name') ?? '';
	if (type.value === 'message/rfc822') {
		const inner = readHeaders(body, 0);
		return part(body.slice(inner.body), inner, binary, depth + 1, at);
	}
	const html = type.value === 'text/html';
	if (type.value !== '' && !READABLE.test(type.value) && !html && !type.value.startsWith('text/') && !PATCH_NAME.test(name)) {
		return { lines: [], repairs: [], problems: SILENT.test(type.value) ? [] : [{ message: `part of type ${type.value}${name === '' ? '' : ` (${name})`} is not read`, input: body[0]?.input ?? at }] };
	}
	const encoding: Encoding = { transfer: (headers.fields.get('content-transfer-encoding') ?? '').trim().toLowerCase(), charset: type.named.get('charset'), binary };
	const decoded = decode(body, encoding);
	if (html) {
		const page = pageText(decoded.lines);
		return { lines: page.lines, repairs: [...decoded.repairs, ...page.repairs], problems: decoded.problems };
	}
	if (type.named.get('format')?.toLowerCase() === 'flowed') {
		const flowed = unstuffed(decoded.lines);
		return { ...decoded, lines: flowed, repairs: flowed === decoded.lines ? decoded.repairs : [...decoded.repairs, { message: 'format=flowed: stuffed blanks removed', input: flowed[0]?.input ?? at }] };
	}
	return decoded;
}

function multipart(body: readonly TextLine[], boundary: string, alternative: boolean, binary: boolean, depth: number): MailBody {
	const parts: { readonly type: string; readonly body: MailBody }[] = [];
	let start = -1;
	const close = (end: number): void => {
		if (start >= 0) {
			const lines = body.slice(start, end);
			const headers = readHeaders(lines, 0);
			// A part may have no header at all: an empty line, then its text.
			const from = headers.fields.size === 0 && lines[0]?.text === '' ? { fields: headers.fields, body: 1 } : headers;
			parts.push({ type: parameters(headers.fields.get('content-type')).value, body: part(lines.slice(from.body), from, binary, depth + 1, lines[0]?.input ?? 1) });
		}
		start = end + 1;
	};
	let ended = false;
	for (let at = 0; at < body.length && !ended; at++) {
		const text = body[at]!.text.trimEnd();
		if (text === `--${boundary}` || text === `--${boundary}--`) {
			close(at);
			ended = text.endsWith('--') && text !== `--${boundary}`;
		}
	}
	if (!ended) {
		close(body.length);
	}
	const chosen = alternative ? [parts.find(({ type }) => type === 'text/plain' || type === '') ?? parts.at(-1)] : parts.filter(({ type }) => type !== 'text/html' || parts.length === 1);
	const read = chosen.filter((one) => one !== undefined).map((one) => one.body);
	return {
		lines: read.flatMap((one, index) => (index === 0 || one.lines.length === 0 ? one.lines : [{ text: '', input: one.lines[0]!.input, from: 0 }, ...one.lines])),
		repairs: read.flatMap((one) => one.repairs),
		problems: read.flatMap((one) => one.problems),
	};
}

function decode(body: readonly TextLine[], encoding: Encoding): MailBody {
	const repairs: Remark[] = [];
	const problems: Remark[] = [];
	const input = body[0]?.input ?? 1;
	let known = true;
	const text = (bytes: Uint8Array): string => {
		const decoded = decodeCharset(bytes, encoding.charset);
		known &&= decoded.known;
		return decoded.text;
	};
	let lines = body;
	if (encoding.transfer === 'base64' && body.every((line) => /^[A-Za-z0-9+/=\s]*$/.test(line.text) || line.text.trim() === '')) {
		lines = base64Lines(body, text);
		repairs.push({ message: 'base64 decoded: columns of these lines are of the decoded text', input });
	} else if (encoding.transfer === 'quoted-printable') {
		lines = quotedPrintableLines(body, text);
		if (lines.length !== body.length || lines.some((line, index) => line.text !== body[index]!.text)) {
			repairs.push({ message: 'quoted-printable decoded: columns of its lines are of the decoded text', input });
		}
	} else if (encoding.binary || SEVEN_BIT.test(encoding.charset ?? '')) {
		lines = body.map((line) => ({ ...line, text: text(bytesOf(line.text)) }));
	}
	if (!known) {
		problems.push({ message: `the charset ${encoding.charset} is not known: read as UTF-8 or Windows-1252`, input });
	}
	return { lines, repairs, problems };
}

/** Decoded line by line, so that each keeps the document line on which it begins. */
function base64Lines(body: readonly TextLine[], text: (bytes: Uint8Array) => string): readonly TextLine[] {
	const chunks = body.map((line) => line.text.replace(/[^A-Za-z0-9+/]/g, ''));
	const bytes = base64Bytes(chunks.join(''));
	/** Index of the first byte that begins in each document line. */
	const firsts: number[] = [];
	let digits = 0;
	for (const chunk of chunks) {
		firsts.push(Math.ceil((digits * 3) / 4));
		digits += chunk.length;
	}
	const out: TextLine[] = [];
	let row = 0;
	for (let start = 0; start < bytes.length; ) {
		const newline = bytes.indexOf(10, start);
		const end = newline < 0 ? bytes.length : newline;
		while (row + 1 < firsts.length && firsts[row + 1]! <= start) {
			row++;
		}
		out.push({ text: text(bytes.subarray(start, end)).replace(/\r+$/, ''), input: body[row]!.input, from: 0 });
		start = end + 1;
	}
	return out;
}

function quotedPrintableLines(body: readonly TextLine[], text: (bytes: Uint8Array) => string): readonly TextLine[] {
	const out: TextLine[] = [];
	let pending: { readonly first: TextLine; text: string } | null = null;
	for (const line of body) {
		const trimmed = line.text.replace(/[ \t]+$/, '');
		const soft = trimmed.endsWith('=');
		const content = soft ? trimmed.slice(0, -1) : trimmed;
		if (pending === null && !soft && !content.includes('=')) {
			out.push(content === line.text ? line : { ...line, text: content });
			continue;
		}
		pending ??= { first: line, text: '' };
		pending.text += content;
		if (!soft) {
			out.push(...decodedLine(pending.first, pending.text, text));
			pending = null;
		}
	}
	return pending === null ? out : [...out, ...decodedLine(pending.first, pending.text, text)];
}

/** An encoded line feed (`=0A`) makes two lines of one. */
const decodedLine = (first: TextLine, encoded: string, text: (bytes: Uint8Array) => string): readonly TextLine[] =>
	text(quotedPrintableBytes(encoded)).replace(/\r+$/, '').split(/\r?\n/).map((line) => ({ text: line, input: first.input, from: first.from }));

/** RFC 3676: a stuffed blank before lines that begin with one. Only where the whole text shows it: many programs claim flowed and do not stuff. */
function unstuffed(lines: readonly TextLine[]): readonly TextLine[] {
	const stuffed = lines.some(({ text }) => text.startsWith('  ')) && !lines.some(({ text }) => /^ [^ ]/.test(text));
	return stuffed ? lines.map((line) => (line.text.startsWith(' ') ? { ...line, text: line.text.slice(1), from: line.from + 1 } : line)) : lines;
}

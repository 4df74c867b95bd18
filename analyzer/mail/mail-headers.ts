import { isHeaderLine } from './mbox';
import type { TextLine } from './document';
import { decodeWords } from './charset';

/** A mail's headers by lower-case name (the first of each), and the index at which the body begins. */
export interface MailHeaders {
	readonly fields: ReadonlyMap<string, string>;
	readonly body: number;
}

/** `name; a=b; c="d"` as in Content-Type and Content-Disposition, with RFC 2231's continuations joined. */
export interface Parameters {
	readonly value: string;
	readonly named: ReadonlyMap<string, string>;
}

/** Reads unfolded headers from `at` on; none when the text does not begin with any. A From_ line before them is passed over. */
export function readHeaders(lines: readonly TextLine[], at: number): MailHeaders {
	const fields = new Map<string, string>();
	let index = at;
	while (index < lines.length && (/^>?From /.test(lines[index]!.text) || (fields.size === 0 && index > at && lines[index]!.text === ''))) {
		index++;
	}
	const first = index;
	let name = '';
	for (; index < lines.length; index++) {
		const text = lines[index]!.text;
		if (/^[ \t]+\S/.test(text) && name !== '') {
			fields.set(name, `${fields.get(name)} ${text.trim()}`);
			continue;
		}
		if (!isHeaderLine(text)) {
			break;
		}
		const colon = text.indexOf(':');
		const key = text.slice(0, colon).toLowerCase();
		name = fields.has(key) ? '' : key;
		if (name !== '') {
			fields.set(name, text.slice(colon + 1).trim());
		}
	}
	if (index === first) {
		return { fields, body: at };
	}
	const ended = index >= lines.length || lines[index]!.text.trim() === '';
	return ended ? { fields, body: Math.min(index + 1, lines.length) } : { fields: new Map(), body: at };
}

/** The value of a header with its encoded words (RFC 2047) decoded. */
export const headerText = (headers: MailHeaders, name: string): string | null => {
	const raw = headers.fields.get(name);
	return raw === undefined ? null : decodeWords(raw);
};

export function parameters(raw: string | undefined): Parameters {
	const named = new Map<string, string>();
	const [value, ...rest] = (raw ?? '').match(/(?:"(?:\\.|[^"\\])*"|[^;"])+/g) ?? [''];
	for (const part of rest) {
		const match = /^\s*([\w-]+)(?:\*\d*\*?|\*)?\s*=\s*(?:"((?:\\.|[^"\\])*)"|(\S*))/.exec(part);
		if (match !== null) {
			const key = match[1]!.toLowerCase();
			named.set(key, (named.get(key) ?? '') + (match[2]?.replace(/\\(.)/g, '$1') ?? match[3]!));
		}
	}
	return { value: value!.trim().toLowerCase(), named };
}

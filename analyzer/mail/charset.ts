/** Bytes of a mail to text. */

/** One character per byte: how a document that is not UTF-8 is carried until its parts' charsets are known. */
export function binaryString(bytes: Uint8Array): string {
	const CHUNK = 0x8000;
	const parts: string[] = [];
	for (let at = 0; at < bytes.length; at += CHUNK) {
		parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
	}
	return parts.join('');
}

export const bytesOf = (binary: string): Uint8Array => Uint8Array.from(binary, (c) => c.charCodeAt(0) & 0xff);

const utf8 = new TextDecoder('utf-8', { fatal: true });
const western = new TextDecoder('windows-1252');
const decoders = new Map<string, TextDecoder | null>();

function decoderFor(charset: string): TextDecoder | null {
	const label = charset.toLowerCase();
	let decoder = decoders.get(label);
	if (decoder === undefined) {
		try {
			decoder = new TextDecoder(label === 'gb2312' ? 'gb18030' : label);
		} catch {
			decoder = null;
		}
		decoders.set(label, decoder);
	}
	return decoder;
}

const strictUtf8 = (bytes: Uint8Array): string | null => {
	try {
		return utf8.decode(bytes);
	} catch {
		return null;
	}
};

/** Text, and whether the named charset could be used. Without a name: UTF-8 where it fits, else Windows-1252. */
export function decodeCharset(bytes: Uint8Array, charset: string | undefined): { readonly text: string; readonly known: boolean } {
	if (charset !== undefined && /^utf-?7$/i.test(charset)) {
		return { text: utf7(bytes), known: true };
	}
	const ascii = charset === undefined || /^(?:us-ascii|ascii|utf-?8|x-unknown|unknown-8bit|iso-8859-1|default)$/i.test(charset);
	if (ascii) {
		return { text: strictUtf8(bytes) ?? western.decode(bytes), known: true };
	}
	const decoder = decoderFor(charset);
	return decoder === null ? { text: strictUtf8(bytes) ?? western.decode(bytes), known: false } : { text: decoder.decode(bytes), known: true };
}

/** RFC 2152: `+AGE-` is base64 of UTF-16; `+-` is a plus. */
function utf7(bytes: Uint8Array): string {
	return binaryString(bytes).replace(/\+([A-Za-z0-9+/]*)-?/g, (_, code: string) => {
		if (code === '') {
			return '+';
		}
		const units = base64Bytes(code);
		let text = '';
		for (let at = 0; at + 1 < units.length; at += 2) {
			text += String.fromCharCode((units[at]! << 8) | units[at + 1]!);
		}
		return text;
	});
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const SEXTETS = new Int8Array(128).fill(-1);
for (let value = 0; value < BASE64.length; value++) {
	SEXTETS[BASE64.charCodeAt(value)] = value;
}

/** Bytes of base64 text; what is no base64 digit is passed over, as RFC 2045 wants. */
export function base64Bytes(text: string): Uint8Array {
	const out = new Uint8Array(Math.ceil((text.length * 3) / 4));
	let length = 0;
	let bits = 0;
	let held = 0;
	for (let at = 0; at < text.length; at++) {
		const sextet = SEXTETS[text.charCodeAt(at)] ?? -1;
		if (sextet < 0) {
			continue;
		}
		held = ((held << 6) | sextet) & 0xffffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[length++] = (held >> bits) & 0xff;
		}
	}
	return out.subarray(0, length);
}

/** Bytes of quoted-printable text of one line, without its soft break; `underscore`: a header's blank. */
export function quotedPrintableBytes(text: string, underscore = false): Uint8Array {
	const plain = underscore ? text.replaceAll('_', ' ') : text;
	const out: number[] = [];
	for (let at = 0; at < plain.length; at++) {
		const code = plain.charCodeAt(at);
		const hex = code === 61 ? /^[0-9A-Fa-f]{2}/.exec(plain.slice(at + 1, at + 3)) : null;
		if (hex !== null) {
			out.push(Number.parseInt(hex[0], 16));
			at += 2;
		} else if (code < 0x80) {
			out.push(code);
		} else {
			out.push(...new TextEncoder().encode(plain[at]));
		}
	}
	return Uint8Array.from(out);
}

/** RFC 2047: `=?utf-8?q?Re=3A?=`. Blanks between two encoded words are no text. */
export function decodeWords(value: string): string {
	return value
		.replace(/(=\?[\w-]+(?:\*\w+)?\?[bq]\?[^?\s]*\?=)\s+(?==\?[\w-]+(?:\*\w+)?\?[bq]\?)/gi, '$1')
		.replace(/=\?([\w-]+)(?:\*\w+)?\?([bq])\?([^?\s]*)\?=/gi, (_, charset: string, encoding: string, text: string) =>
			decodeCharset(encoding.toLowerCase() === 'b' ? base64Bytes(text) : quotedPrintableBytes(text, true), charset).text);
}

import { binaryString } from './charset';
import { LineReader } from './document';
import { mailTexts, splitMessages } from './mbox';
import { type Message, readMessage } from './message';
import type { Series } from './patch';
import { assembleSeries } from './series';

export type * from './patch';

/**
 * Reads a document: a patch, a mail, an mbox, a series. Lines are 1-based lines of `text`. Whatever is damaged is repaired and
 * told, or left out and told; never throws.
 */
export function readSeries(text: string): Series {
	return read(text, false);
}

/** The same for bytes, whose charset the mail's own headers tell. Lines are those of the bytes. */
export async function readBytes(bytes: Uint8Array): Promise<Series> {
	const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
	if (wide !== null) {
		return read(new TextDecoder(wide, { ignoreBOM: true }).decode(bytes), false);
	}
	try {
		return read(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), false);
	} catch {
		return read(binaryString(bytes), true);
	}
}

function read(text: string, binary: boolean): Series {
	const reader = new LineReader(text);
	const messages: Message[] = [];
	for (const mail of mailTexts(text)) {
		for (const lines of splitMessages(reader.read(mail.text, mail.first))) {
			messages.push(readMessage(lines, binary));
		}
	}
	return assembleSeries(messages, reader.repairs());
}

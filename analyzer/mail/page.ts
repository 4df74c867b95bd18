import { type Lines, Tally, type TextLine } from './document';

/** Web pages: saved as HTML, or as text in which the entities stayed. */

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };
const ENTITY = /&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|(lt|gt|amp|quot|apos|nbsp));/gi;
const HTML = /^\s*(?:<!doctype html|<html|<\?xml[^>]*\?>\s*<html)/i;
const ESCAPED = /-&gt;|#include &lt;|&amp;&amp;|&amp;\w+(?:->|-&gt;|\)|,)|&lt;[^&\s]+@[^&\s]+&gt;/;
const HIDDEN = /^(?:script|style|head)$/i;

const unescaped = (text: string): string =>
	text.replace(ENTITY, (_, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
		if (name !== undefined) {
			return NAMED[name.toLowerCase()]!;
		}
		const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
		return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
	});

export const isPage = (lines: readonly TextLine[]): boolean => HTML.test(lines.slice(0, 5).map(({ text }) => text).join('\n'));

/** The text of an HTML page: tags removed (they may span lines), scripts and styles left out, entities decoded. */
export function pageText(lines: readonly TextLine[]): Lines {
	const out: TextLine[] = [];
	let inTag = false;
	let hidden = '';
	for (const line of lines) {
		let text = '';
		let tag = '';
		let from = -1;
		for (let at = 0; at < line.text.length; at++) {
			const c = line.text[at]!;
			if (inTag) {
				if (c === '>') {
					inTag = false;
					const name = /^\/?\w+/.exec(tag)?.[0] ?? '';
					hidden = hidden === '' && HIDDEN.test(name) ? `/${name.toLowerCase()}` : hidden === name.toLowerCase() ? '' : hidden;
					if (/^(?:br|\/p|\/div|\/li|\/tr)$/i.test(name) && text !== '') {
						out.push({ text: unescaped(text), input: line.input, from: line.from + Math.max(from, 0) });
						text = '';
						from = -1;
					}
				} else {
					tag += c;
				}
			} else if (c === '<' && /^<[!/?a-z]/i.test(line.text.slice(at, at + 2))) {
				inTag = true;
				tag = '';
			} else if (hidden === '') {
				from = from < 0 ? at : from;
				text += c;
			}
		}
		out.push({ text: unescaped(text), input: line.input, from: line.from + Math.max(from, 0) });
	}
	return { lines: out, repairs: lines.length === 0 ? [] : [{ message: 'a web page: tags removed, entities decoded', input: lines[0]!.input }] };
}

/** A text copied out of a page's source: `-&gt;` for `->`. Left alone where both forms stand. */
export function unescapedLines(lines: readonly TextLine[]): Lines {
	if (!lines.some(({ text }) => text.includes('&') && ESCAPED.test(text)) || lines.some(({ text }) => /->\w/.test(text))) {
		return { lines, repairs: [] };
	}
	const tally = new Tally();
	const out = lines.map((line) => {
		const text = line.text.includes('&') ? unescaped(line.text) : line.text;
		if (text !== line.text) {
			tally.at(line.input);
		}
		return text === line.text ? line : { ...line, text };
	});
	return { lines: out, repairs: tally.remarks((count) => `entities such as &lt; decoded (${count})`) };
}

import type { MacroSource } from '../source';
import type { Tokens } from './tokens';

/** The `#define`s of a text, in order; continuations and comments are folded into single spaces. */
export function readMacros(tokens: Tokens): MacroSource[] {
	const macros: MacroSource[] = [];
	let line = 1;
	let counted = 0;
	for (const directive of tokens.directives) {
		for (let at = tokens.text.indexOf('\n', counted); at >= 0 && at < directive.start; at = tokens.text.indexOf('\n', at + 1)) {
			line++;
			counted = at + 1;
		}
		if (directive.name !== 'define') continue;
		const match = /^[ \t]+([A-Za-z_]\w*)(\(([^)]*)\))?/.exec(directive.rest);
		if (match === null) continue;
		const params = match[2] === undefined ? null : foldedList(match[3] ?? '');
		macros.push({ name: match[1]!, params, value: folded(directive.rest.slice(match[0].length)), line });
	}
	return macros;
}

function folded(text: string): string {
	return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ').replace(/\\\r?\n/g, ' ').replace(/\s+/g, ' ').trim();
}

function foldedList(text: string): string[] {
	const list = folded(text);
	return list === '' ? [] : list.split(',').map((param) => param.trim());
}

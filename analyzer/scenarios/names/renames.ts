import { changedOnEither, type Side } from '../sides/side';

/**
 * Whether a patch gives things other names and does nothing else: each function's words before and after differ in names alone, always the same one for
 * the same one, and of each of these the declaration, or the definition, is renamed with it, and neither name stands on the other side. Another lock of the same kind is no other name.
 */
export function onlyRenames(pre: Side | null, post: Side | null): boolean {
	if (!pre || !post) return false;
	const names = new Map<string, string>();
	for (const name of changedOnEither(pre, post)) {
		const [before, after] = [wordsOf(pre, name), wordsOf(post, name)];
		const [was, is] = [pre, post].map((side) => side.functions.get(name)?.fn.name);
		if (was && is && was !== is) names.set(was, is);
		if (!before || before.length !== after?.length) return false;
		for (const [at, word] of before.entries()) {
			const other = after[at]!;
			if (word === other) continue;
			if (!IDENTIFIER.test(word) || !IDENTIFIER.test(other) || (names.get(word) ?? other) !== other) return false;
			names.set(word, other);
		}
	}
	if (names.size === 0) return false;
	const [old, now] = [codeOf(pre), codeOf(post)];
	return [...names].every(([was, is]) => (declares(old, was) || defines(pre, was)) && (declares(now, is) || defines(post, is)) && !says(now, was, defines(pre, was)) && !says(old, is, defines(post, is)));
}

/** Names are all that tells the two texts apart, each always the same one for the same one; `stays` tells those that are not given away. */
export function differsInNames(before: string, after: string, stays: (name: string) => boolean): boolean {
	const [old, now] = [wordsIn(before), wordsIn(after)];
	const names = new Map<string, string>();
	return old.length === now.length && old.every((word, at) => {
		const other = now[at]!;
		const known = names.get(word);
		names.set(word, other);
		return (known ?? other) === other && (word === other || (IDENTIFIER.test(word) && IDENTIFIER.test(other) && !(stays(word) && stays(other))));
	});
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;
const COMMENT = /\/\*[\s\S]*?(?:\*\/|$)|\/\/.*/g;

const wordsIn = (text: string): readonly string[] => text.replace(COMMENT, ' ').match(/[A-Za-z_]\w*|\d\w*|"(?:[^"\\]|\\.)*"|\S/g) ?? [];
function wordsOf(side: Side, name: string): readonly string[] | undefined {
	const fn = side.functions.get(name)?.fn;
	return fn && wordsIn(fn.body.text);
}
const codeOf = (side: Side): string => side.files.map(({ image }) => image.text.replace(COMMENT, ' ')).join('\n');
/** A field may have a function's name. */
const says = (code: string, name: string, called: boolean): boolean => new RegExp(String.raw`\b${name}\b${called ? String.raw`\s*\(` : ''}`).test(code);
const defines = ({ functions }: Side, name: string): boolean => [...functions.values()].some(({ fn }) => fn.name === name);
const declares = (code: string, name: string): boolean => new RegExp(String.raw`^[ \t]*(?!(?:goto|return|else|case)\b)(?:[A-Za-z_]\w*[ \t*]+)+${name}\s*(?:\[[^\]\n]*\])?\s*;`, 'm').test(code);

import { type Phrases, says } from '../knowledge/phrases';
import { type InputLine,  type Patch,  type ProseLine, titleOf } from './patch';
import { type Sentence, sentences } from './sentences';

/** A function that prose names. */
export interface Mention {
	readonly name: string;
	readonly input: InputLine;
	/** Written `name()`; otherwise an identifier that may be a function, a member or a variable. */
	readonly called: boolean;
	readonly author: ProseLine['author'];
}

/** A sentence that says who meets whom. */
export interface RaceClaim {
	/** Function names where the sentence has them, else its words: `page faults`, `truncate`. In the order of the sentence. */
	readonly parties: readonly string[];
	readonly input: InputLine;
	readonly text: string;
	readonly author: ProseLine['author'];
}

const CALLED = /(?<![\w.>/-])([A-Za-z_]\w*)\(\s*\)/g;
/** An identifier with an underscore inside, no member, no path, no macro, no type. */
const BARE = /(?<![\w./>-])([a-z_][a-z0-9_]*_[a-z0-9_]+)(?![\w(./-]|->)/g;
const NO_FUNCTION = /_t$|^_+$|^(?:patch|diff|sizeof)$/;
const MAYBE = String.raw`(?:(?:can|may|might|could|will|would|does|do)(?: also| still| indeed)? )?`;
const PARTY = String.raw`((?:[\w>./\- ]|\(\)){2,60}?)`;
const END = String.raw`(?=[.,;:!?)]|$| (?:in|on|when|where|which|that|because|as|if|while|since|so|by|for|due|is|are|was|can|may|and|but|after|before|during|to)\b)`;

/** Words that pair two parties; group 1 and group 2. */
const PAIRS: readonly RegExp[] = [
	new RegExp(String.raw`\brac(?:e|es|ing)(?: conditions?| windows?)?,? (?:exists? |is |was |are |can happen |may occur |happens )?(?:possible )?(?:in )?between ${PARTY} and ${PARTY}${END}`, 'i'),
	new RegExp(String.raw`${PARTY} ${MAYBE}(?:be )?rac(?:e|es|ed|ing) (?:with|against|vs\.?) ${PARTY}${END}`, 'i'),
	/\b(\w+(?:\(\))?(?: \w+){0,2}) (?:vs\.?|versus) ([\w()]+(?: \w+){0,2}?) race\b/i,
	new RegExp(String.raw`\brac(?:e|es|ing) (?:of|with) ${PARTY} (?:with|and|against|vs\.?) ${PARTY}${END}`, 'i'),
	new RegExp(String.raw`\b([\w]+\(\)) ${MAYBE}race ([\w()]+)${END}`, 'i'),
];

/** Functions that the prose names, in document order. */
export function mentions(prose: readonly ProseLine[]): readonly Mention[] {
	const out: Mention[] = [];
	for (const line of prose) {
		if (!line.text.includes('_') && !line.text.includes('(')) {
			continue;
		}
		const found = [
			...[...line.text.matchAll(CALLED)].map((match) => ({ name: match[1]!, at: match.index, called: true })),
			...[...line.text.matchAll(BARE)].map((match) => ({ name: match[1]!, at: match.index, called: false })),
		].filter(({ name }) => !NO_FUNCTION.test(name)).sort((a, b) => a.at - b.at);
		out.push(...found.map(({ name, called }) => ({ name, input: line.input, called, author: line.author })));
	}
	return out;
}

/** Sentences of the subject, the changelog and the replies that say that two things race. */
export function raceClaims(table: Phrases, patch: Pick<Patch, 'subject' | 'prose' | 'from'>): readonly RaceClaim[] {
	const subject: ProseLine = { text: titleOf(patch), input: patch.from, author: 'changelog' };
	const claims = new Map<string, RaceClaim>();
	const reverts = /^Revert\b/i.test(subject.text);
	for (const sentence of [...sentences(patch.prose), ...sentences([subject])]) {
		const parties = partiesOf(table, sentence);
		const key = parties === null ? '' : [...parties.names].sort().join(' ');
		// What a revert quotes was another patch's word.
		if (reverts && parties !== null && parties.names[0] === parties.names[1]) continue;
		if (parties !== null && !claims.has(key)) {
			claims.set(key, { parties: parties.names, input: sentence.lineAt(parties.at), text: sentence.text, author: sentence.author });
		}
	}
	return [...claims.values()];
}

interface Parties {
	readonly names: readonly string[];
	readonly at: number;
}

function partiesOf(table: Phrases, sentence: Sentence): Parties | null {
	for (const pattern of PAIRS) {
		const match = pattern.exec(sentence.text);
		if (match !== null) {
			const names = [match[1]!, match[2]!].map(party).filter((name) => name !== '');
			if (names.length === 2 && names[0] !== names[1]) {
				return { names, at: match.index };
			}
		}
	}
	if (!says(table, 'two-meet', sentence.text)) {
		return null;
	}
	const named = functionsIn(sentence.text);
	const acting = named.filter(({ at }) => !says(table, 'calls-next', sentence.text.slice(0, at)));
	const chosen = acting.length >= 2 ? acting : named;
	const [only] = named;
	if (only && named.length === 1 && says(table, 'several-come', sentence.text)) return { names: [only.name, only.name], at: only.at };
	return chosen.length >= 2 ? { names: chosen.map(({ name }) => name), at: chosen[0]!.at } : null;
}

/** Distinct functions by first mention; `name()` alone counts where any is written so. */
function functionsIn(text: string): readonly { readonly name: string; readonly at: number }[] {
	const called = [...text.matchAll(CALLED)];
	const matches = called.length >= 2 ? called : [...called, ...text.matchAll(BARE)].sort((a, b) => a.index - b.index);
	const seen = new Map<string, number>();
	for (const match of matches) {
		if (!NO_FUNCTION.test(match[1]!) && !seen.has(match[1]!)) {
			seen.set(match[1]!, match.index);
		}
	}
	return [...seen].map(([name, at]) => ({ name, at }));
}

/** A party's function where its words hold one, else the words without articles. */
function party(words: string): string {
	const named = functionsIn(words)[0]?.name;
	return named ?? words.replace(/^.*\b(?:that|the|a|an|where|when|which|this|fix(?:es)?|possible|avoid|prevent)\b\s*/i, '').replace(/\(\)/g, '').trim();
}

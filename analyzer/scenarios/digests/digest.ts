import { isNamed } from '../../knowledge/namings';
import type { LockKind } from '../../../sim';
import type { IrqEffect, Row } from '../../knowledge/row';
import type { Table } from '../../knowledge/table';
import { instancePath } from '../../lower/callers/crossings';
import { alike } from '../../lower/again/questions';
import { lineFinder } from '../../parse';
import type { Definition } from '../../lower/sources';
import { splitArguments, withoutComments } from '../../parse/plain-text';
import { closing, firstMembers, INDEX, KEYWORDS, keyOf, type TypeContext, typeOf, variables } from './typed-places';

/**
 * What a function's text says it does to what others may share, line by line: told without lowering it, so that all functions of a file can be
 * compared. Keys are `struct.member` of the innermost struct whose type is known (`.member` when none is).
 */
export interface Fact {
	readonly kind: 'lock' | 'unlock' | 'cross' | 'read' | 'write' | 'free' | 'count' | 'rcu-lock' | 'rcu-unlock' | 'rcu-wait' | 'rcu-read' | 'async' | 'call' | 'far-call' | 'alloc';
	/** Place (`cross`: of a lock that a call may take on its way), type of the object made, freed or counted (`count`: of the pointer), or the function called (`far-call`: that neither these files nor a row tells of). */
	readonly key: string;
	readonly line: number;
	readonly endLine: number;
	/** Of a lock: what taking it does to interrupts, and (of a release as well) what it is. */
	readonly irq?: IrqEffect;
	readonly lock?: { readonly kind: LockKind; readonly mode: 'exclusive' | 'shared' };
	/** Of a release: the path leaves right behind it, so that code further down still holds the lock. */
	readonly leaves?: boolean;
	/** Freed after a grace period. */
	readonly deferred?: boolean;
	/** Of another thread: it is stopped, or waited for. */
	readonly stops?: boolean;
}

/** The structs and rows that give text its meaning. */
export interface DigestContext extends TypeContext {
	readonly table: Table;
	/** It is a function of these files. */
	readonly own: (name: string) => boolean;
}

/** More facts than these of one function are left out. */
const FACTS_BOUND = 2_000;
const CHAIN = /\b([A-Za-z_]\w*)((?:\s*\[[^\][]*\])*(?:\s*(?:->|\.)\s*[A-Za-z_]\w*(?:\s*\[[^\][]*\])*)+)/g;
const CALL = /\b([A-Za-z_]\w*)\s*\(/g;
const COPY = /\b([a-z]\w*_ptr)(\s*\(\s*)([A-Za-z_][\w.>-]*)\s*(?:,[^()]*)?\)(?=\s*->)/g;
/** What follows a release on a path that goes no further: nothing but simple statements before it leaves. */
const LEAVES = /^\)\s*;(?:[^{}]*?[;\s])?(?:return\b|goto\b|break\s*;|continue\s*;)[^{}]*\}/;

type Question = Exclude<keyof DigestContext, 'table'>;

/** A function's facts, and what was asked for them. */
interface Told {
	readonly table: Table;
	readonly asked: readonly { readonly kind: Question; readonly name: string; readonly answer: unknown }[];
	readonly facts: readonly Fact[];
}

const told = new WeakMap<Definition, Told>();

/** What the text of `definition` does, in order. Where all that was asked for it has the same answer as before, on the other side of the patch or in an earlier review, it does the same. */
export function factsOf(definition: Definition, c: DigestContext): readonly Fact[] {
	const before = told.get(definition);
	if (before && before.table === c.table && before.asked.every(({ kind, name, answer }) => sameAnswer(answer, c[kind](name)))) return before.facts;
	const asked = new Map<string, Told['asked'][number]>();
	const keep = <T>(kind: Question, ask: (name: string) => T) => (name: string): T => {
		const answer = ask(name);
		asked.set(`${kind} ${name}`, { kind, name, answer });
		return answer;
	};
	const facts = readFacts(definition, { table: c.table, struct: keep('struct', c.struct), typedef: keep('typedef', c.typedef), global: keep('global', c.global), conventional: keep('conventional', c.conventional), own: keep('own', c.own) });
	told.set(definition, { table: c.table, asked: [...asked.values()], facts });
	return facts;
}

const sameAnswer = (before: unknown, now: unknown): boolean => before === now || alike(before, now) === true;

function readFacts(definition: Definition, c: DigestContext): readonly Fact[] {
	const text = withoutComments(definition.fn.body.text);
	const line = lineFinder(text);
	const lineOf = (offset: number): number => definition.fn.body.line + line(offset) - 1;
	const types = variables(definition, text, c);
	const facts: Fact[] = [];
	const add = (kind: Fact['kind'], key: string, from: number, to: number, more: Partial<Fact> = {}): void => {
		if (key !== '' && facts.length < FACTS_BOUND) facts.push({ kind, key, line: lineOf(from), endLine: lineOf(to), ...more });
	};
	for (const match of text.matchAll(CALL)) {
		const name = match[1]!;
		if (KEYWORDS.has(name)) continue;
		const open = match.index + match[0].length;
		const close = closing(text, open);
		const args = splitArguments(text.slice(open, close));
		const place = (expression: string): string => keyOf(expression, types, c);
		called(name, args, place, (expression) => typeOf(expression, types, c), c, (kind, key, more) => add(kind, key, match.index, close, (kind === 'unlock' || kind === 'rcu-unlock') && LEAVES.test(text.slice(close, close + 160)) ? { ...more, leaves: true } : more));
	}
	const chains = (within: string, offset: number): void => {
		for (const match of within.matchAll(CHAIN)) {
			const from = offset + match.index;
			const end = from + match[0].length;
			const key = keyOf(match[0], types, c);
			const after = text.slice(end, end + 4).trimStart();
			const before = text.slice(Math.max(0, from - 3), from).trimEnd();
			const written = /^(=(?!=)|[-+|&^*/]=|\+\+|--|<<|>>=)/.test(after) || /(\+\+|--)$/.test(before) || /(^|[^&])&$/.test(before);
			add(written ? 'write' : 'read', key, from, end);
			if (written) add('write', wordOf(key, c), from, end);
			const members = match[0].replace(INDEX, '').split(/->|\./).length;
			for (let upTo = members - 1; upTo > 1; upTo--) add('read', keyOf(firstMembers(match[0], upTo), types, c), from, end);
			// What an index is told by is used as well.
			for (const index of match[0].matchAll(INDEX)) chains(index[0], from + index.index);
		}
	};
	chains(behindCopies(text, c.table), 0);
	return facts.sort((a, b) => a.line - b.line);
}

/** The text with `this_cpu_ptr(x->y)->z` as what it stands for, `x->y->z`; nothing changes its place. */
const behindCopies = (text: string, table: Table): string => text.replace(COPY, (call: string, name: string, open: string, pointer: string) =>
	(table.rows.get(name)?.returns === 'own-copy' ? `${' '.repeat(name.length + open.length)}${pointer}`.padEnd(call.length) : call));

/** Who stores to a bit field writes all of its word: others' bit fields as well. '' for what has a word of its own. */
function wordOf(key: string, c: DigestContext): string {
	const [owner = '', member = ''] = key.split('.');
	const word = owner ? c.struct(owner)?.members.find(({ name }) => name === member)?.word : undefined;
	return word === undefined ? '' : `${owner}.${word}:`;
}

type Tell = (kind: Fact['kind'], key: string, more?: Partial<Fact>) => void;

function called(name: string, args: readonly string[], place: (expression: string) => string, type: (expression: string) => string, c: DigestContext, tell: Tell): void {
	const own = c.own(name);
	if (own) tell('call', name);
	const row: Row | undefined = c.table.rows.get(name);
	const at = (text: string): string => text.replace(/\barg(\d+)\b/g, (_, index: string) => args[Number(index)] ?? '');
	if (!row) {
		// Nobody says what it does with the fields whose addresses it is given, or with the object that its name promises to end.
		if (!own) tell('far-call', name);
		if (!own && isNamed(c.table, 'ends-unknown', name) && args[0]) tell('free', type(args[0]));
		return;
	}
	for (const lock of row.crosses ?? []) {
		const key = instancePath(lock);
		if (key !== null) tell('cross', key);
	}
	switch (row.effect) {
		case 'lock': case 'trylock': tell('lock', place(at(row.at)), { lock: { kind: row.kind, mode: row.mode }, ...(row.irq ? { irq: row.irq } : {}) }); break;
		case 'unlock': tell('unlock', place(at(row.at)), { lock: { kind: row.kind, mode: row.mode } }); break;
		case 'alloc': {
			const [, made = '', like = ''] = /\bsizeof\s*\(\s*(?:struct\s+(\w+)|\*\s*([\w.>-]+))\s*\)/.exec(args.join()) ?? [];
			tell('alloc', made || (like && type(like)));
			break;
		}
		case 'rcu-lock': tell('rcu-lock', 'rcu'); break;
		case 'rcu-unlock': tell('rcu-unlock', 'rcu'); break;
		case 'rcu-sync': tell('rcu-wait', 'rcu'); break;
		case 'rcu-call': tell('free', type(at(row.argument)), { deferred: true }); break;
		case 'free-rcu': tell('free', type(at(row.pointer)), { deferred: true }); break;
		case 'free':
			tell('free', type(at(row.pointer)));
			tell('write', place(at(row.pointer)));
			break;
		case 'get': case 'get-unless-zero': case 'set-count': tell('count', type(args[0] ?? '')); tell('write', place(at(row.at))); break;
		case 'put':
			tell('count', type(args[0] ?? ''));
			tell('free', type(args[0] ?? ''));
			tell('write', place(at(row.at)));
			break;
		case 'load':
			tell('read', place(at(row.at)));
			if (/rcu/.test(name)) tell('rcu-read', place(at(row.at)));
			break;
		case 'store': case 'rmw': case 'cas': case 'bit':
			if (row.effect === 'bit' && row.operation === 'test') tell('read', place(at(row.at)));
			else tell('write', place(at(row.at)));
			break;
		case 'wait-event': case 'prepare-wait': case 'wake': case 'complete': case 'wait-completion': case 'init-completion': tell('write', place(at(row.at))); break;
		case 'register': case 'spawn': tell('async', place(at(row.at))); break;
		case 'cancel': case 'flush': tell('async', place(at(row.at)), { stops: true }); break;
	}
}

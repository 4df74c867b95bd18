import { forgetOldest } from '../../forget-oldest';
import type { Row } from '../../knowledge/row';
import type { Table } from '../../knowledge/table';

/** What a call does to a lock, as its name has it: `foo_lock(x)`, `foo_unlock(x)`. */
interface Named {
	readonly name: string;
	readonly argument: string;
	readonly takes: boolean;
	/** The same for the call that takes and the one that releases. */
	readonly lock: string;
	/** How the text deals with the call's value. */
	readonly tested: 'not' | 'failure' | 'success';
}

/** Pairs of names in a review beyond these are left out. */
const NAMED_BOUND = 40;
const CALLS = /(if\s*\(\s*(?:(?:un)?likely\s*\(\s*)?!\s*|if\s*\(\s*(?:(?:un)?likely\s*\(\s*)?|\b\w+\s*=\s*|=\s*|!\s*)?\b([a-z_]\w*)\s*\(\s*((?:&\s*)?[A-Za-z_]\w*(?:(?:->|\.)\w+)*|[A-Z]\w*\(\s*[A-Za-z_]\w*(?:(?:->|\.)\w+)*\s*\))?\s*(?=[,)])/g;
const WORDS: readonly (readonly [takes: string, releases: string])[] = [['lock', 'unlock'], ['acquire', 'release'], ['take', 'release'], ['take', 'give'], ['get', 'put'], ['claim', 'release'], ['enter', 'exit'], ['down', 'up']];
/** What is added to either name for how it is done. */
const HOW = /_(?:irqsave|irqrestore|irq|bh|interruptible|killable|nested|timeout|sync)(?=_|$)/g;
/** `foo_put_bar_unlock()` gives back what `foo_get_bar_lock()` has found. */
const FOUND = /(^|_)put(_|$)/;
const LOCK = /lock|mutex|sem(?=_|$)/;
const NO_LOCK = /(^|_)(try|trylock|nowait|is|init|destroy|free|alloc|assert|need|needs|list|count|size|read_lock|of|clk|clock|block|page_block)(_|$)|lockdep|clock|block|flock|file_lock|posix|mlock/;

/**
 * Rows for functions of which nobody knows more than that their names say they take and release a lock, where the texts have both. `known`: somebody
 * knows the function. `forgotten`: the mail says that a release is missing, so that one alone tells of the other.
 */
export function namedLocks(texts: readonly string[], table: Table, known: (name: string) => boolean, forgotten: boolean): Table {
	const all = texts.flatMap(callsIn);
	const rows = new Map<string, Row>();
	for (const each of all) {
		if (rows.size >= NAMED_BOUND || rows.has(each.name) || (table.rows.has(each.name) && !table.rows.get(each.name)?.partial) || known(each.name)) continue;
		const others = all.filter(({ lock, takes }) => lock === each.lock && takes !== each.takes);
		// What is given back with another argument lies in what the one that takes has found: of that its name says nothing.
		if (others.length === 0 ? !forgotten || each.takes : !others.some(({ argument }) => argument === each.argument)) continue;
		rows.set(each.name, rowOf(each, all.filter(({ name }) => name === each.name)));
	}
	if (rows.size === 0) return table;
	const written = JSON.stringify([...rows]);
	const last = widened.get(table);
	if (last?.written === written) return last.told;
	const told = { ...table, rows: table.rows.with(rows) };
	widened.set(table, { written, told });
	return told;
}

/** Per table the one that was made of it last: whoever reads the same names again gets the same table. */
const widened = new WeakMap<Table, { readonly written: string; readonly told: Table }>();

/** Texts of which the calls are remembered: those of a patch that is reviewed again are mostly the same. */
const TEXTS = 6;
const read = new Map<string, readonly Named[]>();

function callsIn(text: string): readonly Named[] {
	const calls = read.get(text) ?? [...text.matchAll(CALLS)].flatMap(([, before = '', name = '', argument = '']) => named(name, argument, () => (isHandle(text, before) ? '' : before)));
	read.delete(text);
	read.set(text, calls);
	forgetOldest(read, TEXTS);
	return calls;
}

/** What the call returns is never asked for, and is handed to another call: what the release needs, and no error. */
function isHandle(text: string, before: string): boolean {
	const name = /^(\w+)\s*=\s*$/.exec(before)?.[1];
	if (name === undefined || /^(?:err|error|ret|rc|result|status|retval|res)$/.test(name)) return false;
	return new RegExp(`\\w\\s*\\([^();]*,\\s*\\*?${name}\\s*\\)`).test(text) && !new RegExp(`\\b(?:if|while)\\s*\\([^;{]*\\b${name}\\b(?!\\s*(?:->|\\.|\\())|\\breturn\\s+${name}\\b`).test(text);
}

/** Each of the words, as it stands in a name. */
const STANDS = new Map(WORDS.flat().map((word) => [word, new RegExp(`(^|_)${word}(?=_|$)`)] as const));

/** `before`: what stands before the call and deals with its value; it is asked for only where the name tells of a lock. */
function named(name: string, argument: string, before: () => string): readonly Named[] {
	const plain = name.replace(HOW, '');
	if (NO_LOCK.test(name)) return [];
	for (const [take, release] of WORDS) {
		for (const [word, takes] of [[take, true], [release, false]] as const) {
			const at = STANDS.get(word)?.exec(plain);
			if (!at) continue;
			const lock = `${plain.slice(0, at.index)}${at[1] ?? ''}${take}${plain.slice(at.index + at[0].length)}`.replace(FOUND, '$1get$2');
			// `get` and `release` are said of many things: of a lock where the rest of the name has one.
			if (take !== 'lock' && !LOCK.test(lock.replace(take, ''))) continue;
			return [{ name, argument: argument.replace(/\s+/g, ''), takes, lock, tested: testedBy(before()) }];
		}
	}
	return [];
}

const testedBy = (before: string): Named['tested'] =>
	(/=\s*$/.test(before) || (before.startsWith('if') && !before.includes('!')) ? 'failure' : before.includes('!') ? 'success' : 'not');

function rowOf({ name, argument, takes, lock }: Named, all: readonly Named[]): Row {
	const at = argument === '' ? `INSTANCE(named_lock)->__${lock}` : `arg0->__${lock}`;
	const common = { api: name, at, kind: 'mutex', mode: 'exclusive', source: 'its name' } as const;
	if (!takes) return { ...common, effect: 'unlock' };
	const tested = new Set(all.map((each) => each.tested));
	if (tested.has('success')) return { ...common, effect: 'trylock' };
	return { ...common, effect: 'lock', sleeps: false, ...(tested.has('failure') ? { fails: -EINTR } : {}) };
}

/** What a lock that could not be had is told as. */
const EINTR = 4;

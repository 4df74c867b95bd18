import { earliest, moved } from '../../lower/again/moved';
import type { Aside, Definition } from '../../lower/sources';
import type { CParser } from '../../parse';

/** Functions of ours that are remembered; with more, all are forgotten. */
const REMEMBERED = 500;
const known = new WeakMap<CParser, Map<string, Definition | null>>();

/** A function of ours, in C: said again, it is the `Definition` of before, so that what is known of it is known still. Null where it does not parse. `path`: the file that it is told of. */
export function ownCode(parser: CParser, path: string, name: string, text: string): Definition | null {
	const read = known.get(parser) ?? new Map<string, Definition | null>();
	known.set(parser, read);
	const key = `${path}\n${name}\n${text}`;
	const before = read.get(key);
	if (before !== undefined) return before;
	const parsed = parser.parseFile(text);
	const fn = parsed.functions.find((each) => each.name === name);
	const definition = fn && !fn.broken ? { fn, file: { path, parsed, modelled: true, place: () => ({ file: 0, input: 0, column: 0, changed: false }) } } : null;
	if (read.size >= REMEMBERED) read.clear();
	read.set(key, definition);
	return definition;
}

const without = new WeakMap<Definition, Definition>();

/** The function for any arguments: it speaks of instances. */
export function withoutParameters(definition: Definition): Definition {
	const same = without.get(definition) ?? { ...definition, fn: { ...definition.fn, params: [] } };
	without.set(definition, same);
	return same;
}

interface Beside {
	readonly live: ReadonlySet<string>;
	readonly asides: ReadonlyMap<number, Aside> | undefined;
	readonly told: Definition;
}

/** Ways in which a function is told that are remembered. */
const WAYS = 24;
const ways = new WeakMap<Definition, readonly Beside[]>();

/** The function with what a scenario is about among its locals, and with what is done beside its statements. */
export function toldWith(definition: Definition, live: ReadonlySet<string>, asides?: ReadonlyMap<number, Aside>): Definition {
	const all = ways.get(definition) ?? [];
	const before = all.find((each) => sameNames(each.live, live) && sameAsides(each.asides, asides));
	if (before) return before.told;
	const { path, parsed, modelled } = definition.file;
	const told: Definition = { ...definition, file: { path, parsed, modelled, place: (line: number) => definition.file.place(line), live, ...(asides ? { asides } : {}) } };
	ways.set(definition, [{ live, asides, told }, ...all].slice(0, WAYS));
	// An edit that left the function as it was leaves what it is told with.
	const old = earliest(definition);
	const same = old !== definition && ways.get(old)?.find((each) => sameNames(each.live, live) && sameAsides(each.asides, asides) && [...asides?.keys() ?? []].every((at) => sameUpTo(old, definition, at)));
	if (same) moved(same.told, told);
	return told;
}

/** The two functions stand at one place, with the same text up to there. */
const sameUpTo = (a: Definition, b: Definition, at: number): boolean =>
	a.fn.body.start === b.fn.body.start && a.fn.body.text.slice(0, at - a.fn.body.start) === b.fn.body.text.slice(0, at - b.fn.body.start);

const sameNames = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && [...a].every((name) => b.has(name));

function sameAsides(a: Beside['asides'], b: Beside['asides']): boolean {
	if (!a || !b) return a === b;
	return a.size === b.size && [...a].every(([at, { before, after, tested }]) => {
		const other = b.get(at);
		return other !== undefined && other.before === before && other.after === after && other.tested === tested;
	});
}

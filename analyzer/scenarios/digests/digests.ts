import { type DigestContext, type Fact, factsOf } from './digest';
import { type CType, parseType } from '../../lower/values/ctype';
import type { Side } from '../sides/side';

/** What a function and those it calls do, by key. */
export interface Digest {
	/** Lock → ways it is taken: `none`, `off`, `save`, `bh-off`. */
	readonly locks: ReadonlyMap<string, ReadonlySet<string>>;
	/** Locks taken while another is held: `a>b`. */
	readonly orders: ReadonlySet<string>;
	readonly reads: ReadonlySet<string>;
	readonly writes: ReadonlySet<string>;
	/** Types of objects freed or dropped. */
	readonly frees: ReadonlySet<string>;
	/** Of these, only after a grace period. */
	readonly deferred: ReadonlySet<string>;
	/** Types of objects whose references it takes or drops. */
	readonly counts: ReadonlySet<string>;
	/** Struct types whose members it touches. */
	readonly types: ReadonlySet<string>;
	/** Members it reads by RCU, or touches inside a read side. */
	readonly underRcu: ReadonlySet<string>;
	readonly waitsForReaders: boolean;
	/** Other threads that it stops, or waits for. */
	readonly stopped: ReadonlySet<string>;
	/** Functions gone into. */
	readonly size: number;
}

/** Levels of callees that count as the function's own doing. */
const DEPTH_BOUND = 4;
/** Functions gone into for one digest. */
const CALLEES_BOUND = 40;

const known = new WeakMap<Side, Digests>();

/** The side's digests: one set for all who ask. */
export function digestsOf(side: Side): Digests {
	const digests = known.get(side) ?? new Digests(side);
	known.set(side, digests);
	return digests;
}

/** Digests of one side's functions, each made when it is asked for. */
export class Digests {
	private readonly context: DigestContext;
	private readonly facts = new Map<string, readonly Fact[]>();
	private readonly whole = new Map<string, Digest>();

	constructor(private readonly side: Side) {
		const { oracle } = side.sources;
		const structs = new Map(side.files.flatMap((file) => file.source.parsed.structs.map((struct) => [struct.name, struct] as const)));
		const globals = new Map(side.files.flatMap((file) => file.source.parsed.globals.map(({ name, type, pointer }) => [name, { ...parseType(type), pointer: Math.max(parseType(type).pointer, pointer) }] as const)));
		// One without a name is known by its members alone.
		const global = (name: string): CType | undefined => (globals.get(name)?.struct ? globals.get(name) : undefined);
		this.context = { table: side.sources.table, struct: (name) => structs.get(name) ?? oracle.struct(name), typedef: (name) => oracle.typedef(name), global, conventional: (name) => side.sources.conventional(name), own: (name) => side.functions.has(name) };
	}

	factsOf(name: string): readonly Fact[] {
		const known = this.facts.get(name);
		if (known) return known;
		const definition = this.side.functions.get(name);
		const facts = definition ? factsOf(definition, this.context) : [];
		this.facts.set(name, facts);
		return facts;
	}

	/** What running the function does, its callees of these files included. */
	of(name: string): Digest {
		const known = this.whole.get(name);
		if (known) return known;
		const digest = digestOf(this.flat(name));
		this.whole.set(name, digest);
		return digest;
	}

	/** Facts in the order of a run that takes every branch. */
	private flat(name: string): readonly Fact[] {
		const seen = new Set<string>();
		const walk = (at: string, depth: number): readonly Fact[] => {
			if (seen.has(at) || seen.size >= CALLEES_BOUND || depth > DEPTH_BOUND) return [];
			seen.add(at);
			return this.factsOf(at).flatMap((fact) => (fact.kind === 'call' ? [fact, ...walk(fact.key, depth + 1)] : [fact]));
		};
		return walk(name, 0);
	}
}

export function digestOf(facts: readonly Fact[]): Digest {
	const locks = new Map<string, Set<string>>();
	const [orders, reads, writes, frees, deferred, counts, types, underRcu] = [0, 1, 2, 3, 4, 5, 6, 7].map(() => new Set<string>()) as [Set<string>, Set<string>, Set<string>, Set<string>, Set<string>, Set<string>, Set<string>, Set<string>];
	const stopped = new Set<string>();
	const held: string[] = [];
	let [inside, waitsForReaders, size] = [0, false, 1];
	for (const { kind, key, irq, leaves, deferred: late, stops } of facts) {
		const owner = key.slice(0, key.indexOf('.'));
		if (owner && owner !== 'globals') types.add(owner);
		switch (kind) {
			case 'lock':
				locks.set(key, (locks.get(key) ?? new Set()).add(irq ?? 'none'));
				for (const outer of held) if (outer !== key) orders.add(`${outer}>${key}`);
				held.push(key);
				break;
			case 'cross':
				for (const outer of held) if (outer !== key) orders.add(`${outer}>${key}`);
				break;
			case 'unlock': {
				const from = held.lastIndexOf(key);
				if (from >= 0 && !leaves) held.splice(from, 1);
				break;
			}
			case 'read':
				reads.add(key);
				if (inside > 0) underRcu.add(key);
				break;
			case 'write':
				writes.add(key);
				if (inside > 0) underRcu.add(key);
				break;
			case 'rcu-read': underRcu.add(key); break;
			case 'rcu-lock': inside++; break;
			case 'rcu-unlock': inside = Math.max(0, inside - 1); break;
			case 'rcu-wait': waitsForReaders = true; break;
			case 'free':
				frees.add(key);
				if (late) deferred.add(key);
				break;
			case 'count': counts.add(key); break;
			case 'async':
				writes.add(key);
				if (stops) stopped.add(key);
				break;
			case 'call': size++; break;
			case 'far-call':
			case 'alloc': break;
		}
	}
	return { locks, orders, reads, writes, frees, deferred, counts, types, underRcu, waitsForReaders, stopped, size };
}

/** The same place, as far as the types are known. */
export const alike = (a: string, b: string): boolean => a === b || lastOf(a) === lastOf(b) && (a.startsWith('.') || b.startsWith('.')) && lastOf(a).length > 1;
const lastOf = (key: string): string => key.slice(key.indexOf('.') + 1);

export function has(keys: Iterable<string>, key: string): boolean {
	for (const each of keys) if (alike(each, key)) return true;
	return false;
}

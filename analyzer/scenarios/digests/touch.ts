import type { Fact } from './digest';
import { type Digest, digestOf, type Digests } from './digests';
import { heldAt as heldAtCalls } from '../callers/held-by-callers';
import type { Side } from '../sides/side';
import { imageOf } from '../sides/side-file';

/** What the patch's own lines do, on either side: what partners are sought for. */
export interface Touch {
	/** Facts that begin or end on a changed line, and what lies between a lock's taking and release when either changed. */
	readonly own: Digest;
	/** Everything the changed functions do. */
	readonly around: Digest;
	/** Locks whose taking changed so that interrupts or bottom halves may come now, or may no longer. */
	readonly exposed: ReadonlySet<string>;
	/** A read side, a grace period or what runs after one changed. */
	readonly rcu: boolean;
	/** A reference's taking or dropping, or a free, changed. */
	readonly lifetime: ReadonlySet<string>;
}

/** What the patch touches in one function. */
export function touchOf(name: string, sides: readonly { readonly side: Side; readonly digests: Digests }[]): Touch {
	const changed: Fact[] = [];
	const all: Fact[] = [];
	const ways: Map<string, Set<string>>[] = [];
	const around: Around[] = [];
	for (const { side, digests } of sides) {
		const definition = side.functions.get(name);
		const image = imageOf(side.files, definition);
		const taken = new Map<string, Set<string>>();
		ways.push(taken);
		if (!definition || !image) continue;
		const facts = digests.factsOf(name);
		all.push(...facts);
		for (const { kind, key, irq } of facts) if (kind === 'lock') taken.set(key, (taken.get(key) ?? new Set()).add(irq ?? 'none'));
		const hit = facts.filter(({ line, endLine }) => image.changed.slice(line - 1, endLine).some((each) => each));
		changed.push(...hit, ...guarded(facts, new Set(hit.filter(({ kind }) => /lock$/.test(kind)).map(({ key }) => key))));
		const lines = Array.from({ length: definition.fn.endLine - definition.fn.line + 1 }, (_, at) => definition.fn.line + at).filter((line) => image.changed[line - 1]);
		if (lines.length > 0) around.push({ facts, held: heldAt(facts, lines) });
		// What a changed call does counts as the change's.
		for (const { kind, key } of hit) if (kind === 'call' && key !== name) changed.push(...digests.factsOf(key));
	}
	// What the patch moves out of a lock's section, or into one, changes what that lock is for.
	const [left, right] = around;
	if (left && right) for (const { facts, held } of [left, right]) changed.push(...guarded(facts, new Set([...held].filter((key) => left.held.has(key) !== right.held.has(key)))).filter(({ kind }) => /lock$/.test(kind)));
	const own = digestOf(changed);
	const exposed = new Set([...own.locks.keys()].filter((lock) => {
		const [before, after] = ways.map((taken) => [...taken.get(lock) ?? []].sort().join());
		return before !== after && before !== '' && after !== '';
	}));
	// Who turns interrupts on, where he gave back what he found, lets them into the sections of his callers.
	const turnsOn = [...exposed].some((lock) => new Set(ways.map((taken) => taken.get(lock)?.has('off') ?? false)).size > 1);
	const outer = turnsOn ? sides.flatMap(({ side, digests }) => (side.callers.get(name) ?? []).flatMap((caller) => heldAtCalls(digests, caller, name).flatMap((held) => held.map(({ key }) => key)))) : [];
	return {
		own, around: digestOf(all), exposed: new Set([...exposed, ...outer]),
		rcu: changed.some(({ kind, deferred }) => kind === 'rcu-lock' || kind === 'rcu-unlock' || kind === 'rcu-wait' || kind === 'rcu-read' || deferred === true),
		lifetime: new Set([...own.frees, ...own.counts]),
	};
}

/** A side's function: what it does, and the locks that are held at its changed lines. */
interface Around {
	readonly facts: readonly Fact[];
	readonly held: ReadonlySet<string>;
}

function heldAt(facts: readonly Fact[], lines: readonly number[]): ReadonlySet<string> {
	const held = new Set<string>();
	const open = new Map<string, number>();
	// The last of several releases ends the section.
	for (const { kind, key, line } of facts) {
		if (kind === 'lock') open.set(key, line);
		const from = kind === 'unlock' ? open.get(key) : undefined;
		if (from !== undefined && lines.some((each) => each > from && each < line)) held.add(key);
	}
	return held;
}

/** Of a lock or read side that the patch takes or releases elsewhere: all that lies between. */
function guarded(facts: readonly Fact[], keys: ReadonlySet<string>): readonly Fact[] {
	const open = new Map<string, boolean>();
	if (keys.size === 0) return [];
	return facts.filter(({ kind, key, leaves }) => {
		if (kind === 'lock' || kind === 'rcu-lock') open.set(key, true);
		if ((kind === 'unlock' && !leaves) || kind === 'rcu-unlock') open.set(key, false);
		return [...keys].some((each) => open.get(each));
	});
}

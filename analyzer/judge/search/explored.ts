import { forgetOldest } from '../../forget-oldest';
import { type Exploration, exploreSlices, type Failure, type Op, type Options, type Program } from '../../../sim';
import type { Slices } from '../slices';

/** Explorations that are remembered, the oldest forgotten first: for a mail that is edited and reviewed again, most programs are those of before. */
const REMEMBERED = 600;
const remembered = new Map<string, Exploration>();

/** Bounds that another run may not meet. */
export const PASSING: ReadonlySet<string> = new Set(['milliseconds', 'megabytes', 'cancelled']);

/**
 * Explores a program, or says what was found when the same one was explored the same way before: one whose operations come from elsewhere, as on the other side
 * of the patch, is the same one.
 */
export function* explored(program: Program, options: Options): Slices<Exploration> {
	const origins = originsOf(program);
	const places = new Map(origins.map((origin, place) => [origin, place]));
	const { name: _, ...content } = numbered(program, places);
	const key = digest(JSON.stringify([content, options.bounds, options.memory, options.reduction]));
	const known = remembered.get(key);
	if (known) {
		remembered.delete(key);
		remembered.set(key, known);
		return toldWith(known, (place) => origins[place] ?? place);
	}
	const exploration = yield* exploreSlices(program, options);
	if (!PASSING.has(exploration.bound?.name ?? '')) remembered.set(key, toldWith(exploration, (origin) => places.get(origin) ?? origin));
	forgetOldest(remembered, REMEMBERED);
	return exploration;
}

/** Beside what was too large to be searched whole another one is searched with the reduction at once, and not as far as half of its bound before. */
export const asLarge = (options: Options, { bound }: Pick<Exploration, 'bound'>): Options => (bound?.name === 'states' ? { ...options, reduction: true } : options);

/** Where its operations come from, in order. */
function originsOf({ threads, setup, quiescence }: Program): readonly number[] {
	const found = new Set<number>();
	for (const code of [...threads.map((thread) => thread.code), setup, quiescence]) for (const { origin } of code) if (origin >= 0) found.add(origin);
	return [...found].sort((a, b) => a - b);
}

/** The program with the places of its origins in that order for origins: what is told apart, and what comes before what, stays. */
function numbered(program: Program, places: ReadonlyMap<number, number>): Program {
	const code = (ops: readonly Op[]): readonly Op[] => ops.map((op): Op => ({ ...op, origin: places.get(op.origin) ?? op.origin }));
	return { ...program, threads: program.threads.map((thread) => ({ ...thread, code: code(thread.code) })), setup: code(program.setup), quiescence: code(program.quiescence) };
}

/** What was found, with other numbers for origins. */
function toldWith(exploration: Exploration, other: (origin: number) => number): Exploration {
	const failure = (each: Failure): Failure =>
		({ ...each, sites: each.sites.map(other), ...(each.blocked ? { blocked: each.blocked.map((one) => ({ ...one, origin: other(one.origin), since: one.since.map(other) })) } : {}) });
	return { ...exploration, failures: exploration.failures.map(failure), notes: exploration.notes.map(failure) };
}

/** 64 bits of a text and its length, from two hashes of 32 bits that have nothing in common (MurmurHash3's steps): two texts do not share them by accident. */
export function digest(text: string): string {
	let [a, b] = [0x9e3779b9 ^ text.length, 0x27d4eb2f ^ text.length];
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		a = Math.imul(a ^ code, 0xcc9e2d51);
		b = Math.imul((b << 13) | (b >>> 19), 5) + Math.imul(code, 0xe6546b64);
		a ^= a >>> 15;
	}
	return `${(a >>> 0).toString(36)} ${(b >>> 0).toString(36)} ${text.length}`;
}

import type { Op } from '../../../sim';
import type { Origin } from '../emitted/emitter';

/**
 * The invariants' code as it runs when all threads are done. An invariant may call what the code under review has in an operations slot: that finds every lock free,
 * waits for nothing, keeps no account, and says nothing where it would allocate. Of what nobody knows each round of an invariant that asks `ROUNDS` times takes another
 * one of its values: of two unknowns that a test compares, each is the lesser one once. Of what is asserted only the invariants' own counts.
 */
export function atRest(code: readonly Op[], origins: readonly Origin[], invariants: ReadonlySet<string>): readonly Op[] {
	const inRound = Math.max(1, code.filter(({ op }) => op === 'choose').length / ROUNDS);
	let met = 0;
	return code.map((op): Op => {
		const { origin } = op;
		switch (op.op) {
			case 'choose': return { op: 'set', dst: op.dst, from: { value: (takesLast(Math.floor(met / inRound), Math.floor(met++ % inRound)) ? op.values.at(-1) : op.values[0]) ?? 0 }, origin };
			case 'alloc': return { op: 'cut', why: 'what is at rest is not guessed', origin };
			case 'trylock': case 'held': return { op: 'set', dst: op.dst, from: { value: 1 }, origin };
			case 'get': return op.dst === undefined ? idle(origin) : { op: 'set', dst: op.dst, from: { value: 1 }, origin };
			case 'put': return op.dst === undefined ? idle(origin) : { op: 'set', dst: op.dst, from: { value: 0 }, origin };
			case 'assert': return invariants.has(origins[origin]?.function ?? '') ? op : idle(origin);
			case 'load': { const { watch: _, ...load } = op; return load; }
			case 'store': { const { unless: _, ...store } = op; return store; }
			case 'rmw': { const { unless: _, ...update } = op; return update; }
			case 'set': case 'alu': case 'jump': case 'branch': case 'cas': case 'is-live': case 'cut': case 'end': return op;
			default: return 'dst' in op && op.dst !== undefined ? { op: 'cut', why: 'what is at rest is not guessed', origin } : idle(origin);
		}
	});
}

const ROUNDS = 4;

/** All their first values, all their last ones, and both in turn, either way round. */
const takesLast = (round: number, choice: number): boolean => (round < 2 ? round === 1 : (choice + round) % 2 === 1);

const idle = (origin: number): Op => ({ op: 'fence', kind: 'full', origin });

/** One after the other: each goes on where the one before it ends. */
export const inTurn = (codes: readonly (readonly Op[])[]): readonly Op[] => codes.reduce((all, code) => {
	const before = all.at(-1)?.op === 'end' ? all.slice(0, -1) : all;
	return [...before, ...code.map((op): Op => (op.op === 'jump' || op.op === 'branch' ? { ...op, target: op.target + before.length } : op))];
}, []);

/** An invariant that runs code under review comes last: it may change what the others look at. */
export const runsCode = (body: string): boolean => /->\s*\w+\s*\(/.test(body);

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Program } from '../../sim/index';
import { Machine } from '../../sim/machine/machine';
import { initialize, step } from '../../sim/machine/stepping';
import { canStep } from '../../sim/machine/waiting';
import { DepthFirst } from '../../sim/search/depthFirst';
import { footprintOf } from '../../sim/search/footprint';
import { Known } from '../../sim/search/known';
import { Remembered } from '../../sim/search/remembered';
import { Shortest } from '../../sim/search/shortest';
import { StateStore } from '../../sim/search/store';
import { Sweep } from '../../sim/search/sweep';
import { program } from './notation';
import { faulttrunc } from './peers/families';
import { allocatingProgram, randomProgram, symmetricProgram, watchingProgram } from './random';
import { turn } from './turn';

const RUNS = Number(process.env['RUNS'] ?? 80);
const SEED = Number(process.env['SEED'] ?? 20261121);
/** States of one program that are compared at most. */
const MOST = 2000;

interface Compared {
	readonly remembered: number;
	readonly executed: number;
}

/** Takes every step of every reachable state by executing it and as it is remembered, and compares what both do and touch. */
function compare(text: string): Compared {
	const p = program(text);
	const m = new Machine(p, 1, 1000);
	const known = new Remembered(m);
	if (!known.works) return { remembered: 0, executed: 0 };
	const store = new StateStore(m.words.length);
	initialize(m);
	store.add(m.words);
	let [remembered, executed] = [0, 0];
	for (let state = 0; state < store.count && state < MOST; state++) {
		for (let t = 0; t < m.threads.length; t++) {
			store.copy(state, m.words);
			const can = canStep(m, t);
			for (let again = 0; again < 2; again++) {
				const effect = known.find(t);
				expect(store.is(state, m.words)).toBe(true);
				expect(effect === -1 ? false : effect >= 0 ? true : can).toBe(can);
				if (!can || effect < 0) continue;
				known.apply(effect);
				const applied = m.words.slice();
				store.copy(state, m.words);
				m.tracking = true;
				step(m, t, 0);
				m.tracking = false;
				expect(m.nextChoice()).toBe(-1);
				expect(m.words).toEqual(applied);
				expect(known.footprint(effect)).toEqual(footprintOf(m));
				remembered++;
				store.copy(state, m.words);
			}
			if (!can) continue;
			executed++;
			for (let choice = 0; choice >= 0;) {
				store.copy(state, m.words);
				const outcome = step(m, t, choice);
				choice = m.nextChoice();
				if (outcome === 0) store.add(m.words);
			}
		}
	}
	return { remembered, executed };
}

/** The shortest schedules, over the graph that a sweep kept or over one of their own. */
function shortest(p: Program, width: 1 | 2, kept: boolean): readonly (readonly [string, unknown])[] {
	const m = new Machine(p, width, 1000);
	const sweep = new Sweep(m, { stopAtFailure: false, kept: MOST });
	sweep.advance(Number.POSITIVE_INFINITY);
	if (sweep.states <= MOST) expect(sweep.explored).toBeDefined();
	const search = new Shortest(new Known(m, undefined, kept ? sweep.explored : undefined), m.threads.length, new Set(sweep.found.keys()), 100 * MOST);
	search.advance(Number.POSITIVE_INFINITY);
	return [...search.best].sort(([a], [b]) => (a < b ? -1 : 1));
}

for (const [title, programs] of [['random', randomProgram], ['allocating', allocatingProgram], ['symmetric', symmetricProgram], ['watching', watchingProgram]] as const) {
	test(`steps that are remembered are those that are executed: ${title} programs`, async () => {
		let [remembered, executed] = [0, 0];
		await fc.assert(fc.asyncProperty(programs, async (text) => {
			await turn();
			const here = compare(text);
			remembered += here.remembered;
			executed += here.executed;
		}), { numRuns: RUNS, seed: SEED });
		// Programs with interrupts remember nothing.
		expect(remembered).toBeGreaterThan(executed / 4);
	}, 600_000);

	test(`a sweep meets what a depth-first search meets: ${title} programs`, async () => {
		await fc.assert(fc.asyncProperty(programs, async (text) => {
			await turn();
			const p = program(text);
			const one = new DepthFirst(new Machine(p, 2, 1000), { total: false, stopAtFailure: false });
			for (const width of [1, 2] as const) {
				const two = new Sweep(new Machine(p, width, 1000), { stopAtFailure: false });
				one.advance(Number.POSITIVE_INFINITY);
				two.advance(Number.POSITIVE_INFINITY);
				expect([two.states, two.transitions, two.terminals, [...two.cuts].sort()]).toEqual([one.states, one.transitions, one.terminals, [...one.cuts].sort()]);
				expect([...two.found.keys()].sort()).toEqual([...one.found.keys()].sort());
				expect(two.passing === undefined).toBe(one.passing === undefined);
				expect(shortest(p, width, true)).toEqual(shortest(p, width, false));
			}
		}), { numRuns: RUNS, seed: SEED });
	}, 600_000);
}

test('of a program of plain steps everything is remembered, also when many states are expanded together', () => {
	const p = program(faulttrunc({ faulters: 3, slots: 3 }));
	const sweep = new Sweep(new Machine(p, 1, 1000), { stopAtFailure: false });
	sweep.advance(Number.POSITIVE_INFINITY);
	expect([sweep.states, sweep.transitions]).toEqual([16_999, 52_671]);
	const { remembered, executed } = compare(faulttrunc({ faulters: 2, slots: 2 }));
	expect(remembered).toBe(2 * executed);
});

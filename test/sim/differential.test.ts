import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countInterleavings, explore, replay } from '../../sim/index';
import { Machine } from '../../sim/machine/machine';
import { annotate } from '../../sim/search/annotate';
import { DepthFirst } from '../../sim/search/depthFirst';
import { persistentSets } from '../../sim/search/persistent';
import { Points } from '../../sim/search/points';
import { enabledThreads } from '../../sim/search/schedules';
import { symmetryOf } from '../../sim/search/symmetry';
import { program } from './notation';
import { enumerate, valuesOf } from './oracle';
import { allocatingProgram, bufferedProgram, observedProgram, randomProgram, symmetricProgram, watchingProgram } from './random';
import { turn } from './turn';

/** Programs with more interleavings than this are left to luck. */
const MOST = 3000, MOST_BUFFERED = 8000;
const RUNS = Number(process.env['RUNS'] ?? 80);
const SEED = Number(process.env['SEED'] ?? 20261121);

/** The states that a search has met in which nobody can move. */
function finalsOf(m: Machine, { store }: DepthFirst): ReadonlySet<string> {
	const finals = new Set<string>();
	for (let state = 0; state < store.count; state++) {
		store.copy(state, m.words);
		if (enabledThreads(m) === 0) finals.add(valuesOf(m));
	}
	return finals;
}

/** Programs by which the searches were once told apart. */
const ONCE: readonly [string][] = [
	'unlock P page\nlock P page\nload a y watch 0\nthread T1\nlock P page\nstore x 3\nunlock P page\nlock P page\nstore x 3\nunlock P page',
	'load a x watch 0\nstore x 1 unless 0 lost-data overwritten\nthread T1\nlock P page\nstore x 3\nunlock P page\nload a p.data watch 1',
].map((threads) => [`cells x y=1 P d=?0|1\nobject A ref=1 data\nthread T0\n${threads}`]);

describe('random programs', () => {
	test.each([['of all operations', randomProgram], ['that watch and wait', watchingProgram]])('the searches agree with trying every interleaving: programs %s', async (_, programs) => {
		let compared = 0;
		await fc.assert(fc.asyncProperty(programs, async (text) => {
			await turn();
			const p = program(text);
			const naive = enumerate(p, MOST);
			if (naive === undefined) return;
			compared++;
			const whole = explore(p, { reduction: false });
			const reduced = explore(p, { reduction: true });
			const kinds = (e: typeof whole): readonly string[] => [...new Set(e.failures.map((f) => f.check))].sort();
			const native = (names: readonly string[]): readonly string[] => [...new Set(names.map((name) => (name === 'check-then-act' ? 'use-after-free' : name)))].sort();
			expect(native(kinds(whole))).toEqual(naive.checks);
			expect(native(kinds(reduced))).toEqual(naive.checks);
			expect(reduced.verdict).toBe(whole.verdict);
			for (const reduction of [false, true]) {
				const m = new Machine(p, 2, 1000);
				const search = new DepthFirst(m, { total: !reduction, stopAtFailure: false, ...(reduction ? { reduction: persistentSets(m, new Points(m)) } : {}) });
				search.advance(Number.POSITIVE_INFINITY);
				expect(search.terminals).toBe(naive.finals.size);
				expect(finalsOf(m, search)).toEqual(naive.finals);
				if (!reduction) expect([search.total, search.states, search.transitions]).toEqual([whole.total, whole.states, whole.transitions]);
			}
			expect(whole.total).toBe(BigInt(naive.interleavings));
			if (whole.cuts.length === 0) expect(whole.interleavings).toEqual({ failing: naive.failingTraces, passing: naive.passingTraces, exact: true });
			expect(reduced.interleavings).toEqual(whole.interleavings);
			expect(countInterleavings(p)).toEqual(whole.interleavings);
			const key = (f: (typeof whole.failures)[number]): string => `${f.check} ${[...f.sites].sort()} ${f.preemptions} ${f.schedule.length}`;
			expect(reduced.failures.map(key)).toEqual(whole.failures.map(key));
			for (const [check, fewest] of naive.preemptions) {
				const mine = whole.failures.filter((f) => f.check === check || (check === 'use-after-free' && f.check === 'check-then-act'));
				expect(Math.min(...mine.map((f) => f.preemptions))).toBe(fewest);
			}
			for (const failure of whole.failures) {
				const again = replay(p, failure.schedule);
				expect(again.stuck).toBeUndefined();
				expect(again.failure?.preemptions).toBe(failure.preemptions);
				if (failure.thread >= 0) expect(again.failure?.check).toBe(failure.check);
			}
		}), { numRuns: RUNS, seed: SEED, examples: [...ONCE] });
		expect(compared).toBeGreaterThan(RUNS / 4);
	}, 600_000);

	test.each([['tso', 'two', bufferedProgram], ['weak', 'two', bufferedProgram], ['weak', 'three', observedProgram]] as const)('the search agrees with trying every interleaving: under %s, %s threads', async (memory, _, programs) => {
		let compared = 0;
		await fc.assert(fc.asyncProperty(programs, async (text) => {
			await turn();
			const p = program(text);
			const naive = enumerate(p, MOST_BUFFERED, memory);
			if (naive === undefined) return;
			compared++;
			const e = explore(p, { memory });
			expect([...new Set(e.failures.map((f) => f.check))].sort()).toEqual(naive.checks);
			expect(e.total).toBe(BigInt(naive.interleavings));
			if (e.cuts.length === 0) expect(e.interleavings).toEqual({ failing: naive.failingTraces, passing: naive.passingTraces, exact: true });
			const m = new Machine(p, 2, 1000, memory);
			const search = new DepthFirst(m, { total: true, stopAtFailure: false });
			search.advance(Number.POSITIVE_INFINITY);
			expect(finalsOf(m, search)).toEqual(naive.finals);
			for (const [check, fewest] of naive.preemptions) expect(Math.min(...e.failures.filter((f) => f.check === check).map((f) => f.preemptions))).toBe(fewest);
			for (const failure of e.failures) expect(replay(p, failure.schedule, memory).failure?.preemptions).toBe(failure.preemptions);
		}), { numRuns: RUNS, seed: SEED });
		expect(compared).toBeGreaterThan(RUNS / 8);
	}, 600_000);

	test('a weaker memory shows all that a stronger one does', async () => {
		let compared = 0;
		await fc.assert(fc.asyncProperty(randomProgram, async (text) => {
			await turn();
			const p = program(text);
			const seen: (readonly string[])[] = [];
			for (const memory of ['sc', 'tso', 'weak'] as const) {
				const e = explore(p, { memory, count: false, reduction: false, bounds: { states: 20_000 } });
				if (e.bound?.name === 'states') return;
				seen.push([...new Set(e.failures.map((f) => f.check))]);
				for (const failure of e.failures) {
					const again = replay(p, failure.schedule, memory);
					expect(again.stuck).toBeUndefined();
					expect(again.failure?.check).toBeDefined();
				}
			}
			compared++;
			expect(seen[0]!.filter((check) => !seen[1]!.includes(check))).toEqual([]);
			expect(seen[1]!.filter((check) => !seen[2]!.includes(check))).toEqual([]);
		}), { numRuns: RUNS, seed: SEED });
		expect(compared).toBeGreaterThan(RUNS / 8);
	}, 600_000);

	for (const [title, programs] of [['identical threads', symmetricProgram], ['objects of one pool', allocatingProgram]] as const) test(`${title} are interchangeable`, async () => {
		let used = 0;
		let saved = 0;
		await fc.assert(fc.asyncProperty(programs, async (text) => {
			await turn();
			const p = program(text);
			const options = { count: false, bounds: { states: 50_000 } };
			const whole = explore(p, { ...options, reduction: false });
			if (whole.bound?.name === 'states') return;
			const reduced = explore(p, { ...options, reduction: true });
			const m = new Machine(p, 2, 1000);
			const symmetry = symmetryOf(m, new Points(m));
			if (symmetry !== undefined) used++;
			const alone = new DepthFirst(m, { total: false, stopAtFailure: false, ...(symmetry === undefined ? {} : { symmetry }) });
			alone.advance(Number.POSITIVE_INFINITY);
			expect(alone.store.count).toBeLessThanOrEqual(whole.states);
			if (alone.store.count < whole.states) saved++;
			expect(reduced.verdict).toBe(whole.verdict);
			// Who of the identical ones fails does not matter.
			const kind = (f: (typeof whole.failures)[number]): string => `${f.check} ${f.preemptions} ${f.schedule.length}`;
			const kinds = (e: typeof whole): readonly string[] => [...new Set(e.failures.map(kind))].sort();
			expect(kinds(reduced).filter((k) => !kinds(whole).includes(k))).toEqual([]);
			const checks = (e: typeof whole): readonly string[] => [...new Set(e.failures.map((f) => f.check))].sort();
			expect(checks(reduced)).toEqual(checks(whole));
			for (const { schedule, fault } of alone.found.values()) {
				const again = replay(p, schedule);
				expect(again.stuck).toBeUndefined();
				if (fault.thread >= 0) expect(again.failure).toBeDefined();
			}
			// What is found without shorter schedules is told in terms of the schedule all the same.
			const m2 = new Machine(p, 2, 1000);
			for (const failure of annotate(m2, alone.found.values())) expect(replay(p, failure.schedule).failure?.message).toBe(failure.message);
		}), { numRuns: RUNS, seed: SEED });
		expect(used).toBeGreaterThan(RUNS / 4);
		expect(saved).toBeGreaterThan(RUNS / 8);
	}, 600_000);
});

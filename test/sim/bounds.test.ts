import { describe, expect, test } from 'vitest';
import { explore, exploreAsync, replay, stepper } from '../../sim/index';
import { names } from './check';
import { program } from './notation';
import { abba, faulttrunc } from './peers/families';
import { nopage } from './peers/seeds';

const large = program(faulttrunc({ faulters: 5, slots: 4 }));

describe('bounds', () => {
	test('states', () => {
		const e = explore(large, { reduction: false, count: false, bounds: { states: 10_000 } });
		expect(e.verdict).toBe('inconclusive');
		expect(e.bound?.name).toBe('states');
		expect(e.bound?.reached).toBeGreaterThan(10_000);
	});

	test('milliseconds', () => {
		const e = explore(large, { reduction: false, count: false, bounds: { milliseconds: 30 } });
		expect(e.verdict).toBe('inconclusive');
		expect(e.bound?.name).toBe('milliseconds');
	});

	test('megabytes', () => {
		const e = explore(large, { reduction: false, count: false, bounds: { megabytes: 1 } });
		expect(e.verdict).toBe('inconclusive');
		expect(e.bound?.name).toBe('megabytes');
	});

	test('threads', () => {
		const many = program(abba(31, 'ring'));
		expect(explore(many)).toMatchObject({ verdict: 'inconclusive', bound: { name: 'threads', reached: 31 } });
		expect(explore(program(abba(16, 'ring')), { memory: 'tso' })).toMatchObject({ verdict: 'inconclusive', bound: { name: 'threads', reached: 16 } });
		expect(explore(program(abba(3, 'ring')), { bounds: { threads: 2 } }).bound?.name).toBe('threads');
		expect(explore(program(abba(3, 'ring')), { bounds: { threads: 3 } }).verdict).toBe('fails');
	});

	test('local operations: an endless step', () => {
		const e = explore(program('cells x\nthread T0\n load r x\nagain:\n set r 1\n if r goto again'));
		expect(e.verdict).toBe('inconclusive');
		expect(e.bound).toEqual({ name: 'localOperations', reached: 10_000 });
	});

	test('objects', () => {
		const e = explore(program('pool B data\nthread T0\n alloc p B\n alloc q B'));
		expect(e.verdict).toBe('inconclusive');
		expect(e.bound?.name).toBe('objects');
	});

	test('traces: a lower bound, marked', () => {
		const e = explore(program(nopage(true)), { bounds: { traces: 20 } });
		expect(e.verdict).toBe('passes');
		expect(e.interleavings?.exact).toBe(false);
		expect(e.interleavings?.passing).toBeLessThan(50_954);
	});

	test('a failure that was found stands, whatever bound was hit', () => {
		const e = explore(program(abba(6, 'ring')), { reduction: false, bounds: { states: 3000 } });
		expect(e.verdict).toBe('fails');
	});
});

describe('cancelling', () => {
	// A machine busy with other things may not give this process its turn in time.
	test('a signal is heard within 50 ms', { retry: 3 }, async () => {
		const controller = new AbortController();
		let aborted = 0;
		setTimeout(() => {
			aborted = performance.now();
			controller.abort();
		}, 60);
		const e = await exploreAsync(large, { reduction: false, signal: controller.signal });
		expect(performance.now() - aborted).toBeLessThan(50);
		expect(e.verdict).toBe('inconclusive');
		expect(e.bound?.name).toBe('cancelled');
	});

	test('progress is told', () => {
		const seen: number[] = [];
		explore(large, { reduction: true, count: false, progress: (states) => { seen.push(states); } });
		expect(seen.length).toBeGreaterThan(3);
		expect([...seen].sort((a, b) => a - b)).toEqual(seen);
	});
});

describe('results', () => {
	test('are the same every time', () => {
		const p = program(nopage(false));
		expect(explore(p)).toEqual(explore(p));
	});

	test('name the passing schedule nearest to the failure', () => {
		const p = program('cells x\nthread T0\n load v x\n add v v 1\n store x v\nthread T1\n load v x\n add v v 1\n store x v\nend:\n load v x\n eq v v 2\n assert v lost-data lost');
		const e = explore(p);
		expect(names(p, e.failures[0]!.schedule)).toBe('T0 T1 T1 T0');
		expect(names(p, e.passing!)).toBe('T0 T0 T1 T1');
	});

	test('a schedule of one program on another: where it cannot go on, and who blocks it', () => {
		const before = program('cells L x\nthread T0\n store x 1\n store x 2\nthread T1\n store x 3');
		const after = program('cells L x\nthread T0\n lock L\n store x 1\n store x 2\n unlock L\nthread T1\n lock L\n store x 3\n unlock L');
		expect(replay(before, [0, 1, 0]).stuck).toBeUndefined();
		const { stuck, steps } = replay(after, [0, 0, 1, 0]);
		expect(steps.length).toBe(2);
		expect(stuck).toEqual({ at: 2, blocked: [{ thread: 1, pc: 0, origin: 8, cell: 0, by: [0], since: [3] }] });
	});

	test('stepping forwards and back', () => {
		const p = program('cells L\nthread T0\n lock L\n unlock L\nthread T1\n lock L\n unlock L');
		const s = stepper(p);
		expect(s.enabled()).toEqual([0, 1]);
		expect(s.step(1).step.locked).toEqual([0]);
		expect(s.enabled()).toEqual([1]);
		expect(s.blocked()[0]?.by).toEqual([1]);
		expect(() => s.step(0)).toThrow('cannot be taken');
		expect(s.undo()).toBe(true);
		expect(s.enabled()).toEqual([0, 1]);
		for (const entry of [0, 0, 1, 1]) s.step(entry);
		expect(s.enabled()).toEqual([]);
		expect([...s.schedule]).toEqual([0, 0, 1, 1]);
	});
});

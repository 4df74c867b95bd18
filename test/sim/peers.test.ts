import { describe, expect, test } from 'vitest';
import { explore, type Program } from '../../sim/index';
import { CHECKS } from '../../sim/machine/opcodes';
import { program } from './notation';
import { abba, faulttrunc, indep } from './peers/families';
import { dax, ext4punch, gup, nopage } from './peers/seeds';

/** As pan counts them with -c0: a failed assertion does not end its interleaving. Transitions are pan's less the initial one. */
const unchecked = (p: Program): Program => ({ ...p, without: CHECKS.filter((check) => check !== 'deadlock') });

interface Row {
	readonly name: string;
	readonly text: string;
	readonly states: number;
	readonly transitions: number;
	readonly total?: bigint;
	readonly traces?: number;
	readonly preemptions?: number;
	readonly checks: readonly string[];
}

const rows: readonly Row[] = [
	{ name: 'nopage, before', text: nopage(false), states: 4201, transitions: 10296, total: 2872381065112n, traces: 1790, preemptions: 1, checks: ['stale-mapping'] },
	{ name: 'nopage, after', text: nopage(true), states: 2736, transitions: 6510, total: 39984546944n, traces: 50954, checks: [] },
	{ name: 'ext4punch, before', text: ext4punch(false), states: 5468, transitions: 12573, total: 1616522139259884n, traces: 43293, preemptions: 2, checks: ['block-reused'] },
	{ name: 'ext4punch, after', text: ext4punch(true), states: 529, transitions: 1046, total: 3388504n, traces: 39, checks: [] },
	{ name: 'gup, before', text: gup({ recheck: false, waitBusy: true }), states: 117, transitions: 211, total: 2907n, traces: 7, preemptions: 1, checks: ['block-reused'] },
	{ name: 'gup, after', text: gup({ recheck: true, waitBusy: true }), states: 140, transitions: 252, total: 47775n, traces: 10, checks: [] },
	{ name: 'dax, before', text: dax(0), states: 145, transitions: 235, total: 3954n, traces: 7, preemptions: 0, checks: ['lost-data', 'stale-mapping'] },
	{ name: 'dax, as mailed', text: dax(1), states: 179, transitions: 281, total: 31630n, traces: 17, preemptions: 1, checks: ['lost-data', 'stale-mapping'] },
	{ name: 'faulttrunc N=3 K=3', text: faulttrunc({ faulters: 3, slots: 3 }), states: 16999, transitions: 52671, checks: [] },
	{ name: 'abba N=3', text: abba(3, 'opposite'), states: 56, transitions: 72, preemptions: 1, checks: ['deadlock'] },
	{ name: 'indep N=4 M=4 own', text: indep(4, 4, 'own'), states: 625, transitions: 2000, total: 63063000n, traces: 1, checks: [] },
];

describe('the peer\'s models', () => {
	for (const row of rows) test(row.name, () => {
		// The model's own count of finished threads orders what is otherwise independent.
		const p = program(row.text.replaceAll('\t+ rmw done add 1\n', ''), row.name);
		const counted = explore(unchecked(p), { reduction: false });
		expect(counted.states).toBe(row.states);
		expect(counted.transitions).toBe(row.transitions);
		if (row.total !== undefined) expect(counted.total).toBe(row.total);
		if (row.traces !== undefined && counted.interleavings !== undefined) expect(counted.interleavings.failing + counted.interleavings.passing).toBe(row.traces);
		for (const reduction of [false, true]) {
			const judged = explore(p, { reduction, count: false });
			expect([...new Set(judged.failures.map((f) => f.check))].sort()).toEqual(row.checks);
			expect(judged.failures[0]?.preemptions).toBe(row.preemptions);
		}
	});

	test('the whole search of faulttrunc', () => {
		const whole = (faulters: number, slots: number): readonly number[] => {
			const { states, transitions } = explore(program(faulttrunc({ faulters, slots })), { reduction: false, count: false, bounds: { milliseconds: 60_000 } });
			return [states, transitions];
		};
		expect(whole(4, 3)).toEqual([168_301, 622_728]);
		expect(whole(5, 2)).toEqual([133_125, 489_750]);
	}, 60_000);

	test('the reduced search of faulttrunc', () => {
		const reduced = (faulters: number, slots: number): number => explore(program(faulttrunc({ faulters, slots })), { reduction: true, count: false }).states;
		expect(reduced(3, 3)).toBeLessThanOrEqual(706);
		expect(reduced(4, 3)).toBeLessThanOrEqual(2464);
		expect(reduced(5, 2)).toBeLessThanOrEqual(5607);
	});
});

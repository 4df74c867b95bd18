import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore, type Op, type Program, slice } from '../../sim/index';
import { program } from './notation';
import { allocatingProgram, randomProgram, symmetricProgram } from './random';
import { turn } from './turn';

const RUNS = Number(process.env['RUNS'] ?? 150);
const SEED = Number(process.env['SEED'] ?? 20261121);

const failuresOf = (p: Program): readonly string[] => [...new Set(explore(p, { reduction: false, count: false }).failures.map(({ check }) => (check === 'check-then-act' ? 'use-after-free' : check)))].sort();

describe('a slice', () => {
	for (const [name, programs] of [['random', randomProgram], ['allocating', allocatingProgram], ['symmetric', symmetricProgram]] as const) {
		it(`fails as the whole does: ${name} programs`, async () => {
			await fc.assert(fc.asyncProperty(programs, async (text) => {
				await turn();
				const whole = program(text);
				const sliced = slice(whole);
				expect(failuresOf(sliced.program)).toEqual(failuresOf(whole));
				sliced.program.threads.forEach(({ code }, t) => code.forEach((op, pc) => {
					expect(sliced.from[t]![pc]).toBeLessThan(whole.threads[t]!.code.length);
					expect(op.origin).toBe(whole.threads[t]!.code[sliced.from[t]![pc]!]!.origin);
				}));
			}), { numRuns: RUNS, seed: SEED });
		}, 300_000);
	}

	const check = (text: string, expected: readonly Op['op'][]): void => expect(slice(program(text)).program.threads[0]!.code.map(({ op }) => op).filter((op) => op !== 'jump')).toEqual(expected);
	it('has nothing of a choice on which nothing depends', () => check('cells x y\nthread a\nchoose r 0 1\nif r goto out\nstore x 1\nout:\nload s y\n', []));
});

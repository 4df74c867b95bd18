import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explore, type Program, toPromela } from '../../sim/index';
import { cases } from './check';
import { program } from './notation';
import { randomProgram } from './random';
import { turn } from './turn';

const installed = spawnSync('sh', ['-c', 'command -v spin && command -v gcc']).status === 0;
/** SPIN=all tries every case; each costs a run of the C compiler. */
const ALL = process.env['SPIN'] === 'all';
const RUNS = Number(process.env['SPIN_RUNS'] ?? (ALL ? 40 : 2));
const EVERY = ALL ? 1 : 6;

/** What spin says of the exported program. */
function spin(p: Program): string {
	const folder = mkdtempSync(join(tmpdir(), 'promela-'));
	try {
		writeFileSync(join(folder, 'model.pml'), toPromela(p));
		const generated = spawnSync('spin', ['-a', 'model.pml'], { cwd: folder, encoding: 'utf8' });
		if (generated.status !== 0 || /error/i.test(generated.stdout)) return `spin: ${generated.stdout.split('\n').find((line) => /error/i.test(line))}`;
		execFileSync('gcc', ['-O0', '-w', '-DSAFETY', '-DNOREDUCE', '-DVECTORSZ=8192', '-o', 'pan', 'pan.c'], { cwd: folder });
		const out = execFileSync('./pan', ['-m100000', '-w20'], { cwd: folder, encoding: 'utf8' });
		if (/assertion violated/.test(out)) return 'fails';
		return /errors: 0/.test(out) ? 'passes' : `pan: ${out.split('\n').slice(0, 3).join(' ')}`;
	} finally {
		rmSync(folder, { recursive: true });
	}
}

describe.skipIf(!installed)('programs exported to Promela', () => {
	const folder = new URL('./cases/', import.meta.url).pathname;
	const chosen = readdirSync(folder).sort().flatMap((file) => cases(`${folder}${file}`).map((one) => ({ file, one }))).filter((_, i) => i % EVERY === 0);
	for (const { file, one } of chosen) {
		test(`${file}: ${one.title}`, () => {
			const p = program(one.text, one.title);
			const e = explore(p, { count: false });
			// A path that is cut short passes in Promela, and an endless step hangs it.
			if (e.bound?.name === 'localOperations') return;
			expect(spin(p)).toBe(e.verdict === 'inconclusive' ? 'passes' : e.verdict);
		}, 60_000);
	}

	test('random programs', async () => {
		await fc.assert(fc.asyncProperty(randomProgram, async (text) => {
			await turn();
			const p = program(text);
			const { verdict } = explore(p, { count: false });
			expect(spin(p)).toBe(verdict === 'inconclusive' ? 'passes' : verdict);
		}), { numRuns: RUNS, seed: 7 });
	}, 600_000);
});

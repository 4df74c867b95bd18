/* spin -a, gcc and pan on one model, without reduction: their CPU time, states and memory, where they are installed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Cost {
	readonly cpu: number;
	readonly states: number;
	readonly megabytes: number;
	readonly verdict: string;
}

export interface SpinCost {
	readonly all: Cost;
	/** pan alone. */
	readonly pan: Cost;
}

/** pan is given up after so many seconds; its row then says what it had cost so far. */
const PAN_SECONDS = 300;

const hasSpin = spawnSync('bash', ['-c', 'command -v spin && command -v gcc']).status === 0;

/** A command's output and its CPU seconds, its children's included. */
function timed(command: string, cwd: string): { readonly cpu: number; readonly out: string } {
	const child = spawnSync('bash', ['-c', `TIMEFORMAT='cpu %U %S'; time { ${command} ; } 2>/dev/null`], { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
	const [, user = '0', system = '0'] = /cpu ([\d.]+) ([\d.]+)/.exec(child.stderr) ?? [];
	return { cpu: Number(user) + Number(system), out: child.stdout };
}

/** `write` puts the model into a folder and gives its name; `level` is gcc's optimization. Undefined where spin or gcc is missing. */
export function spin(write: (folder: string) => string, defines: readonly string[], level: '-O0' | '-O2'): SpinCost | undefined {
	if (!hasSpin) return undefined;
	const folder = mkdtempSync(join(tmpdir(), 'bench-'));
	const model = write(folder);
	const generate = timed(`spin -o2 -o3 -a ${defines.map((d) => `-D${d}`).join(' ')} ${model}.pml`, folder);
	const compile = timed(`gcc ${level} -w -DSAFETY -DNOREDUCE -DNOFAIR -DVECTORSZ=8192 -DMEMLIM=8000 -o pan pan.c`, folder);
	const run = timed(`timeout ${PAN_SECONDS} ./pan -m1000000 -c0 -w24`, folder);
	rmSync(folder, { recursive: true });
	const states = Number(/(\d+) states, stored/.exec(run.out)?.[1] ?? 0);
	const megabytes = Number(/([\d.]+)\s+total actual memory usage/.exec(run.out)?.[1] ?? 0);
	const verdict = /errors: 0/.test(run.out) ? 'passes' : /errors: [1-9]/.test(run.out) ? 'fails' : 'nothing';
	return { all: { cpu: generate.cpu + compile.cpu + run.cpu, states, megabytes, verdict }, pan: { cpu: run.cpu, states, megabytes, verdict } };
}

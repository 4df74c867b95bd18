/**
 * How long from process start to the first scenario's verdict and to the whole review of one mail: medians of some runs, for each
 * seed when they are there, and for the sample.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cli = join(root, 'dist', 'cli.mjs');
const seeds = join(root, '..', 'shared', 'seeds');
const RUNS = 5;
/** The progress line of the first scenario's verdict. */
const FIRST_DONE = /^\[1\/\d+\] .*: [a-z-]+$/m;

interface Timing {
	readonly first: number;
	readonly whole: number;
	readonly outcomes: string;
}

const outcomesOf = (stdout: string): string =>
	(JSON.parse(stdout) as { readonly inputs: readonly { readonly outcome: string }[] }).inputs.map(({ outcome }) => outcome).join(', ');

const time = (file: string): Promise<Timing> => new Promise((timed, failed) => {
	const started = performance.now();
	const child = spawn(process.execPath, [cli, 'check', '--progress', '--format', 'json', file], { stdio: ['ignore', 'pipe', 'pipe'] });
	let stdout = '';
	let stderr = '';
	let first: number | undefined;
	child.stdout.setEncoding('utf8').on('data', (chunk: string) => { stdout += chunk; });
	child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
		stderr += chunk;
		if (first === undefined && FIRST_DONE.test(stderr)) {
			first = performance.now() - started;
		}
	});
	child.on('error', failed);
	child.on('close', (status) => {
		const whole = performance.now() - started;
		timed({ first: first ?? whole, whole, outcomes: status === 2 ? `exit 2: ${stderr.split('\n').at(-2)}` : outcomesOf(stdout) });
	});
});

if (!existsSync(cli)) {
	console.error('dist/ is not built: npm run build');
	process.exit(2);
}
const files = [
	...(existsSync(seeds) ? readdirSync(seeds).sort().map((name) => join(seeds, name)) : []),
	join(root, 'samples', 'quill.mbox'),
];
const median = (values: readonly number[]): string => `${Math.round([...values].sort((a, b) => a - b)[values.length >> 1]!)} ms`;

console.log(`from process start, medians of ${RUNS} runs; ${cpus().length} processors, load ${loadavg()[0]!.toFixed(1)}, Node ${process.versions.node}`);
console.log(`${'mail'.padEnd(28)}${'first verdict'.padStart(15)}${'whole review'.padStart(15)}  outcomes`);
for (const file of files) {
	const timings: Timing[] = [];
	for (let run = 0; run < RUNS; run++) {
		timings.push(await time(file));
	}
	console.log(`${basename(file).padEnd(28)}${median(timings.map(({ first }) => first)).padStart(15)}${median(timings.map(({ whole }) => whole)).padStart(15)}  ${timings[0]!.outcomes}`);
}

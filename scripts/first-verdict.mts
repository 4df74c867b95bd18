/** How long from process start to the review of one mail: median and worst of some runs, for each seed when they are there, and for the sample. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cli = join(root, 'dist', 'cli.mjs');
const seeds = join(root, '..', 'shared', 'seeds');
const RUNS = 5;

if (!existsSync(cli)) {
	console.error('dist/ is not built: npm run build');
	process.exit(2);
}
const files = [
	...(existsSync(seeds) ? readdirSync(seeds).sort().map((name) => join(seeds, name)) : []),
	join(root, 'samples', 'quill.mbox'),
];
const outcomesOf = (stdout: string): string =>
	(JSON.parse(stdout) as { readonly inputs: readonly { readonly outcome: string }[] }).inputs.map(({ outcome }) => outcome).join(', ');

console.log(`process start to review, ${RUNS} runs each, ${cpus().length} processors, Node ${process.versions.node}`);
console.log(`${'mail'.padEnd(28)}${'median'.padStart(10)}${'worst'.padStart(10)}  outcomes`);
for (const file of files) {
	const times: number[] = [];
	let outcomes = '';
	for (let run = 0; run < RUNS; run++) {
		const started = performance.now();
		const { stdout, stderr, status } = spawnSync(process.execPath, [cli, 'check', '--format', 'json', file], { encoding: 'utf8', maxBuffer: 1 << 28 });
		times.push(performance.now() - started);
		outcomes = status === 2 ? `exit 2: ${stderr.split('\n')[0]}` : outcomesOf(stdout);
	}
	times.sort((a, b) => a - b);
	const milliseconds = (value: number): string => `${Math.round(value)} ms`.padStart(10);
	console.log(`${basename(file).padEnd(28)}${milliseconds(times[RUNS >> 1]!)}${milliseconds(times[RUNS - 1]!)}  ${outcomes}`);
}

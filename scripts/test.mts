/**
 * Everything that must hold, one part after the other: build, types, lint, unit tests, the seeds when they are there, the extension in a real
 * editor. What fails stops nothing behind it. The last line reads `N passed, N failed`.
 *
 * `npm test -- --no-editor` leaves out the last part, `npm test -- --only unit` runs one.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

interface Count {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
}

interface Part {
	readonly name: string;
	/** Why it is left out here; null: it runs. */
	readonly leftOut: string | null;
	readonly run: () => Promise<Count>;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const seeds = join(root, '..', 'shared', 'acceptance', 'seeds.mjs');
const editor = join(root, 'scripts', 'e2e.mts');
const scratch = mkdtempSync(join(tmpdir(), 'race-review-test-'));
const words = process.argv.slice(2);
const only = words.includes('--only') ? words[words.indexOf('--only') + 1] : undefined;
const LAST_LINES = 60;

interface Ended {
	readonly status: number;
	readonly output: string;
}

/** Runs one of our own tools; its output is shown as it comes when `shown`. */
const tool = (command: readonly string[], shown: boolean): Promise<Ended> => new Promise((ended) => {
	const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: process.env });
	let output = '';
	const take = (stream: NodeJS.WriteStream) => (chunk: Buffer) => {
		output += chunk.toString('utf8');
		if (shown) {
			stream.write(chunk);
		}
	};
	child.stdout.on('data', take(process.stdout));
	child.stderr.on('data', take(process.stderr));
	child.on('error', (error) => ended({ status: 127, output: String(error) }));
	child.on('close', (status) => ended({ status: status ?? 1, output }));
});

const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');

/** A tool that holds or does not. */
const whole = async (command: readonly string[]): Promise<Count> => {
	const { status, output } = await tool(command, false);
	if (status !== 0) {
		console.log(output.split('\n').slice(-LAST_LINES).join('\n'));
	}
	return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
};

/** A tool whose last count line is believed only as far as its exit status agrees. */
const counted = async (command: readonly string[]): Promise<Count> => {
	const { status, output } = await tool(command, true);
	const last = [...output.matchAll(/^\s*(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/gm)].at(-1);
	const count = last ? { passed: Number(last[1]), failed: Number(last[2]), skipped: Number(last[3] ?? 0) } : { passed: 0, failed: 0, skipped: 0 };
	return status !== 0 && count.failed === 0 ? { ...count, failed: 1 } : !last ? { ...count, failed: 1 } : count;
};

/** Without colours. */
const plain = (output: string): string => stripVTControlCharacters(output);

interface VitestReport {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	readonly numPendingTests: number;
	readonly numFailedTestSuites: number;
}

/** A worker that searches for a minute answers the runner late; that is no failure of a test, and no result is lost by it. */
const LATE_ANSWER = /^Error: \[vitest-worker\]: Timeout calling "onTaskUpdate"/gm;
const ERRORS = /^\s*Errors\s+(\d+) errors?/m;

const units = async (): Promise<Count> => {
	const file = join(scratch, 'units.json');
	const { status, output } = await tool([vitest, 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`], true);
	if (!existsSync(file)) {
		return { passed: 0, failed: 1, skipped: 0 };
	}
	const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
	const errors = plain(output);
	const outside = Number(ERRORS.exec(errors)?.[1] ?? 0);
	const late = [...errors.matchAll(LATE_ANSWER)].length;
	// A file that cannot even be loaded has no failed test of its own, nor has an error outside of the tests; both count all the same.
	const failed = Math.max(report.numFailedTests || report.numFailedTestSuites, outside - late);
	return { passed: report.numPassedTests, failed: failed || (status !== 0 && !outside) ? Math.max(failed, 1) : 0, skipped: report.numPendingTests };
};

const parts: readonly Part[] = [
	{ name: 'build', leftOut: null, run: () => whole([tsx, join('scripts', 'build.mts')]) },
	{ name: 'types', leftOut: null, run: () => whole([tsc, '--noEmit']) },
	{ name: 'lint', leftOut: null, run: () => whole([biome, 'check', '--error-on-warnings']) },
	{ name: 'unit', leftOut: null, run: units },
	{ name: 'seeds', leftOut: existsSync(seeds) ? null : 'the seeds are not beside this checkout', run: () => counted([seeds]) },
	{
		name: 'editor',
		leftOut: words.includes('--no-editor') ? 'asked to' : existsSync(editor) ? null : 'scripts/e2e.mts is not there',
		run: () => counted([tsx, editor]),
	},
];

const total = { passed: 0, failed: 0 };
const summary: string[] = [];
try {
	for (const { name, leftOut, run } of parts) {
		if (only !== undefined && only !== name) {
			continue;
		}
		if (leftOut !== null) {
			summary.push(`  ${name.padEnd(8)} left out: ${leftOut}`);
			continue;
		}
		console.log(`\n== ${name}`);
		const started = performance.now();
		const { passed, failed, skipped } = await run();
		total.passed += passed;
		total.failed += failed;
		const seconds = ((performance.now() - started) / 1000).toFixed(1);
		summary.push(`  ${name.padEnd(8)} ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''} in ${seconds} s`);
	}
} finally {
	rmSync(scratch, { recursive: true, force: true });
}
if (!total.passed && !total.failed) {
	console.error(`no part of the tests is named ${only}`);
	total.failed = 1;
}
console.log(`\n${summary.join('\n')}\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed ? 1 : 0;

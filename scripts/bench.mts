/*
 * npm run bench [-- PART…]: the engine against spin, from one run on this machine (parts: mails, models, reduced, whole, beyond; all of them where none is
 * named). Without spin and gcc only our own columns are printed. CPU is user + system time, and what a row includes is printed below the table.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { Analyzer } from '../analyzer/engine.ts';
import { EXPLORATION } from '../analyzer/judge/verdict.ts';
import { type Exploration, explore, type Program, replay, toPromela } from '../sim/index.ts';
import { sourceAnalyzer } from '../test/measure/engine.ts';
import { program } from '../test/sim/notation.ts';
import { dax, ext4punch, gup, nopage } from '../test/sim/peers/seeds.ts';
import { type Cost, spin, type SpinCost } from './spin.mts';

const models = fileURLToPath(new URL('../test/sim/peers', import.meta.url));
const shared = fileURLToPath(new URL('../../shared/seeds', import.meta.url));
/** The seeds where they are there, and the sample. */
const mails = [...(existsSync(shared) ? readdirSync(shared).sort().map((name) => join(shared, name)) : []), fileURLToPath(new URL('../samples/quill.mbox', import.meta.url))];
const parts = process.argv.slice(2);
const wanted = (part: string): boolean => parts.length === 0 || parts.includes(part);

interface Seed {
	readonly name: string;
	readonly text: string;
	readonly model: string;
	readonly defines: readonly string[];
}

const seeds: readonly Seed[] = [
	{ name: 'nopage, before', text: nopage(false), model: 'nopage', defines: ['POST=0'] },
	{ name: 'nopage, after', text: nopage(true), model: 'nopage', defines: ['POST=1'] },
	{ name: 'punch hole, before', text: ext4punch(false), model: 'ext4punch', defines: ['POST=0'] },
	{ name: 'punch hole, after', text: ext4punch(true), model: 'ext4punch', defines: ['POST=1'] },
	{ name: 'fast pin, before', text: gup({ recheck: false, waitBusy: true }), model: 'gup', defines: ['WAITBUSY=1'] },
	{ name: 'fast pin, after', text: gup({ recheck: true, waitBusy: true }), model: 'gup', defines: ['RECHECK=1', 'WAITBUSY=1'] },
	{ name: 'dax, before', text: dax(0), model: 'dax', defines: ['POST=0'] },
	{ name: 'dax, as mailed', text: dax(1), model: 'dax', defines: ['POST=1'] },
];

const seconds = (usage: NodeJS.CpuUsage): number => (usage.user + usage.system) / 1e6;
const megabytes = (): number => process.resourceUsage().maxRSS / 1024;

/** Median CPU seconds of so many runs, and what the last one gave. */
function measured<T>(rounds: number, run: () => T): { readonly cpu: number; readonly result: T } {
	const costs: number[] = [];
	let result = run();
	for (let round = 0; round < rounds; round++) {
		const before = process.cpuUsage();
		result = run();
		costs.push(seconds(process.cpuUsage(before)));
	}
	costs.sort((a, b) => a - b);
	return { cpu: costs[costs.length >> 1] ?? 0, result };
}

function ours(text: string, rounds: number): Cost {
	const p = program(text);
	const { cpu, result } = measured(rounds, () => explore(p));
	return { cpu, states: result.states, megabytes: megabytes(), verdict: result.verdict };
}

/** In a process of its own, bundled as what is shipped is. */
function apart(faulters: number, slots: number, reduction: boolean, runs = 1): Cost {
	const folder = mkdtempSync(join(tmpdir(), 'bench-'));
	const outfile = join(folder, 'large.mjs');
	buildSync({ entryPoints: [fileURLToPath(new URL('bench-large.mts', import.meta.url))], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
	const child = spawnSync(process.execPath, [outfile, String(faulters), String(slots), String(reduction), String(runs)], { encoding: 'utf8' });
	rmSync(folder, { recursive: true });
	return JSON.parse(child.stdout) as Cost;
}

const peer = (model: string, defines: readonly string[]): SpinCost | undefined => spin((folder) => {
	cpSync(models, folder, { recursive: true });
	return model;
}, defines, '-O2');

/** What is quickest for spin on programs where pan has little to do: gcc needs a minute to optimize them. */
const exported = (p: Program): Cost | undefined => spin((folder) => {
	writeFileSync(join(folder, 'exported.pml'), toPromela(p));
	return 'exported';
}, [], '-O0')?.all;

/** All that the simulator does to explain a verdict: both sides searched, each distinct failure's shortest schedule, the counts, the nearest passing schedule, and each side's failing schedule on the other. */
function explained(pre: Program, post: Program): readonly [Exploration, Exploration] {
	const [before, after] = [pre, post].map((p) => explore(p, { ...EXPLORATION, count: true })) as [Exploration, Exploration];
	for (const [side, other] of [[before, post], [after, pre]] as const) if (side.failures[0]) replay(other, side.failures[0].schedule);
	return [before, after];
}

/** The rows of one mail: the scenario in which what the review says of the patch is found, which for the seeds is the seed's race. */
async function mail(analyzer: Analyzer, file: string): Promise<void> {
	const document = new Uint8Array(readFileSync(file));
	const reviews = await analyzer.review(document, { name: file });
	const review = reviews.find((each) => each.scenarios.some(({ outcome, pre, post }) => outcome === each.outcome && pre && post));
	const told = review?.scenarios.find(({ outcome, pre, post }) => outcome === review.outcome && pre && post);
	if (!review || !told) return;
	const programOf = (side: 'pre' | 'post'): Program => {
		const kept = analyzer.exportProgram({ name: file, patch: review.from, scenario: told.id, side, format: 'program' });
		if (!kept || !('text' in kept)) throw new Error(`${file}: the program of ${told.id} is not known`);
		return JSON.parse(kept.text) as Program;
	};
	const [pre, post] = [programOf('pre'), programOf('post')];
	const [left, right] = [exported(pre), exported(post)];
	const theirs = left && right && { cpu: left.cpu + right.cpu, states: left.states + right.states, megabytes: Math.max(left.megabytes, right.megabytes), verdict: '' };
	const { cpu, result: [before, after] } = measured(9, () => explained(pre, post));
	const same = !left || !right || (left.verdict === before.verdict && right.verdict === after.verdict);
	const said = `${told.because}: ${told.id}; spin ${left?.verdict ?? '-'}, ${right?.verdict ?? '-'}; ours ${before.verdict}, ${after.verdict}${same ? '' : ': THEY DIFFER'}`;
	const cost = (spent: number, memory = megabytes()): Cost => ({ cpu: spent, states: before.states + after.states, megabytes: memory, verdict: told.outcome });
	const name = basename(file).slice(0, 5).replace(/_.*/, '');
	row(`${name} operations to explained`, cost(cpu), theirs, `(a) ${said}`);
	const runs = [];
	for (let round = 0; round < 5; round++) runs.push(await verdictOf(analyzer, document, file, told.id));
	row(`${name} mail to verdict`, cost(runs.sort((a, b) => a - b)[runs.length >> 1]!), theirs, '(a)');
	const started = await fromStart(file, told.id);
	if (started) row(`${name} process start to verdict`, cost(started.cpu, started.megabytes), theirs, '(a)');
}

/** CPU seconds from the mail's bytes to the scenario's verdict; what comes after it is broken off. */
async function verdictOf(analyzer: Analyzer, document: Uint8Array, name: string, scenario: string): Promise<number> {
	const abort = new AbortController();
	const before = process.cpuUsage();
	let spent: number | undefined;
	await analyzer.review(document, { name, signal: abort.signal, progress: ({ stage, outcome }) => {
		if (outcome === undefined || stage !== scenario || spent !== undefined) return;
		spent = seconds(process.cpuUsage(before));
		abort.abort();
	} });
	return spent ?? seconds(process.cpuUsage(before));
}

/** Of the built command from its start to the scenario's verdict, read from /proc; undefined where there is none. */
function fromStart(file: string, scenario: string): Promise<{ readonly cpu: number; readonly megabytes: number } | undefined> {
	const cli = fileURLToPath(new URL('../dist/cli.mjs', import.meta.url));
	if (!existsSync(cli) || !existsSync('/proc/self/stat')) return Promise.resolve(undefined);
	return new Promise((done) => {
		const child = spawn(process.execPath, [cli, 'check', '--progress', '--format', 'json', file], { stdio: ['ignore', 'ignore', 'pipe'] });
		let said = '';
		child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
			said += chunk;
			if (!said.split('\n').slice(0, -1).some((line) => /^\[\d+\/\d+\] /.test(line) && line.includes(`${scenario}: `)) || child.killed) return;
			const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
			const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
			child.kill('SIGKILL');
			// In ticks, of which Linux tells programs a hundred a second.
			done({ cpu: (Number(fields[11]) + Number(fields[12])) / 100, megabytes: Number(peak ?? 0) / 1024 });
		});
		child.on('close', () => done(undefined));
	});
}

const cell = (text: string, width: number): string => text.padStart(width);
function row(name: string, mine: Cost, theirs: Cost | undefined, what: string): void {
	const ratio = theirs === undefined ? '' : theirs.cpu / mine.cpu >= 10 ? `1/${(theirs.cpu / mine.cpu).toFixed(0)}` : (mine.cpu / theirs.cpu).toFixed(2);
	const rate = (cost: Cost | undefined): string => (cost === undefined || cost.cpu === 0 ? '' : (cost.states / cost.cpu / 1e6).toFixed(3));
	console.log([name.padEnd(30), cell(mine.verdict, 13), cell(mine.cpu.toFixed(4), 9), cell(theirs?.cpu.toFixed(3) ?? '-', 9), cell(ratio, 8),
		cell(String(mine.states), 9), cell(String(theirs?.states ?? '-'), 9), cell(rate(mine), 8), cell(rate(theirs), 8),
		cell(mine.megabytes.toFixed(0), 6), cell(theirs?.megabytes.toFixed(0) ?? '-', 6), ` ${what}`].join(' '));
}

const LEGEND = `
What is compared. CPU seconds, user + system, of all threads; ratio: ours to spin's; M/s: million states per CPU second; MB: peak memory of the whole process.
(a) operations to explained: the scenario's two programs, before and after the patch, searched; of each distinct failure the schedule of fewest preemptions and
    then steps, the counts of interleavings, the nearest passing schedule, and each side's failing schedule on the other; warm process, median of nine.
    Against spin -a, gcc -O0 and pan on the same two programs as we export them, which say only that an assertion fails.
    mail to verdict: from the mail's bytes, so reading, parsing C, finding and lowering scenarios, and exploring those before this one too; warm, as an editor has it.
    process start to verdict: the same of the built command, with the start of Node and the loading of the parser.
    peer's model: written by hand for both tools; ours the whole exploration, warm, spin's spin -a, gcc -O2 and pan.
(b) to a verdict, against pan alone (its spin -a and gcc left out); cold: the first exploration of a fresh process, while its code is being compiled.
(c) unreduced, every state and transition visited, cold, against pan -DNOREDUCE alone. (d) no figure of pan's: it does not finish.`;

console.log(`${cpus().length} processors, load ${loadavg()[0]!.toFixed(1)}, Node ${process.versions.node}`);
console.log(`${'model'.padEnd(30)} ${cell('verdict', 13)} ${cell('CPU s', 9)} ${cell('spin s', 9)} ${cell('ratio', 8)} ${cell('states', 9)} ${cell('spin', 9)} ${cell('M/s', 8)} ${cell('spin', 8)} ${cell('MB', 6)} ${cell('spin', 6)}`);
if (wanted('mails')) {
	const analyzer = await sourceAnalyzer();
	for (const file of mails) await mail(analyzer, file);
	analyzer.dispose();
}
if (wanted('models')) {
	// Code that has run for other patches is compiled already.
	for (const seed of seeds) ours(seed.text, 5);
	for (const seed of seeds) row(seed.name, ours(seed.text, 15), peer(seed.model, seed.defines)?.all, '(a) the peer\'s model');
}
const large = wanted('reduced') || wanted('whole') ? peer('faulttrunc', ['N=5', 'K=4'])?.pan : undefined;
if (wanted('reduced')) {
	row('faulttrunc N=5 K=4 reduced', apart(5, 4, true), large, '(b) cold');
	row('faulttrunc N=5 K=4 reduced', apart(5, 4, true, 15), large, '(b) warm');
}
if (wanted('whole')) {
	row('faulttrunc N=5 K=3 whole', apart(5, 3, false), peer('faulttrunc', ['N=5', 'K=3'])?.pan, '(c)');
	row('faulttrunc N=5 K=4 whole', apart(5, 4, false), large, '(c)');
}
if (wanted('beyond')) row('faulttrunc N=8 K=4 reduced', apart(8, 4, true), undefined, '(d) cold');
console.log(LEGEND);

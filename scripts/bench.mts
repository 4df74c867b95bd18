/*
 * npm run bench: the engine against spin, from one run on this machine. Without spin and gcc only our own columns are printed.
 * CPU is user + system time. A mail's is from its bytes to the verdict on its first scenario, before and after the patch: reading, parsing,
 * lowering, exploring; once in a warm process, as an editor has it for patch after patch, and once from the start of the built command. Spin's is
 * spin -a, gcc -O0 and pan on the same two programs, as we export them. The peer's models were written by hand; ours of them is the whole
 * exploration (verdict, shortest schedules, counts) in a warm process, spin's is with gcc -O2. The large rows run in processes of their own.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Analyzer } from '../analyzer/engine.ts';
import { explore } from '../sim/index.ts';
import { sourceAnalyzer } from '../test/measure/engine.ts';
import { program } from '../test/sim/notation.ts';
import { faulttrunc } from '../test/sim/peers/families.ts';
import { dax, ext4punch, gup, nopage } from '../test/sim/peers/seeds.ts';

const models = fileURLToPath(new URL('../test/sim/peers', import.meta.url));
const self = fileURLToPath(import.meta.url);
const shared = fileURLToPath(new URL('../../shared/seeds', import.meta.url));
/** The seeds where they are there, and the sample. */
const mails = [...(existsSync(shared) ? readdirSync(shared).sort().map((name) => join(shared, name)) : []), fileURLToPath(new URL('../samples/quill.mbox', import.meta.url))];

interface Cost {
	readonly cpu: number;
	readonly states: number;
	readonly megabytes: number;
	readonly verdict: string;
}

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

function ours(text: string, rounds: number): Cost {
	const p = program(text);
	let e = explore(p);
	const costs: number[] = [];
	for (let round = 0; round < rounds; round++) {
		const before = process.cpuUsage();
		e = explore(p);
		costs.push(seconds(process.cpuUsage(before)));
	}
	costs.sort((a, b) => a - b);
	return { cpu: costs[costs.length >> 1] ?? 0, states: e.states, megabytes: process.resourceUsage().maxRSS / 1024, verdict: e.verdict };
}

/** Runs one large configuration; printed as JSON for the process that started this one. */
function one(faulters: number, slots: number, reduction: boolean): void {
	const before = process.cpuUsage();
	const e = explore(program(faulttrunc({ faulters, slots })), { reduction, count: false, bounds: { states: 60e6, milliseconds: 600_000, megabytes: 4096 } });
	const cost: Cost = { cpu: seconds(process.cpuUsage(before)), states: e.states, megabytes: process.resourceUsage().maxRSS / 1024, verdict: e.verdict };
	console.log(JSON.stringify(cost));
}

function apart(faulters: number, slots: number, reduction: boolean): Cost {
	const child = spawnSync(process.execPath, ['--import', 'tsx', self, '--one', String(faulters), String(slots), String(reduction)], { encoding: 'utf8' });
	return JSON.parse(child.stdout.trim().split('\n').at(-1) ?? '') as Cost;
}

/** A command's output and its CPU seconds, its children's included. */
function timed(command: string, cwd: string): { readonly cpu: number; readonly out: string } {
	const child = spawnSync('bash', ['-c', `TIMEFORMAT='cpu %U %S'; time { ${command} ; } 2>/dev/null`], { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
	const [, user = '0', system = '0'] = /cpu ([\d.]+) ([\d.]+)/.exec(child.stderr) ?? [];
	return { cpu: Number(user) + Number(system), out: child.stdout };
}

const hasSpin = spawnSync('bash', ['-c', 'command -v spin && command -v gcc']).status === 0;

/** pan is given up after so many seconds; its row then says what it had cost so far. */
const PAN_SECONDS = 300;

/**
 * spin -a, gcc and pan on one model, without reduction, and pan alone. `write` puts the model into a folder and gives its name; `level` is gcc's
 * optimization.
 */
function spin(write: (folder: string) => string, defines: readonly string[], level: '-O0' | '-O2'): { readonly all: Cost; readonly pan: Cost } | undefined {
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

const peer = (model: string, defines: readonly string[]): ReturnType<typeof spin> => spin((folder) => {
	cpSync(models, folder, { recursive: true });
	return model;
}, defines, '-O2');

interface MailCost {
	readonly scenario: string;
	readonly warm: Cost;
	readonly cold: Cost | undefined;
	readonly theirs: Cost | undefined;
	readonly said: string;
}

/** Null for a mail without a scenario of which both programs are known. */
async function mail(analyzer: Analyzer, file: string): Promise<MailCost | null> {
	const document = new Uint8Array(readFileSync(file));
	/** From the bytes to the first verdict; what comes after it is broken off. */
	const verdict = async (): Promise<{ readonly cpu: number; readonly scenario: string; readonly outcome: string }> => {
		const abort = new AbortController();
		let found = { cpu: 0, scenario: '', outcome: '' };
		const before = process.cpuUsage();
		await analyzer.review(document, { name: file, signal: abort.signal, progress: ({ stage, outcome }) => {
			if (outcome === undefined || abort.signal.aborted) return;
			found = { cpu: seconds(process.cpuUsage(before)), scenario: stage, outcome };
			abort.abort();
		} });
		return found;
	};
	const reviews = await analyzer.review(document, { name: file });
	const runs = [];
	for (let round = 0; round < 9; round++) runs.push(await verdict());
	runs.sort((a, b) => a.cpu - b.cpu);
	const { cpu, scenario, outcome } = runs[runs.length >> 1]!;
	const review = reviews.find((each) => each.scenarios.some(({ id }) => id === scenario));
	const told = review?.scenarios.find(({ id }) => id === scenario);
	if (!review || !told) return null;
	const sides = (['pre', 'post'] as const).flatMap((side) => {
		const exported = told[side] ? analyzer.exportProgram({ name: file, patch: review.from, scenario, side, format: 'promela' }) : null;
		return exported && 'text' in exported ? [exported.text] : [];
	});
	if (sides.length === 0) return null;
	const states = (told.pre?.states ?? 0) + (told.post?.states ?? 0);
	const spins = sides.map((text) => spin((folder) => {
		writeFileSync(join(folder, 'exported.pml'), text);
		return 'exported';
		// What is quickest for spin: pan has little to do here, and gcc needs a minute to optimize it.
	}, [], '-O0')?.all);
	const theirs = spins.every((each) => each !== undefined) ? spins.reduce((a, b) => ({ cpu: a.cpu + b.cpu, states: a.states + b.states, megabytes: Math.max(a.megabytes, b.megabytes), verdict: '' })) : undefined;
	const started = await fromStart(file);
	const cost = (seconds: number, megabytes: number): Cost => ({ cpu: seconds, states, megabytes, verdict: outcome });
	return {
		scenario, theirs, warm: cost(cpu, process.resourceUsage().maxRSS / 1024), cold: started && cost(started.cpu, started.megabytes),
		said: `spin: ${spins.map((each) => each?.verdict ?? '-').join(', ')}; ours: ${[told.pre, told.post].map((side) => side?.verdict ?? '-').join(', ')}`,
	};
}

/** Of the built command from its start to its first verdict, read from /proc; undefined where there is none. */
function fromStart(file: string): Promise<{ readonly cpu: number; readonly megabytes: number } | undefined> {
	const cli = fileURLToPath(new URL('../dist/cli.mjs', import.meta.url));
	if (!existsSync(cli) || !existsSync('/proc/self/stat')) return Promise.resolve(undefined);
	return new Promise((done) => {
		const child = spawn(process.execPath, [cli, 'check', '--progress', '--format', 'json', file], { stdio: ['ignore', 'ignore', 'pipe'] });
		let said = '';
		child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
			said += chunk;
			if (!/^\[1\/\d+\] .*: [a-z-]+$/m.test(said) || child.killed) return;
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
const row = (name: string, mine: Cost, theirs: Cost | undefined, what: string): void => {
	const ratio = theirs === undefined ? '' : theirs.cpu / mine.cpu >= 10 ? `1/${(theirs.cpu / mine.cpu).toFixed(0)}` : (mine.cpu / theirs.cpu).toFixed(2);
	const rate = (cost: Cost | undefined): string => (cost === undefined || cost.cpu === 0 ? '' : (cost.states / cost.cpu / 1e6).toFixed(3));
	console.log([name.padEnd(30), cell(mine.verdict, 13), cell(mine.cpu.toFixed(4), 9), cell(theirs?.cpu.toFixed(3) ?? '-', 9), cell(ratio, 8),
		cell(String(mine.states), 9), cell(String(theirs?.states ?? '-'), 9), cell(rate(mine), 8), cell(rate(theirs), 8),
		cell(mine.megabytes.toFixed(0), 6), cell(theirs?.megabytes.toFixed(0) ?? '-', 6), ` ${what}`].join(' '));
};

if (process.argv[2] === '--one') one(Number(process.argv[3]), Number(process.argv[4]), process.argv[5] === 'true');
else {
	console.log(`${'model'.padEnd(30)} ${cell('verdict', 13)} ${cell('CPU s', 9)} ${cell('spin s', 9)} ${cell('ratio', 8)} ${cell('states', 9)} ${cell('spin', 9)} ${cell('M/s', 8)} ${cell('spin', 8)} ${cell('MB', 6)} ${cell('spin', 6)}`);
	const analyzer = await sourceAnalyzer();
	for (const file of mails) {
		const cost = await mail(analyzer, file);
		if (cost === null) continue;
		row(`${basename(file).slice(0, 3)} ${cost.scenario}`.slice(0, 30), cost.warm, cost.theirs, `(a) from the mail to a verdict, against spin -a + gcc + pan on both programs; ${cost.said}`);
		if (cost.cold) row('    from process start', cost.cold, cost.theirs, '(a) the same');
	}
	analyzer.dispose();
	// Code that has run for other patches is compiled already.
	for (const seed of seeds) ours(seed.text, 5);
	for (const seed of seeds) row(seed.name, ours(seed.text, 15), peer(seed.model, seed.defines)?.all, '(a) the peer\'s model, explored, against spin -a + gcc + pan');
	const large = peer('faulttrunc', ['N=5', 'K=4']);
	row('faulttrunc N=5 K=4 reduced', apart(5, 4, true), large?.pan, '(b) to a verdict, against pan');
	row('faulttrunc N=5 K=3 whole', apart(5, 3, false), peer('faulttrunc', ['N=5', 'K=3'])?.pan, '(c) throughput, unreduced');
	row('faulttrunc N=5 K=4 whole', apart(5, 4, false), large?.pan, '(c) throughput, unreduced');
	row('faulttrunc N=8 K=4 reduced', apart(8, 4, true), undefined, '(d) finishes, which pan cannot');
}

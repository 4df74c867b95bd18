/*
 * npm run bench: the simulator against spin, from one run on this machine. Without spin and gcc only our own columns are printed.
 * CPU is user + system time. Ours for the seeds is the whole exploration as the reviewer gets it (verdict, shortest schedules, counts),
 * in one warm process, as it runs for patch after patch; spin's is spin -a, gcc -O2 and pan. The large rows run in processes of their own.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explore } from '../sim/index.ts';
import { program } from '../test/sim/notation.ts';
import { faulttrunc } from '../test/sim/peers/families.ts';
import { dax, ext4punch, gup, nopage } from '../test/sim/peers/seeds.ts';

const models = fileURLToPath(new URL('../test/sim/peers', import.meta.url));
const self = fileURLToPath(import.meta.url);

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

/** spin -a, gcc and pan on one model, without reduction, and pan alone. */
function spin(model: string, defines: readonly string[]): { readonly all: Cost; readonly pan: Cost } | undefined {
	if (!hasSpin) return undefined;
	const folder = mkdtempSync(join(tmpdir(), 'bench-'));
	cpSync(models, folder, { recursive: true });
	const generate = timed(`spin -o2 -o3 -a ${defines.map((d) => `-D${d}`).join(' ')} ${model}.pml`, folder);
	const compile = timed('gcc -O2 -DSAFETY -DNOREDUCE -DNOFAIR -DMEMLIM=8000 -o pan pan.c', folder);
	const run = timed('./pan -m1000000 -c0 -w24', folder);
	rmSync(folder, { recursive: true });
	const states = Number(/(\d+) states, stored/.exec(run.out)?.[1] ?? 0);
	const megabytes = Number(/([\d.]+)\s+total actual memory usage/.exec(run.out)?.[1] ?? 0);
	const verdict = /errors: 0/.test(run.out) ? 'passes' : 'fails';
	return { all: { cpu: generate.cpu + compile.cpu + run.cpu, states, megabytes, verdict }, pan: { cpu: run.cpu, states, megabytes, verdict } };
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
	// Code that has run for other patches is compiled already.
	for (const seed of seeds) ours(seed.text, 5);
	// The pipeline from a mail to a verdict adds its own row here once it can: its CPU against the same `spin().all`.
	for (const seed of seeds) row(seed.name, ours(seed.text, 15), spin(seed.model, seed.defines)?.all, '(a) explored, against spin -a + gcc + pan');
	const large = spin('faulttrunc', ['N=5', 'K=4']);
	row('faulttrunc N=5 K=4 reduced', apart(5, 4, true), large?.pan, '(b) to a verdict, against pan');
	row('faulttrunc N=5 K=3 whole', apart(5, 3, false), spin('faulttrunc', ['N=5', 'K=3'])?.pan, '(c) throughput, unreduced');
	row('faulttrunc N=5 K=4 whole', apart(5, 4, false), large?.pan, '(c) throughput, unreduced');
	row('faulttrunc N=8 K=4 reduced', apart(8, 4, true), undefined, '(d) finishes, which pan cannot');
}

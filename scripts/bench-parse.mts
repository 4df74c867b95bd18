/**
 * How well and how fast kernel C is parsed: functions with an error, calls recovered from hunks alone, MB/s.
 *
 *     tsx scripts/bench-parse.mts TREE [--folders mm,fs] [--seed 1] [--verbose]
 *
 * Hunks are cut from the tree's own files at random places, as git would cut them (three lines of context, the header names
 * the last line before it that begins with a letter), one to four of a file; what the whole file's parse sees on those lines
 * is the truth.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Image } from '../analyzer/images/image';
import type { CNode, ParsedSource } from '../analyzer/parse';
import { loadParser } from '../test/parse/parser';

const CONTEXT = 3;
const MAX_CHANGE = 12;
const MAX_HUNKS = 4;
const HUNKS_PER_FOLDER = 4000;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { folders: { type: 'string', default: 'mm,fs,kernel,net,drivers/target' }, seed: { type: 'string', default: '1' }, verbose: { type: 'boolean' } },
});
const tree = positionals[0];
if (tree === undefined) {
	console.error('usage: tsx scripts/bench-parse.mts TREE [--folders mm,fs] [--seed 1] [--verbose]');
	process.exit(2);
}

function cFiles(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true })
		.sort((a, b) => (a.name < b.name ? -1 : 1))
		.flatMap((entry) => {
			const path = join(folder, entry.name);
			return entry.isDirectory() ? cFiles(path) : /\.[ch]$/.test(entry.name) ? [path] : [];
		});
}

/** A small linear congruential generator: the same hunks every time. */
let state = Number(values.seed) >>> 0;
function random(below: number): number {
	state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
	return Math.floor((state / 2 ** 32) * below);
}

interface Call {
	readonly name: string;
	readonly line: number;
	/** Type and line of the innermost control statement around it. */
	readonly parent: string;
	readonly parentLine: number;
}

const CONTROL = new Set(['if_statement', 'while_statement', 'for_statement', 'switch_statement', 'do_statement', 'else_clause']);

function callsOf(source: ParsedSource): Call[] {
	const calls: Call[] = [];
	for (const { body } of source.functions) {
		const stack: { node: CNode; parent: CNode | null }[] = [{ node: body, parent: null }];
		while (stack.length > 0) {
			const { node, parent } = stack.pop()!;
			if (node.type === 'call_expression') {
				const callee = node.field('function');
				if (callee !== null && !node.synthetic) {
					const name = callee.type === 'field_expression' ? (callee.field('field')?.text ?? '') : callee.text;
					if (/^\w+$/.test(name)) calls.push({ name, line: callee.endLine, parent: parent?.type ?? '', parentLine: parent === null || parent.synthetic ? 0 : parent.line });
				}
			}
			const inner = CONTROL.has(node.type) ? node : parent;
			for (const child of node.children) stack.push({ node: child, parent: inner });
		}
	}
	return calls;
}

/** An image of a few hunks of a file, and the file's line of each of its lines. */
function cutHunks(lines: readonly string[], path: string): Image | null {
	if (lines.length < 30) return null;
	const spans: [number, number][] = [];
	for (let count = 1 + random(MAX_HUNKS); count > 0; count--) {
		const at = random(lines.length - 2 * CONTEXT);
		spans.push([at, Math.min(lines.length, at + 2 * CONTEXT + random(MAX_CHANGE))]);
	}
	spans.sort((a, b) => a[0] - b[0]);
	const apart = spans.filter(([from], index) => index === 0 || from > spans[index - 1]![1]);
	const shown: string[] = [];
	const fileLines: number[] = [];
	const hunks: { line: number; section: string; input: number }[] = [];
	const gaps: number[] = [];
	for (const [from, to] of apart) {
		let above = from - 1;
		while (above >= 0 && !/^[A-Za-z_$]/.test(lines[above]!)) above--;
		if (shown.length > 0) gaps.push(shown.length + 1);
		hunks.push({ line: shown.length + 1, section: above < 0 ? '' : lines[above]!.slice(0, 80).trim(), input: 0 });
		for (let line = from; line < to; line++) {
			shown.push(lines[line]!);
			fileLines.push(line + 1);
		}
	}
	return {
		path, side: 'post', completeness: 'fragments', text: `${shown.join('\n')}\n`, fileLines, inputLines: fileLines.map(() => 0),
		columns: fileLines.map(() => 0), changed: fileLines.map(() => false), gaps, found: 'cut for the benchmark', hunks,
	};
}

const parser = await loadParser();
const total = { bytes: 0, ms: 0, functions: 0, broken: 0, hunks: 0, hunkMs: 0, calls: 0, recovered: 0, invented: 0, parents: 0, rightParents: 0, heads: 0, slowest: 0 };

function row(name: string, sum: typeof total): void {
	const percent = (part: number, whole: number): string => (whole === 0 ? '-' : ((100 * part) / whole).toFixed(3));
	console.log([
		name.padEnd(16), `${(sum.bytes / 1e6).toFixed(1)} MB`.padStart(9), `${(sum.bytes / 1e3 / sum.ms).toFixed(2)} MB/s`.padStart(10),
		`${sum.functions} functions`.padStart(17), `${percent(sum.broken, sum.functions)} % broken`.padStart(15), `${sum.hunks} hunks`.padStart(12),
		`${(sum.hunkMs / sum.hunks).toFixed(2)} ms each`.padStart(13), `${sum.calls} calls`.padStart(13), `${percent(sum.recovered, sum.calls)} % recovered`.padStart(19),
		`${sum.invented} invented`.padStart(13), `${percent(sum.rightParents, sum.parents)} % right parent`.padStart(22),
	].join(' '));
}

for (const folder of values.folders.split(',')) {
	const sum = { ...total };
	for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] = 0;
	const files = cFiles(join(tree, folder)).map((path) => ({ path, text: readFileSync(path, 'utf8') }));
	const perFile = Math.max(1, Math.round(HUNKS_PER_FOLDER / files.length));
	for (const { path, text } of files) {
		const started = performance.now();
		const whole = parser.parseFile(text);
		const took = performance.now() - started;
		sum.ms += took;
		sum.slowest = Math.max(sum.slowest, took);
		sum.bytes += text.length;
		sum.functions += whole.functions.length;
		sum.broken += whole.functions.filter(({ broken }) => broken).length;
		if (values.verbose) for (const { line, text: error } of whole.errors) console.log(`error ${path}:${line}: ${error.replace(/\s+/g, ' ')}`);
		const truth = callsOf(whole);
		const lines = text.split('\n');
		for (let image = 0; image < perFile; image++) {
			const cut = cutHunks(lines, path);
			if (cut === null) break;
			const start = performance.now();
			const source = parser.parseFragments(cut);
			const found = callsOf(source);
			sum.hunkMs += performance.now() - start;
			sum.hunks += cut.hunks.length;
			compare(path, cut, truth, found, sum);
			source.dispose();
		}
		whole.dispose();
	}
	row(folder, sum);
	for (const key of Object.keys(sum) as (keyof typeof sum)[]) total[key] = key === 'slowest' ? Math.max(total[key], sum[key]) : total[key] + sum[key];
}
row('all', total);
console.log(`slowest file ${total.slowest.toFixed(0)} ms; resident ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);

/** The lines of the file that were cut out, for trying a hunk again. */
function spansOf({ hunks, fileLines }: Image): string {
	return hunks.map(({ line }, index) => `${fileLines[line - 1]}-${fileLines[(hunks[index + 1]?.line ?? fileLines.length + 1) - 2]}`).join(',');
}

function compare(path: string, cut: Image, truth: readonly Call[], found: readonly Call[], sum: typeof total): void {
	const shown = new Map(cut.fileLines.map((line, index) => [line as number, index + 1]));
	const pool = new Map<string, Call[]>();
	for (const call of found) {
		const key = `${call.name}:${call.line}`;
		pool.set(key, [...(pool.get(key) ?? []), call]);
	}
	for (const call of truth) {
		const line = shown.get(call.line);
		if (line === undefined) continue;
		sum.calls++;
		const match = pool.get(`${call.name}:${line}`)?.shift();
		if (match === undefined) {
			if (values.verbose) console.log(`lost ${path}:${call.line}: ${call.name}() in ${spansOf(cut)}`);
			continue;
		}
		sum.recovered++;
		const parentLine = shown.get(call.parentLine);
		if (parentLine === undefined) continue;
		sum.parents++;
		if (match.parentLine === parentLine && match.parent === call.parent) sum.rightParents++;
		else if (values.verbose) console.log(`parent ${path}:${call.line}: ${call.name}() in ${match.parent}:${match.parentLine}, not ${call.parent}:${parentLine}`);
	}
	for (const rest of pool.values()) {
		sum.invented += rest.length;
		if (values.verbose) for (const call of rest) console.log(`invented ${path}:${cut.fileLines[call.line - 1]}: ${call.name}() in ${spansOf(cut)}`);
	}
}

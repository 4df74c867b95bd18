/**
 * How long the review of a patch of ten functions takes with a tree: the first time, with nothing known, and again after a line of the mail's
 * diff was edited, as an editor asks for it. Usage: review-speed.mts [FILE]; KERNEL_TREE names the tree. Without a file, patches are made of the first
 * C files of some folders that have ten functions which take a lock: each takes it one statement later.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnalyzerOptions, KnowledgeFiles } from '../analyzer/engine';
import { createAnalyzer } from '../analyzer';
import { GATHERER } from '../disk/heads-ahead';
import { treePort } from '../disk/tree-port';
import { kernelTree } from '../test/measure/kernel-tree';

const FUNCTIONS = 10;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const [given] = process.argv.slice(2);
const tree = kernelTree();
if (tree === null) {
	console.log('skipped: there is no kernel tree (npm run linux)');
	process.exit(0);
}

const LOCKS = /^\t(mutex_lock|spin_lock|down_write|down_read|spin_lock_irq)\(/;

/** Hunks that move the first lock of each of ten functions behind the statement after it; null where a file has fewer. */
function movedLocks(path: string): string | null {
	const lines = readFileSync(join(tree!, path), 'utf8').split('\n');
	const hunks: string[] = [];
	let free = 0;
	let body = false;
	for (let at = 3; at < lines.length - 6 && hunks.length < FUNCTIONS; at++) {
		if (lines[at] === '{') body = true;
		if (lines[at] === '}') body = false;
		const after = lines[at + 1] ?? '';
		if (!body || at < free + 4 || !LOCKS.test(lines[at] ?? '') || !/^\t[a-z].*;$/.test(after) || /return|goto|break|unlock/.test(after)) continue;
		const context = (from: number, to: number): readonly string[] => lines.slice(from, to).map((line) => ` ${line}`);
		hunks.push([`@@ -${at - 2},8 +${at - 2},8 @@`, ...context(at - 3, at), `-${lines[at]}`, ...context(at + 1, at + 2), `+${lines[at]}`, ...context(at + 2, at + 5)].join('\n'));
		free = at;
		body = false;
	}
	return hunks.length < FUNCTIONS ? null : `Subject: [PATCH] locks are taken a line later\n\n---\n--- a/${path}\n+++ b/${path}\n${hunks.join('\n')}\n`;
}

function* generated(): Generator<{ readonly name: string; readonly text: string }> {
	let left = 4;
	for (const folder of ['mm', 'fs', 'net/core', 'block', 'drivers/tty']) {
		for (const name of readdirSync(join(tree!, folder)).filter((each) => each.endsWith('.c')).sort()) {
			const text = movedLocks(`${folder}/${name}`);
			if (text !== null && left-- > 0) yield { name: `${folder}/${name}`, text };
			if (text !== null) break;
		}
	}
}

/** The last line that is added, as somebody typed it anew. */
const edited = (text: string, anew: (line: string) => string): string => text.replace(/\n(\+\t.*;)\n(?![\s\S]*\n\+\t)/, (_, line: string) => `\n${anew(line)}\n`);
/** With a remark behind it; and without the lock that it takes. */
const EDITS: readonly ((line: string) => string)[] = [(line) => `${line} /* so */`, () => '+\t;'];

const options = (): AnalyzerOptions => ({
	knowledge: JSON.parse(readFileSync(join(dist, 'knowledge.json'), 'utf8')) as KnowledgeFiles,
	runtimeWasm: readFileSync(join(dist, 'web-tree-sitter.wasm')), grammarWasm: readFileSync(join(dist, 'tree-sitter-c.wasm')),
});
const timed = async (work: () => Promise<unknown>): Promise<readonly [number, number]> => {
	const [wall, used] = [performance.now(), process.cpuUsage()];
	await work();
	const { user, system } = process.cpuUsage(used);
	return [performance.now() - wall, (user + system) / 1000];
};

console.log(`milliseconds (processor time in brackets); ${cpus().length} processors, load ${loadavg()[0]!.toFixed(1)}, Node ${process.versions.node}`);
console.log(`${'patch of 10 functions'.padEnd(28)}${['review', 'again: a remark', 'again: code'].map((word) => word.padStart(18)).join('')}  outcome`);
for (const { name, text } of given === undefined ? generated() : [{ name: given, text: readFileSync(given, 'utf8') }]) {
	const analyzer = await createAnalyzer(options());
	const port = treePort(tree, true, join(dist, GATHERER));
	let outcome = '';
	const told = ([wall, used]: readonly [number, number]): string => `${Math.round(wall)} (${Math.round(used)})`.padStart(18);
	const first = await timed(async () => {
		outcome = (await analyzer.review(text, { name, tree: port })).map((each) => `${each.outcome}, ${each.functions.length} functions, ${each.scenarios.length} scenarios, ${each.leftOut} left out`).join('; ');
	});
	const again: string[] = [];
	for (const edit of EDITS) {
		const changed = edited(text, edit);
		if (changed === text) throw new Error(`${name}: there is no line to edit`);
		again.push(told(await timed(() => analyzer.review(changed, { name, tree: port }))));
	}
	analyzer.dispose();
	console.log(`${name.padEnd(28)}${told(first)}${again.join('')}  ${outcome}`);
}

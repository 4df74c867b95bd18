/**
 * How long the review of a patch of ten functions takes with a tree: the first time, with nothing known of the patch and nothing of the tree, and again after a line of the mail's
 * diff was edited, as an editor asks for it; then the same in a new process, to which an earlier run has left what it read of the tree. What is measured is the built command line, loaded as it loads itself, in a process of its own for each
 * patch. Usage: review-speed.mts [FILE]; KERNEL_TREE names the tree. Without a file, patches are made of the first C files of some folders that have
 * ten functions which take a lock: each takes it one statement later.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadBundle } from '../cli/bundle';
import { kernelTree } from '../test/measure/kernel-tree';

const FUNCTIONS = 10;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
/** How this script calls itself, for a process of its own for each patch. */
const ONE = '--one';
const [given, path, name] = process.argv.slice(2);
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

const timed = async (work: () => Promise<unknown>): Promise<readonly [number, number]> => {
	const [wall, used] = [performance.now(), process.cpuUsage()];
	await work();
	const { user, system } = process.cpuUsage(used);
	return [performance.now() - wall, (user + system) / 1000];
};

/** Measures one patch in this process, which has run nothing before: what is read and compiled for the first time is part of the first review. */
async function measure(name: string, text: string): Promise<void> {
	const { parts } = loadBundle(dist);
	// In the order of the command line.
	const port = parts.openTree(tree!);
	const analyzer = await parts.engine({ table: [], models: [] }, text.length);
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
	console.log(`${name.padEnd(36)}${told(first)}${again.join('')}  ${outcome}`);
}

if (given === ONE && path !== undefined && name !== undefined) {
	await measure(name, readFileSync(path, 'utf8'));
	process.exit();
}
console.log(`milliseconds (processor time in brackets) of the built command line; ${cpus().length} processors, load ${loadavg()[0]!.toFixed(1)}, Node ${process.versions.node}`);
console.log(`${'patch of 10 functions'.padEnd(36)}${['review', 'again: a remark', 'again: code'].map((word) => word.padStart(18)).join('')}  outcome`);
const folder = mkdtempSync(join(tmpdir(), 'review-speed-'));
try {
	for (const each of given === undefined ? generated() : [{ name: given, text: readFileSync(given, 'utf8') }]) {
		const file = join(folder, 'one.patch');
		writeFileSync(file, each.text);
		for (const seen of ['', ', tree seen']) {
			const { status } = spawnSync(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), ONE, file, each.name + seen], { cwd: root, stdio: 'inherit', env: { ...process.env, XDG_CACHE_HOME: join(folder, each.name) } });
			if (status !== 0) process.exitCode = 1;
		}
	}
} finally {
	rmSync(folder, { recursive: true });
}

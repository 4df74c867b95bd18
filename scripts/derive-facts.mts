/**
 * Derives from a kernel tree what a call of a function that include/ declares does, whatever its arguments: that it may sleep, that it frees
 * an argument. Writes the rows to analyzer/knowledge/table/derived.yaml; `partial` rows, behind everything that is known better.
 *
 *     tsx scripts/derive-facts.mts TREE
 *
 * What stands in the function's own straight line is true of each of its runs that gets so far. What stands in a branch may be: it counts where the branch is not an argument's to
 * decide, and where nobody in the tree calls the function under a lock that spins or from an interrupt. A function that asks where it runs (`in_atomic()`, `oops_in_progress`, …) is left out.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTable } from '../analyzer/knowledge';
import type { Row } from '../analyzer/knowledge/row';
import type { FunctionSource } from '../analyzer/parse';
import { loadParser } from '../test/parse/parser';
import { calledAtomic } from './derive/atomic';
import { ASKS_WHERE, type BodyCall, callsOf, type Step } from './derive/calls';
import { readKnowledge } from './knowledge.mts';

const tree = process.argv[2];
if (tree === undefined) {
	console.error('usage: tsx scripts/derive-facts.mts TREE');
	process.exit(2);
}
const knowledge = join(dirname(fileURLToPath(import.meta.url)), '..', 'analyzer', 'knowledge');
const OUT = join(knowledge, 'table', 'derived.yaml');

/** Other architectures' files say nothing of the generic kernel; what is not built into one is no API. */
const SKIPPED = /^(arch|tools|scripts|samples|Documentation|drivers\/(gpu\/drm\/amd|staging))\b|\/(selftests?|tests?)\//;
const SLEEPS = /\b(GFP_(KERNEL|USER|NOFS|NOIO|KERNEL_ACCOUNT|HIGHUSER\w*))\b/;
const INTERRUPTS: ReadonlySet<string> = new Set(['hardirq', 'softirq', 'timer', 'rcu']);
/** Rounds of the closure over calls of calls. */
const ROUNDS = 12;

interface Fact {
	readonly name: string;
	readonly file: string;
	readonly shared: boolean;
	readonly params: readonly string[];
	readonly straight: readonly Step[];
	readonly reached: readonly BodyCall[];
	/** Called where nobody may sleep: under a lock that spins, or by what is called so. */
	atomic: string;
	/** Each run sleeps; some may. */
	sleeps: boolean;
	may: boolean;
	readonly frees: Set<number>;
}

const files = readKnowledge(knowledge);
const { table } = loadTable(files.table.filter(({ file }) => file !== 'derived.yaml'));
const parser = await loadParser();
const modelled = new Set(files.models.flatMap(({ text }) => parser.parseFile(text).functions.map(({ name }) => name)));
const byName = new Map<string, Fact>();
const byFile = new Map<string, Map<string, Fact>>();
/** Calls where nobody may sleep: who is called, by whom, in which file. */
const atomic: { readonly name: string; readonly by: string; readonly file: string }[] = [];
const declared = new Set(filesIn(join(tree, 'include'), '.h').flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/\b(\w+)\s*\(/g)].map((match) => match[1]!)));

for (const path of [...filesIn(tree, '.c'), ...filesIn(join(tree, 'include'), '.h')]) read(relative(tree, path), readFileSync(path, 'utf8'));
closure((fact, own) => sleepsAlways(fact, own) + freed(fact, own));
spread();
closure(maySleep);
write();

function rowOf(name: string): Row | undefined {
	const guard = /^guard (\w+)$/.exec(name)?.[1];
	return table.rows.get(guard === undefined ? name : (table.guards.get(guard)?.acquire ?? name));
}

function filesIn(folder: string, ending: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (SKIPPED.test(relative(tree!, path))) return [];
		return entry.isDirectory() ? filesIn(path, ending) : entry.name.endsWith(ending) ? [path] : [];
	});
}

function read(file: string, text: string): void {
	const exported = new Set([...text.matchAll(/EXPORT_SYMBOL(?:_NS)?(?:_GPL)?\s*\(\s*(\w+)/g)].map((match) => match[1]!));
	const header = file.endsWith('.h');
	if (header && !/\binline\b/.test(text)) return;
	const source = parser.parseFile(text);
	const own = new Map<string, Fact>();
	for (const fn of source.functions) {
		// The entries of system calls, and what else only a macro names, are nobody's to call.
		const made = /^(?:compat_)?sys_/.test(fn.name) || !new RegExp(`\\b${fn.name}\\s*\\(`).test(text);
		if (fn.broken || fn.alternative || own.has(fn.name) || made) continue;
		own.set(fn.name, factOf(fn, file, header || exported.has(fn.name) || (!fn.storage.includes('static') && declared.has(fn.name))));
	}
	source.dispose();
	byFile.set(file, own);
	for (const fact of own.values()) {
		const other = byName.get(fact.name);
		// What a header has is a stub where a file has it as well.
		if (fact.shared && (!other || !header)) byName.set(fact.name, fact);
	}
}

function factOf(fn: FunctionSource, file: string, shared: boolean): Fact {
	const scalars = new Set(fn.params.filter(({ type }) => !type.includes('*')).map(({ name }) => name));
	const { names, letsGo } = calledAtomic(fn.body, rowOf);
	const { straight, reached } = letsGo || ASKS_WHERE.test(fn.body.text) ? { straight: [], reached: [] } : callsOf(fn.body, scalars);
	const assigned = new Set([...fn.body.text.matchAll(/\b(\w+)\s*=[^=]/g)].map((match) => match[1]!));
	for (const name of names) atomic.push({ name, by: fn.name, file });
	for (const { name, args } of reached) {
		const row = rowOf(name);
		const callback = row?.effect === 'register' && INTERRUPTS.has(row.context) ? args[Number(/^arg(\d)$/.exec(row.callback)?.[1])] : row?.effect === 'rcu-call' ? args[1] : undefined;
		if (callback !== undefined) atomic.push({ name: callback, by: name, file });
	}
	return { name: fn.name, file, shared, params: fn.params.map(({ name }) => (assigned.has(name) ? '' : name)), straight, reached, atomic: '', sleeps: false, may: false, frees: new Set() };
}

function closure(derive: (fact: Fact, own: ReadonlyMap<string, Fact>) => number): void {
	for (let round = 0; round < ROUNDS; round++) {
		let changed = 0;
		for (const own of byFile.values()) for (const fact of own.values()) changed += derive(fact, own);
		console.error(`round ${round}: ${changed} facts more`);
		if (changed === 0) break;
	}
}

/** What a row says of the call, and whom else it is of. A file's own function is not what others call by that name. */
function told({ name }: BodyCall, own: ReadonlyMap<string, Fact>): { readonly row: Row | undefined; readonly callee: Fact | undefined } {
	const mine = own.get(name);
	return { row: mine && !mine.shared ? undefined : rowOf(name), callee: mine ?? byName.get(name) };
}

function waits(row: Row, args: readonly string[]): boolean {
	if (row.gfp !== undefined) return SLEEPS.test(args[row.gfp] ?? '');
	return row.sleeps === true || (row.effect === 'lock' && ['mutex', 'rwsem', 'percpu-rwsem'].includes(row.kind) && row.sleeps !== false);
}

function sleepsAlways(fact: Fact, own: ReadonlyMap<string, Fact>): number {
	const does = (step: Step): boolean => {
		if ('either' in step) return step.either.every((way) => way.some(does));
		const { row, callee } = told(step, own);
		return row ? waits(row, step.args) : callee?.sleeps === true;
	};
	if (fact.sleeps || !fact.straight.some(does)) return 0;
	fact.sleeps = true;
	return 1;
}

function freed(fact: Fact, own: ReadonlyMap<string, Fact>): number {
	let changed = 0;
	for (const step of fact.straight) {
		if ('either' in step || !step.certain) continue;
		const { row, callee } = told(step, own);
		const indices = row?.effect === 'free' && /^arg\d$/.test(row.pointer) ? [Number(row.pointer.slice(3))] : row ? [] : [...(callee?.frees ?? [])];
		for (const index of indices) {
			const param = fact.params.indexOf(step.args[index] ?? '?');
			if (param < 0 || fact.frees.has(param)) continue;
			fact.frees.add(param);
			changed++;
		}
	}
	return changed;
}

/** Whom is called where nobody may sleep calls his own callees there. */
function spread(): void {
	const left: { readonly fact: Fact; readonly why: string }[] = atomic.flatMap(({ name, by, file }) => {
		const fact = byFile.get(file)?.get(name) ?? byName.get(name);
		return fact ? [{ fact, why: `${by} (${file})` }] : [];
	});
	for (let next = left.pop(); next; next = left.pop()) {
		const { fact, why } = next;
		if (fact.atomic !== '') continue;
		fact.atomic = why;
		for (const call of fact.reached) {
			const callee = byFile.get(fact.file)?.get(call.name) ?? byName.get(call.name);
			if (callee && callee.atomic === '') left.push({ fact: callee, why: `${fact.name} < ${why}` });
		}
	}
}

function maySleep(fact: Fact, own: ReadonlyMap<string, Fact>): number {
	if (fact.sleeps || fact.may || fact.atomic !== '') return 0;
	const does = (call: BodyCall, deep: boolean): boolean => {
		const { row, callee } = told(call, own);
		return row ? waits(row, call.args) : callee?.sleeps === true || (deep && callee?.may === true);
	};
	if (!fact.reached.some((call) => does(call, false)) && !fact.straight.some((step) => !('either' in step) && does(step, true))) return 0;
	fact.may = true;
	return 1;
}

function write(): void {
	const groups = new Map<string, string[]>();
	let functions = 0;
	for (const fact of [...byName.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.name < b.name ? -1 : 1))) {
		if ((!fact.sleeps && !fact.may && fact.frees.size === 0) || table.rows.has(fact.name) || modelled.has(fact.name) || !declared.has(fact.name)) continue;
		functions++;
		const [freed] = fact.frees;
		const sleeps = fact.sleeps || fact.may;
		const what = freed === undefined ? 'effect: might-sleep, sleeps: true' : `effect: free, pointer: arg${freed}${sleeps ? ', sleeps: true' : ''}`;
		const key = `${what}, args: ${fact.params.length}, partial: true, source: ${fact.file} }`;
		groups.set(key, [...(groups.get(key) ?? []), fact.name]);
	}
	const lines = [...groups].map(([key, names]) => `- { api: ${names.length === 1 ? names[0] : `[${names.join(', ')}]`}, ${key}`);
	writeFileSync(OUT, `# Made by scripts/derive-facts.mts from linux-source-6.12: what every call of a function does that include/ declares. Not to be edited.\n${lines.join('\n')}\n`);
	console.error(`${functions} functions in ${lines.length} rows of ${byName.size} that are shared`);
}

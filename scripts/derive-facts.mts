/**
 * Derives from a kernel tree what every call of an exported function does, whatever its arguments: that it may sleep, that it frees
 * an argument. Writes the rows to analyzer/knowledge/table/derived.yaml; `partial` rows, behind everything that is known better.
 *
 *     tsx scripts/derive-facts.mts TREE
 *
 * Only calls count that stand in the function's own straight line, outside of branches, and only of functions that include/ declares: what is said of a function is then true of each of
 * its runs that gets so far. A function that asks where it runs (`in_atomic()`, `oops_in_progress`, …) is left out.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTable } from '../analyzer/knowledge';
import type { CNode, FunctionSource } from '../analyzer/parse';
import { loadParser } from '../test/parse/parser';
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
const ASKS_WHERE = /\b(in_atomic|in_interrupt|in_irq|in_hardirq|in_softirq|in_task|irqs_disabled|oops_in_progress|preemptible|gfpflags_allow_blocking|in_nmi|in_dbg_master|can_sleep|may_sleep|atomic_context|nowait)\b/;
const SLEEPS = /\b(GFP_(KERNEL|USER|NOFS|NOIO|KERNEL_ACCOUNT|HIGHUSER\w*))\b/;
/** Rounds of the closure over calls of calls. */
const ROUNDS = 12;

interface Fact {
	readonly name: string;
	readonly file: string;
	readonly exported: boolean;
	readonly params: readonly string[];
	/** Straight-line calls with their arguments' text. */
	readonly calls: readonly StraightCall[];
	sleeps: boolean;
	readonly frees: Set<number>;
}

interface StraightCall {
	readonly name: string;
	readonly args: readonly string[];
	/** Every run gets here, but those that were given nothing. */
	readonly certain: boolean;
}

const files = readKnowledge(knowledge);
const { table } = loadTable(files.table.filter(({ file }) => file !== 'derived.yaml'));
const parser = await loadParser();
const modelled = new Set(files.models.flatMap(({ text }) => parser.parseFile(text).functions.map(({ name }) => name)));
const byName = new Map<string, Fact>();
const byFile = new Map<string, Map<string, Fact>>();

for (const path of cFiles(tree)) {
	const file = relative(tree, path);
	if (SKIPPED.test(file)) continue;
	const text = readFileSync(path, 'utf8');
	const exported = new Set([...text.matchAll(/EXPORT_SYMBOL(?:_NS)?(?:_GPL)?\s*\(\s*(\w+)/g)].map((match) => match[1]!));
	if (exported.size === 0) continue;
	const source = parser.parseFile(text);
	const own = new Map<string, Fact>();
	for (const fn of source.functions) {
		if (fn.broken || fn.alternative || own.has(fn.name)) continue;
		own.set(fn.name, factOf(fn, file, exported.has(fn.name)));
	}
	source.dispose();
	byFile.set(file, own);
	for (const fact of own.values()) if (fact.exported) byName.set(fact.name, fact);
}

for (let round = 0; round < ROUNDS; round++) {
	let changed = 0;
	for (const own of byFile.values()) for (const fact of own.values()) changed += derive(fact, own);
	console.error(`round ${round}: ${changed} facts more`);
	if (changed === 0) break;
}
write();

function cFiles(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return SKIPPED.test(relative(tree!, path)) ? [] : cFiles(path);
		return entry.name.endsWith('.c') ? [path] : [];
	});
}

function headers(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		return entry.isDirectory() ? headers(path) : entry.name.endsWith('.h') ? [path] : [];
	});
}

function factOf(fn: FunctionSource, file: string, exported: boolean): Fact {
	const scalars = new Set(fn.params.filter(({ type }) => !type.includes('*')).map(({ name }) => name));
	const calls = ASKS_WHERE.test(fn.body.text) ? [] : straight(fn.body, scalars);
	const assigned = new Set([...fn.body.text.matchAll(/\b(\w+)\s*=[^=]/g)].map((match) => match[1]!));
	return { name: fn.name, file, exported, params: fn.params.map(({ name }) => (assigned.has(name) ? '' : name)), calls, sleeps: false, frees: new Set() };
}

/** The calls of every run that gets so far. A branch that leaves by a flag that the caller gave (`if (!wait) return`) ends what is known. */
function straight(body: CNode, scalars: ReadonlySet<string>): Fact['calls'] {
	const calls: StraightCall[] = [];
	let certain = true;
	const evaluated = (node: CNode | null): void => {
		if (node === null) return;
		if (node.type === 'conditional_expression') return evaluated(node.field('condition'));
		if (node.type === 'binary_expression' && (node.children[1]?.type === '&&' || node.children[1]?.type === '||')) return evaluated(node.field('left'));
		if (node.type === 'sizeof_expression' || node.type === 'compound_literal_expression') return;
		if (node.type === 'call_expression') {
			const callee = node.field('function');
			const args = node.field('arguments')?.named ?? [];
			if (callee?.type === 'identifier') calls.push({ name: callee.text, args: args.map(({ text }) => text.trim()), certain });
		}
		for (const child of node.named) evaluated(child);
	};
	/** What leaves the function in a branch is another run; what is behind is still true of those that come there. */
	const behind = (branch: CNode): boolean => {
		if (!/\b(return|goto)\b/.test(branch.text)) return true;
		const condition = branch.field('condition')?.text ?? '';
		if ([...condition.matchAll(/\b[a-z_]\w*/gi)].some(([word]) => scalars.has(word))) return false;
		certain &&= /^\(\s*(!\s*\w+|\w+\s*==\s*NULL|(unlikely\()?IS_ERR(_OR_NULL)?\(\w+\)\)?)\s*\)$/.test(condition);
		return true;
	};
	/** False when nothing behind it is certain to be reached by every run. */
	const statement = (node: CNode): boolean => {
		switch (node.type) {
			case 'compound_statement':
				return node.named.every(statement);
			case 'expression_statement':
			case 'declaration':
				evaluated(node);
				return true;
			case 'return_statement':
				evaluated(node);
				return false;
			case 'if_statement':
			case 'switch_statement':
				evaluated(node.field('condition'));
				return behind(node);
			case 'goto_statement':
			case 'labeled_statement':
				return false;
			default:
				return true;
		}
	};
	statement(body);
	return calls;
}

function derive(fact: Fact, own: ReadonlyMap<string, Fact>): number {
	let changed = 0;
	for (const { name, args, certain } of fact.calls) {
		const row = own.has(name) && !own.get(name)!.exported ? undefined : table.rows.get(name);
		const callee = own.get(name) ?? byName.get(name);
		const sleeps = row
			? row.gfp === undefined ? row.sleeps === true || (row.effect === 'lock' && ['mutex', 'rwsem', 'percpu-rwsem'].includes(row.kind) && row.sleeps !== false) : SLEEPS.test(args[row.gfp] ?? '')
			: callee?.sleeps === true;
		if (sleeps && !fact.sleeps) {
			fact.sleeps = true;
			changed++;
		}
		const freed = row?.effect === 'free' && /^arg\d$/.test(row.pointer) ? [Number(row.pointer.slice(3))] : row ? [] : [...(callee?.frees ?? [])];
		for (const index of certain ? freed : []) {
			const param = fact.params.indexOf(args[index] ?? '?');
			if (param >= 0 && !fact.frees.has(param)) {
				fact.frees.add(param);
				changed++;
			}
		}
	}
	return changed;
}

function write(): void {
	const declared = new Set(headers(join(tree!, 'include')).flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/\b(\w+)\s*\(/g)].map((match) => match[1]!)));
	const groups = new Map<string, string[]>();
	let functions = 0;
	for (const fact of [...byName.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.name < b.name ? -1 : 1))) {
		if (!fact.sleeps && fact.frees.size === 0) continue;
		if (table.rows.has(fact.name) || modelled.has(fact.name) || !declared.has(fact.name)) continue;
		functions++;
		const [freed] = fact.frees;
		const what = freed === undefined ? 'effect: might-sleep, sleeps: true' : `effect: free, pointer: arg${freed}${fact.sleeps ? ', sleeps: true' : ''}`;
		const key = `${what}, args: ${fact.params.length}, partial: true, source: ${fact.file} }`;
		groups.set(key, [...(groups.get(key) ?? []), fact.name]);
	}
	const lines = [...groups].map(([key, names]) => `- { api: ${names.length === 1 ? names[0] : `[${names.join(', ')}]`}, ${key}`);
	writeFileSync(OUT, `# Made by scripts/derive-facts.mts from linux-source-6.12: what every call of an exported function does. Not to be edited.\n${lines.join('\n')}\n`);
	console.error(`${functions} functions in ${lines.length} rows of ${byName.size} exported`);
}

/**
 * Loud on mutants: functions of a Linux tree with one synchronisation operation taken away, moved or swapped, each reviewed as a patch.
 * usage: tsx scripts/mutants.mts [--limit 200] [--seed 1] [--only KIND,KIND] [--list] [--patch N] [--alone] [--reversed]
 * KERNEL_TREE names the tree. --list: every mutant and what was said of it; --patch N: prints the N-th mutant's patch and does no more.
 * --alone: what is reviewed is the mail, with its three lines of context, and nothing else.
 * --reversed: the mutant is what stands, and the patch restores the original without a word of why: the right answer is that it fixes something.
 */
import { parseArgs } from 'node:util';
import { treePort } from '../disk/tree-port';
import type { TreePort } from '../analyzer/ports';
import type { ScenarioReview } from '../analyzer/review';
import { sourceAnalyzer } from '../test/measure/engine';
import { kernelTree } from '../test/measure/kernel-tree';
import { type Mutant, mutantsOf, restoring } from '../test/measure/mutants/mutant';
import { KINDS } from '../test/measure/mutants/kinds';
import { timedReview, timesOf } from '../test/measure/timed-review';

const { values: options } = parseArgs({ options: {
	limit: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' }, only: { type: 'string' }, list: { type: 'boolean' }, patch: { type: 'string' }, alone: { type: 'boolean' }, reversed: { type: 'boolean' },
} });
/** More than this is not asked for: each is a review with a tree. */
const MOST = 300;
/** Columns of a kind's name. */
const NAME = 22;
const DEADLINE_MILLISECONDS = 60_000;

const tree = kernelTree();
if (tree === null) {
	console.error('no Linux source: set KERNEL_TREE');
	process.exit(2);
}
const mutants = mutantsOf(tree, Number(options.seed), Math.min(MOST, Number(options.limit)), options.only);
if (options.patch !== undefined) {
	const asked = mutants[Number(options.patch)];
	console.log(asked === undefined ? 'no such mutant' : options.reversed ? restoring(asked).patch : asked.patch);
	process.exit(0);
}

/** What is looked for, and the side whose failing schedule says so. */
const [wanted, side] = options.reversed ? ['fixes', 'pre'] as const : ['introduces', 'post'] as const;
/** `through`: told so, and the failing schedule runs through the spoiled function; `other`: told, but elsewhere; `opposite`: the other way round. */
type Said = 'through' | 'other' | 'opposite' | 'pre-existing' | 'inconclusive' | 'silent' | 'error';
interface Result {
	readonly mutant: Mutant;
	readonly said: Said;
	readonly checks: readonly string[];
	readonly milliseconds: number;
	readonly notModelled: readonly string[];
	readonly words: string;
}

const checksOf = (scenarios: readonly ScenarioReview[]): readonly string[] => [...new Set(scenarios.flatMap((scenario) => scenario[side]?.failures.map(({ check }) => check) ?? []))].sort();
/** A step of the function, or the operation of its own that breaks and rides with a step of whoever entered it. */
const runsThrough = (scenario: ScenarioReview, { name, file, open, close }: Mutant['fn']): boolean =>
	scenario[side]?.failures.some(({ steps, breaks }) => steps.some((step) => step.function === name || step.stack.includes(name))
		|| (breaks?.file === file && breaks.line !== null && breaks.line > open && breaks.line <= close + 1)) ?? false;

const port = options.alone ? undefined : treePort(tree);
/** The tree with one file as the mutant has it. */
const spoiled = (whole: TreePort, mutant: Mutant, index: number): TreePort => ({
	...whole,
	read: (path) => (path === mutant.fn.file ? restoring(mutant).text : whole.read(path)),
	stamp: (path) => (path === mutant.fn.file ? `mutant ${index}` : whole.stamp?.(path) ?? null),
});
const analyzer = await sourceAnalyzer();
const results: Result[] = [];
for (const [index, mutant] of mutants.entries()) {
	const name = `${mutant.fn.file}:${mutant.fn.name}`;
	const { reviews, milliseconds, error } = await timedReview(analyzer, name, options.reversed ? restoring(mutant).patch : mutant.patch, port && options.reversed ? spoiled(port, mutant, index) : port, DEADLINE_MILLISECONDS);
	const [review] = reviews;
	const told = review?.scenarios.filter(({ outcome }) => outcome === wanted) ?? [];
	const through = told.filter((scenario) => runsThrough(scenario, mutant.fn));
	const said: Said = error !== null || !review ? 'error' : through.length > 0 ? 'through' : told.length > 0 ? 'other'
		: review.outcome === 'introduces' || review.outcome === 'fixes' ? 'opposite' : review.outcome === 'pre-existing' || review.outcome === 'still-fails' ? 'pre-existing' : review.outcome === 'inconclusive' ? 'inconclusive' : 'silent';
	const words = error?.split('\n').slice(0, 3).join(' ') ?? (!review ? `no review within ${DEADLINE_MILLISECONDS / 1000} s` : review.scenarios.length === 0 ? 'no scenario' : '');
	results.push({ mutant, said, checks: checksOf(told), milliseconds, notModelled: review?.notModelled ?? [], words });
	if (options.list) {
		const result = results.at(-1)!;
		console.log(`${index} ${said.padEnd(12)} ${mutant.kind.name.padEnd(NAME)} ${name}:${mutant.edits[0]!.at + 1} ${result.checks.join(',')} ${words} ${Math.round(milliseconds)} ms, ${review?.scenarios.length ?? 0} scenarios${result.notModelled.length > 0 ? `, not modelled: ${result.notModelled.slice(0, 6).join(' ')}` : ''}`);
	}
}
analyzer.dispose();

const columns: readonly Said[] = ['through', 'other', 'opposite', 'pre-existing', 'inconclusive', 'silent', 'error'];
console.log(`\n${results.length} mutants of ${tree.split('/').at(-1)}, seed ${options.seed}${options.alone ? ', without the tree' : ''}${options.reversed ? ', reversed' : ''}`);
console.log(`${'kind'.padEnd(NAME)}${'mutants'.padStart(9)}${columns.map((column) => column.padStart(14)).join('')}${'right check'.padStart(13)}`);
const row = (name: string, some: readonly Result[]): void => {
	const right = some.filter(({ said, checks, mutant }) => said === 'through' && checks.some((check) => (mutant.kind.checks as readonly string[]).includes(check))).length;
	console.log(`${name.padEnd(NAME)}${String(some.length).padStart(9)}${columns.map((column) => String(some.filter(({ said }) => said === column).length).padStart(14)).join('')}${String(right).padStart(13)}`);
};
for (const { name } of KINDS) {
	const some = results.filter(({ mutant }) => mutant.kind.name === name);
	if (some.length > 0) {
		row(name, some);
	}
}
row('all', results);
console.log(`${wanted} with a failing schedule through the spoiled function: ${Math.round((100 * results.filter(({ said }) => said === 'through').length) / Math.max(1, results.length))} %`);
console.log(timesOf(results.map(({ milliseconds }) => milliseconds)));

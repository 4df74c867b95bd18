/**
 * Quiet on mainline: functions of a Linux tree that take a lock or a reference, each reviewed as if a patch touched it without changing what it does.
 * usage: tsx scripts/quiet.mts [--limit 200] [--seed 1] [--list] [--all] [--part I/N] [--only WORD]
 * KERNEL_TREE names the tree. --list: every function and what was said of it; --all: no sample, every function; --part 1/4: every fourth of them, from the first,
 * so that several processors share the work.
 */
import { parseArgs } from 'node:util';
import { treePort } from '../disk/tree-port';
import type { ReviewFailure, ScenarioReview } from '../analyzer/review';
import { patchOf } from '../test/measure/edit';
import { sourceAnalyzer } from '../test/measure/engine';
import { CORE, filesOf, type FunctionText, functionsOf, kernelTree, XFS } from '../test/measure/kernel-tree';
import { acquireOf, isGet, isPut } from '../test/measure/mutants/operations';
import { callLines } from '../test/measure/mutants/statements';
import { seeded, shuffled } from '../test/measure/random';
import { timedReview, timesOf } from '../test/measure/timed-review';

const { values: options } = parseArgs({ options: {
	limit: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' }, list: { type: 'boolean' }, all: { type: 'boolean' }, only: { type: 'string' },
	part: { type: 'string', default: '1/1' },
} });
const DEADLINE_MILLISECONDS = 60_000;
const GROUPS_BOUND = 40;
const EXAMPLES_BOUND = 4;

const tree = kernelTree();
if (tree === null) {
	console.error('no Linux source: set KERNEL_TREE');
	process.exit(2);
}
const everything = filesOf(tree, [...CORE, XFS]).flatMap((file) => functionsOf(tree, file))
	.filter((fn) => callLines(fn).some((call) => acquireOf(call) !== null || isGet(call) || isPut(call)) && (options.only === undefined || `${fn.file}:${fn.name}`.includes(options.only)));
const [part = 1, parts = 1] = options.part.split('/').map(Number);
const functions = (options.all ? everything : shuffled(everything, seeded(Number(options.seed))).slice(0, Number(options.limit))).filter((_, at) => at % parts === part - 1);

/** A patch that only adds an empty line before the function's last brace. */
const touching = (fn: FunctionText): string => patchOf(fn, `${fn.name}: white space`, [{ at: fn.close, what: 'insert', text: '' }]);

interface Fault {
	readonly fn: FunctionText;
	readonly scenario: ScenarioReview;
	readonly failure: ReviewFailure;
}

/** The message without what is particular to it: names of cells and objects, numbers. */
const shapeOf = ({ check, message }: ReviewFailure): string =>
	`${check}: ${message.replace(/\b\w+(?: [A-Z]\b)?(?:\.\w+|->\w+|\[\w*\])+/g, 'X').replace(/\b[a-z]+_\w+(?: [A-Z])?\b/g, 'X').replace(/\b[A-Za-z]\w* [A-Z]\b/g, 'X').replace(/\d+/g, 'N')}`;

const KEYWORDS = new Set(['if', 'for', 'while', 'switch', 'return', 'sizeof', 'likely', 'unlikely', 'typeof', 'defined']);
const calledBy = ({ lines, open, close }: FunctionText): readonly string[] =>
	[...new Set([...lines.slice(open, close).join('\n').replace(/\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"/g, '').matchAll(/\b([a-z_]\w*)\(/g)].map(([, name]) => name!).filter((name) => !KEYWORDS.has(name)))];

const port = treePort(tree);
const analyzer = await sourceAnalyzer();
const faults: Fault[] = [];
const times: number[] = [];
const outcomes = new Map<string, number>();
const unknown = new Map<string, number>();
let [called, missing, failing, errors, empty, bounded] = [0, 0, 0, 0, 0, 0];
for (const fn of functions) {
	const name = `${fn.file}:${fn.name}`;
	const { reviews, milliseconds, error } = await timedReview(analyzer, name, touching(fn), port, DEADLINE_MILLISECONDS);
	times.push(milliseconds);
	const [review] = reviews;
	if (error !== null || !review) {
		errors++;
		console.log(`error        ${name} ${error?.split('\n').slice(0, 3).join(' ') ?? `no review within ${DEADLINE_MILLISECONDS / 1000} s`}`);
		continue;
	}
	const names = calledBy(fn);
	called += names.length;
	missing += names.filter((each) => review.notModelled.includes(`${each}()`)).length;
	for (const each of review.notModelled) {
		unknown.set(each, (unknown.get(each) ?? 0) + 1);
	}
	outcomes.set(review.outcome, (outcomes.get(review.outcome) ?? 0) + 1);
	const failed = review.scenarios.filter(({ pre, post }) => pre?.verdict === 'fails' || post?.verdict === 'fails');
	failing += failed.length > 0 ? 1 : 0;
	empty += review.scenarios.length === 0 ? 1 : 0;
	bounded += review.scenarios.some(({ post }) => post?.bound !== undefined) ? 1 : 0;
	const seen = new Set<string>();
	for (const scenario of failed) {
		for (const failure of (scenario.post ?? scenario.pre)?.failures ?? []) {
			if (!seen.has(shapeOf(failure))) {
				seen.add(shapeOf(failure));
				faults.push({ fn, scenario, failure });
			}
		}
	}
	if (options.list) {
		console.log(`${review.outcome.padEnd(13)}${name} ${Math.round(milliseconds)} ms, ${review.scenarios.length} scenarios ${failed.map(({ id, post, pre }) => `[${id}: ${[...new Set((post ?? pre)?.failures.map(({ message }) => message))].join('; ')}]`).join(' ')}`);
	}
}
analyzer.dispose();

const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
console.log(`\n${functions.length} of ${everything.length} functions of ${tree.split('/').at(-1)} that take a lock or a reference${options.all ? '' : `, seed ${options.seed}`}`);
console.log(`failing: ${failing} (${percent(failing, functions.length)}); ${[...outcomes].sort().map(([outcome, count]) => `${outcome} ${count}`).join(', ')}; errors ${errors}; without a scenario ${empty}; with a bound hit ${bounded}`);
console.log(`calls not modelled: ${missing} of ${called} (${percent(missing, called)}); most often: ${[...unknown].sort((a, b) => b[1] - a[1]).slice(0, GROUPS_BOUND).map(([name, count]) => `${name} ${count}`).join(', ')}`);
console.log(timesOf(times));
const groups = grouped(faults);
console.log('\nmost frequent failures:');
for (const [shape, some] of [...groups].sort((a, b) => b[1].length - a[1].length).slice(0, GROUPS_BOUND)) {
	console.log(`${String(some.length).padStart(5)}  ${shape}`);
	for (const { fn, scenario, failure } of some.slice(0, EXAMPLES_BOUND)) {
		const last = failure.steps.filter(({ modelled }) => modelled !== true).at(-1);
		console.log(`         ${fn.file}:${fn.name} [${scenario.id}] ${failure.message} at ${last ? `${last.function}() ${last.file}:${last.line} ${last.operation}` : 'a model'}`);
	}
}

function grouped(all: readonly Fault[]): Map<string, Fault[]> {
	const map = new Map<string, Fault[]>();
	for (const fault of all) {
		const shape = shapeOf(fault.failure);
		map.set(shape, [...(map.get(shape) ?? []), fault]);
	}
	return map;
}

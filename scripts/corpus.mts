/**
 * Runs the engine over the corpus and prints what it got right, per category.
 * usage: npm run corpus -- [--alone | --tree] [--only WORD] [--list] [--update] [--root FOLDER]
 * --root: cases of the same form elsewhere, such as real mails, which are not ours to commit; --list: every case; --update: writes today's wrong answers into the cases as known gaps, and takes away those that are mended.
 * Exit status 1: a case is wrong in a way that it does not name.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type CorpusCase, type Way, readCorpus } from '../test/corpus/case';
import { type CaseRun, isExpected, isRight, runCase } from '../test/corpus/run';
import { sourceAnalyzer } from '../test/measure/engine';

const { values: options } = parseArgs({ options: {
	alone: { type: 'boolean' }, tree: { type: 'boolean' }, only: { type: 'string' }, list: { type: 'boolean' }, update: { type: 'boolean' }, root: { type: 'string' },
} });
const root = options.root ?? join(dirname(fileURLToPath(import.meta.url)), '..', 'test', 'corpus');

const ways: readonly Way[] = options.alone ? ['alone'] : options.tree ? ['tree'] : ['alone', 'tree'];
const cases = readCorpus(root).filter((each) => options.only === undefined || each.name.includes(options.only));
const analyzer = await sourceAnalyzer();
const runs: CaseRun[] = [];
for (const each of cases) {
	for (const way of ways) {
		if (way === 'tree' && each.tree === null) {
			continue;
		}
		const run = await runCase(analyzer, each, way);
		runs.push(run);
		if (options.list || !isRight(run)) {
			const state = isRight(run) ? (run.rightThreads ? 'right ' : 'right*') : isExpected(run) ? 'known ' : 'WRONG ';
			console.log(`${state} ${each.name} (${way}, ${Math.round(run.milliseconds)} ms): ${run.words}${isRight(run) ? '' : `; should be ${each.expected.neutral ? 'quiet' : `${each.expected.outcome.join('|')}: ${each.expected.checks.join(', ')} by ${each.expected.threads.map((names) => names.join('|')).join(' & ')}`}`}`);
		}
	}
}
analyzer.dispose();

for (const way of ways) {
	table(way === 'alone' ? 'the mail alone' : 'with the files before it as a tree', runs.filter((run) => run.way === way));
}
// Some of what is judged by the files cannot be seen in the hunks by anybody.
if (ways.length > 1) {
	table('each with all that it comes with', runs.filter((run) => run.way === 'tree' || run.case.tree === null));
}
if (options.update) {
	for (const each of cases) {
		note(each, runs.filter((run) => run.case === each));
	}
}
const mended = runs.filter((run) => isRight(run) && run.case.expected.known?.[run.way] !== undefined);
if (mended.length > 0) {
	console.log(`no longer wrong, though named as known gaps (--update takes them away): ${mended.map((run) => `${run.case.name} (${run.way})`).join(', ')}`);
}
const wrong = runs.filter((run) => !isExpected(run));
process.exitCode = wrong.length > 0 && !options.update ? 1 : 0;

function table(title: string, of: readonly CaseRun[]): void {
	console.log(`\n${title}`);
	console.log(`${'category'.padEnd(18)}${['cases', 'outcome', 'check', 'both', 'threads'].map((word) => word.padStart(9)).join('')}`);
	const row = (name: string, some: readonly CaseRun[]): void => {
		const counts = [some.length, some.filter((run) => run.rightOutcome).length, some.filter((run) => run.rightCheck).length, some.filter(isRight).length, some.filter((run) => run.rightThreads).length];
		console.log(`${name.padEnd(18)}${counts.map((count) => String(count).padStart(9)).join('')}`);
	};
	for (const category of [...new Set(of.map((run) => run.case.expected.category))].sort()) {
		row(category, of.filter((run) => run.case.expected.category === category));
	}
	row('neutral', of.filter((run) => run.case.expected.neutral));
	row('not neutral', of.filter((run) => !run.case.expected.neutral));
	row('all', of);
}

/** Known gaps as they are today, and only those. */
function note({ folder, expected }: CorpusCase, own: readonly CaseRun[]): void {
	const { known: _before, ...rest } = expected;
	const gaps = Object.fromEntries(own.filter((run) => !isRight(run)).map((run) => [run.way, run.words]));
	const kept = { ...(ways.length === 1 ? expected.known : {}), ...gaps };
	for (const run of own.filter(isRight)) {
		delete kept[run.way];
	}
	writeFileSync(join(folder, 'expect.json'), `${JSON.stringify({ ...rest, ...(Object.keys(kept).length > 0 ? { known: kept } : {}) }, null, '\t')}\n`);
}

/**
 * For how many of the corpus's patches that fail a suggestion is found, and whether each one, put into the patch and reviewed again, really ends the failure.
 * usage: npm run suggestions -- [--alone | --tree] [--only WORD] [--list] [--all] [--mutants N] [FOLDER...]
 * FOLDER: instead of the corpus, every file in it that ends in .patch, .mbox or .txt.  --mutants: N functions of a Linux tree (KERNEL_TREE) with one
 * synchronisation operation spoiled, with that tree. --all: also what fails as it did before. Exit status 1: a suggestion does not hold.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { TreePort } from '../analyzer/ports';
import type { InputReview, ScenarioReview } from '../analyzer/review';
import { treePort } from '../disk/tree-port';
import { readCorpus } from '../test/corpus/case';
import { appliedToFiles, appliedToMail } from '../test/measure/applied';
import { sourceAnalyzer } from '../test/measure/engine';
import { kernelTree } from '../test/measure/kernel-tree';
import { mutantsOf } from '../test/measure/mutants/mutant';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', 'test', 'corpus');
const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { alone: { type: 'boolean' }, tree: { type: 'boolean' }, only: { type: 'string' }, list: { type: 'boolean' }, all: { type: 'boolean' }, mutants: { type: 'string' } } });

interface Case {
	readonly name: string;
	readonly patch: string;
	readonly tree: string | null;
}
const mails = (folder: string): readonly Case[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(patch|mbox|txt|eml)$/.test(name)).sort().map((name) => ({ name, patch: readFileSync(join(folder, name), 'utf8'), tree: null }));
const linux = options.mutants === undefined ? null : kernelTree();
if (options.mutants !== undefined && linux === null) throw new Error('no Linux source: set KERNEL_TREE');
const spoiled = (tree: string): readonly Case[] => mutantsOf(tree, 1, Number(options.mutants)).map(({ patch, kind, fn }) => ({ name: `${kind.name} of ${fn.name}`, patch, tree }));
const cases = (linux !== null ? spoiled(linux) : positionals.length > 0 ? positionals.flatMap(mails) : readCorpus(root)).filter(({ name }) => options.only === undefined || name.includes(options.only));

const analyzer = await sourceAnalyzer();
const asked = options.all ? ['introduces', 'still-fails', 'pre-existing'] : ['introduces', 'still-fails'];
const troubles = (of: readonly ScenarioReview[]): ReadonlySet<string> => new Set(of.flatMap(({ id, post }) => post?.failures.map(({ check, message }) => `${id}: ${check}: ${message.replace(/CPU\d/g, '')}`) ?? []));
const accused = ({ scenarios }: InputReview): readonly ScenarioReview[] => scenarios.filter(({ outcome }) => outcome === 'introduces' || outcome === 'still-fails');

const counts = { failing: 0, suggested: 0, hold: 0, quiet: 0 };
const milliseconds: number[] = [];
for (const way of linux !== null ? ['tree'] as const : positionals.length > 0 || options.alone ? ['alone'] as const : options.tree ? ['tree'] as const : ['alone', 'tree'] as const) {
	for (const each of cases) {
		if (way === 'tree' && each.tree === null) continue;
		const tree = way === 'tree' && each.tree !== null ? treePort(each.tree) : undefined;
		const reviews = await analyzer.review(each.patch, { name: each.name, tree });
		for (const review of reviews) {
			const failing = review.scenarios.filter(({ outcome, post }) => asked.includes(outcome) && post?.failures.length);
			if (failing.length === 0) continue;
			counts.failing++;
			const before = process.cpuUsage();
			const found = await analyzer.suggest({ name: each.name, patch: review.from, all: options.all });
			const { user, system } = process.cpuUsage(before);
			milliseconds.push((user + system) / 1000);
			if (found.length > 0) counts.suggested++;
			else if (options.list) console.log(`none   ${each.name} (${way}): ${[...troubles(failing)].join('; ')}`);
			for (const { scenarios, suggestion, suggested } of found) {
				const answer = reviews.length === 1 ? await heldUp(each.patch, tree, review, scenarios, suggested.edits) : 'one of several patches: not tried';
				if (answer === null) counts.hold++;
				if (answer !== null || options.list) console.log(`${answer === null ? 'holds ' : 'WRONG '} ${each.name} (${way}): ${suggestion}${answer === null ? '' : `; ${answer}`}`);
				if (options.list) for (const { file, line, inputLine, before: from, after } of suggested.edits) console.log([`         ${file}:${line} (${inputLine})`, ...from.map((text) => `         -${text}`), ...after.map((text) => `         +${text}`)].join('\n'));
				if (answer !== null) process.exitCode = 1;
			}
		}
	}
}

/** Null where the failures of these scenarios are gone and no other came, else what is amiss. */
async function heldUp(patch: string, tree: TreePort | undefined, review: InputReview, ids: readonly string[], edits: Parameters<typeof appliedToMail>[1]): Promise<string | null> {
	const applied = tree ? appliedToFiles(patch, tree, edits) : appliedToMail(patch, edits);
	if ('misfit' in applied) return applied.misfit;
	const [again] = await analyzer.review(applied.document, { name: 'again', tree });
	if (!again) return 'nothing to review';
	if (accused(again).length === 0) counts.quiet++;
	const [target, old, now, still] = [troubles(review.scenarios.filter(({ id }) => ids.includes(id))), troubles(review.scenarios), troubles(accused(again)), troubles(again.scenarios)];
	const left = [...target].filter((each) => still.has(each));
	const fresh = [...now].filter((each) => !old.has(each));
	if (again.problems.length > review.problems.length) return `cannot be read: ${again.problems.join('; ')}`;
	return left.length > 0 ? `still there: ${left.join('; ')}` : fresh.length > 0 ? `comes: ${fresh.join('; ')}` : null;
}

milliseconds.sort((a, b) => a - b);
const at = (part: number): number => Math.round(milliseconds[Math.min(milliseconds.length - 1, Math.floor(part * milliseconds.length))] ?? 0);
console.log(`${counts.failing} patches fail; for ${counts.suggested} of them something is suggested; ${counts.hold} suggestions hold when they are put into the patch, ${counts.quiet} leave nothing told against it`);
console.log(`search, CPU time: ${at(0.5)} ms in the middle, ${at(0.9)} ms of nine in ten, ${at(1)} ms at most`);
analyzer.dispose();

import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Analyzer, KnowledgeFiles, Progress } from '../analyzer/engine';
import type { TreePort } from '../analyzer/ports';
import { objects, printable, REPORTS } from '../analyzer/present';
import type { InputReview, Review } from '../analyzer/review';
import { seriesOf } from '../analyzer/series';
import { applySuppressions, parseSuppressions, SUPPRESSION_FILE, type Suppression } from '../analyzer/suppressions';
import { type CheckCommand, commandFrom, type SimulateCommand, type UnknownCommand, UsageError } from './arguments';
import { HELP } from './help';
import { type Input, isDocument, readInputs } from './inputs';
import { reviewInputs } from './review';
import { suggested } from './suggestions';
import { unknownCalls, unknownText } from './unknown-calls';
import { readUserKnowledge } from './user-knowledge';

/** One run of the command, with everything it touches handed in. */

export interface Surroundings {
	readonly cwd: string;
	readonly version: string;
	readonly stdin: () => Promise<Uint8Array>;
	readonly out: (text: string) => void;
	readonly err: (text: string) => void;
	/** The engine, with the user's own knowledge behind the built-in. `bytes`: how much there is to read. */
	readonly engine: (own: KnowledgeFiles, bytes: number) => Promise<Analyzer>;
	readonly tree: (folder: string) => TreePort;
	readonly signal: AbortSignal;
	/** Our own bugs, for whoever wants the stack. */
	readonly bug: (error: unknown) => void;
}

const EXIT_NOTHING = 0;
const EXIT_OBJECTION = 1;
const EXIT_UNUSABLE = 2;

/** A file that an option names cannot be used. */
class OptionError extends Error {}

const optionFile = async (option: string, path: string, cwd: string): Promise<string> => {
	try {
		return await readFile(resolve(cwd, path), 'utf8');
	} catch (error) {
		throw new OptionError(`${option} ${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
	}
};

async function suppressionsFor(command: CheckCommand | SimulateCommand, { cwd, err }: Surroundings): Promise<readonly Suppression[]> {
	const given = command.suppressions;
	const path = given ?? join(command.tree ?? cwd, SUPPRESSION_FILE);
	const text = given !== null
		? await optionFile('--suppressions', given, cwd)
		: await readFile(resolve(cwd, path), 'utf8').catch(() => null);
	if (text === null) {
		return [];
	}
	const { suppressions, problems } = parseSuppressions(text);
	for (const problem of problems) {
		err(`${printable(path)}:${problem.line}: ${printable(problem.message)}\n`);
	}
	return suppressions;
}

const tell = (sentences: readonly string[], { err }: Surroundings): void => {
	for (const sentence of sentences) {
		err(`race-review: ${printable(sentence)}\n`);
	}
};

interface Opened {
	readonly analyzer: Analyzer;
	readonly port?: TreePort;
}

/** Without --tree, patches made by git from the current folder's repository have that for their tree. */
async function openEngine(tree: string | null, inputs: readonly Input[], around: Surroundings): Promise<Opened> {
	const fromGit = inputs.some((input) => isDocument(input) && input.fromGit);
	const folder = tree !== null ? resolve(around.cwd, tree) : fromGit ? around.cwd : null;
	if (tree !== null && !(await stat(folder!).catch(() => null))?.isDirectory()) {
		throw new OptionError(`--tree ${tree}: there is no such folder`);
	}
	// Which may begin to read ahead.
	const port = folder === null ? undefined : around.tree(folder);
	const analyzer = await around.engine(await readUserKnowledge(folder ?? around.cwd), inputs.reduce((sum, input) => sum + (isDocument(input) ? input.bytes.length : 0), 0));
	return { analyzer, ...(port ? { port } : {}) };
}

/** The tree's own git when one is given: ranges and the working tree are of the current folder otherwise. */
const inputsOf = (command: CheckCommand | UnknownCommand, { cwd, stdin }: Surroundings): Promise<readonly Input[]> =>
	readInputs(command.inputs, { cwd, repository: resolve(cwd, command.tree ?? '.'), stdin });

const progressTo = (wanted: boolean, err: (text: string) => void) => (wanted
	? { progress: ({ stage, done, total, outcome }: Progress) => err(`[${done}/${total}] ${printable(stage)}${outcome ? `: ${outcome}` : ''}\n`) }
	: {});

const report = (command: CheckCommand | SimulateCommand, inputs: readonly InputReview[], documents: ReadonlyMap<string, string>, around: Surroundings): number => {
	const series = seriesOf(inputs);
	const review: Review = { tool: 'kernel-race-review', version: around.version, inputs, ...(series.length ? { series } : {}) };
	around.out(REPORTS[command.format](review, documents));
	return inputs.some(({ outcome }) => objects(outcome)) ? EXIT_OBJECTION : EXIT_NOTHING;
};

async function check(command: CheckCommand, around: Surroundings): Promise<number> {
	const [scenario, suppressions, inputs] = await Promise.all([
		command.scenario === null ? undefined : optionFile('--scenario', command.scenario, around.cwd),
		suppressionsFor(command, around),
		inputsOf(command, around),
	]);
	const { analyzer, port } = await openEngine(command.tree, inputs, around);
	try {
		const run = await reviewInputs(analyzer, inputs, {
			...(port ? { tree: port } : {}), ...(scenario === undefined ? {} : { scenario }), signal: around.signal, ...progressTo(command.progress, around.err),
		}, around.bug, (reviews) => suggested(analyzer, reviews.map((review) => applySuppressions(review, suppressions)), command.suggest, around.signal));
		const status = report(command, run.reviews, run.documents, around);
		tell([...run.unusable, ...(run.cancelled ? ['cancelled; what is above was done before that'] : [])], around);
		return status === EXIT_NOTHING && (run.unusable.length > 0 || run.cancelled) ? EXIT_UNUSABLE : status;
	} finally {
		analyzer.dispose();
	}
}

async function simulate(command: SimulateCommand, around: Surroundings): Promise<number> {
	const [scenario, suppressions] = await Promise.all([
		command.scenario === null ? undefined : optionFile('--scenario', command.scenario, around.cwd),
		suppressionsFor(command, around),
	]);
	const { analyzer, port } = await openEngine(command.tree, [], around);
	try {
		const review = await analyzer.simulate(command.functions, {
			tree: port!, ...(scenario === undefined ? {} : { scenario }), signal: around.signal, ...progressTo(command.progress, around.err),
		});
		const status = report(command, [applySuppressions(review, suppressions)], new Map(), around);
		return status === EXIT_NOTHING && !review.scenarios.length ? EXIT_UNUSABLE : status;
	} finally {
		analyzer.dispose();
	}
}

async function unknown(command: UnknownCommand, around: Surroundings): Promise<number> {
	const inputs = await inputsOf(command, around);
	const { analyzer, port } = await openEngine(command.tree, inputs, around);
	try {
		const run = await reviewInputs(analyzer, inputs, { ...(port ? { tree: port } : {}), signal: around.signal, ...progressTo(command.progress, around.err) }, around.bug);
		const calls = unknownCalls(run.reviews);
		around.out(command.format === 'json'
			? `${JSON.stringify({ tool: 'kernel-race-review', version: around.version, unknown: calls }, null, '\t')}\n`
			: unknownText(calls));
		tell(run.unusable, around);
		return run.unusable.length ? EXIT_UNUSABLE : EXIT_NOTHING;
	} finally {
		analyzer.dispose();
	}
}

/** The exit status. Never throws for what a user can give it. */
export async function run(words: readonly string[], around: Surroundings): Promise<number> {
	try {
		const command = commandFrom(words);
		switch (command.kind) {
			case 'help':
				around.out(HELP);
				return words.length ? EXIT_NOTHING : EXIT_UNUSABLE;
			case 'version':
				around.out(`race-review ${around.version}\n`);
				return EXIT_NOTHING;
			case 'check':
				return await check(command, around);
			case 'simulate':
				return await simulate(command, around);
			case 'unknown':
				return await unknown(command, around);
		}
	} catch (error) {
		if (error instanceof UsageError) {
			around.err(`race-review: ${printable(error.message)}\nTry race-review --help.\n`);
		} else if (error instanceof OptionError) {
			around.err(`race-review: ${printable(error.message)}\n`);
		} else {
			around.bug(error);
			around.err(`race-review: internal error, please report it: ${printable(error instanceof Error ? error.message : String(error))}\n`);
		}
		return EXIT_UNUSABLE;
	}
}

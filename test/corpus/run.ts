import { treePort } from '../../disk/tree-port';
import type { Analyzer } from '../../analyzer/engine';
import type { InputReview } from '../../analyzer/review';
import { type Answer, answerOf } from './answer';
import type { CorpusCase, Way } from './case';

export interface CaseRun extends Answer {
	readonly case: CorpusCase;
	readonly way: Way;
	readonly milliseconds: number;
	/** The engine threw: a bug of ours. */
	readonly error?: string;
}

export async function runCase(analyzer: Analyzer, each: CorpusCase, way: Way): Promise<CaseRun> {
	const started = performance.now();
	try {
		const tree = way === 'tree' && each.tree !== null ? { tree: treePort(each.tree) } : {};
		const reviews = await analyzer.review(each.patch, { name: each.name, ...tree });
		const [astray] = stepsAstray(reviews);
		if (astray !== undefined) throw new Error(`${astray} is a step of none of the scenario's threads`);
		const answer = answerOf(reviews, each.expected);
		return { ...answer, case: each, way, milliseconds: performance.now() - started };
	} catch (error) {
		const words = `error: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`;
		return { case: each, way, milliseconds: performance.now() - started, outcome: 'no-diff', words, rightOutcome: false, rightCheck: false, rightThreads: false, error: error instanceof Error ? error.stack ?? words : words };
	}
}

/** As it should be, or wrong in the way that the case says it is wrong today. */
export const isExpected = (run: CaseRun): boolean => isRight(run) || run.case.expected.known?.[run.way] === run.words;

export const isRight = (run: CaseRun): boolean => run.rightOutcome && run.rightCheck;

/** Steps that no column of their scenario could show, in whatever case. */
const stepsAstray = (reviews: readonly InputReview[]): readonly string[] => reviews.flatMap(({ scenarios }) => scenarios.flatMap(({ id, threads, pre, post, replay }) =>
	[pre, post].flatMap((side) => [...side?.failures ?? [], ...side?.notes ?? [], ...(side?.passing ? [side.passing] : [])]).flatMap(({ steps }) => steps).concat(replay?.steps ?? [])
		.filter(({ thread }) => thread >= threads.length)
		.map(({ operation }) => `${id}: ${operation}`)));

import { treePort } from '../../disk/tree-port';
import type { Analyzer } from '../../analyzer/engine';
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
		const answer = answerOf(await analyzer.review(each.patch, { name: each.name, ...tree }), each.expected);
		return { ...answer, case: each, way, milliseconds: performance.now() - started };
	} catch (error) {
		const words = `error: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`;
		return { case: each, way, milliseconds: performance.now() - started, outcome: 'no-diff', words, rightOutcome: false, rightCheck: false, rightThreads: false, error: error instanceof Error ? error.stack ?? words : words };
	}
}

/** As it should be, or wrong in the way that the case says it is wrong today. */
export const isExpected = (run: CaseRun): boolean => isRight(run) || run.case.expected.known?.[run.way] === run.words;

export const isRight = (run: CaseRun): boolean => run.rightOutcome && run.rightCheck;

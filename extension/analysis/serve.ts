import { createAnalyzer } from '../../analyzer';
import type { Analyzer, KnowledgeFiles, ReviewRequest } from '../../analyzer/engine';
import type { TreePort } from '../../analyzer/ports';
import type { InputReview } from '../../analyzer/review';
import type { FromWorker, Job, ToWorker, TreeSource } from './messages';
import { readAheadTree } from './read-ahead-tree';

/** How the host at hand reads a folder synchronously; null where it cannot. */
export type OpenFolder = (path: string, git: boolean) => TreePort;

/** The built-in first, so that the user's rows and models override it. */
function together(built: Uint8Array, own: KnowledgeFiles): KnowledgeFiles {
	const { table, models } = JSON.parse(new TextDecoder().decode(built)) as KnowledgeFiles;
	return { table: [...table, ...own.table], models: [...models, ...own.models] };
}

const PROGRESS_INTERVAL_MS = 100;

/** The worker's side: takes jobs one at a time, says what is done. `post` sends to the extension. */
export function serve(post: (message: FromWorker) => void, openFolder: OpenFolder | null): (message: ToWorker) => void {
	let analyzer: Promise<Analyzer> | undefined;
	const aborts = new Map<number, AbortController>();

	const treeOf = (source: TreeSource | null): TreePort | undefined => {
		if (!source) return undefined;
		if (source.kind === 'files') return readAheadTree(source.files);
		return openFolder?.(source.path, source.git);
	};

	const run = async (id: number, job: Job): Promise<readonly InputReview[]> => {
		if (!analyzer) throw new Error('the analysis was asked before it was started');
		const abort = new AbortController();
		aborts.set(id, abort);
		let told = 0;
		let outlined = { patch: 0, at: 0 };
		const tree = treeOf(job.tree);
		const request: Omit<ReviewRequest, 'name' | 'tree'> = {
			scenario: job.scenario,
			signal: abort.signal,
			progress: (progress) => {
				const now = Date.now();
				if (now - told < PROGRESS_INTERVAL_MS) return;
				told = now;
				post({ kind: 'progress', id, progress });
			},
			// The first of a patch at once; then no oftener than anybody reads.
			outlined: (outline) => {
				const now = Date.now();
				if (outlined.patch === outline.from && now - outlined.at < PROGRESS_INTERVAL_MS) return;
				outlined = { patch: outline.from, at: now };
				post({ kind: 'outlined', id, outline });
			},
			reviewed: (review) => post({ kind: 'reviewed', id, review }),
		};
		const engine = await analyzer;
		if (job.kind === 'review') return engine.review(job.document, { ...request, name: job.name, tree, after: job.after });
		if (!tree) throw new Error('this host cannot read the tree');
		return [await engine.simulate(job.functions, { ...request, tree })];
	};

	return (message) => {
		switch (message.kind) {
			case 'start':
				analyzer = Promise.resolve(createAnalyzer({ knowledge: together(message.knowledge, message.own), runtimeWasm: message.runtimeWasm, grammarWasm: message.grammarWasm }));
				// A failure to start is told by the job that meets it.
				analyzer.catch(() => undefined);
				break;
			case 'cancel':
				aborts.get(message.id)?.abort();
				break;
			case 'step':
				Promise.resolve(analyzer)
					.then((engine) => post({ kind: 'stepped', id: message.id, state: engine?.step(message.request) ?? null }))
					.catch((error: unknown) => post({ kind: 'failed', id: message.id, message: error instanceof Error ? error.message : String(error) }));
				break;
			case 'suggest': {
				const abort = new AbortController();
				aborts.set(message.id, abort);
				Promise.resolve(analyzer)
					.then((engine) => engine?.suggest({ ...message.request, signal: abort.signal }) ?? [])
					.then((suggestions) => post({ kind: 'suggested', id: message.id, suggestions }))
					.catch((error: unknown) => post({ kind: 'failed', id: message.id, message: error instanceof Error ? error.message : String(error) }))
					.finally(() => aborts.delete(message.id));
				break;
			}
			case 'export':
				Promise.resolve(analyzer)
					.then((engine) => post({ kind: 'exported', id: message.id, program: engine?.exportProgram(message.request) ?? null }))
					.catch((error: unknown) => post({ kind: 'failed', id: message.id, message: error instanceof Error ? error.message : String(error) }));
				break;
			case 'job':
				run(message.id, message.job)
					.then((reviews) => post({ kind: 'done', id: message.id, reviews }))
					.catch((error: unknown) => post({ kind: 'failed', id: message.id, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
					.finally(() => aborts.delete(message.id));
				break;
		}
	};
}

import type { ExportRequest, KnowledgeFiles, PatchOutline, ProgramExport, Progress } from '../../analyzer/engine';
import type { InputReview } from '../../analyzer/review';
import type { FreeState } from '../../analyzer/free-stepping';
import type { Suggestion } from '../../analyzer/suggest';
import type { FromWorker, Job, PatchRequest, StepRequest, ToWorker, WorkerLink } from './messages';

/** Bytes and rows that the engine needs, read at the rim. */
export interface EngineAssets {
	readonly knowledge: Uint8Array;
	readonly own: KnowledgeFiles;
	readonly runtimeWasm: Uint8Array;
	readonly grammarWasm: Uint8Array;
}

export interface JobOptions {
	readonly signal?: AbortSignal;
	readonly progress?: (progress: Progress) => void;
	/** A patch that is parsed, and again as its scenarios are done. */
	readonly outlined?: (outline: PatchOutline) => void;
	/** Each patch of the document as it is done. */
	readonly reviewed?: (review: InputReview) => void;
}

interface Pending {
	readonly options: JobOptions;
	readonly partial: InputReview[];
	readonly resolve: (reviews: readonly InputReview[]) => void;
	readonly reject: (error: Error) => void;
}

/** How long a cancelled job may take to stop by itself before its worker is ended. */
const CANCEL_GRACE_MS = 250;

/** Thrown for a job whose signal was aborted and that had no reviews yet. */
export class Cancelled extends Error {
	constructor() {
		super('cancelled');
		this.name = 'Cancelled';
	}
}

/**
 * The analysis, run in a worker that is started at the first job, or before it by `warm`. Jobs run one after another; cancelling one really stops it:
 * the worker is ended when it does not stop by itself, and the jobs behind it go to a new one.
 */
export class AnalysisClient {
	private link: WorkerLink | null = null;
	private opening: Promise<WorkerLink> | null = null;
	/** What the worker knows is no longer what the user's files say. */
	private stale = false;
	private readonly pending = new Map<number, Pending>();
	private readonly queue: { readonly id: number; readonly job: Job }[] = [];
	/** Questions about scenarios that were reviewed before, by id. */
	private readonly questions = new Map<number, { readonly answer: (message: FromWorker | null) => void; readonly reject: (error: Error) => void }>();
	private running: number | null = null;
	private nextId = 1;
	private assets: Promise<EngineAssets> | null = null;

	constructor(private readonly connect: () => Promise<WorkerLink>, private readonly readAssets: () => Promise<EngineAssets>) {}

	/** Resolves with the reviews, those done so far when it was cancelled. Rejects with `Cancelled` when there were none, else for our own bugs. */
	run(job: Job, options: JobOptions = {}): Promise<readonly InputReview[]> {
		const id = this.nextId++;
		return new Promise((resolve, reject) => {
			if (options.signal?.aborted) {
				reject(new Cancelled());
				return;
			}
			this.pending.set(id, { options, partial: [], resolve, reject });
			options.signal?.addEventListener('abort', () => this.cancel(id), { once: true });
			this.queue.push({ id, job });
			void this.pump();
		});
	}

	/** Starts the worker ahead of its first job. A failure is told by the job that meets it. */
	warm(): void {
		if (!this.link) this.open().catch(() => undefined);
	}

	/** *You choose*: where a reviewed scenario stands after the entries. Null when the worker no longer knows it: review it again. */
	async step(request: StepRequest): Promise<FreeState | null> {
		const answer = await this.ask((id) => ({ kind: 'step', id, request }));
		return answer?.kind === 'stepped' ? answer.state : null;
	}

	/** A reviewed scenario's program for another tool. Null as for `step`. */
	async exportProgram(request: ExportRequest): Promise<ProgramExport | null> {
		const answer = await this.ask((id) => ({ kind: 'export', id, request }));
		return answer?.kind === 'exported' ? answer.program : null;
	}

	/** What would end the failures of a reviewed patch; none when the worker no longer knows it, and what was found so far when it is aborted. */
	async suggest(request: PatchRequest, signal: AbortSignal): Promise<readonly Suggestion[]> {
		const answer = await this.ask((id) => ({ kind: 'suggest', id, request }), signal);
		return answer?.kind === 'suggested' ? answer.suggestions : [];
	}

	private ask(question: (id: number) => ToWorker, signal?: AbortSignal): Promise<FromWorker | null> {
		const { link } = this;
		if (!link) return Promise.resolve(null);
		const id = this.nextId++;
		signal?.addEventListener('abort', () => this.link?.post({ kind: 'cancel', id }), { once: true });
		return new Promise((answer, reject) => {
			this.questions.set(id, { answer, reject });
			link.post(question(id));
		});
	}

	/** Forgets the knowledge (the user's own rows changed): the next job starts a fresh worker. */
	reset(): void {
		this.assets = null;
		this.stale = true;
		if (this.running === null) this.end();
	}

	dispose(): void {
		for (const { reject } of this.pending.values()) reject(new Cancelled());
		this.pending.clear();
		this.queue.length = 0;
		this.end();
	}

	private end(): void {
		this.link?.terminate();
		this.link = null;
		this.opening = null;
		this.stale = false;
		this.running = null;
		for (const { answer } of this.questions.values()) answer(null);
		this.questions.clear();
	}

	private async pump(): Promise<void> {
		if (this.running !== null) return;
		const next = this.queue.shift();
		if (!next) return;
		this.running = next.id;
		try {
			const link = this.link ?? await this.open();
			if (this.running !== next.id) return;
			link.post({ kind: 'job', id: next.id, job: next.job });
		} catch (error) {
			this.settle(next.id, (pending) => pending.reject(error instanceof Error ? error : new Error(String(error))));
		}
	}

	private open(): Promise<WorkerLink> {
		if (this.opening) return this.opening;
		const opening: Promise<WorkerLink> = this.start().then((link) => {
			// Ended before it was there: whoever waits for it asks again.
			if (this.opening !== opening) link.terminate();
			else this.adopt(link);
			return link;
		}).catch((error: unknown) => {
			if (this.opening === opening) this.opening = null;
			throw error;
		});
		this.opening = opening;
		return opening;
	}

	private async start(): Promise<WorkerLink> {
		this.assets ??= this.readAssets();
		this.assets.catch(() => { this.assets = null; });
		const [link, assets] = await Promise.all([this.connect(), this.assets]);
		link.post({ kind: 'start', ...assets });
		return link;
	}

	private adopt(link: WorkerLink): void {
		this.link = link;
		link.onMessage((message) => this.receive(message));
		link.onFailure((error) => {
			if (this.link !== link) return;
			const id = this.running;
			this.end();
			if (id !== null) this.settle(id, (pending) => pending.reject(error));
			else void this.pump();
		});
	}

	private receive(message: FromWorker): void {
		if (message.kind === 'up') return;
		const question = this.questions.get(message.id);
		if (question) {
			this.questions.delete(message.id);
			if (message.kind === 'failed') question.reject(new Error(message.message));
			else question.answer(message);
			return;
		}
		const pending = this.pending.get(message.id);
		if (!pending) {
			if (this.running === message.id && (message.kind === 'done' || message.kind === 'failed')) this.next();
			return;
		}
		switch (message.kind) {
			case 'progress':
				pending.options.progress?.(message.progress);
				break;
			case 'outlined':
				pending.options.outlined?.(message.outline);
				break;
			case 'reviewed':
				pending.partial.push(message.review);
				pending.options.reviewed?.(message.review);
				break;
			case 'done':
				this.settle(message.id, ({ options, resolve, reject }) => {
					if (options.signal?.aborted && message.reviews.length === 0) reject(new Cancelled());
					else resolve(message.reviews);
				});
				break;
			case 'failed':
				this.settle(message.id, ({ reject }) => reject(new Error(message.message)));
				break;
		}
	}

	private settle(id: number, how: (pending: Pending) => void): void {
		const pending = this.pending.get(id);
		this.pending.delete(id);
		if (pending) how(pending);
		if (this.running === id) this.next();
	}

	private next(): void {
		this.running = null;
		if (this.stale) this.end();
		void this.pump();
	}

	private cancel(id: number): void {
		const waiting = this.queue.findIndex((entry) => entry.id === id);
		if (waiting >= 0) {
			this.queue.splice(waiting, 1);
			this.settle(id, ({ reject }) => reject(new Cancelled()));
			return;
		}
		if (!this.pending.has(id)) return;
		this.link?.post({ kind: 'cancel', id });
		setTimeout(() => {
			if (!this.pending.has(id) || this.running !== id) return;
			this.end();
			this.settle(id, ({ partial, resolve, reject }) => (partial.length ? resolve(partial) : reject(new Cancelled())));
			void this.pump();
		}, CANCEL_GRACE_MS);
	}
}

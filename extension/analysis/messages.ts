import type { ExportRequest, KnowledgeFiles, PatchOutline, ProgramExport, Progress } from '../../analyzer/engine';
import type { FreeState } from '../../analyzer/free-stepping';
import type { InputReview } from '../../analyzer/review';
import type { Suggestion } from '../../analyzer/suggest';

/** What the extension and its analysis worker say to each other: structured-cloneable data only. */

/** Where the reviewed tree's files come from. `files` is what a host without a synchronous file system read ahead. */
export type TreeSource =
	| { readonly kind: 'folder'; readonly path: string; readonly git: boolean }
	| { readonly kind: 'files'; readonly files: Readonly<Record<string, string>> };

export interface Start {
	readonly kind: 'start';
	/** The built asset's JSON as bytes: it is parsed in the worker, not in the extension host. */
	readonly knowledge: Uint8Array;
	/** The user's own rows and models. */
	readonly own: KnowledgeFiles;
	readonly runtimeWasm: Uint8Array;
	readonly grammarWasm: Uint8Array;
}

export interface ReviewJob {
	readonly kind: 'review';
	readonly name: string;
	readonly document: string;
	readonly tree: TreeSource | null;
	readonly scenario?: string;
	/** Documents of the series that come before this one: it applies to their result. */
	readonly after?: readonly string[];
}

export interface SimulateJob {
	readonly kind: 'simulate';
	readonly functions: readonly string[];
	readonly tree: TreeSource;
	readonly scenario?: string;
}

export type Job = ReviewJob | SimulateJob;

/** *You choose*: a scenario of a document that was reviewed before, after the entries chosen so far. */
export interface StepRequest {
	readonly name: string;
	readonly patch: number;
	readonly scenario: string;
	readonly side: 'pre' | 'post';
	readonly entries: readonly number[];
}

/** A patch that was reviewed before, by its first line. */
export interface PatchRequest {
	readonly name: string;
	readonly patch: number;
}

export type ToWorker =
	| Start
	| { readonly kind: 'job'; readonly id: number; readonly job: Job }
	| { readonly kind: 'step'; readonly id: number; readonly request: StepRequest }
	| { readonly kind: 'export'; readonly id: number; readonly request: ExportRequest }
	| { readonly kind: 'suggest'; readonly id: number; readonly request: PatchRequest }
	| { readonly kind: 'cancel'; readonly id: number };

export type FromWorker =
	/** The worker's script runs and can be sent `start`. */
	| { readonly kind: 'up' }
	| { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
	| { readonly kind: 'outlined'; readonly id: number; readonly outline: PatchOutline }
	| { readonly kind: 'reviewed'; readonly id: number; readonly review: InputReview }
	| { readonly kind: 'done'; readonly id: number; readonly reviews: readonly InputReview[] }
	| { readonly kind: 'stepped'; readonly id: number; readonly state: FreeState | null }
	| { readonly kind: 'suggested'; readonly id: number; readonly suggestions: readonly Suggestion[] }
	| { readonly kind: 'exported'; readonly id: number; readonly program: ProgramExport | null }
	| { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** One end of a channel to a worker (or to the same thread, where there are none). */
export interface WorkerLink {
	post(message: ToWorker): void;
	onMessage(listener: (message: FromWorker) => void): void;
	onFailure(listener: (error: Error) => void): void;
	/** Ends it at once, whatever it is doing. */
	terminate(): void;
}

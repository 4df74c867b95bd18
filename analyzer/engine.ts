import type { FreeState } from './free-stepping';
import type { CheckedTable } from './knowledge';
import type { StoredSource, SyntaxEngine } from './parse';
import type { TreePort } from './ports';
import type { ChangedFunction, InputReview, Outcome } from './review';
import type { SuggestRequest, Suggestion } from './suggest/request';

/** The engine's face, as the rims (cli/, extension/) see it. Implemented by `createAnalyzer` of ./index. */

/** What the analyzer knows of the kernel, as read at the rim: the built asset, then the user's own files. */
export interface KnowledgeFiles {
	/** `checked` in the built asset, else `rows` where they are parsed already, else `text`, so that errors can name the line. */
	readonly table: readonly KnowledgeTable[];
	/** C over the table's primitives. */
	readonly models: readonly KnowledgeModel[];
}

export interface KnowledgeTable {
	readonly file: string;
	readonly checked?: CheckedTable;
	readonly rows?: readonly unknown[];
	readonly text?: string;
}

export interface KnowledgeModel {
	readonly file: string;
	readonly text: string;
	/** What parsing the text gives, in the built asset. */
	readonly parsed?: StoredSource;
}

/** Which tree-sitter parses: the WebAssembly one that runs everywhere, or one that the host has loaded. Both see the same trees. */
export type SyntaxOptions =
	/** `web-tree-sitter.wasm` and `tree-sitter-c.wasm`. */
	| { readonly runtimeWasm: Uint8Array; readonly grammarWasm: Uint8Array }
	| { readonly syntax: SyntaxEngine };

export type AnalyzerOptions = SyntaxOptions & { readonly knowledge: KnowledgeFiles };

export interface Progress {
	/** What is being worked on: a patch's subject, a scenario's id. */
	readonly stage: string;
	readonly done: number;
	/** Of those known so far: what the mail itself says is worked on before others are looked for. */
	readonly total: number;
	/** The stage has its verdict; that of the whole input may yet be another. */
	readonly outcome?: Outcome;
}

/** What is known of a patch while it is in work: its changed functions, with the verdicts of the scenarios that are done. */
export interface PatchOutline {
	readonly subject: string;
	readonly from: number;
	readonly to: number;
	readonly functions: readonly ChangedFunction[];
}

export interface ReviewRequest {
	/** The input's name as the user gave it. */
	readonly name: string;
	readonly tree?: TreePort;
	/** Documents before this one, in order: where this one goes on with their series, its earlier parts are taken to be applied. */
	readonly after?: readonly (string | Uint8Array)[];
	/** Text of a scenario file. */
	readonly scenario?: string;
	/** Aborted: reviews done so far are returned, the one in work is left out. */
	readonly signal?: AbortSignal;
	readonly progress?: (progress: Progress) => void;
	/** Called once a patch is parsed, before anything is searched, and after each of its scenarios. */
	readonly outlined?: (outline: PatchOutline) => void;
	/** Called as each patch of the document is done. */
	readonly reviewed?: (review: InputReview) => void;
}

export interface ExportRequest {
	readonly name: string;
	readonly patch: number;
	readonly scenario: string;
	readonly side: 'pre' | 'post';
	/** `program`: the operations themselves, as JSON of a `Program` of `sim/`. */
	readonly format: 'litmus' | 'promela' | 'program';
}

export type ProgramExport = { readonly text: string } | { readonly refused: string };

export interface Analyzer {
	/** One review per patch of the document, in order. Broken input is a review with problems; throws only for our own bugs. */
	review(document: string | Uint8Array, request: ReviewRequest): Promise<readonly InputReview[]>;
	/** No patch: the functions as they stand in the tree, `pre` and `post` alike null/side. */
	simulate(functions: readonly string[], request: Omit<ReviewRequest, 'name'> & { readonly tree: TreePort }): Promise<InputReview>;
	/**
	 * *You choose*: a scenario of a document reviewed before, stepped by hand. Null when it is no longer known (only the last few documents are).
	 * `patch` is the review's `from`. Throws for an entry that cannot be taken.
	 */
	step(request: { readonly name: string; readonly patch: number; readonly scenario: string; readonly side: 'pre' | 'post'; readonly entries: readonly number[] }): FreeState | null;
	/** A reviewed scenario's program for another tool; `refused` says why that tool's language has no words for it. Null as for `step`. */
	exportProgram(request: ExportRequest): ProgramExport | null;
	/** What else a patch that was reviewed before would need, for each failure that is told against it; nothing where no single edit helps, or the patch is no longer known. */
	suggest(request: SuggestRequest): Promise<readonly Suggestion[]>;
	/** Frees the parser. */
	dispose(): void;
}

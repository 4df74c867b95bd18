import type { Suggested } from '../review';

/** What is asked for once a document was reviewed. */
export interface SuggestRequest {
	readonly name: string;
	/** The review's `from`. */
	readonly patch: number;
	/** Also for failures that the patch leaves as they were. */
	readonly all?: boolean | undefined;
	/** The search ends at so many states, those of the reviews with an edit in place included; a default where it is not said. */
	readonly states?: number | undefined;
	/** Aborted: what is found so far is returned. */
	readonly signal?: AbortSignal | undefined;
}

/** What would end failures of a patch. */
export interface Suggestion {
	/** Ids of the scenarios whose failures it ends. */
	readonly scenarios: readonly string[];
	readonly suggestion: string;
	readonly suggested: Suggested;
}

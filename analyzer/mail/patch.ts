/**
 * A patch as read from a mail, with every line tied to the line of the original document it came from.
 * Line numbers are 1-based; the brands keep the three line spaces apart.
 */

/** A line of the document as the user has it on the screen. */
export type InputLine = number & { readonly __space?: 'input' };
/** A line of a file before or after the patch. */
export type ImageLine = number & { readonly __space?: 'image' };

export type LineKind = 'context' | 'added' | 'removed';

export interface HunkLine {
	readonly kind: LineKind;
	/** Without the diff's marker, as exactly as it could be restored. */
	readonly text: string;
	readonly input: InputLine;
	/** 0-based UTF-16 column range in the input line (a flattened diff has many hunk lines in one input line). */
	readonly from: number;
	readonly to: number;
}

export interface Hunk {
	/** Of the `@@` header; 0 where there is none or it is unreadable. */
	readonly oldStart: ImageLine;
	readonly newStart: ImageLine;
	readonly oldCount: number;
	readonly newCount: number;
	/** What follows the second `@@`, trimmed: often the function, sometimes a label. */
	readonly section: string;
	readonly lines: readonly HunkLine[];
	readonly input: InputLine;
}

export interface FilePatch {
	/** Without a/ b/; `null` for /dev/null. Text from a mail: never used as a path without the tree port's own check. */
	readonly oldPath: string | null;
	readonly newPath: string | null;
	/** Abbreviated blob ids of the `index` line. */
	readonly oldBlob?: string;
	readonly newBlob?: string;
	readonly change: 'modified' | 'added' | 'deleted' | 'renamed' | 'copied' | 'mode' | 'binary' | 'submodule' | 'combined';
	readonly hunks: readonly Hunk[];
	readonly input: InputLine;
}

export interface ProseLine {
	readonly text: string;
	readonly input: InputLine;
	/** Quotation depth at which it stood, relative to the patch's own text; replies' comments are told apart by `author`. */
	readonly author: 'changelog' | 'reply';
}

export interface DiagramColumn {
	/** As written: `CPU0`, `Thread A`, `CPU1 - write(2)`, `do_page_fault`. */
	readonly label: string;
}

export interface DiagramEvent {
	readonly column: number;
	/** Function called or named in the cell, without parentheses and arrows; empty for a remark. */
	readonly call: string;
	readonly text: string;
	readonly input: InputLine;
	/** Nesting within its column (0 is the outermost), as far as indentation or arrows tell. */
	readonly depth: number;
}

/** An interleaving drawn by a person: who runs what, in document order. */
export interface Diagram {
	readonly columns: readonly DiagramColumn[];
	readonly events: readonly DiagramEvent[];
	readonly input: InputLine;
	readonly author: 'changelog' | 'reply';
	/** Columns were lost in the mail and were told from the calls' nesting. */
	readonly guessed: boolean;
}

/** A repair or a loss, in words, with its line. */
export interface Remark {
	readonly message: string;
	readonly input: InputLine;
}

export interface Patch {
	readonly subject: string;
	/** A commit the mail names as itself (`commit …`, `From <40 hex>`, `Upstream commit …`), else null. */
	readonly commit: string | null;
	/** `Fixes:` ids, `base-commit:`. */
	readonly fixes: readonly string[];
	readonly base: string | null;
	/** [n/m] and version of the subject, where there. */
	readonly number?: number;
	readonly total?: number;
	readonly version?: number;
	readonly prose: readonly ProseLine[];
	readonly diagrams: readonly Diagram[];
	readonly files: readonly FilePatch[];
	readonly repairs: readonly Remark[];
	readonly problems: readonly Remark[];
	/** First and last input line of this patch's part of the document. */
	readonly from: InputLine;
	readonly to: InputLine;
}

/** A document: one patch, or a series in order (a cover letter is a patch without files). */
export interface Series {
	readonly patches: readonly Patch[];
	readonly problems: readonly Remark[];
}

/** The subject without what stands before it in brackets. */
export const titleOf = ({ subject }: Pick<Patch, 'subject'>): string => subject.replace(/^(?:\[[^\]]*\]\s*)+/, '');

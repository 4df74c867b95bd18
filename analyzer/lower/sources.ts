import type { CNode, FunctionSource, ParsedSource } from '../parse/source';
import type { CType } from './values/ctype';
import type { Table } from '../knowledge/table';

/** A parsed file as the lowering sees it: from the patch, the tree or the models. */
export interface SourceFile {
	readonly path: string;
	readonly parsed: ParsedSource;
	readonly modelled: boolean;
	/** Places of a parsed line in the real file and in the document; 0 unknown. */
	place(line: number): { readonly file: number; readonly input: number; readonly column: number; readonly changed: boolean };
	/** What a scenario has done at a statement, by where that starts. */
	readonly asides?: ReadonlyMap<number, Aside>;
	/** Locals that a scenario is about, and that elided code declares: they lead somewhere. */
	readonly live?: ReadonlySet<string>;
}

/** Functions of a scenario's own, without parameters, that run right before and after a statement; after an `if`, as soon as its condition is known, or (`passed`) is known not to hold. */
export interface Aside {
	readonly before?: Definition | null;
	readonly after?: Definition | null;
	readonly tested?: Definition | null;
	readonly passed?: Definition | null;
}

export interface Definition {
	readonly fn: FunctionSource;
	readonly file: SourceFile;
}

/** One side's sources: what a name means there. */
export interface Sources {
	/** A function defined in the patch's files (whole or fragment), or null. */
	defined(name: string): Definition | null;
	/** The patch changes this function. */
	changed(name: string): boolean;
	/** What a scenario puts in the place of the function: it comes before any model. */
	replaced(name: string): boolean;
	/** Inlined elsewhere in this review, the function of that file was too much of the thread. */
	tooMuch(file: string, name: string): boolean;
	model(name: string): Definition | null;
	/** Found in the tree beyond the patch's files; null where there is no tree or it is not worth inlining. */
	elsewhere(name: string, near: string): Definition | null;
	constant(name: string): number | undefined;
	macro(name: string): { readonly params: readonly string[] | null; readonly body: FunctionSource; readonly file: SourceFile } | undefined;
	/** `(params) text` of a macro with parameters, in the patch's files or, where there is a tree, in their headers. */
	walk(name: string): string | undefined;
	global(name: string): CType | undefined;
	returns(name: string): CType | undefined;
	/** Type that variables of this name have in the files at hand. */
	conventional(name: string): CType | undefined;
	/** Function in this slot of an operations struct: `vm_operations_struct.fault`. */
	slot(struct: string, field: string): string | undefined;
	/** An expression over `arg0`, …; parsed once. */
	expression(text: string): CNode | null;
	readonly table: Table;
}

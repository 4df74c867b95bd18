import type { Operand } from '../../../sim';
import type { CType } from './ctype';

/** A value in a register or known now. */
export interface Val {
	readonly operand: Operand;
	readonly type: CType;
	/** Domain class of the unknown it may hold. */
	readonly unknown?: string;
	/** What it is the address of: `foo.lock`, from the outermost struct known, and of the innermost struct's field. */
	readonly path?: string;
	readonly key?: string;
	/** The function it points at. */
	readonly fn?: string;
	/** Of an address: the class of the unknown that led to the object. */
	readonly holder?: string | undefined;
	/** The entry's parameter it is, unchanged: `function:parameter`. */
	readonly parameter?: string;
	/** Just allocated by this function. */
	readonly fresh?: boolean;
	/** Of what nobody shows the type: loaded from an element, or the address of one. */
	readonly element?: boolean;
	/** It is these bits of an unknown of that class. */
	readonly masked?: { readonly unknown: string; readonly mask: number };
	/** It is what an unknown of that class held, counted on by so many. */
	readonly counted?: { readonly unknown: string; readonly by: number };
}

export type Place =
	| { readonly kind: 'register'; readonly local: RegisterLocal }
	| {
		readonly kind: 'memory'; readonly base: Operand; readonly offset: number; readonly type: CType;
		/** `inode.i_size`: the innermost struct and field. */
		readonly key: string;
		/** From the outermost struct known: `foo.lock.owner`. */
		readonly path: string;
		/** On the thread's own stack. */
		readonly own: boolean;
		/** Class of the unknown that led to the object. */
		readonly holder?: string | undefined;
		/** In an object that this function has just allocated. */
		readonly fresh?: boolean;
		/** An element of an array, or of what a pointer points at: which of both, nobody shows. */
		readonly element?: boolean;
	};

export interface RegisterLocal {
	readonly kind: 'register';
	readonly register: number;
	type: CType;
	readonly unknown: string;
	fn?: string | undefined;
	path?: string | undefined;
	key?: string | undefined;
	fresh?: boolean | undefined;
	parameter?: string | undefined;
	/** A parameter that the body never assigns, given a constant: flags keep their meaning in a callee. */
	constant?: number | undefined;
	/** Has a value already: another assignment makes what it points at unknown statically. */
	assigned: boolean;
}

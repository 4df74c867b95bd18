import type { ContextKind, LockKind } from '../../sim';
import type { Place } from './row';

/** What a function's role is: who calls it, in which context, what the caller holds. From an operations struct's slot or a signature. */
export interface RoleRow {
	/**
	 * `vm_operations_struct.fault`, `ethtool_ops.*` (slots without a row of their own), `module.{init,exit}` (of `__init` and `__exit`), or a signature:
	 * `irqreturn_t (int, void *)`, `void (struct work_struct *)`. In the YAML `ops.{open,close}` stands for one row each.
	 */
	readonly role: string;
	readonly context: ContextKind;
	/**
	 * Locks the caller holds around it, over its parameters: `{ at: "arg0->i_rwsem", kind: rwsem, mode: exclusive }`, or over the one instance of a
	 * type: `INSTANCE(inode)->i_rwsem`.
	 */
	readonly holds?: readonly { readonly at: Place; readonly kind: LockKind; readonly mode: 'exclusive' | 'shared' }[];
	/** May run in parallel with itself on the same object. */
	readonly parallel: boolean;
	/**
	 * Nothing else runs on the object any more (the last reference's release) or not yet (->probe before registration); `among`: no other operation of
	 * the same struct does (a file's ->release: its other operations are over, the device's removal is not).
	 */
	readonly alone?: 'before' | 'after' | 'among';
	/** With `among`: operations of these structs, of what belongs to the same object, are over as well (a file's mappings). */
	readonly ends?: readonly string[];
	/** Parameters that lead to memory of the caller's own, which this call fills. */
	readonly fills?: readonly number[];
	/** Runs on after what it belongs to was unregistered: the operations of a file that is still open. */
	readonly outlives?: boolean;
	/** Who stores the function in the slot registers it there and then, as a call would: what starts or stops the struct starts or stops it. It is handed the struct `itself`, or something `else`. */
	readonly stored?: 'itself' | 'else';
	/** Name of a model function that calls it and does what the caller does around it (page_fault around ->fault). */
	readonly caller?: string;
	/** For a signature: the slot that such a function fills, by which `caller` calls it. */
	readonly slot?: string;
	/** Model functions of the environment that may run against it: page_truncation against a fault. */
	readonly against?: readonly string[];
	/** How functions of the slot are declared, where nothing in sight registers them: `void %_start_tx(struct uart_port *)`, with `%` for the driver's own name. */
	readonly declared?: readonly string[];
	readonly until?: string;
	readonly source: string;
	readonly note?: string;
}

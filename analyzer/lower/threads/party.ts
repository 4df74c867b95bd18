import type { ContextKind, LockKind } from '../../../sim';
import type { Part } from '../../knowledge/partner-row';
import type { RoleRow } from '../../knowledge/role-row';
import type { Definition } from '../sources';
import type { Registration } from './directory';

/** A thread of a scenario, before it is lowered: an entry function and who calls it how. */
export interface Party {
	/** `CPU0`, `work`. */
	readonly name: string;
	readonly entry: string;
	readonly definition: Definition;
	readonly context: ContextKind;
	readonly role?: RoleRow;
	/** What every caller in sight holds around it, over its parameters; besides what the role says. `elided`: it is taken in its own lines that nobody shows. */
	readonly holds?: readonly { readonly at: string; readonly kind: LockKind; readonly mode: 'exclusive' | 'shared'; readonly elided?: boolean }[];
	/** The model that calls it, with the operations slot that leads to it. */
	readonly caller?: { readonly definition: Definition; readonly slot: string };
	readonly start: 'ready' | 'idle' | 'pending';
	readonly runs: number;
	/** What identifies it to code that spawns and cancels. */
	readonly key?: string;
	/** How it was registered: what its parameter is. */
	readonly registration?: Registration;
	/** The environment's, not a function of patch or tree. */
	readonly modelled: boolean;
	/** What its definition's function is called in reports, where that is of nobody's code. */
	readonly called?: string;
	/** What it does, where the scenario makes it up. */
	readonly part?: Part;
	/** It is called through an operations struct. */
	readonly callback?: boolean;
	/** Only functions of other files call it, be it by way of functions in sight: what these hold around it, nobody here knows. */
	readonly strangers?: boolean;
}

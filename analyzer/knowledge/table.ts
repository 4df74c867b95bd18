import type { Effect, Place, Row } from './row';
import type { RoleRow } from './role-row';
import type { FailureRow } from './failure-row';
import type { Naming } from './namings';
import type { Phrase, PhraseRow } from './phrases';
import type { PartnerRow } from './partner-row';

/** What is true of a struct type. */
export interface TypeRow {
	readonly type: string;
	/** Another name of the same thing: folio is page. */
	readonly same?: string;
	/** Readable after free: struct page, SLAB_TYPESAFE_BY_RCU. */
	readonly typeStable?: boolean;
	/** Its reference count's field, when objects of it are counted. */
	readonly count?: string;
	/** How many objects of it the small world has (default 1; pages 2). */
	readonly instances?: number;
	/** A parameter of this type holds what the caller read before from there: pte_t, pmd_t. */
	readonly readFrom?: Place;
	readonly source: string;
	readonly note?: string;
}

/** `GFP_KERNEL: sleeps`, error codes, flag values that code tests: names with integer values. */
export interface ConstantRow {
	readonly constant: string;
	readonly value: number;
	readonly until?: string;
	readonly source: string;
}

/**
 * What `guard(name)(lock)`, `scoped_guard(name, lock)`, `CLASS(name, v)(…)` and `__free(name)` do: which APIs run at the declaration and at the end of
 * the scope, with the guard's own argument (`__free`: the variable) as their first.
 */
export interface GuardRow {
	/** The class: `mutex`, `spinlock_irqsave`, `kfree`. */
	readonly guard: string;
	/** Absent for a `__free` class. */
	readonly acquire?: string;
	readonly release: string;
	/** A conditional class (`mutex_try`, `mutex_intr`): the scope is entered only when the acquire's value says that it was taken. */
	readonly conditional?: 'nonzero' | 'zero';
	/** `__free`: the release is skipped for NULL, or for NULL and error pointers. */
	readonly unless?: 'null' | 'error-or-null';
	readonly source: string;
	readonly note?: string;
}

/** A function or field of the models' own (`__install_pte`), which no reader knows, in a reader's words: a function says what it does, a field what it is. */
export interface OwnRow {
	readonly own: string;
	readonly says: string;
}

/** An API or a flag that another one of its family may stand in for, and how the call is then written: `$0` and on are its arguments, `$rcu` the object's `struct rcu_head`. */
export interface SiblingRow {
	readonly sibling: string;
	readonly instead: string;
	/** What the same function says to the same first argument, and how that is written then. */
	readonly and?: Readonly<Record<string, string>>;
	/** A local that it takes. */
	readonly declares?: string;
	readonly source: string;
}

/** Rows by the name of the call. Who asks by name is not given those that say no more than that it may sleep: nobody knows what such a call does. */
export interface Rows extends ReadonlyMap<string, Row> {
	/** Those as well. */
	evenPartial(name: string): Row | undefined;
	/** The rows with this effect. */
	ofEffect(effect: Effect['effect']): readonly Row[];
	/** These and more, or others by the same names. */
	with(rows: ReadonlyMap<string, Row>): Rows;
}

/** The calls whose names begin, or end, alike. */
export interface FamilyRow {
	readonly prefix: string;
	readonly suffix: string;
	readonly row: Row;
	/** They wait where the files under review speak of what `where` names, and of nothing that `unless` names: regular expressions over C. */
	readonly slow?: { readonly where: string; readonly unless: string };
}

export interface Table {
	readonly rows: Rows;
	/** Rows of families by name pattern (`trace_*`), effect none only; consulted after `rows`. */
	readonly patterns: readonly FamilyRow[];
	readonly guards: ReadonlyMap<string, GuardRow>;
	readonly roles: readonly RoleRow[];
	readonly types: ReadonlyMap<string, TypeRow>;
	readonly constants: ReadonlyMap<string, number>;
	readonly partners: readonly PartnerRow[];
	/** In order: what changes least first. */
	readonly siblings: readonly SiblingRow[];
	/** By name: what readers are shown for what is the models' own. */
	readonly own: ReadonlyMap<string, string>;
	readonly namings: ReadonlyMap<Naming, string>;
	readonly phrases: ReadonlyMap<Phrase, PhraseRow>;
	/** In the order in which one is taken where a mail has several. */
	readonly failures: readonly FailureRow[];
}

/** The family that a call belongs to by its name, where it has no row of its own. */
export const familyOf = ({ patterns }: Table, api: string): Table['patterns'][number] | undefined => patterns.find(({ prefix, suffix }) => api.startsWith(prefix) && api.endsWith(suffix));

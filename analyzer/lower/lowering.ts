import { Derived } from './values/derived';
import type { LockKind, Operand } from '../../sim';
import type { CNode } from '../parse/source';
import { type CType, INT, known, parseType, UNKNOWN } from './values/ctype';
import { Emitter, type Origin, type OutlineOf, reg, type Standing, value } from './emitted/emitter';
import type { Facts } from './facts';
import type { World } from './world/world';
import type { Arguments, Frame } from './frame';
import type { Place, RegisterLocal, Val } from './values/value';
import type { Definition, Sources } from './sources';
import type { Reading } from './reading';
import { shortened, writtenAs } from './emitted/written';
import type { ThreadDirectory } from './threads/directory';

/** The thread of the invariants in the facts' eyes. */
export const QUIESCENCE = -2;
/** The parts of the grammar that need one another: `descent.ts` is how they are called, `grammar/` which functions they are. */
export interface Grammar {
	expression(l: Lowering, node: CNode, hint: CType): Val;
	statement(l: Lowering, node: CNode): void;
	/** A call, by the function's name. */
	call(l: Lowering, name: string, args: Arguments, node: CNode, hint: CType): Val;
	/** A function's body in place of a call. */
	body(l: Lowering, definition: Definition, args: Arguments, node: CNode, hint: CType): Val;
}

/** State of lowering one thread. The grammar's parts are functions over it in the files beside. */
export class Lowering {
	readonly emitter: Emitter;
	frame!: Frame;
	readonly unmodelled = new Set<string>();
	readonly assumptions = new Set<string>();
	readonly watches = new Map<string, number>();
	readonly derived = new Derived();
	/** Locks taken so far in the code, by path, and of what kind each lock seen is. */
	readonly taken = new Set<string>();
	readonly lockKinds = new Map<string, { readonly kind: LockKind; readonly mode: 'exclusive' | 'shared' }>();
	/** Locks that are released before anybody has seen them taken, and those of them that are taken again last of all: their caller holds them, and gets them back. */
	readonly borrowed = new Set<string>();
	readonly lent = new Set<string>();
	/** What the code did with RCU's read side first, and what last: who leaves it, and enters it again last of all, is called inside one. */
	firstOfReader: 'enters' | 'leaves' | undefined = undefined;
	lastOfReader: 'enters' | 'leaves' | undefined = undefined;
	/** The queue that prepare_to_wait() put the thread on. */
	waitingOn: Place | null = null;
	/** The register that tells whether the task's state is other than running: the next schedule sleeps. */
	asleep: number | null = null;
	loopDepth = 0;
	/** Where readers see what is compiled now, which a scenario has added. */
	beside: Standing | null = null;
	/** What is read now is read for this, in this frame. */
	within: { readonly frame: Frame; readonly text: string } | null = null;
	/** Operations beyond which the callee that is being inlined is given up. */
	limit = Number.POSITIVE_INFINITY;
	/** The entry returns a value: its account of references is settled by that. */
	tells = false;
	/** References the entry has taken so far on this path, by count: a register each. */
	readonly held = new Map<string, number>();
	/** References that came with what look-ups have found, by count: a register each. */
	readonly loaned = new Map<string, number>();
	/** Operations that ask whether a lock is held which the code asserts to be: path → where they stand. */
	readonly said = new Map<string, number[]>();
	/** Counts that were set by a call that may fail: who failed owes the drop. */
	readonly owed = new Set<string>();
	/** The thread runs more than once: what it allocates it allocates again. */
	repeats = false;
	/** How often it has waited so far for somebody. */
	waits = 0;
	/** How often page faults were turned off. */
	faultless = 0;
	/** Depth of `conditional` evaluation: loads there are checks. */
	checking = 0;
	/** In an outline: how often others may have been there, and at which of these moments each place was read first. */
	moment = 0;
	readonly refreshed = new Map<string, number>();
	/** In an outline: objects of whose locks one is held, and the moment since which nobody else has been there. */
	readonly excluded = new Map<string, number>();
	/** In an outline: objects that a field leads to now. */
	readonly kept = new Set<string>();
	/** Pointers that were compared in an outline → the register of what came of it. */
	readonly compared = new Map<string, number>();

	constructor(
		readonly thread: number,
		readonly world: World,
		readonly sources: Sources,
		readonly facts: Facts,
		readonly directory: ThreadDirectory,
		readonly origins: Origin[],
		/** Bound function pointers: `vm_operations_struct.fault` → function. */
		readonly bindings: ReadonlyMap<string, string>,
		readonly reading: Reading,
		readonly grammar: Grammar,
		/** Only the outline of what the threads do is asked for (outline.ts). */
		readonly outline: OutlineOf = false,
	) {
		this.emitter = new Emitter(outline);
	}

	/** Sets where the next operations come from. Expressions of a row come from the call. */
	from(node: CNode, text?: string): void {
		const { file, fn, stack } = this.frame;
		if (!fn || node.type === 'compound_statement') return;
		const place = file.place(node.line);
		const written = text === undefined ? writtenAs(node) : shortened(text);
		const previous = this.origins[this.emitter.origin];
		if (previous && previous.text === written && previous.line === place.file && previous.input === place.input && previous.function === (fn?.name ?? '')) return;
		this.origins.push({
			function: fn?.name ?? '', stack, file: file.path, line: place.file, input: place.input,
			from: place.column, to: 0, text: written, modelled: file.modelled, changed: place.changed, ...(this.beside ? { beside: this.beside } : {}),
			...(text === undefined && this.within?.frame === this.frame ? { whole: this.within.text } : {}),
		});
		this.emitter.origin = this.origins.length - 1;
	}

	/** Enters references in one of the entry's accounts: of those that it has taken, which it must not hold when it returns an error, or of those that it was lent. Gives the register that has the sum. */
	account(path: string, alu: 'add' | 'sub', by: Operand, of = this.held): { readonly reg: number } {
		const sum = { reg: of.get(path) ?? this.emitter.register() };
		of.set(path, sum.reg);
		this.emitter.local({ op: 'alu', alu, dst: sum.reg, a: sum, b: by });
		return sum;
	}

	/** The simulator need not account for this reference: the entry returns a value that tells who has it, or nobody has seen it taken. */
	released(pointer: Operand): void {
		if (this.tells) this.emitter.local({ op: 'escape', pointer });
	}

	/** What a call changes besides the code it emits. */
	checkpoint(): () => void {
		const { frame, waitingOn, loopDepth, checking, beside, within } = this;
		const [taken, directory] = [new Set(this.taken), this.directory.checkpoint()];
		const accounts = [this.held, this.loaned].map((account) => ({ account, before: new Map(account) }));
		return () => {
			Object.assign(this, { frame, waitingOn, loopDepth, checking, beside, within });
			this.taken.clear();
			for (const each of taken) this.taken.add(each);
			for (const { account, before } of accounts) {
				account.clear();
				for (const [path, register] of before) account.set(path, register);
			}
			directory();
		};
	}

	/** What comes before the first operation is the call of the entry. */
	enter(name: string, { fn, file }: Definition): void {
		const place = file.place(fn.line);
		this.origins.push({
			function: name, stack: [], file: file.path, line: place.file, input: place.input, from: place.column, to: 0, text: `${name}()`, modelled: file.modelled, changed: false,
		});
		this.emitter.origin = this.origins.length - 1;
	}

	temporary(type: CType = INT, unknown?: string): Val & { readonly operand: { readonly reg: number } } {
		return { operand: { reg: this.emitter.register() }, type, ...(unknown ? { unknown } : {}) };
	}

	constant(constant: number, type: CType = INT): Val {
		return { operand: value(constant), type };
	}

	/** What the unknown is called among the domains. */
	unknownName(id: string): string {
		return `u:${this.thread}:${id}`;
	}

	/** An unknown: one of the values that the code tells apart. */
	unknown(id: string, type: CType): Val {
		const name = this.unknownName(id);
		const result = this.temporary(type, name);
		this.chooseFrom(result.operand.reg, this.valuesOf(name, type));
		return result;
	}

	/** A choice is a step of its own: many of them in one step would be a product of branches. */
	chooseFrom(register: number, values: readonly number[]): void {
		if (values.length > 1) this.emitter.visible({ op: 'choose', dst: register, values }, { quiet: true });
		else this.emitter.local({ op: 'set', dst: register, from: value(values[0] ?? 0) });
	}

	valuesOf(name: string, type: CType): readonly number[] {
		if (type.pointer >= 2 && known(type)) return this.world.domains.pointers(name, this.world.canonical(this.world.indirect(type)));
		if (type.pointer === 1 && known(type)) return this.world.domains.pointers(name, this.world.canonical(this.world.name(type)));
		return this.world.domains.integers(name);
	}

	interest(val: Val | undefined, tell: (interest: ReturnType<World['domains']['of']>) => void): void {
		if (val?.unknown) tell(this.world.domains.of(val.unknown));
	}

	/** b's unknown may come to be in a. */
	flow(a: Val | RegisterLocal | { readonly unknown?: string }, b: Val): void {
		if (a.unknown && b.unknown) this.world.domains.flow(b.unknown, a.unknown);
	}

	assign(register: number, val: Val): void {
		if ('reg' in val.operand && val.operand.reg === register) return;
		this.derived.copies(register, val.operand);
		this.emitter.local({ op: 'set', dst: register, from: val.operand });
	}

	alu(alu: 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'and' | 'or' | 'xor' | 'shl' | 'shr' | 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge', a: Operand, b: Operand, type: CType = INT): Val {
		const result = this.temporary(type);
		this.emitter.local({ op: 'alu', alu, dst: result.operand.reg, a, b });
		return result;
	}

	/** `pointer + cells`. */
	offset(base: Operand, cells: number): Operand {
		if (cells === 0) return base;
		if ('value' in base) return value(base.value + cells);
		const result = this.emitter.register();
		this.emitter.local({ op: 'alu', alu: 'add', dst: result, a: base, b: value(cells) });
		return reg(result);
	}

	watch(key: string): number {
		const slot = this.watches.get(key) ?? this.emitter.watches++;
		this.watches.set(key, slot);
		return slot;
	}

	declare(name: string, type: CType): RegisterLocal {
		const local: RegisterLocal = { kind: 'register', register: this.emitter.register(), type, unknown: `l:${this.thread}:${this.frame.id}:${name}`, assigned: false };
		this.frame.locals.set(name, local);
		return local;
	}

	conventional(name: string): CType {
		return this.sources.conventional(name) ?? UNKNOWN;
	}

	typeOf(text: string, declarator = ''): CType {
		const type = parseType(text, declarator);
		const aliased = type.struct ? undefined : this.sources.table.types.has(type.base) ? undefined : this.world.oracle.typedef(type.base);
		if (!aliased) return type;
		const target = parseType(aliased);
		return { ...target, pointer: target.pointer + type.pointer, array: type.array ?? false };
	}
}

import { type Address, type Op, type Operand, POINTER_BASE } from '../../../sim';

/** Where an operation comes from; its index in the program's list is the simulator's opaque `origin`. */
export interface Origin {
	readonly function: string;
	/** Callers, outermost first. */
	readonly stack: readonly string[];
	readonly file: string | null;
	/** Line in the real file, 0 unknown. */
	readonly line: number;
	/** Line in the document, 0 where it shows nothing of it. */
	readonly input: number;
	readonly from: number;
	readonly to: number;
	readonly text: string;
	/** The condition, or the assignment to a local, as a whole in which it is read: `if (foo->bar)`. */
	readonly whole?: string;
	readonly modelled: boolean;
	/** The patch's own line. */
	readonly changed: boolean;
	/** The statement beside which a scenario has added it: readers see it stand there. */
	readonly beside?: Standing;
}

/** Where a reader finds something. */
export type Standing = Pick<Origin, 'function' | 'stack' | 'file' | 'line' | 'input' | 'from' | 'text'>;

/** What the analysis keeps of an operation beside what the simulator needs. */
export interface OpNote {
	/** Class of the cell it works on: `inode.i_size`, `foo.lock`. */
	readonly key?: string;
	/** For a shared access: the kernel's memory order is not plain, or the cell is the model's own. */
	readonly marked?: boolean;
	/** Stands for what elided code did: that it goes wrong says nothing. */
	readonly inferred?: boolean;
	/** An assertion of the code's own behind which nothing runs where it fails. */
	readonly halts?: boolean;
	/** A lock that may not be got: the call fails then. */
	readonly refusable?: boolean;
	/** A lock that whoever calls functions of this role holds, as the kernel has it. */
	readonly role?: true;
	/** A lock that a call may take on its way: no line asks for it. */
	readonly crossing?: true;
	/** Nothing that other threads or a reader would notice: a choice between unknowns. */
	readonly quiet?: boolean;
}

const NOTHING: OpNote = {};

/** Omit that keeps the members of a union apart. */
type Unplaced<T> = T extends unknown ? Omit<T, 'origin' | 'step' | 'target'> : never;
export type Draft = Unplaced<Op>;
export type Label = { at: number };

/** No outline, one of a function by itself, or one of it and others whom it meets. */
export type OutlineOf = false | 'alone' | 'met';

/** Builds one thread's code: labels are resolved at the end. */
export class Emitter {
	readonly ops: (Draft & { readonly origin: number; readonly step?: true; readonly label?: Label })[] = [];
	readonly notes: OpNote[] = [];
	registers = 0;
	watches = 0;
	/** Where the next operations come from. */
	origin = 0;
	private atomic = 0;
	private begun = false;

	/** `passing`: what goes through an address that is none is passed by, and gives 0. */
	constructor(private readonly passing: OutlineOf = false) {}

	register(): number {
		return this.registers++;
	}

	label(): Label {
		return { at: -1 };
	}

	place(label: Label): void {
		label.at = this.ops.length;
	}

	/** A register operation: rides along. */
	local(op: Draft, note: OpNote = NOTHING): void {
		this.ops.push({ ...op, origin: this.origin });
		this.notes.push(note);
	}

	/** An operation other threads can see: begins a step, or, inside an atomic run, only the run's first does. */
	visible(op: Draft, note: OpNote = {}): void {
		if (this.passing && 'at' in op && 'reg' in op.at.base) this.where(op.at.base, op, () => this.seen(op, note));
		else this.seen(op, note);
	}

	private seen(op: Draft, note: OpNote): void {
		const step = this.atomic === 0 || !this.begun;
		this.begun = true;
		this.ops.push(step ? { ...op, origin: this.origin, step } : { ...op, origin: this.origin });
		this.notes.push(note);
	}

	/** Does it only where the address is one. */
	private where(base: Operand, op: Draft, run: () => void): void {
		const [there, behind, is] = [this.label(), this.label(), this.register()];
		this.local({ op: 'alu', alu: 'ge', dst: is, a: base, b: value(POINTER_BASE) });
		this.branch(reg(is), there);
		// Whom the lock keeps out is not met without it.
		if (op.op === 'lock' && this.passing === 'met') this.local({ op: 'cut', why: 'a lock at an address that is none keeps nobody out' });
		if ('dst' in op && op.dst !== undefined) this.local({ op: 'set', dst: op.dst, from: value(0) });
		this.jump(behind);
		this.place(there);
		run();
		this.place(behind);
	}

	jump(label: Label): void {
		this.ops.push({ op: 'jump', origin: this.origin, label });
		this.notes.push(NOTHING);
	}

	branch(cond: Operand, label: Label): void {
		this.ops.push({ op: 'branch', cond, origin: this.origin, label });
		this.notes.push(NOTHING);
	}

	/** What is emitted inside is one step. Nested runs join the outermost. */
	atomically<T>(run: () => T): T {
		if (this.atomic++ === 0) this.begun = false;
		try {
			return run();
		} finally {
			this.atomic--;
		}
	}

	/** What the run since tests and sets is one operation: nothing later goes by what it has tested. */
	testsAndSets(from: number): void {
		const set = new Set(this.ops.slice(from).flatMap((op) => ((op.op === 'store' || op.op === 'rmw') && op.unless ? [op.unless.watch] : [])));
		if (set.size === 0) return;
		for (const [index, op] of this.ops.entries()) {
			if (index < from || op.op !== 'load' || op.watch === undefined || !set.has(op.watch)) continue;
			const { watch: _, ...load } = op;
			this.ops[index] = load;
		}
	}

	/** Whether anything so far gives the register a value. */
	sets(register: number): boolean {
		return this.ops.some((op) => 'dst' in op && op.dst === register);
	}

	/** Takes back what was emitted since. */
	cut(from: number): void {
		this.ops.length = from;
		this.notes.length = from;
	}

	get length(): number {
		return this.ops.length;
	}

	finish(): readonly Op[] {
		return this.ops.map((op) => (op.label ? jumpTo(op, op.label) : op as Op));
	}
}

function jumpTo(op: Draft & { readonly origin: number }, { at: target }: Label): Op {
	return op.op === 'branch' ? { op: 'branch', cond: op.cond, origin: op.origin, target } : { op: 'jump', origin: op.origin, target };
}

export const reg = (index: number): Operand => ({ reg: index });
export const value = (constant: number): Operand => ({ value: constant });
export const at = (base: Operand, offset: number): Address => ({ base, offset });
export const constantOf = (operand: Operand): number | undefined => ('value' in operand ? operand.value : undefined);

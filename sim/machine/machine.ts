import { type Ignored, type MemoryModel, POINTER_BASE, type Program, type Reason } from '../program';
import type { CompiledThread } from './compiled';
import { compiledOf } from './compiledProgram';
import { Coding, type Slots, type Width } from './coding';
import { type Layout, LIVE, type ThreadLayout } from './layout';
import { CHECKS } from './opcodes';

/** How a step ended. NOT_NOW: an interrupt cannot come there, or what was put off cannot turn out so. */
export const DONE = 0, FAILED = 1, CUT = 2, NOT_NOW = 3;
/** What an operation tells the interpreter's loop when the step goes on. */
export const NEXT = -1;
export type Outcome = typeof DONE | typeof FAILED | typeof CUT | typeof NOT_NOW;

/** What a cell with a `domain` holds until it is first looked at. */
export const UNRESOLVED = -0x7fff_ffff;

/** What broke, as the interpreter saw it; `annotate` makes a `Failure` of it. */
export interface Fault {
	readonly check: number;
	readonly reason: Reason;
	/** -1 at quiescence. */
	readonly thread: number;
	readonly pc: number;
	readonly cell: number;
	readonly object: number;
}

/** Told of everything that happens in a step: for replay, never in a search. Indices are cells, objects, code positions. */
export interface Observer {
	operation(thread: number, pc: number): void;
	read(thread: number, pc: number, cell: number, value: number): void;
	wrote(thread: number, pc: number, cell: number, before: number, after: number): void;
	locked(thread: number, pc: number, cell: number): void;
	unlocked(thread: number, pc: number, cell: number): void;
	entered(thread: number, pc: number, cell: number): void;
	left(thread: number, cell: number): void;
	freed(thread: number, pc: number, object: number): void;
	allocated(thread: number, pc: number, object: number): void;
}

const MOST_CHOICES = 64;
const MODELS: readonly MemoryModel[] = ['sc', 'tso', 'weak'];

/**
 * The abstract machine: a program, and one current state in `slots`. A search copies states in and out of `slots` and has the
 * interpreter take steps on it.
 */
export class Machine {
	readonly threads: readonly CompiledThread[];
	readonly setup: CompiledThread;
	readonly quiescence: CompiledThread;
	readonly layout: Layout;
	readonly coding: Coding;
	readonly decode: Int32Array;
	/** The state, and the same bytes as 32-bit words. */
	readonly slots: Slots;
	readonly words: Int32Array;
	readonly values: readonly number[];
	readonly skipped: Uint8Array;
	readonly domains: readonly (readonly number[] | undefined)[];
	private readonly ignored: ReadonlyMap<string, boolean>;

	/** Choices that the current step has met: digit and number of alternatives of each. */
	readonly digits = new Int32Array(MOST_CHOICES);
	readonly radices = new Int32Array(MOST_CHOICES);
	met = 0;
	pending = 0;

	/** When tracking: what the current step has read, written, or shared (bit sets over resources). */
	tracking = false;
	readonly readSet: Int32Array;
	readonly writeSet: Int32Array;
	readonly shareSet: Int32Array;
	/** And what of the threads' own slots beyond those that its code names by itself (see `ownSlots`). */
	readonly lookedAt: number[] = [];

	fault: Fault | undefined = undefined;
	/** Failed assertions at quiescence: all of them, since nothing comes after. */
	readonly faults: Fault[] = [];
	/** Why the last step was cut. */
	cutWhy = '';
	outOfObjects = false;
	/** Whether the current step relied on what has turned out otherwise. */
	never = false;
	tooLong = false;
	/** Setup and quiescence: freed objects may be looked at. */
	unchecked = false;
	observer: Observer | undefined = undefined;
	/** Code position of the operation being executed. */
	pc = 0;
	/** Per thread 1 for operations that were executed. */
	readonly covered: readonly Uint8Array[];

	/** `SC`, `TSO` or `WEAK`. Steps of a buffer come under the number of its thread plus that of all threads. */
	readonly memory: number;
	/** Threads, and their store buffers where they have some. */
	readonly movers: number;

	constructor(readonly program: Program, width: Width, readonly localOperations: number, model: MemoryModel = program.memory ?? 'sc') {
		this.memory = MODELS.indexOf(model);
		this.movers = program.threads.length * (this.memory === 0 ? 1 : 2);
		const { threads, setup, quiescence, values, layout } = compiledOf(program, this.memory);
		// Registers are each machine's own.
		this.threads = threads.map((thread) => ({ ...thread, file: thread.file.slice() }));
		this.setup = { ...setup, file: setup.file.slice() };
		this.quiescence = { ...quiescence, file: quiescence.file.slice() };
		this.values = values;
		this.layout = layout;
		this.coding = new Coding(width, program.cells.length);
		this.decode = this.coding.decode;
		const bytes = Math.ceil((this.layout.slots * width) / 4) * 4;
		const buffer = new ArrayBuffer(bytes);
		this.slots = width === 1 ? new Uint8Array(buffer) : new Uint16Array(buffer);
		this.words = new Int32Array(buffer);
		this.skipped = Uint8Array.from(CHECKS, (check) => (program.without?.includes(check) === true ? 1 : 0));
		this.ignored = new Map((program.ignored ?? []).map((each) => [ignoredKey(each), each.cut === true]));
		this.domains = program.cells.map((cell) => (cell.domain !== undefined && cell.domain.length > 0 ? cell.domain : undefined));
		const sets = (this.layout.resources + 31) >> 5;
		this.readSet = new Int32Array(sets);
		this.writeSet = new Int32Array(sets);
		this.shareSet = new Int32Array(sets);
		this.covered = this.threads.map((thread) => new Uint8Array(thread.ops.length));
	}

	get(slot: number): number {
		return this.decode[this.slots[slot]!]!;
	}

	set(slot: number, value: number): void {
		this.slots[slot] = this.coding.encode(value);
	}

	/** The index of the cell that a pointer and an offset name, or -1. */
	cellAt(base: number, offset: number): number {
		const first = base - POINTER_BASE;
		if (first >>> 0 >= this.layout.cells) return -1;
		const cell = first + offset;
		return cell >>> 0 < this.layout.cells ? cell : -1;
	}

	isLive(object: number): boolean {
		const slot = this.layout.life[object]!;
		return slot < 0 || this.slots[slot] === LIVE;
	}

	control(thread: number): number {
		return this.decode[this.slots[this.layout.threads[thread]!.control]!]!;
	}

	area(thread: number): ThreadLayout {
		return this.layout.threads[thread]!;
	}

	/** Whether the program wants to know nothing of this failure. */
	ignores(check: number, reason: Reason, thread: number, pc: number): boolean {
		return this.skipped[check] === 1 || (this.ignored.size > 0 && this.ignored.has(ignoredKey({ thread, pc, reason })));
	}

	/** True when the failure is to be left out, and the step goes on; a path that is none ends without a fault. */
	fail(check: number, reason: Reason, thread: number, cell = -1, object = -1): boolean {
		if (this.ignores(check, reason, thread, this.pc)) {
			const cut = this.ignored.size > 0 && this.ignored.get(ignoredKey({ thread, pc: this.pc, reason })) === true;
			if (cut) this.cutWhy = 'what elided code cannot have done';
			return !cut;
		}
		this.fault = { check, reason, thread, pc: this.pc, cell, object };
		return false;
	}

	/** Takes the next digit of the schedule entry's choice among `count` alternatives. */
	choose(count: number): number {
		if (count <= 1) return 0;
		const digit = this.pending % count;
		this.pending = Math.floor(this.pending / count);
		if (this.met < MOST_CHOICES) {
			this.digits[this.met] = digit;
			this.radices[this.met] = count;
			this.met++;
		}
		return digit;
	}

	/** The choice after the one just taken, in the order of a count with the last digit fastest; -1 after the last. */
	nextChoice(): number {
		let at = this.met - 1;
		while (at >= 0 && this.digits[at]! + 1 >= this.radices[at]!) at--;
		if (at < 0) return -1;
		let choice = this.digits[at]! + 1;
		for (let i = at - 1; i >= 0; i--) choice = choice * this.radices[i]! + this.digits[i]!;
		return choice;
	}

	reads(resource: number): void {
		this.readSet[resource >> 5] = this.readSet[resource >> 5]! | (1 << (resource & 31));
	}

	writes(resource: number): void {
		this.writeSet[resource >> 5] = this.writeSet[resource >> 5]! | (1 << (resource & 31));
	}

	/** A write that commutes with others of its kind (taking a lock shared, entering a read side). */
	shares(resource: number): void {
		this.shareSet[resource >> 5] = this.shareSet[resource >> 5]! | (1 << (resource & 31));
	}

	looksAt(first: number, count: number): void {
		if (first >= 0) for (let slot = first; slot < first + count; slot++) this.lookedAt.push(slot);
	}

	clearSets(): void {
		this.lookedAt.length = 0;
		for (let i = 0; i < this.readSet.length; i++) {
			this.readSet[i] = 0;
			this.writeSet[i] = 0;
			this.shareSet[i] = 0;
		}
	}
}

const ignoredKey = ({ thread, pc, reason }: Ignored): string => `${thread}:${pc}:${reason}`;

import type { Op, Program, Thread } from '../program';
import { type Propagation, propagationOf } from './propagationLayout';

/** Where everything that can change stands in the flat state vector; -1 for what this program has no need of. */
export interface Layout {
	readonly cells: number;
	/** Per cell the outermost object that holds it, or -1. */
	readonly objectOf: Int32Array;
	/** Per object its outermost owner (itself, mostly). */
	readonly outermost: Int32Array;
	/** Per object 1 when its memory outlives it. */
	readonly typeStable: Uint8Array;
	/** Per outermost object its slot. */
	readonly life: Int32Array;
	readonly threads: readonly ThreadLayout[];
	/** Where stores reach some threads before others. */
	readonly propagation: Propagation | undefined;
	readonly slots: number;
	readonly domains: number;
	/** Threads that an interrupt may come upon. */
	readonly interruptible: Uint8Array;
	readonly anyInterrupt: boolean;
	readonly anyWatch: boolean;
	/** Whether somebody asks of a lock whether anyone holds it. */
	readonly anyoneAsks: boolean;
	/** Numbering of what steps can conflict about: cells, then objects, thread states, processors, RCU domains, store buffers, access windows. */
	readonly objectResource: number;
	readonly threadResource: number;
	readonly processorResource: number;
	readonly domainResource: number;
	readonly bufferResource: number;
	readonly windowResource: number;
	readonly resources: number;
}

export interface ThreadLayout {
	/** See `IDLE`, `PENDING`, `ENDED`, `RUNNING`. */
	readonly control: number;
	readonly registers: number;
	/** The thread that this interrupt stands on, plus one. */
	readonly nested: number;
	readonly args: number;
	readonly argCount: number;
	/** Runs begun, `AGAIN` and `DISABLED`. */
	readonly flags: number;
	readonly context: number;
	/** Per domain. */
	readonly reading: Int32Array;
	readonly grace: Int32Array;
	readonly spawnGrace: Int32Array;
	readonly holds: number;
	readonly holdCount: number;
	readonly watches: number;
	readonly watchCount: number;
	readonly queue: number;
	/** Per outermost object net references taken. */
	readonly references: number;
	/** Store buffer of a weak memory. */
	readonly buffer: number;
	/** First slot after this thread's own. */
	readonly end: number;
}

/** Thread states; from RUNNING on the value is RUNNING + the place where it rests. */
export const IDLE = 0, PENDING = 1, ENDED = 2, RUNNING = 3;
/** Added to a thread's flags: spawned again while it runs; never to be spawned again. */
export const AGAIN = 256, DISABLED = 512;
/** Object states. */
export const POOLED = 0, LIVE = 1, FREED = 2;

const MOST_HOLDS = 16;
/** Entries that a store buffer of a weak memory holds; when one more comes, the oldest reaches memory at once. */
export const BUFFER = 4;

interface Needs {
	readonly holds: number;
	readonly context: boolean;
	readonly queue: boolean;
	readonly references: boolean;
	readonly reading: ReadonlySet<number>;
	readonly grace: ReadonlySet<number>;
}

function needsOf(ops: readonly Op[], countLeaks: boolean): Needs {
	let holds = 0;
	let context = false;
	let queue = false;
	let references = false;
	const reading = new Set<number>();
	const grace = new Set<number>();
	for (const op of ops) {
		if (op.op === 'lock' || op.op === 'trylock' || op.op === 'inherit' || op.op === 'enter') holds++;
		else if (op.op === 'context' || op.op === 'context-set') context = true;
		else if (op.op === 'prepare-wait' || op.op === 'sleep') queue = true;
		else if (op.op === 'get') references = references || countLeaks;
		else if (op.op === 'rcu') reading.add(op.domain);
		else if (op.op === 'grace-begin' || op.op === 'grace-wait') grace.add(op.domain);
	}
	return { holds: Math.min(holds, MOST_HOLDS), context, queue, references, reading, grace };
}

function objectTables(program: Program): { objectOf: Int32Array; outermost: Int32Array } {
	const cells = program.cells.length;
	const objectOf = new Int32Array(cells).fill(-1);
	const bySize = program.objects.map((_, i) => i).sort((a, b) => program.objects[a]!.size - program.objects[b]!.size || b - a);
	for (const index of bySize) {
		const { first, size, name } = program.objects[index]!;
		if (first < 0 || first + size > cells) throw new Error(`object ${name}: cells ${first} to ${first + size} of ${cells}`);
		for (let cell = first; cell < first + size; cell++) objectOf[cell] = index;
	}
	const outermost = Int32Array.from(program.objects, ({ first, size }, i) => (size > 0 ? objectOf[first]! : i));
	return { objectOf, outermost };
}

/** Lays out the state of a program: only what its operations can change gets a slot. */
export function layoutOf(program: Program, mostLive: readonly number[], bufferSlots: number, propagating = false): Layout {
	const cells = program.cells.length;
	const { objectOf, outermost } = objectTables(program);
	const everyOp: readonly Op[] = [...program.setup, ...program.threads.flatMap((thread) => thread.code)];
	let slots = cells;
	const take = (count: number): number => {
		const first = slots;
		slots += count;
		return first;
	};
	const lives = everyOp.some((op) => op.op === 'alloc' || op.op === 'free' || (op.op === 'put' && op.frees === true)) || program.objects.some((o) => !o.live);
	const life = Int32Array.from(program.objects, (_, i) => (lives && outermost[i] === i ? take(1) : -1));
	const countLeaks = program.without?.includes('refcount-leak') !== true && program.objects.length > 0;
	let domains = 1;
	for (const op of everyOp) {
		if ('domain' in op) domains = Math.max(domains, op.domain + 1);
		if (op.op === 'spawn' && op.grace !== undefined) domains = Math.max(domains, op.grace + 1);
	}
	const interruptible = new Uint8Array(program.threads.length);
	for (const thread of program.threads) for (const under of thread.interrupts ?? []) interruptible[under] = 1;
	const spawns = everyOp.flatMap((op) => (op.op === 'spawn' ? [op] : []));
	const controlled = new Set<number>(everyOp.flatMap((op) => (op.op === 'spawn' || op.op === 'disable' ? [op.thread] : [])));
	const threadLayout = (thread: Thread, index: number): ThreadLayout => {
		const needs = needsOf(thread.code, countLeaks);
		const control = take(1);
		const registers = take(mostLive[index]!);
		const mine = spawns.filter((op) => op.thread === index);
		const argCount = Math.min(thread.registers, Math.max(0, ...mine.map((op) => op.args.length)));
		const perDomain = (wanted: (domain: number) => boolean): Int32Array =>
			Int32Array.from({ length: domains }, (_, domain) => (wanted(domain) ? take(1) : -1));
		return {
			control,
			registers,
			nested: thread.interrupts === undefined ? -1 : take(1),
			args: argCount > 0 ? take(argCount) : -1,
			argCount,
			flags: controlled.has(index) ? take(1) : -1,
			context: needs.context ? take(1) : -1,
			reading: perDomain((domain) => needs.reading.has(domain)),
			grace: perDomain((domain) => needs.grace.has(domain)),
			spawnGrace: perDomain((domain) => mine.some((op) => op.grace === domain)),
			holds: take(needs.holds),
			holdCount: needs.holds,
			watches: take(thread.watches),
			watchCount: thread.watches,
			queue: needs.queue ? take(1) : -1,
			references: needs.references ? take(program.objects.length) : -1,
			buffer: bufferSlots > 0 ? take(bufferSlots) : -1,
			end: slots,
		};
	};
	const threads = program.threads.map(threadLayout);
	const propagation = propagating ? propagationOf(program, take) : undefined;
	const objectResource = cells;
	const threadResource = objectResource + program.objects.length;
	const processorResource = threadResource + program.threads.length;
	const domainResource = processorResource + program.threads.length;
	const bufferResource = domainResource + domains;
	const windowResource = bufferResource + program.threads.length;
	return {
		cells, objectOf, outermost, life, threads, slots, domains, interruptible, propagation,
		typeStable: Uint8Array.from(program.objects, (o) => (o.typeStable === true ? 1 : 0)),
		anyInterrupt: program.threads.some((thread) => thread.interrupts !== undefined),
		anyoneAsks: everyOp.some((op) => op.op === 'held' && op.anyone === true),
		anyWatch: program.threads.some((thread) => thread.watches > 0),
		objectResource, threadResource, processorResource, domainResource, bufferResource, windowResource,
		resources: windowResource + (everyOp.some((op) => op.op === 'enter') ? cells : 0),
	};
}

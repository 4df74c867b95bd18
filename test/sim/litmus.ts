/** The classic litmus shapes: the program, and registers' or cells' values that make up the outcome in question. */
export interface Litmus {
	readonly name: string;
	/** Threads as lines separated by `;`; outcome cells start with `o`. */
	readonly threads: readonly string[];
	readonly outcome: Readonly<Record<string, number>>;
	/** Whether the outcome can be under sequential consistency, TSO and the weak memory. */
	readonly sc: boolean;
	readonly tso: boolean;
	readonly weak: boolean;
	/** The file of tools/memory-model/litmus-tests or Documentation/litmus-tests in the kernel whose verdict `weak` agrees with. */
	readonly kernel?: string;
	/** Objects and cells besides the usual ones. */
	readonly world?: string;
}

const W = (x: string, order = 'once'): string => `store ${x} 1 ${order}`;
const R = (x: string, out: string, order = 'once'): string => `load r${out} ${x} ${order}`;
const keep = (out: string): string => `+ store o${out} r${out}`;
const read = (x: string, out: string, order = 'once'): string => R(x, out, order);

/** Outcome registers are stored at the end, so that loads may be put off till then. */
const thread = (...lines: readonly string[]): string => {
	const outs = lines.flatMap((line) => /^load r(\w+) /.exec(line)?.[1] ?? []);
	return [...lines, ...outs.map((out, i) => (i === 0 ? `store o${out} r${out}` : keep(out)))].join(';');
};

export const LITMUS: readonly Litmus[] = [
	{ name: 'SB', threads: [thread(W('x'), read('y', '0')), thread(W('y'), read('x', '1'))], outcome: { o0: 0, o1: 0 }, sc: false, tso: true, weak: true, kernel: 'SB+poonceonces' },
	{ name: 'SB+mbs', threads: [thread(W('x'), 'fence full', read('y', '0')), thread(W('y'), 'fence full', read('x', '1'))], outcome: { o0: 0, o1: 0 }, sc: false, tso: false, weak: false, kernel: 'SB+fencembonceonces' },
	{ name: 'SB+mb+po', threads: [thread(W('x'), 'fence full', read('y', '0')), thread(W('y'), read('x', '1'))], outcome: { o0: 0, o1: 0 }, sc: false, tso: true, weak: true },
	{ name: 'SB+xchgs', threads: [thread('xchg a x 1 full', read('y', '0')), thread('xchg a y 1 full', read('x', '1'))], outcome: { o0: 0, o1: 0 }, sc: false, tso: false, weak: false },
	{ name: 'MP', threads: [thread(W('x'), W('y')), thread(read('y', '0'), read('x', '1'))], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: true, kernel: 'MP+poonceonces' },
	{ name: 'MP+wmb', threads: [thread(W('x'), 'fence write', W('y')), thread(read('y', '0'), read('x', '1'))], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: true },
	{ name: 'MP+wmb+rmb', threads: [thread(W('x'), 'fence write', W('y')), thread(read('y', '0'), 'fence read', read('x', '1'))], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: false, kernel: 'MP+fencewmbonceonce+fencermbonceonce' },
	{ name: 'MP+rel+acq', threads: [thread(W('x'), W('y', 'release')), thread(read('y', '0', 'acquire'), read('x', '1'))], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: false, kernel: 'MP+pooncerelease+poacquireonce' },
	{ name: 'MP+rmb', threads: [thread(W('x'), W('y')), thread(read('y', '0'), 'fence read', read('x', '1'))], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: true },
	{ name: 'MP+addr', threads: [thread('store A.v 1', 'fence write', 'store p &A'), 'load r0 p;if r0 goto use;end;use:;load r1 r0.v;store o0 1;+ store o1 r1'], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: false },
	{ name: 'LB', threads: [thread(read('x', '0'), W('y')), thread(read('y', '1'), W('x'))], outcome: { o0: 1, o1: 1 }, sc: false, tso: false, weak: true, kernel: 'LB+poonceonces' },
	{ name: 'LB+rel+acq', threads: [thread(read('x', '0', 'acquire'), W('y')), thread(read('y', '1'), W('x', 'release'))], outcome: { o0: 1, o1: 1 }, sc: false, tso: false, weak: false, kernel: 'LB+poacquireonce+pooncerelease' },
	{ name: 'LB+mb+ctrl', threads: ['load r0 x;if r0 goto go;end;go:;store y 1;+ store o0 r0', thread(read('y', '1'), 'fence full', W('x'))], outcome: { o0: 1, o1: 1 }, sc: false, tso: false, weak: false, kernel: 'LB+fencembonceonce+ctrlonceonce' },
	{ name: 'LB+datas', threads: ['load r0 x;store y r0;+ store o0 r0', 'load r1 y;store x r1;+ store o1 r1'], outcome: { o0: 1, o1: 1 }, sc: false, tso: false, weak: false },
	// Relaxed atomic updates pass what is before and behind them, unless smp_mb__before_atomic() or smp_mb__after_atomic() is there.
	{ name: 'SB+incs', threads: [thread('rmw x add 1 once', read('y', '0')), thread('rmw y add 1 once', read('x', '1'))], outcome: { o0: 0, o1: 0 }, sc: false, tso: false, weak: true },
	{ name: 'SB+inc-mbs', threads: [thread('rmw x add 1 once', 'fence full', read('y', '0')), thread('rmw y add 1 once', 'fence full', read('x', '1'))], outcome: { o0: 0, o1: 0 }, sc: false, tso: false, weak: false },
	{ name: 'MP+inc+rmb', threads: [thread(W('x'), 'rmw y add 1 once'), thread(read('y', '0'), 'fence read', read('x', '1'))], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: true },
	{ name: 'MP+mb-inc+rmb', threads: [thread(W('x'), 'fence full', 'rmw y add 1 once'), thread(read('y', '0'), 'fence read', read('x', '1'))], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: false },
	{ name: 'MP+inc-rel+acq', threads: [thread(W('x'), 'rmw y add 1 release'), thread(read('y', '0', 'acquire'), read('x', '1'))], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: false },
	{ name: 'CoRW+inc', threads: [thread(read('x', '0'), 'rmw x add 1 once')], outcome: { o0: 1 }, sc: false, tso: false, weak: false },
	{ name: 'incs', threads: ['rmw x add 1 once;rmw x add 1 once', 'rmw x add 1 once'], outcome: { x: 2 }, sc: false, tso: false, weak: false },
	// Locks are acquires and releases: a store before one and a load behind it are not ordered without smp_mb__after_spinlock() or smp_mb().
	{ name: 'SB+lock+mb', world: 'cells L', threads: ['store x 1;lock L;load r0 y;unlock L;store o0 r0', thread(W('y'), 'fence full', read('x', '1'))], outcome: { o0: 0, o1: 0 }, sc: false, tso: false, weak: true },
	{ name: 'SB+lock-mb+mb', world: 'cells L', threads: ['store x 1;lock L;fence full;load r0 y;unlock L;store o0 r0', thread(W('y'), 'fence full', read('x', '1'))], outcome: { o0: 0, o1: 0 }, sc: false, tso: false, weak: false },
	{ name: 'SB+unlock+mb', world: 'cells L', threads: ['lock L;store x 1;unlock L;load r0 y;store o0 r0', thread(W('y'), 'fence full', read('x', '1'))], outcome: { o0: 0, o1: 0 }, sc: false, tso: true, weak: true },
	{ name: 'SB+unlock-mb+mb', world: 'cells L', threads: ['lock L;store x 1;unlock L;fence full;load r0 y;store o0 r0', thread(W('y'), 'fence full', read('x', '1'))], outcome: { o0: 0, o1: 0 }, sc: false, tso: false, weak: false },
	{ name: 'SB+locks', world: 'cells L', threads: ['lock L;store x 1;load r0 y;unlock L;store o0 r0', 'lock L;store y 1;load r1 x;unlock L;store o1 r1'], outcome: { o0: 0, o1: 0 }, sc: false, tso: false, weak: false },
	{ name: 'MP+unlock+rmb', world: 'cells L', threads: ['lock L;store x 1;unlock L;store y 1', thread(read('y', '0'), 'fence read', read('x', '1'))], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: true },
	{ name: 'IRIW', threads: [W('x'), W('y'), thread(read('x', '0'), read('y', '1')), thread(read('y', '2'), read('x', '3'))], outcome: { o0: 1, o1: 0, o2: 1, o3: 0 }, sc: false, tso: false, weak: true, kernel: 'IRIW+poonceonces+OnceOnce' },
	{ name: 'IRIW+mbs', threads: [W('x'), W('y'), thread(read('x', '0'), 'fence full', read('y', '1')), thread(read('y', '2'), 'fence full', read('x', '3'))], outcome: { o0: 1, o1: 0, o2: 1, o3: 0 }, sc: false, tso: false, weak: false, kernel: 'IRIW+fencembonceonces+OnceOnce' },
	// Stores may reach some before others.
	{ name: 'IRIW+rmbs', threads: [W('x'), W('y'), thread(read('x', '0'), 'fence read', read('y', '1')), thread(read('y', '2'), 'fence read', read('x', '3'))], outcome: { o0: 1, o1: 0, o2: 1, o3: 0 }, sc: false, tso: false, weak: true },
	{ name: '2+2W', threads: [thread(W('x'), 'store y 2'), thread(W('y'), 'store x 2')], outcome: { x: 1, y: 1 }, sc: false, tso: false, weak: true },
	{ name: '2+2W+mbs', threads: [thread(W('x'), 'fence full', 'store y 2'), thread(W('y'), 'fence full', 'store x 2')], outcome: { x: 1, y: 1 }, sc: false, tso: false, weak: false },
	{ name: 'CoRR', threads: [W('x'), thread(read('x', '0'), read('x', '1'))], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: false, kernel: 'CoRR+poonceonce+Once' },
	{ name: 'CoRW', threads: [thread(read('x', '0'), W('x')), 'store x 2'], outcome: { o0: 2, x: 2 }, sc: false, tso: false, weak: false, kernel: 'CoRW+poonceonce+Once' },
	{ name: 'CoWR', threads: [thread(W('x'), read('x', '0')), 'store x 2'], outcome: { o0: 2, x: 1 }, sc: false, tso: false, weak: false, kernel: 'CoWR+poonceonce+Once' },
	{ name: 'CoWW', threads: [thread(W('x'), 'store x 2')], outcome: { x: 1 }, sc: false, tso: false, weak: false, kernel: 'CoWW+poonceonce' },
	{ name: 'R', threads: [thread(W('x'), W('y')), thread('store y 2', read('x', '0'))], outcome: { y: 2, o0: 0 }, sc: false, tso: true, weak: true, kernel: 'R+poonceonces' },
	{ name: 'R+mbs', threads: [thread(W('x'), 'fence full', W('y')), thread('store y 2', 'fence full', read('x', '0'))], outcome: { y: 2, o0: 0 }, sc: false, tso: false, weak: false, kernel: 'R+fencembonceonces' },
	{ name: 'S', threads: [thread('store x 2', W('y')), thread(read('y', '0'), W('x'))], outcome: { o0: 1, x: 2 }, sc: false, tso: false, weak: true, kernel: 'S+poonceonces' },
	{ name: 'S+wmb+acq', threads: [thread('store x 2', 'fence write', W('y')), thread(read('y', '0', 'acquire'), W('x'))], outcome: { o0: 1, x: 2 }, sc: false, tso: false, weak: false, kernel: 'S+fencewmbonceonce+poacquireonce' },
	{ name: 'WRC', threads: [W('x'), thread(read('x', '0'), W('y')), thread(read('y', '1'), read('x', '2'))], outcome: { o0: 1, o1: 1, o2: 0 }, sc: false, tso: false, weak: true, kernel: 'WRC+poonceonces+Once' },
	{ name: 'WRC+rel+rmb', threads: [W('x'), thread(read('x', '0'), W('y', 'release')), thread(read('y', '1'), 'fence read', read('x', '2'))], outcome: { o0: 1, o1: 1, o2: 0 }, sc: false, tso: false, weak: false, kernel: 'WRC+pooncerelease+fencermbonceonce+Once' },
	{ name: 'ISA2', threads: [thread(W('x'), W('y')), thread(read('y', '0'), W('z')), thread(read('z', '1'), read('x', '2'))], outcome: { o0: 1, o1: 1, o2: 0 }, sc: false, tso: false, weak: true, kernel: 'ISA2+poonceonces' },
	{ name: 'ISA2+rel+acq+rel+acq', threads: [thread(W('x'), W('y', 'release')), thread(read('y', '0', 'acquire'), W('z', 'release')), thread(read('z', '1', 'acquire'), read('x', '2'))], outcome: { o0: 1, o1: 1, o2: 0 }, sc: false, tso: false, weak: false, kernel: 'ISA2+pooncerelease+poacquirerelease+poacquireonce' },
];

/** A program whose assertion at the end fails when and only when the outcome came about. */
export function litmusProgram({ threads, outcome, world = '' }: Litmus): string {
	return `
${world}
object A v
cells x y z p o0=-1 o1=-1 o2=-1 o3=-1
${threads.map((lines, i) => `thread P${i}\n${lines.split(';').join('\n')}`).join('\n')}
end:
	set hit 1
${Object.entries(outcome).map(([cell, value]) => `	load v ${cell}\n	eq v v ${value}\n	and hit hit v`).join('\n')}
	eq miss hit 0
	assert miss assertion the outcome came about
`;
}

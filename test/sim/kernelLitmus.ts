import type { Litmus } from './litmus';

/** What a thread saw goes into the outcome's cells when it is done. */
const saw = (...outs: readonly string[]): string => outs.map((out, i) => `${i === 0 ? '' : '+ '}store o${out} r${out}`).join(';');

const publisher = 'lock L;store x 1;store y 1;unlock L';
const doubleChecked = (first: string, last: string, out: string): string =>
	`load a x ${first};if a goto done;lock L;load b x;if b goto let;store y 1;store x 1 ${last};let:;unlock L;done:;load r${out} y;${saw(out)}`;

/**
 * The rest of the shapes whose verdicts the kernel documents, under tools/memory-model/litmus-tests (no folder) and Documentation/litmus-tests: locks,
 * read sides and grace periods, pointers, atomic operations.
 */
const SHAPES: readonly Litmus[] = [
	{ name: 'ISA2+locks+mb', threads: [publisher, `lock L;load r0 y;store z 1;unlock L;${saw('0')}`, `load r1 z;fence full;load r2 x;${saw('1', '2')}`], outcome: { o0: 1, o1: 1, o2: 0 }, sc: false, tso: false, weak: false, kernel: 'ISA2+pooncelock+pooncelock+pombonce' },
	{ name: 'LB+unlocklock+acq', world: 'cells M', threads: [`lock L;load r0 x;unlock L;lock M;store y 1;unlock M;${saw('0')}`, `load r1 y acquire;store x 1;${saw('1')}`], outcome: { o0: 1, o1: 1 }, sc: false, tso: false, weak: false, kernel: 'LB+unlocklockonceonce+poacquireonce' },
	{ name: 'MP+lock-mb+is-locked', threads: ['lock L;fence full;store x 1;unlock L', `load r0 x acquire;held r1 L anyone;held r2 L anyone;${saw('0', '1', '2')}`], outcome: { o0: 1, o1: 0, o2: 1 }, sc: false, tso: false, weak: false, kernel: 'MP+polockmbonce+poacquiresilsil' },
	{ name: 'MP+lock+is-locked', threads: ['lock L;store x 1;unlock L', `load r0 x acquire;held r1 L anyone;held r2 L anyone;${saw('0', '1', '2')}`], outcome: { o0: 1, o1: 0, o2: 1 }, sc: false, tso: false, weak: true, kernel: 'MP+polockonce+poacquiresilsil' },
	{ name: 'MP+locks', threads: ['store x 1;lock L;store y 1;unlock L', `lock L;load r0 y;unlock L;load r1 x;${saw('0', '1')}`], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: false, kernel: 'MP+polocks' },
	{ name: 'MP+revlocks', threads: [`load r0 y;lock L;load r1 x;unlock L;${saw('0', '1')}`, 'lock L;store x 1;unlock L;store y 1'], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: false, kernel: 'MP+porevlocks' },
	{ name: 'MP+unlocklock+rmb', world: 'cells M', threads: ['lock L;store x 1;unlock L;lock M;store y 1;unlock M', `load r0 y;fence read;load r1 x;${saw('0', '1')}`], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: false, kernel: 'MP+unlocklockonceonce+fencermbonceonce' },
	{ name: 'MP+assign+deref', world: 'object B v\ncells pp=&B', threads: ['store A.v 1;store pp &A release', 'rcu-lock;load p pp;load r1 p.v;rcu-unlock;eq r0 p &A;* store o0 r0;+ store o1 r1'], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: false, kernel: 'MP+onceassign+derefonce' },
	{ name: 'SB+rfi', threads: [`store x 1;load a x;load r0 y;${saw('0')}`, `store y 1;load a y;load r1 x;${saw('1')}`], outcome: { o0: 0, o1: 0 }, sc: false, tso: true, weak: true, kernel: 'SB+rfionceonce-poonceonces' },
	{ name: 'Z6.0+locks+mb', threads: [publisher, `lock L;fence full;load r0 y;store z 1;unlock L;${saw('0')}`, `store z 2;fence full;load r1 x;${saw('1')}`], outcome: { o0: 1, z: 2, o1: 0 }, sc: false, tso: false, weak: false, kernel: 'Z6.0+pooncelock+poonceLock+pombonce' },
	{ name: 'Z6.0+locks', threads: [publisher, `lock L;load r0 y;store z 1;unlock L;${saw('0')}`, `store z 2;fence full;load r1 x;${saw('1')}`], outcome: { o0: 1, z: 2, o1: 0 }, sc: false, tso: false, weak: true, kernel: 'Z6.0+pooncelock+pooncelock+pombonce' },
	{ name: 'Z6.0+rel+acq+rel+mb', threads: ['store x 1;store y 1 release', `load r0 y acquire;store z 1 release;${saw('0')}`, `store z 2;fence full;load r1 x;${saw('1')}`], outcome: { o0: 1, z: 2, o1: 0 }, sc: false, tso: false, weak: true, kernel: 'Z6.0+pooncerelease+poacquirerelease+fencembonceonce' },
	{ name: 'dep+plain', world: 'cells z2', threads: ['load a x;store z a plain;load b z plain;store z2 b plain;load c z2 plain;eq c c 1;if c goto one;end;one:;store y 1', 'load r y acquire;store x r release'], outcome: { x: 1, y: 1 }, sc: false, tso: false, weak: false, kernel: 'dep+plain' },
	{ name: 'RCU+sync+read', threads: ['rcu-lock;store x 1;store y 1;rcu-unlock', `load r0 x;grace-begin;grace-wait;load r1 y;${saw('0', '1')}`], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: false, kernel: 'rcu/RCU+sync+read' },
	{ name: 'RCU+sync+free', world: 'object B v=1\ncells pp=&B', threads: ['rcu-lock;load p pp;load r1 p.v;rcu-unlock;eq r0 p &B;* store o0 r0;+ store o1 r1', 'store pp &A release;grace-begin;grace-wait;store B.v 0'], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: false, kernel: 'rcu/RCU+sync+free' },
	{ name: 'atomic+set', world: 'cells q=1', threads: ['cas a q 1 2 full', 'store q 0'], outcome: { q: 2 }, sc: false, tso: false, weak: false, kernel: 'atomic/Atomic-RMW-ops-are-atomic-WRT-atomic_set' },
	{ name: 'MP+rmw-mb+rmb', threads: [`load r0 x;fence read;load r1 y;${saw('0', '1')}`, 'rmw y add 1 once;fence full;store x 1'], outcome: { o0: 1, o1: 0 }, sc: false, tso: false, weak: false, kernel: 'atomic/Atomic-RMW+mb__after_atomic-is-stronger-than-acquire' },
	{ name: 'SB+failed-cmpxchgs', threads: [`store x 1;cas a z 1 0 full;load r0 y;${saw('0')}`, `store y 1;cas a z 1 0 full;load r1 x;${saw('1')}`], outcome: { o0: 0, o1: 0 }, sc: false, tso: false, weak: true, kernel: 'atomic/cmpxchg-fail-unordered-1' },
	{ name: 'SB+failed-cmpxchg-mbs', threads: [`store x 1;cas a z 1 0 full;fence full;load r0 y;${saw('0')}`, `store y 1;cas a z 1 0 full;fence full;load r1 x;${saw('1')}`], outcome: { o0: 0, o1: 0 }, sc: false, tso: false, weak: false, kernel: 'atomic/cmpxchg-fail-ordered-1' },
	{ name: 'MP+failed-cmpxchg', threads: [`store x 1;cas r0 y 0 1 full;${saw('0')}`, `cas r1 y 0 1 full;load r2 x;${saw('1', '2')}`], outcome: { o0: 0, o1: 1, o2: 0 }, sc: false, tso: false, weak: true, kernel: 'atomic/cmpxchg-fail-unordered-2' },
	{ name: 'MP+failed-cmpxchg-mb', threads: [`store x 1;cas r0 y 0 1 full;${saw('0')}`, `cas r1 y 0 1 full;fence full;load r2 x;${saw('1', '2')}`], outcome: { o0: 0, o1: 1, o2: 0 }, sc: false, tso: false, weak: false, kernel: 'atomic/cmpxchg-fail-ordered-2' },
	{ name: 'double-checked', threads: [doubleChecked('once', 'once', '0'), doubleChecked('once', 'once', '1')], outcome: { o0: 0 }, sc: false, tso: false, weak: true, kernel: 'locking/DCL-broken' },
	{ name: 'double-checked+acq+rel', threads: [doubleChecked('acquire', 'release', '0'), doubleChecked('acquire', 'release', '1')], outcome: { o0: 0 }, sc: false, tso: false, weak: false, kernel: 'locking/DCL-fixed' },
	{ name: 'roach-motel', threads: ['lock L;rmw y add 1 full;store x 1;unlock L', `load r0 x;load r1 x;lock L;rmw y add 1 r2 new full;unlock L;${saw('0', '1', '2')}`], outcome: { o0: 0, o1: 1, o2: 1 }, sc: false, tso: false, weak: false, kernel: 'locking/RM-fixed' },
];

export const KERNEL_LITMUS: readonly Litmus[] = SHAPES.map((shape) => ({ ...shape, world: `cells L\n${shape.world ?? ''}` }));

import fc from 'fast-check';

const CELLS = ['x', 'y', 'z'];
const LOCKS = ['K', 'L'];

const operation: fc.Arbitrary<string> = fc.oneof(
	{ weight: 4, arbitrary: fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom(...CELLS)).map(([r, c]) => `load ${r} ${c}`) },
	{ weight: 4, arbitrary: fc.tuple(fc.constantFrom(...CELLS), fc.constantFrom('a', 'b', '1', '2')).map(([c, v]) => `store ${c} ${v}`) },
	{ weight: 2, arbitrary: fc.constantFrom(...CELLS).map((c) => `rmw ${c} add 1`) },
	{ weight: 1, arbitrary: fc.constantFrom(...CELLS).map((c) => `xchg a ${c} 1`) },
	{ weight: 1, arbitrary: fc.constantFrom(...CELLS).map((c) => `cas a ${c} 0 2`) },
	{ weight: 1, arbitrary: fc.constantFrom(...CELLS).map((c) => `await ${c} ge 1`) },
	{ weight: 1, arbitrary: fc.constantFrom('a', 'b').map((r) => `choose ${r} 0 1`) },
	{ weight: 1, arbitrary: fc.constantFrom('get A.ref', 'put A.ref', 'put A.ref frees', 'load a A.data', 'store A.data 1', 'get? a A.ref') },
	{ weight: 1, arbitrary: fc.constantFrom('load p slot', 'store slot 0', 'store slot &A', 'store p.data 1', 'load b p.data') },
	{ weight: 1, arbitrary: fc.constantFrom('alloc p B', 'free &A', 'store slot p') },
	{ weight: 1, arbitrary: fc.constantFrom('prepare-wait q', 'sleep q', 'wake q', 'wake q one', 'finish-wait q') },
	{ weight: 1, arbitrary: fc.constantFrom('rcu-lock', 'rcu-unlock', 'grace-begin', 'grace-wait') },
	{ weight: 1, arbitrary: fc.constantFrom('load a d', 'load b x watch 0', 'store x 1 unless 0 lost-data overwritten', 'might-sleep f') },
	{ weight: 1, arbitrary: fc.constantFrom('spawn W', 'cancel W a', 'join W', 'join W pending', 'disable W', 'spawn W grace 0') },
	{ weight: 1, arbitrary: fc.constantFrom('off hardirq', 'on hardirq', 'enter q', 'leave q', 'enter q shared', 'leave q shared', 'excuse') },
	{ weight: 1, arbitrary: fc.constantFrom('assert a', 'trylock a K', 'held b K') },
);

const block: fc.Arbitrary<string> = fc.oneof(
	{ weight: 4, arbitrary: operation },
	{ weight: 1, arbitrary: fc.tuple(fc.constantFrom(...LOCKS), fc.array(operation, { maxLength: 2 })).map(([l, ops]) => [`lock ${l}`, ...ops, `unlock ${l}`].join('\n')) },
	{ weight: 1, arbitrary: fc.tuple(fc.constantFrom('L rwsem'), fc.array(operation, { maxLength: 1 })).map(([l, ops]) => [`lock ${l} shared`, ...ops, `unlock ${l} shared`].join('\n')) },
	{ weight: 1, arbitrary: fc.tuple(operation, operation).map(([a, b]) => `${a}\n+ ${b}`).filter((text) => !/\+ (await|sleep|join|grace-wait|lock)/.test(text)) },
);

const body = (most: number): fc.Arbitrary<string> => fc.array(block, { minLength: 1, maxLength: most }).map((lines) => lines.join('\n'));

const allocation: fc.Arbitrary<string> = fc.oneof(
	{ weight: 3, arbitrary: fc.constantFrom('alloc p B C', 'store slot p', 'store slot2 p', 'load p slot') },
	{ weight: 2, arbitrary: fc.constantFrom('store p.data 1', 'load a p.data', 'free p', 'store p.link p', 'load p p.link') },
	{ weight: 1, arbitrary: fc.constantFrom('lock p.lk\nstore p.data 2\nunlock p.lk', 'load a p.data watch 0', 'prepare-wait p.lk', 'wake p.lk', 'get p.data', 'put p.data') },
	{ weight: 1, arbitrary: operation },
);

/** Threads that allocate from one pool and pass on what they got. */
export const allocatingProgram: fc.Arbitrary<string> = fc.array(fc.array(allocation, { minLength: 2, maxLength: 5 }).map((lines) => ['alloc p B C', ...lines].join('\n')), { minLength: 2, maxLength: 2 }).map((bodies) => `
cells x y=1 z K L q d=?0|1 slot2
object A ref=1
cells slot
pool B/buffer data link lk
pool C/buffer data link lk
${bodies.map((text, i) => `thread T${i}\n${text}`).join('\n')}
thread W work idle
rmw z add 1
end:
load a slot
load b slot2
ne c a b
eq d a 0
or c c d
assert c assertion one object in both slots
`);

const watching: fc.Arbitrary<string> = fc.oneof(
	{ weight: 4, arbitrary: fc.constantFrom('load a x watch 0', 'load b y watch 1', 'load a y watch 0', 'load a p.data watch 1') },
	{ weight: 4, arbitrary: fc.constantFrom('store x 1 unless 0 lost-data overwritten', 'store y a unless 1 assertion stale', 'rmw x add 1 once unless 0 check-then-act changed', 'store x 2', 'store y 1', 'store p.data 1 unless 1 lost-data overwritten') },
	{ weight: 3, arbitrary: fc.constantFrom('prepare-wait q\nsleep q', 'sleep q', 'wake q', 'wake q one', 'rcu-lock\nload a x\nrcu-unlock', 'grace-begin\ngrace-wait', 'load p slot', 'spawn W grace 0') },
	{ weight: 2, arbitrary: fc.constantFrom('lock P page\nstore x 3\nunlock P page', 'unlock P page', 'lock P page', 'get A.ref', 'put A.ref', 'escape p', 'store slot p', 'touch p', 'excuse') },
	{ weight: 1, arbitrary: operation },
);

/** Threads that act on what they have seen, wait for each other, and release what another one took. */
export const watchingProgram: fc.Arbitrary<string> = fc.array(fc.array(watching, { minLength: 2, maxLength: 5 }).map((lines) => lines.join('\n')), { minLength: 2, maxLength: 3 }).map((bodies) => `
cells x y=1 z K L P q d=?0|1
object A ref=1 data
cells slot=&A
pool B data
${bodies.map((text, i) => `thread T${i}\n${text}`).join('\n')}
thread W work idle
rmw z add 1
`);

/** Two or three threads that do the same, and one that does not. */
export const symmetricProgram: fc.Arbitrary<string> = fc.record({ same: body(4), other: body(3), count: fc.constantFrom(2, 3) }).map(({ same, other, count }) => `
cells x y=1 z K L q d=?0|1
object A ref=1 data
cells slot=&A
pool B data
${Array.from({ length: count }, (_, i) => `thread S${i} same 1\n${same}`).join('\n')}
thread O
${other}
thread W work idle
rmw z add 1
end:
load a x
load b y
add a a b
lt a a 5
assert a assertion x and y are too large
`);

/** Random programs in the notation: two or three threads, a work item, and sometimes an interrupt. */
export const randomProgram: fc.Arbitrary<string> = fc.record({
	bodies: fc.array(body(4), { minLength: 2, maxLength: 3 }),
	work: body(2),
	interrupt: fc.option(fc.tuple(fc.constantFrom('hardirq', 'softirq'), body(2)), { freq: 3 }),
	without: fc.constantFrom('', 'without refcount-leak', 'without lock-held-at-return unlock-not-held', 'without sleep-in-atomic deadlock'),
}).map(({ bodies, work, interrupt, without }) => `
${without}
cells x y=1 z K L q d=?0|1
object A ref=1 data
cells slot=&A
pool B data
${bodies.map((text, i) => `thread T${i}\n${text}`).join('\n')}
thread W work idle runs 2
${work}
${interrupt === null ? '' : `thread I ${interrupt[0]} pending on T0\n${interrupt[1]}`}
end:
load a x
load b y
add a a b
lt a a 5
assert a assertion x and y are too large
`);

const buffered: fc.Arbitrary<string> = fc.oneof(
	{ weight: 3, arbitrary: fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y'), fc.constantFrom('', 'once', 'acquire')).map(([r, c, order]) => `load ${r} ${c} ${order}`) },
	{ weight: 3, arbitrary: fc.tuple(fc.constantFrom('x', 'y'), fc.constantFrom('a', '1', '2'), fc.constantFrom('', 'once', 'release')).map(([c, v, order]) => `store ${c} ${v} ${order}`) },
	{ weight: 2, arbitrary: fc.tuple(fc.constantFrom('x', 'y'), fc.constantFrom('once', 'release', 'full')).map(([c, order]) => `rmw ${c} add 1 ${order}`) },
	{ weight: 1, arbitrary: fc.tuple(fc.constantFrom('x', 'y'), fc.constantFrom('once', 'full')).map(([c, order]) => `cas a ${c} 0 2 ${order}`) },
	{ weight: 1, arbitrary: fc.constantFrom('fence full', 'fence write', 'fence read', 'xchg a x 1 once', 'held b K anyone', 'load a d') },
	{ weight: 1, arbitrary: fc.constantFrom('lock K\nstore x 1\nunlock K', 'lock K\nload a y\nunlock K', 'trylock a K', 'lock R rwsem shared\nstore y 2\nunlock R rwsem shared') },
);

/** Two threads whose accesses a weak memory reorders. */
export const bufferedProgram: fc.Arbitrary<string> = fc.array(fc.array(buffered, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n')), { minLength: 2, maxLength: 2 }).map((bodies) => `
without lock-held-at-return
cells x y K R d=?0|1 o0 o1
${bodies.map((text, i) => `thread T${i}\n${text}\nstore o${i} a`).join('\n')}
end:
load a o0
load b o1
add a a b
lt a a 3
assert a assertion both saw much
`);

/** Three threads that do so little that all their interleavings can be tried: enough to notice stores that reach some before others. */
export const observedProgram: fc.Arbitrary<string> = fc.tuple(...[1, 2, 2].map((most) => fc.array(buffered, { minLength: 1, maxLength: most }).map((lines) => lines.join('\n')))).map((bodies) => `
without lock-held-at-return
cells x y K R d=?0|1
${bodies.map((text, i) => `thread T${i}\n${text}`).join('\n')}
end:
load a x
load b y
add a a b
lt a a 4
assert a assertion much was stored
`);

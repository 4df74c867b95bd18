import * as v from 'valibot';
import { CLAIMS, SUBJECTS } from './partner-row';
import { FAILURES } from './failure-row';
import { PHRASES } from './phrases';
import { NAMINGS } from './namings';
import { isSpelled } from './words';

/** Schemas of the table's rows: the closed lists of ./row.ts, checked where YAML comes in. Strict, so that a misspelt key is an error. */

export const nameSchema = v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/u, 'a C identifier'));
const word = nameSchema;
const version = v.pipe(v.string(), v.regex(/^\d+\.\d+(\.\d+)?$/u, 'a kernel version in quotes, "5.16"'));
const place = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const file = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const index = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(31));
const integer = v.pipe(v.number(), v.integer());
const flag = v.boolean();

const lockKind = v.picklist(['spin', 'rw', 'mutex', 'rwsem', 'semaphore', 'bit', 'page', 'local']);
const mode = v.picklist(['exclusive', 'shared']);
const irq = v.picklist(['none', 'off', 'on', 'save', 'restore', 'bh-off', 'bh-on']);
const order = v.picklist(['plain', 'once', 'acquire', 'release', 'full']);
const alu = v.picklist(['add', 'sub', 'mul', 'div', 'mod', 'and', 'or', 'xor', 'shl', 'shr', 'eq', 'ne', 'lt', 'le', 'gt', 'ge']);
const context = v.picklist(['task', 'softirq', 'hardirq', 'rcu', 'work', 'timer']);

const common = {
	api: word,
	args: v.optional(index),
	sleeps: v.optional(flag),
	gfp: v.optional(index),
	returns: v.optional(place),
	touches: v.optional(v.array(index)),
	writes: v.optional(v.array(index)),
	nullOk: v.optional(flag),
	partial: v.optional(flag),
	asserts: v.optional(place),
	contract: v.optional(index),
	crosses: v.optional(v.array(place)),
	faults: v.optional(v.picklist(['off', 'on'])),
	feeds: v.optional(flag),
	since: v.optional(version),
	until: v.optional(version),
	source: file,
	note: v.optional(v.string()),
};

const row = <const Name extends string, const Entries extends v.ObjectEntries>(effect: Name, entries: Entries) =>
	v.strictObject({ ...common, effect: v.literal(effect), ...entries });
const lockEntries = { at: place, kind: lockKind, mode, irq: v.optional(irq), bit: v.optional(place) };
const every = { every: v.optional(context) };
const held = { held: v.optional(flag) };
const rcuDomain = { domain: v.optional(place) };

export const rowSchema = v.variant('effect', [
	row('lock', { ...lockEntries, fails: v.optional(integer), nests: v.optional(flag) }),
	row('trylock', { ...lockEntries, taken: v.optional(integer), refused: v.optional(integer) }),
	row('unlock', lockEntries),
	row('assert-held', { at: place, mode: v.optional(mode) }),
	row('is-held', { at: place, anyone: flag, bit: v.optional(place) }),
	row('rcu-lock', rcuDomain),
	row('rcu-unlock', rcuDomain),
	row('rcu-sync', rcuDomain),
	row('rcu-call', { ...rcuDomain, callback: place, argument: place }),
	row('free-rcu', { pointer: place }),
	row('context', { which: v.picklist(['hardirq', 'softirq', 'preempt']), delta: v.picklist([1, -1]), set: v.optional(flag) }),
	row('might-sleep', {}),
	row('get', { at: place, fails: v.optional(integer) }),
	row('get-unless-zero', { at: place }),
	row('put', { at: place, release: v.picklist(['free', 'arg1', 'none']), result: v.optional(v.picklist(['zero', 'none'])) }),
	row('consume', { argument: place, drop: word }),
	row('set-count', { at: place, value: place, fails: v.optional(integer) }),
	row('alloc', { type: v.optional(word), mayFail: flag, error: v.optional(integer), zeroed: v.optional(flag) }),
	row('free', { pointer: place }),
	row('load', { at: place, order: v.optional(order) }),
	row('store', { at: place, value: place, order: v.optional(order) }),
	row('rmw', {
		at: place, alu: v.optional(alu), value: place, order: v.optional(order),
		result: v.optional(v.picklist(['none', 'old', 'new', 'zero', 'negative'])),
	}),
	row('cas', { at: place, expect: place, value: place, result: v.picklist(['old', 'success']), order: v.optional(order) }),
	row('bit', {
		operation: v.picklist(['set', 'clear', 'change', 'test', 'test-and-set', 'test-and-clear', 'test-and-change']),
		bit: place, at: place, atomic: flag, order: v.optional(order),
	}),
	row('fence', { kind: v.picklist(['full', 'read', 'write', 'acquire', 'release']) }),
	row('wait-event', { at: place, condition: place, fails: v.optional(integer), timeout: v.optional(flag), locked: v.optional(place) }),
	row('prepare-wait', { at: place, awake: v.optional(flag) }),
	row('finish-wait', { at: place, awake: v.optional(flag) }),
	row('task-state', { at: place, value: place, order: v.optional(order) }),
	row('schedule', {}),
	row('wake', { at: place, all: flag }),
	row('init-completion', { at: place }),
	row('complete', { at: place, all: flag }),
	row('wait-completion', { at: place, fails: v.optional(integer), timeout: v.optional(flag) }),
	row('register', { at: place, callback: place, context, arguments: v.array(place), armed: flag, threaded: v.optional(place), ...held }),
	row('spawn', { at: place, wasPending: v.optional(flag), fails: v.optional(integer), runs: v.optional(context), ...every, ...held }),
	row('cancel', { at: place, wait: flag, forever: v.optional(flag), stops: v.optional(context), ...every, ...held }),
	row('flush', { at: place, forever: v.optional(flag), stops: v.optional(context), ...every, ...held }),
	row('exchange', {}),
	row('assert', { when: place, bug: flag }),
	row('noreturn', { fails: v.optional(flag) }),
	row('none', {}),
]);

/** `trace_*`, `*_dbg`: one star, at either end. */
/** What files say, in C: as it is written, upper and lower case. */
const overCode = v.pipe(v.string(), v.minLength(1), v.maxLength(400), v.check((text) => isExpression(text), 'a regular expression'));

export const patternSchema = v.strictObject({
	...common, effect: v.literal('none'),
	slow: v.optional(v.strictObject({ where: overCode, unless: overCode })),
	api: v.pipe(v.string(), v.regex(/^(\w{2,}\*|\*\w{3,})$/u, 'a pattern with one star at an end and at least two letters')),
});

export const roleSchema = v.strictObject({
	role: v.union([
		v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*(\.(\w+|\*))?$/u, 'struct.slot, struct.*, or a macro')),
		v.pipe(v.string(), v.regex(/^[A-Za-z_][\w ]*(\*\s*)* ?\([^()]*\)$/u, 'a signature: int (struct file *, void *)')),
	]),
	context,
	holds: v.optional(v.array(v.strictObject({ at: place, kind: lockKind, mode }))),
	parallel: flag,
	alone: v.optional(v.picklist(['before', 'after', 'among'])),
	ends: v.optional(v.array(word)),
	fills: v.optional(v.array(index)),
	outlives: v.optional(v.boolean()),
	stored: v.optional(v.picklist(['itself', 'else'])),
	caller: v.optional(word),
	slot: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*\.\w+$/u, 'struct.slot'))),
	against: v.optional(v.array(word)),
	declared: v.optional(v.array(v.pipe(v.string(), v.regex(/^[A-Za-z_][\w ]*(\*\s*)* ?%_\w+\([^()]*\)$/u, 'a declaration: void %_start_tx(struct uart_port *)')))),
	until: v.optional(version),
	source: file,
	note: v.optional(v.string()),
});

export const typeSchema = v.strictObject({
	type: word,
	same: v.optional(word),
	typeStable: v.optional(flag),
	count: v.optional(place),
	instances: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4))),
	readFrom: v.optional(place),
	source: file,
	note: v.optional(v.string()),
});

/** Plain words: a reader must see at once that this is no code. */
export const ownSchema = v.strictObject({
	own: v.pipe(v.string(), v.regex(/^__\w+$/u, 'a name that begins with __')),
	says: v.pipe(v.string(), v.regex(/^[a-z][a-z ]*$/u, 'words')),
});

export const constantSchema = v.strictObject({
	constant: word,
	value: v.pipe(v.number(), v.integer(), v.minValue(-0x8000_0000), v.maxValue(0x7fff_ffff)),
	until: v.optional(version),
	source: file,
});

export const guardSchema = v.strictObject({
	guard: word,
	acquire: v.optional(word),
	release: word,
	conditional: v.optional(v.picklist(['nonzero', 'zero'])),
	unless: v.optional(v.picklist(['null', 'error-or-null'])),
	source: file,
	note: v.optional(v.string()),
});

const written = v.pipe(v.string(), v.regex(/^[A-Za-z_][\w(), $&]*$/u, 'a word, or a call of one'), v.maxLength(100));

export const siblingSchema = v.strictObject({
	sibling: word,
	instead: written,
	and: v.optional(v.record(word, written)),
	declares: v.optional(v.pipe(v.string(), v.regex(/^[a-z][\w ]*\w;$/u, 'a declaration: unsigned long flags;'))),
	source: file,
});

const cText = v.pipe(v.string(), v.minLength(1), v.maxLength(2000));

const isExpression = (text: string): boolean => {
	try {
		return new RegExp(text, 'iu').source !== '';
	} catch {
		return false;
	}
};

/** One regular expression, or several of which any may do. */
const alternatives = v.pipe(
	v.union([v.string(), v.array(v.string())]), v.transform((texts) => (typeof texts === 'string' ? texts : texts.join('|'))),
	v.minLength(1), v.maxLength(3000), v.check(isExpression, 'a regular expression'),
);

export const namingSchema = v.pipe(
	v.strictObject({ naming: v.picklist(NAMINGS), names: v.optional(alternatives), words: v.optional(alternatives), source: v.optional(file) }),
	v.check(({ names, words, source }) => (names === undefined) !== (words === undefined) && (names === undefined) === (source === undefined), 'needs names and their source, or words'),
);

export const phraseSchema = v.strictObject({ phrase: v.picklist(PHRASES), prose: v.pipe(alternatives, v.check(isSpelled, 'names words that no row above has')), exact: v.optional(alternatives) });

export const failureSchema = v.pipe(
	v.strictObject({ failure: v.picklist(FAILURES), said: v.optional(alternatives), exact: v.optional(alternatives), of: v.optional(alternatives), loosely: v.optional(flag), among: v.optional(alternatives) }),
	v.check(({ said, exact }) => (said === undefined) !== (exact === undefined), 'needs said, or exact'),
	v.check(({ of, loosely }) => of === undefined || loosely === undefined, 'is of certain lines, or of any'),
);

export const wordsSchema = v.strictObject({
	words: v.pipe(v.string(), v.regex(/^[a-z-]+$/u, 'small letters')),
	prose: v.pipe(v.string(), v.minLength(1), v.maxLength(400), v.check(isExpression, 'a regular expression')),
});

export const partnerSchema = v.strictObject({
	partner: v.pipe(v.string(), v.minLength(3), v.maxLength(100)),
	subject: v.picklist(SUBJECTS),
	calls: v.optional(v.array(word)),
	behind: v.optional(v.pipe(v.string(), v.maxLength(400), v.check(isExpression, 'a regular expression'), v.check(isSpelled, 'names words that no row above has'))),
	hands: v.optional(word),
	needs: v.optional(word),
	unless: v.optional(word),
	threads: v.pipe(v.array(v.strictObject({
		name: word, part: v.optional(v.picklist(['ends', 'finds', 'fills'])), context: v.optional(v.union([context, v.literal('silenced')])), start: v.optional(v.picklist(['ready', 'idle', 'pending'])), key: v.optional(place), callback: v.optional(flag), body: cText,
	})), v.maxLength(3)),
	prose: v.optional(v.pipe(v.string(), v.maxLength(600), v.check(isExpression, 'a regular expression'), v.check(isSpelled, 'names words that no row above has'))),
	claim: v.optional(v.union([v.picklist(CLAIMS), v.array(v.picklist(CLAIMS))])),
	entered: v.optional(cText),
	standIn: v.optional(v.record(word, cText)),
	aside: v.optional(v.strictObject({ earlier: v.optional(cText), before: v.optional(cText), after: v.optional(cText) })),
	tells: v.optional(v.array(v.picklist(['fixes', 'introduces', 'still-fails']))),
	silent: v.optional(flag),
	reorders: v.optional(flag),
	races: v.optional(flag),
	says: v.pipe(v.string(), v.minLength(1), v.maxLength(300)),
	plays: v.optional(v.strictObject({ slots: v.optional(v.array(place)), does: v.pipe(v.string(), v.maxLength(300), v.check(isExpression, 'a regular expression')) })),
	bare: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(300))),
	turned: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(300))),
	source: file,
	note: v.optional(v.string()),
});

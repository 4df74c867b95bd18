import type { Address, Alu, Cell, CheckName, ContextKind, Ignored, LockKind, ObjectDecl, Op, Operand, Order, Program, Reason, Thread, Unless } from '../../sim/index';
import { POINTER_BASE } from '../../sim/index';

/*
 * Programs for tests, one operation per line:
 *
 *   cells x y=1 z=?0|1                 shared variables; ? gives a domain
 *   object A ref=1 data                a live object and its cells; `pool` for one to allocate, `stable` for a type-stable one; `A/type`
 *   without refcount-leak
 *   ignored T0 2 freed                thread, code position, reason: a failure that is gone past
 *   thread T0 [idle] [pending] [runs 2] [hardirq] [on T1 T2] [same 1]
 *     load r x [order] [watch n]       r is a register: any name that is no cell and no object
 *     store x 1 [order] [unless n check message]; so may rmw x add 1 order
 *     if r goto label                  label:
 *   end                                the invariants at quiescence follow
 *
 * Addresses are `x`, `A.ref`, or `p.ref` through register p; values are numbers, registers, or `&A` and `&x`. Lines about memory,
 * objects, locks and waiting begin a step; those about registers and control do not. `+` before a line makes it ride along, `*` begins one.
 */

const ALUS = ['add', 'sub', 'mul', 'div', 'mod', 'and', 'or', 'xor', 'shl', 'shr', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'];
const ORDERS = ['plain', 'once', 'acquire', 'release', 'full'];
const LOCKS = ['spin', 'rw', 'mutex', 'rwsem', 'semaphore', 'bit', 'page', 'local'];
const CONTEXTS = ['task', 'softirq', 'hardirq', 'rcu', 'work', 'timer'];
const SLEEPING = new Set<string>(['mutex', 'rwsem', 'semaphore', 'page']);

interface World {
	readonly cells: Cell[];
	readonly objects: ObjectDecl[];
	readonly cellIndex: Map<string, number>;
	readonly objectIndex: Map<string, number>;
	readonly fields: Map<string, number>;
	readonly threads: string[];
}

interface Body {
	readonly name: string;
	readonly words: readonly string[];
	readonly lines: string[];
}

/** Reads a program in the notation above. The origin of an operation is the number of its line in the text, from 1. */
export function program(text: string, name = 'test'): Program {
	const world: World = { cells: [], objects: [], cellIndex: new Map(), objectIndex: new Map(), fields: new Map(), threads: [] };
	const bodies: Body[] = [];
	const numbers = new Map<Body, number[]>();
	const without: CheckName[] = [];
	const passed: string[][] = [];
	text.split('\n').forEach((line, at) => {
		const bare = line.replace(/#.*/, '').trim();
		if (bare === '') return;
		const [head = '', ...words] = bare.split(/\s+/);
		if (head === 'cells') for (const word of words) cell(world, word, '');
		else if (head === 'object' || head === 'pool' || head === 'stable') object(world, head, words);
		else if (head === 'without') without.push(...(words as CheckName[]));
		else if (head === 'ignored') passed.push(words);
		else if (head === 'thread' || head === 'setup' || bare === 'end:') {
			const body: Body = { name: head === 'thread' ? words[0]! : head === 'setup' ? 'setup' : 'end', words: words.slice(1), lines: [] };
			if (head === 'thread') world.threads.push(body.name);
			bodies.push(body);
			numbers.set(body, []);
		} else {
			bodies.at(-1)!.lines.push(bare);
			numbers.get(bodies.at(-1)!)!.push(at + 1);
		}
	});
	const threads: Thread[] = [];
	let setup: readonly Op[] = [];
	let quiescence: readonly Op[] = [];
	for (const body of bodies) {
		const { code, registers, watches } = assemble(world, body.lines, numbers.get(body)!);
		if (body.name === 'setup') setup = code;
		else if (body.name === 'end') quiescence = code;
		else threads.push(threadOf(world, body, code, registers, watches));
	}
	const ignored: readonly Ignored[] = passed.map(([thread = '', pc, reason]) => ({ thread: world.threads.indexOf(thread), pc: Number(pc), reason: reason as Reason }));
	return { name, cells: world.cells, objects: world.objects, threads, setup, quiescence, without, ...(ignored.length > 0 ? { ignored } : {}) };
}

function cell(world: World, word: string, prefix: string): void {
	const [name = '', value = '0'] = word.split('=');
	world.cellIndex.set(prefix + name, world.cells.length);
	const domain = value.startsWith('?') ? value.slice(1).split('|').map(Number) : undefined;
	const initial = domain !== undefined ? domain[0]! : value.startsWith('&') ? POINTER_BASE + (world.objectIndex.get(value.slice(1)) === undefined
		? world.cellIndex.get(value.slice(1))! : world.objects[world.objectIndex.get(value.slice(1))!]!.first) : Number(value);
	world.cells.push({ name: prefix + name, initial, ...(domain === undefined ? {} : { domain }) });
}

function object(world: World, head: string, [label = '', ...words]: readonly string[]): void {
	const [name = '', type = name] = label.split('/');
	const first = world.cells.length;
	world.objectIndex.set(name, world.objects.length);
	words.forEach((word, offset) => {
		cell(world, word, `${name}.`);
		world.fields.set(word.split('=')[0]!, offset);
	});
	world.objects.push({ name, type, first, size: words.length, live: head !== 'pool', ...(head === 'stable' ? { typeStable: true } : {}) });
}

function threadOf(world: World, body: Body, code: readonly Op[], registers: number, watches: number): Thread {
	const words = [...body.words];
	let context: ContextKind = 'task';
	let start: Thread['start'] = 'ready';
	let runs = 1;
	let interrupts: number[] | undefined;
	let symmetry: number | undefined;
	for (let word = words.shift(); word !== undefined; word = words.shift()) {
		if (CONTEXTS.includes(word)) context = word as ContextKind;
		else if (word === 'idle' || word === 'pending') start = word;
		else if (word === 'runs') runs = Number(words.shift());
		else if (word === 'same') symmetry = Number(words.shift());
		else if (word === 'on') interrupts = words.splice(0).map((name) => world.threads.indexOf(name));
		else throw new Error(`thread ${body.name}: ${word}`);
	}
	return {
		name: body.name, context, registers, watches, code, start, runs,
		...(interrupts === undefined ? {} : { interrupts }), ...(symmetry === undefined ? {} : { symmetry }),
	};
}

function assemble(world: World, lines: readonly string[], numbers: readonly number[]): { code: readonly Op[]; registers: number; watches: number } {
	const labels = new Map<string, number>();
	const kept: { words: string[]; origin: number }[] = [];
	lines.forEach((line, i) => {
		if (line.endsWith(':')) labels.set(line.slice(0, -1), kept.length);
		else kept.push({ words: line.split(/\s+/), origin: numbers[i]! });
	});
	const names = new Map<string, number>();
	let watches = 0;
	const reg = (word: string): number => {
		const known = names.get(word) ?? names.size;
		names.set(word, known);
		return known;
	};
	const operand = (word: string): Operand => {
		if (/^-?\d/.test(word)) return { value: Number(word) };
		if (word.startsWith('&')) {
			const index = world.objectIndex.get(word.slice(1));
			return { value: POINTER_BASE + (index === undefined ? world.cellIndex.get(word.slice(1))! : world.objects[index]!.first) };
		}
		return { reg: reg(word) };
	};
	const address = (word: string): Address => {
		const known = world.cellIndex.get(word);
		if (known !== undefined) return { base: { value: POINTER_BASE + known }, offset: 0 };
		const [base = '', field] = word.split('.');
		const offset = field === undefined ? 0 : (world.fields.get(field) ?? Number(field));
		return { base: operand(base), offset };
	};
	const thread = (word: string): number => world.threads.indexOf(word);
	const code = kept.map(({ words, origin }): Op => {
		const mark = words[0] === '+' || words[0] === '*' ? words.shift()! : '';
		const [op = '', ...rest] = words;
		const order = (rest.find((word) => ORDERS.includes(word)) ?? 'once') as Order;
		const kind = (rest.find((word) => LOCKS.includes(word)) ?? 'spin') as LockKind;
		const mode = rest.includes('shared') ? 'shared' as const : 'exclusive' as const;
		const step = { origin, ...(mark === '+' ? {} : { step: true }) };
		const ride = { origin, ...(mark === '*' ? { step: true } : {}) };
		const [a = '', b = '', c = '', d = ''] = rest;
		if (ALUS.includes(op)) return { ...ride, op: 'alu', alu: op as Alu, dst: reg(a), a: operand(b), b: operand(c) };
		const after = (word: string): string | undefined => (rest.includes(word) ? rest[rest.indexOf(word) + 1] : undefined);
		const unless = (): { unless?: Unless } => {
			const at = rest.indexOf('unless');
			if (at >= 0) watches = Math.max(watches, Number(rest[at + 1]) + 1);
			return at < 0 ? {} : { unless: { watch: Number(rest[at + 1]), check: rest[at + 2] as CheckName, message: rest.slice(at + 3).join(' ') } };
		};
		switch (op) {
			case 'set': return { ...ride, op: 'set', dst: reg(a), from: operand(b) };
			case 'choose': return { ...ride, op: 'choose', dst: reg(a), values: rest.slice(1).map(Number) };
			case 'goto': return { ...ride, op: 'jump', target: labels.get(a) ?? -1 };
			case 'if': return { ...ride, op: 'branch', cond: operand(a), target: labels.get(c) ?? -1 };
			case 'assert': return { ...ride, op: 'assert', cond: operand(a), check: (b || 'assertion') as CheckName, message: rest.slice(2).join(' ') || `assert ${a}` };
			case 'end': return { ...ride, op: 'end' };
			case 'excuse': return { ...ride, op: 'excuse' };
			case 'cut': return { ...ride, op: 'cut', why: rest.join(' ') };
			case 'load': {
				const watch = after('watch');
				if (watch !== undefined) watches = Math.max(watches, Number(watch) + 1);
				return { ...step, op: 'load', dst: reg(a), at: address(b), order, ...(watch === undefined ? {} : { watch: Number(watch) }) };
			}
			case 'store': return { ...step, op: 'store', at: address(a), from: operand(b), order, ...unless() };
			case 'rmw': return { ...step, op: 'rmw', alu: b as Alu, at: address(a), value: operand(c), order, ...(d === '' || ORDERS.includes(d) ? {} : { dst: reg(d), result: rest.includes('new') ? 'new' as const : 'old' as const }), ...unless() };
			case 'xchg': return { ...step, op: 'rmw', at: address(b), value: operand(c), dst: reg(a), result: 'old', order };
			case 'cas': return { ...step, op: 'cas', dst: reg(a), at: address(b), expect: operand(c), value: operand(d), order };
			case 'fence': return { ...step, op: 'fence', kind: (a || 'full') as 'full' };
			case 'enter': return { ...step, op: 'enter', at: address(a), mode, check: 'assertion', message: `${a} is changed by two at once` };
			case 'leave': return { ...step, op: 'leave', at: address(a), mode };
			case 'alloc': return { ...step, op: 'alloc', dst: reg(a), objects: rest.slice(1).map((word) => world.objectIndex.get(word)!) };
			case 'free': return { ...step, op: 'free', pointer: operand(a) };
			case 'touch': return { ...step, op: 'touch', pointer: operand(a) };
			case 'escape': return { ...ride, op: 'escape', pointer: operand(a) };
			case 'get': return { ...step, op: 'get', at: address(a), ...(b === '' ? {} : { dst: reg(b) }) };
			case 'get?': return { ...step, op: 'get', at: address(b), unlessZero: true, dst: reg(a) };
			case 'put': return { ...step, op: 'put', at: address(a), frees: rest.includes('frees'), ...(b === '' || b === 'frees' ? {} : { dst: reg(b) }) };
			case 'lock': return { ...step, op: 'lock', at: address(a), kind, mode, sleeps: SLEEPING.has(kind), recursive: rest.includes('recursive') };
			case 'trylock': return { ...step, op: 'trylock', dst: reg(a), at: address(b), kind, mode };
			case 'unlock': return { ...step, op: 'unlock', at: address(a), kind, mode };
			case 'inherit': return { ...step, op: 'inherit', at: address(a), kind, mode };
			case 'held': return { ...step, op: 'held', dst: reg(a), at: address(b), anyone: rest.includes('anyone') };
			case 'off': case 'on': return { ...ride, op: 'context', which: a as 'hardirq', delta: op === 'off' ? 1 : -1 };
			case 'might-sleep': return { ...ride, op: 'might-sleep', what: a };
			case 'rcu-lock': case 'rcu-unlock': return { ...step, op: 'rcu', domain: Number(a || 0), delta: op === 'rcu-lock' ? 1 : -1 };
			case 'grace-begin': case 'grace-wait': return { ...step, op, domain: Number(a || 0) };
			case 'await': return { ...step, op: 'await', at: address(a), alu: b as Alu, value: operand(c), sleeps: rest.includes('sleeps') };
			case 'prepare-wait': case 'sleep': case 'finish-wait': return { ...step, op, at: address(a) };
			case 'wake': return { ...step, op: 'wake', at: address(a), all: !rest.includes('one') };
			case 'spawn': { const grace = after('grace'); return { ...step, op: 'spawn', thread: thread(a), args: rest.slice(1, grace === undefined ? undefined : rest.indexOf('grace')).map(operand), ...(grace === undefined ? {} : { grace: Number(grace) }) }; }
			case 'cancel': return { ...step, op: 'cancel', thread: thread(a), ...(b === '' ? {} : { dst: reg(b) }) };
			case 'join': return { ...step, op: 'join', thread: thread(a), pending: rest.includes('pending') };
			case 'disable': return { ...step, op: 'disable', thread: thread(a) };
			default: throw new Error(`line ${origin}: ${op}`);
		}
	});
	return { code, registers: names.size, watches };
}

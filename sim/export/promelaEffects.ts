import { layoutOf } from '../machine/layout';
import { ALUS, LOCK_KINDS, SPINNING, UNLOCKED_BY_ANYONE } from '../machine/opcodes';
import type { Address, CheckName, LockKind, Op, Operand, Program } from '../program';

/** Promela's operators for the machine's arithmetic. */
export const OPERATORS = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>', '==', '!=', '<', '<=', '>', '>='];

export const num = (value: number): string => (value < 0 ? `(${value})` : String(value));
export const val = (operand: Operand): string => ('reg' in operand ? `r${operand.reg}` : num(operand.value | 0));

/** What each operation does, as Promela statements over the model's arrays; `t` is -1 in setup and at quiescence. `a` and `v` are scratch. */
export class Effects {
	readonly T: number;
	readonly C: number;
	readonly O: number;
	readonly D: number;
	readonly W: number;
	readonly A: number;
	readonly objectOf: Int32Array;
	readonly skipped: ReadonlySet<CheckName>;

	constructor(readonly program: Program) {
		const layout = layoutOf(program, program.threads.map(() => 0), 0);
		this.T = program.threads.length;
		this.C = program.cells.length;
		this.O = Math.max(1, program.objects.length);
		this.D = layout.domains;
		this.W = Math.max(1, ...program.threads.map((thread) => thread.watches));
		this.A = Math.max(1, ...program.threads.flatMap((thread) => thread.code.map((op) => (op.op === 'spawn' ? op.args.length : 0))));
		this.objectOf = layout.objectOf;
		this.skipped = new Set(program.without ?? []);
	}

	/** Whether thread `t` is in atomic context. */
	atomic(t: number): string {
		const { context } = this.program.threads[t]!;
		return context === 'task' || context === 'work' ? `(hardirq[${t}] + softirq[${t}] + preempt[${t}] + spins[${t}] + rd[${t * this.D}] > 0)` : 'true';
	}

	private sleeps(t: number): string {
		return t < 0 || this.skipped.has('sleep-in-atomic') ? '' : `assert(!${this.atomic(t)}); `;
	}

	/** Sets `a` to the cell and checks that it may be touched. */
	private at(address: Address, t: number, exempt = true): string {
		const base = val(address.base);
		const check = t < 0 || this.skipped.has('use-after-free') ? '' : `assert(${base} >= PB && ${base} < PB + NC); `;
		const dead = check === '' ? '' : `assert(objof[a] < 0 || life[objof[a]] == 1${exempt ? ' || stable[objof[a]]' : ''}); `;
		const bad = t < 0 ? '' : 'if :: a < 0 || a >= NC -> cut_ = 1; a = 0 :: else fi; ';
		return `${check}a = ${base} - PB + ${num(address.offset)}; ${bad}${dead}`;
	}

	private fail(check: CheckName, condition: string): string {
		return this.skipped.has(check) ? '' : `assert(${condition}); `;
	}

	private unless({ unless }: Op & { readonly op: 'store' | 'rmw' }, t: number): string {
		return unless === undefined || t < 0 ? '' : this.fail(unless.check, `watch[${t * this.W + unless.watch}] != 2 * (a + 1) + 1`);
	}

	/** `cell[a] = v`: breaks watches and hands references on. */
	private write(t: number): string {
		const breaks = this.program.threads.flatMap((thread, other) => (other === t ? [] : Array.from({ length: thread.watches }, (_, w) => {
			const slot = `watch[${other * this.W + w}]`;
			return `if :: cell[a] != v && ${slot} == 2 * (a + 1) -> ${slot}++ :: else fi; `;
		}))).join('');
		const hands = t < 0 ? '' : `if :: v >= PB && v < PB + NC -> if :: objof[v - PB] >= 0 -> refs[${t * this.O} + objof[v - PB]] = 100 :: else fi :: else fi; `;
		return `${breaks}${hands}cell[a] = v; `;
	}

	private frees(check: boolean): string {
		return `if :: objof[a] >= 0 -> ${check ? this.fail('use-after-free', 'life[objof[a]] == 1') : ''}life[objof[a]] = 2 :: else fi; `;
	}

	/** The statements of one operation, without where it goes on. */
	effect(op: Op, t: number): string {
		const { C, D, O } = this;
		const set = (dst: number | undefined, value: string): string => (dst === undefined ? '' : `r${dst} = ${value}; `);
		const hold = `hold[${t * C} + a]`;
		switch (op.op) {
			case 'set': return `r${op.dst} = ${val(op.from)}; `;
			case 'alu': {
				const zero = op.alu === 'div' || op.alu === 'mod';
				const value = `${val(op.a)} ${OPERATORS[ALUS.indexOf(op.alu)]} ${val(op.b)}`;
				return zero ? `if :: ${val(op.b)} == 0 -> r${op.dst} = 0 :: else -> r${op.dst} = ${value} fi; ` : `r${op.dst} = (${value}); `;
			}
			case 'choose': return `if ${op.values.map((v) => `:: r${op.dst} = ${num(v)}`).join(' ')} fi; `;
			case 'jump': case 'branch': case 'fence': return '';
			case 'assert': return this.fail(op.check, `${val(op.cond)} != 0`);
			case 'cut': return 'cut_ = 1; ';
			case 'excuse': return `a = 0; do :: a < NC -> if :: hold[${t * C} + a] -> excused[${t * C} + a] = 1 :: else fi; a++ :: else -> break od; ctxexcused[${t}] = 1; ${Array.from({ length: D }, (_, d) => `rdexcused[${t * D + d}] = 1; `).join('')}`;
			case 'end': return t < 0 ? 'break; ' : this.end(t);
			case 'load': return `${this.at(op.at, t)}r${op.dst} = cell[a]; ${op.watch === undefined || t < 0 ? '' : `watch[${t * this.W + op.watch}] = 2 * (a + 1); `}`;
			case 'store': return `${this.at(op.at, t)}${this.unless(op, t)}v = ${val(op.from)}; ${this.write(t)}`;
			case 'rmw': {
				const now = op.alu === undefined ? val(op.value) : `(cell[a] ${OPERATORS[ALUS.indexOf(op.alu)]} ${val(op.value)})`;
				const keep = op.dst === undefined ? '' : op.result === 'new' ? `r${op.dst} = v; ` : '';
				const old = op.dst !== undefined && op.result !== 'new' ? `r${op.dst} = cell[a]; ` : '';
				return `${this.at(op.at, t)}${this.unless(op, t)}v = ${now}; ${old}${this.write(t)}${keep}`;
			}
			case 'cas': return `${this.at(op.at, t)}if :: cell[a] == ${val(op.expect)} -> r${op.dst} = cell[a]; v = ${val(op.value)}; ${this.write(t)}:: else -> r${op.dst} = cell[a] fi; `;
			case 'enter': return t < 0 ? '' : `${this.at(op.at, t)}${this.fail(op.check, this.program.threads.map((_, i) => (i === t ? 'true' : op.mode === 'shared' ? `window[${i * C} + a] != 2` : `window[${i * C} + a] == 0`)).join(' && '))}window[${t * C} + a] = ${op.mode === 'shared' ? 1 : 2}; `;
			case 'leave': return t < 0 ? '' : `${this.at(op.at, t)}window[${t * C} + a] = 0; `;
			case 'alloc': return op.objects.reduceRight((otherwise, object) => {
				const { first, size } = this.program.objects[object]!;
				const initial = Array.from({ length: size }, (_, i) => `cell[${first + i}] = ${num(this.program.cells[first + i]!.initial)}; `).join('');
				return `if :: life[${object}] == 0 -> life[${object}] = 1; ${initial}r${op.dst} = PB + ${first} :: else -> ${otherwise} fi`;
			}, 'cut_ = 1').concat('; ');
			case 'free': return `if :: ${val(op.pointer)} == 0 :: else -> ${t < 0 || this.skipped.has('use-after-free') ? '' : `assert(${val(op.pointer)} >= PB && ${val(op.pointer)} < PB + NC); `}a = ${val(op.pointer)} - PB; ${this.frees(true)}skip fi; `;
			case 'touch': return this.at({ base: op.pointer, offset: 0 }, t, false);
			case 'is-live': return `r${op.dst} = 1; if :: ${val(op.pointer)} >= PB && ${val(op.pointer)} < PB + NC -> if :: objof[${val(op.pointer)} - PB] >= 0 -> r${op.dst} = (life[objof[${val(op.pointer)} - PB]] == 1) :: else fi :: else fi; `;
			case 'escape': return t < 0 ? '' : `if :: ${val(op.pointer)} >= PB && ${val(op.pointer)} < PB + NC -> if :: objof[${val(op.pointer)} - PB] >= 0 -> refs[${t * O} + objof[${val(op.pointer)} - PB]] = 100 :: else fi :: else fi; `;
			case 'get': {
				const note = t < 0 ? '' : `if :: objof[a] >= 0 && refs[${t * O} + objof[a]] != 100 -> refs[${t * O} + objof[a]]++ :: else fi; `;
				const take = `v = cell[a] + 1; ${this.write(t)}${note}${set(op.dst, '1')}`;
				return op.unlessZero === true ? `${this.at(op.at, t)}if :: cell[a] == 0 -> ${set(op.dst, '0')}skip :: else -> ${take}skip fi; ` : `${this.at(op.at, t, false)}${t < 0 ? '' : this.fail('resurrection', 'cell[a] != 0')}${take}`;
			}
			case 'put': {
				const note = t < 0 ? '' : `if :: objof[a] >= 0 && refs[${t * O} + objof[a]] != 100 -> refs[${t * O} + objof[a]]-- :: else fi; `;
				const last = op.frees === true ? `if :: cell[a] == 0 -> ${this.frees(true)}skip :: else fi; ` : '';
				return `${this.at(op.at, t, false)}${t < 0 ? '' : this.fail('refcount-underflow', 'cell[a] > 0')}v = cell[a] - 1; ${this.write(t)}${note}${set(op.dst, '(cell[a] == 0)')}${last}`;
			}
			case 'lock': case 'inherit':
				return t < 0 ? '' : `${this.at(op.at, t)}${op.op === 'lock' && op.sleeps ? this.sleeps(t) : ''}${this.take(t, op.kind, op.mode)}${op.op === 'inherit' ? `excused[${t * C} + a] = 1; ` : ''}`;
			case 'trylock': return `${this.at(op.at, t)}if :: ${op.mode === 'shared' ? 'cell[a] >= 0' : 'cell[a] == 0'} -> ${t < 0 ? '' : this.take(t, op.kind, op.mode)}r${op.dst} = 1 :: else -> r${op.dst} = 0 fi; `;
			case 'unlock': return t < 0 ? '' : `${this.at(op.at, t)}if :: ${hold} > 0 -> ${this.drop(t, op.kind)}:: else -> ${this.unlockOther(op.kind)}fi; `;
			case 'held': return t < 0 ? '' : `${this.at(op.at, t)}r${op.dst} = ${op.anyone === true ? '(cell[a] != 0)' : `(${hold} > 0)`}; `;
			case 'context': return t < 0 ? '' : op.delta > 0 ? `${op.which}[${t}]++; ` : `if :: ${op.which}[${t}] > 0 -> ${op.which}[${t}]-- :: else fi; `;
			case 'context-set': return t < 0 ? '' : `${op.which}[${t}] = ${op.depth}; `;
			case 'might-sleep': return this.sleeps(t);
			case 'rcu': return t < 0 ? '' : op.delta > 0 ? `rd[${t * D + op.domain}]++; ` : `if :: rd[${t * D + op.domain}] > 0 -> rd[${t * D + op.domain}]--; ${this.stopReading(t, op.domain)}:: else fi; `;
			case 'grace-begin': return t < 0 ? '' : `gp[${t * D + op.domain}] = ${this.readers(op.domain)}; `;
			case 'grace-wait': return this.sleeps(t);
			case 'await': return `${this.at(op.at, t)}${op.sleeps ? this.sleeps(t) : ''}`;
			case 'prepare-wait': return t < 0 ? '' : `${this.at(op.at, t)}wq[${t}] = 2 * (a + 1); `;
			case 'sleep': return t < 0 ? '' : `${this.at(op.at, t)}${this.sleeps(t)}wq[${t}] = 0; `;
			case 'finish-wait': return t < 0 ? '' : `${this.at(op.at, t)}wq[${t}] = 0; `;
			case 'wake': {
				const others = this.program.threads.flatMap((_, i) => (i === t ? [] : [i]));
				if (others.length === 0) return this.at(op.at, t);
				if (op.all) return `${this.at(op.at, t)}${others.map((i) => `if :: wq[${i}] == 2 * (a + 1) -> wq[${i}]++ :: else fi; `).join('')}`;
				return `${this.at(op.at, t)}if ${others.map((i) => `:: wq[${i}] == 2 * (a + 1) -> wq[${i}]++`).join(' ')} :: else fi; `;
			}
			case 'spawn': return this.spawn(op);
			case 'cancel': {
				const x = op.thread;
				const pending = this.program.threads[x]!.start === 'ready' ? 'false' : `status[${x}] == 1`;
				return `if :: again[${x}] -> again[${x}] = 0; ${set(op.dst, '1')}skip :: !again[${x}] && ${pending} -> status[${x}] = 0; sg[${x}] = 0; ${set(op.dst, '1')}skip :: else -> ${set(op.dst, '0')}skip fi; `;
			}
			case 'join': return op.spins === true || this.program.threads[op.thread]!.context === 'timer' ? '' : this.sleeps(t);
			case 'disable': return `disabled[${op.thread}] = 1; `;
		}
	}

	private take(t: number, kind: LockKind, mode: string): string {
		const hold = `hold[${t * this.C} + a]`;
		const spin = SPINNING[LOCK_KINDS.indexOf(kind)] === true ? `if :: ${hold} == 0 -> spins[${t}]++ :: else fi; ` : '';
		const cell = mode === 'shared' ? `if :: cell[a] >= 0 -> cell[a]++ :: else fi; ` : `cell[a] = -${t + 1}; `;
		return `${spin}${cell}${hold}++; `;
	}

	private drop(t: number, kind: LockKind): string {
		const hold = `hold[${t * this.C} + a]`;
		const spin = SPINNING[LOCK_KINDS.indexOf(kind)] === true ? `spins[${t}]--; ` : '';
		return `${hold}--; if :: cell[a] > 0 -> cell[a]-- :: else -> if :: ${hold} == 0 -> cell[a] = 0 :: else fi fi; if :: ${hold} == 0 -> ${spin}excused[${t * this.C} + a] = 0 :: else fi `;
	}

	private unlockOther(kind: LockKind): string {
		const fails = this.fail('unlock-not-held', 'false');
		if (UNLOCKED_BY_ANYONE[LOCK_KINDS.indexOf(kind)] !== true) return `${fails}skip `;
		const spin = SPINNING[LOCK_KINDS.indexOf(kind)] === true;
		const drop = this.program.threads.map((_, i) => `if :: hold[${i * this.C} + a] > 0 -> hold[${i * this.C} + a] = 0; ${spin ? `spins[${i}]--; ` : ''}excused[${i * this.C} + a] = 0 :: else fi; `).join('');
		return `if :: cell[a] == 0 -> ${fails}skip :: else -> ${drop}cell[a] = 0 fi `;
	}

	private readers(domain: number): string {
		return this.program.threads.map((_, i) => `((rd[${i * this.D + domain}] > 0) << ${i})`).join(' | ');
	}

	private stopReading(t: number, domain: number): string {
		const mask = `(-1 - (1 << ${t}))`;
		const all = this.program.threads.map((_, i) => {
			const spawned = this.program.threads.some((other) => other.code.some((op) => op.op === 'spawn' && op.thread === i && op.grace === domain));
			return `gp[${i * this.D + domain}] = gp[${i * this.D + domain}] & ${mask}; ${spawned ? `sg[${i}] = sg[${i}] & ${mask}; ` : ''}`;
		}).join('');
		return `if :: rd[${t * this.D + domain}] == 0 -> ${all}rdexcused[${t * this.D + domain}] = 0 :: else fi `;
	}

	private spawn(op: Extract<Op, { op: 'spawn' }>): string {
		const x = op.thread;
		const args = Array.from({ length: this.A }, (_, i) => `arg[${x * this.A + i}] = ${op.args[i] === undefined ? 0 : val(op.args[i]!)}; `).join('');
		const grace = op.grace === undefined ? '' : `sg[${x}] = ${this.readers(op.grace)}; `;
		const dst = (value: number): string => (op.dst === undefined ? '' : `r${op.dst} = ${value}; `);
		return `if :: disabled[${x}] || status[${x}] == 1 || again[${x}] -> ${dst(0)}skip :: else -> ${dst(1)}if :: begun[${x}] >= ${this.program.threads[x]!.runs} || status[${x}] == 2 -> skip :: else -> ${args}${grace}if :: status[${x}] == 0 -> status[${x}] = 1 :: else -> again[${x}] = 1 fi fi fi; `;
	}

	private end(t: number): string {
		const { C, D, O } = this;
		const left = this.fail('lock-held-at-return', `excused[${t * C} + a]`);
		const locks = `a = 0; do :: a < NC -> window[${t * C} + a] = 0; if :: hold[${t * C} + a] > 0 -> ${left}if :: cell[a] > 0 -> cell[a] = cell[a] - hold[${t * C} + a] :: else -> cell[a] = 0 fi; hold[${t * C} + a] = 0; excused[${t * C} + a] = 0 :: else fi; a++ :: else -> break od; spins[${t}] = 0; `;
		const context = `${this.fail('lock-held-at-return', `hardirq[${t}] + softirq[${t}] + preempt[${t}] == 0 || ctxexcused[${t}]`)}hardirq[${t}] = 0; softirq[${t}] = 0; preempt[${t}] = 0; ctxexcused[${t}] = 0; `;
		const reading = Array.from({ length: D }, (_, d) => `${this.fail('lock-held-at-return', `rd[${t * D + d}] == 0 || rdexcused[${t * D + d}]`)}if :: rd[${t * D + d}] > 0 -> rd[${t * D + d}] = 0; ${this.stopReading(t, d)}:: else fi; gp[${t * D + d}] = 0; `).join('');
		const gets = this.program.threads[t]!.code.some((op) => op.op === 'get');
		const references = gets ? `a = 0; do :: a < ${O} -> ${this.fail('refcount-leak', `refs[${t * O} + a] <= 0 || refs[${t * O} + a] == 100`)}refs[${t * O} + a] = 0; a++ :: else -> break od; ` : '';
		const watches = Array.from({ length: this.program.threads[t]!.watches }, (_, w) => `watch[${t * this.W + w}] = 0; `).join('');
		return `${locks}${context}${reading}${references}${watches}wq[${t}] = 0; nested[${t}] = 0; pc = 0; if :: again[${t}] -> again[${t}] = 0; status[${t}] = 1 :: else -> if :: begun[${t}] < ${this.program.threads[t]!.runs} -> status[${t}] = 0 :: else -> status[${t}] = 2 fi fi; `;
	}
}

import { ALUS, blocks, isLocal } from '../machine/opcodes';
import type { Op, Program, Thread } from '../program';
import { POINTER_BASE } from '../program';
import { Effects, num, OPERATORS, val } from './promelaEffects';

/**
 * A program as a Promela model for spin, which then judges it independently: a failed check is a failed assertion, and so is a deadlock.
 * Every operation can be expressed. One step is one atomic sequence. Differences: sequential consistency only; `bounds` do not apply;
 * values wrap as C's do only where Promela's int does.
 */
export function toPromela(program: Program): string {
	return new Writer(program).model();
}

class Writer {
	private readonly effects: Effects;

	constructor(private readonly program: Program) {
		this.effects = new Effects(program);
	}

	model(): string {
		const { T, C, O, D, W, A } = this.effects;
		const { program } = this;
		return `/* ${program.name.replaceAll('*/', '')}: written by Kernel Race Review */
#define PB ${POINTER_BASE}
#define NC ${C}
int cell[${Math.max(1, C)}]; short objof[${Math.max(1, C)}]; byte life[${O}]; bit stable[${O}];
byte status[${T}]; byte begun[${T}]; bit again[${T}]; bit disabled[${T}]; int arg[${T * A}]; byte nested[${T}];
byte hold[${T * Math.max(1, C)}]; bit excused[${T * Math.max(1, C)}]; byte window[${T * Math.max(1, C)}]; byte spins[${T}];
byte hardirq[${T}]; byte softirq[${T}]; byte preempt[${T}]; bit ctxexcused[${T}]; byte rd[${T * D}]; bit rdexcused[${T * D}]; int gp[${T * D}]; int sg[${T}];
int wq[${T}]; int watch[${T * W}]; short refs[${T * O}];
bit started; bit cut_;
${program.threads.map((thread, t) => this.thread(thread, t)).join('\n')}
active proctype setup() {
${this.locals(program.setup)}
atomic {
${program.cells.map((one, c) => {
		const object = this.effects.objectOf[c]!;
		const init = one.domain !== undefined && one.domain.length > 0 ? `if ${one.domain.map((v) => `:: cell[${c}] = ${num(v)}`).join(' ')} fi` : `cell[${c}] = ${num(one.initial)}`;
		return `	${init}; objof[${c}] = ${object < 0 ? -1 : object};`;
	}).join('\n')}
${program.objects.map((object, o) => `	life[${o}] = ${object.live ? 1 : 0}; stable[${o}] = ${object.typeStable === true ? 1 : 0};`).join('\n')}
${program.threads.map((thread, t) => `	status[${t}] = ${thread.start === 'idle' ? 0 : thread.start === 'ready' && thread.interrupts === undefined ? 3 : 1};${thread.start === 'ready' && thread.interrupts === undefined ? ` begun[${t}] = 1;` : ''}`).join('\n')}
${this.apart(program.setup, false)}
	started = 1 }
}
active proctype quiescence() {
${this.locals(program.quiescence)}
endq:
atomic { started && timeout ->
	if
	:: cut_
	:: else ->
	if
	:: ${this.some((t) => `status[${t}] == 3`)} -> ${this.effects.skipped.has('deadlock') ? 'skip' : 'assert(false) /* deadlock */'}
	:: else ->
${this.apart(program.quiescence, true)}
		skip
	fi
	fi }
}
`;
	}

	private some(make: (t: number) => string): string {
		return this.program.threads.map((_, t) => `(${make(t)})`).join(' || ') || 'false';
	}

	private locals(code: readonly Op[]): string {
		let registers = 0;
		for (const op of code) for (const match of JSON.stringify(op).matchAll(/"(?:reg|dst)":(\d+)/g)) registers = Math.max(registers, Number(match[1]) + 1);
		return `	int pc, a, v; ${Array.from({ length: registers }, (_, r) => `int r${r};`).join(' ')}`;
	}

	/** Setup or quiescence, all in one. */
	private apart(code: readonly Op[], checking: boolean): string {
		if (code.length === 0) return '';
		return `	pc = 0;
	do
${code.map((op, pc) => `	:: pc == ${pc} -> ${op.op === 'assert' && !checking ? 'pc++' : this.operation(op, pc, -1)}`).join('\n')}
	:: pc == ${code.length} -> break
	od;`;
	}

	private thread(thread: Thread, t: number): string {
		const ops: readonly Op[] = [...thread.code, { op: 'end', origin: -1 }];
		const stops = ops.flatMap((op, pc) => (op.step === true || blocks(op) ? [pc] : []));
		const waiting = ops.flatMap((op, pc) => (blocks(op) ? [`(pc != ${pc} || (${this.guard(op, t)}))`] : []));
		const covered = this.program.threads.flatMap((other, i) => (other.interrupts?.includes(t) === true ? [`nested[${i}] != ${t + 1}`] : []));
		const guard = [`started && !cut_`, ...covered, `((status[${t}] == 1 && sg[${t}] == 0) || (status[${t}] == 3${waiting.map((w) => ` && ${w}`).join('')}))`].join(' && ');
		const locals = ops.flatMap((op, pc) => (isLocal(op) && op.step !== true ? [pc] : []));
		const prelude = `do
${locals.map((pc) => `			:: pc == ${pc} -> ${this.operation(ops[pc]!, pc, t)}`).join('\n')}
			:: else -> break
			od`;
		const where = thread.interrupts === undefined ? '' : `
			if
			:: nested[${t}] = 0
${thread.interrupts.map((under) => `			:: ${this.mayInterrupt(t, under)} -> nested[${t}] = ${under + 1}`).join('\n')}
			fi;`;
		return `active proctype T${t}() { /* ${thread.name.replaceAll('*/', '')} */
	int pc, a, v; ${Array.from({ length: thread.registers }, (_, r) => `int r${r};`).join(' ')}
	bit fresh;
	atomic { started -> ${prelude.replaceAll('\t\t\t', '\t')} }
end:
	do
	:: atomic { ${guard} ->
		fresh = 1;
		if
		:: status[${t}] == 1 ->${where}
			status[${t}] = 3; begun[${t}]++; pc = 0;
			${Array.from({ length: thread.registers }, (_, r) => `r${r} = ${r < this.effects.A ? `arg[${t * this.effects.A + r}]` : 0};`).join(' ')}
			${prelude};
			if
			:: !(${waiting.length === 0 ? 'true' : waiting.join(' && ')}) -> goto rest
			:: else
			fi
		:: else
		fi;
		do
		:: (!fresh && (${stops.map((pc) => `pc == ${pc}`).join(' || ') || 'false'})) || status[${t}] != 3 || cut_ -> break
		:: else -> fresh = 0;
			if
${ops.map((op, pc) => `			:: pc == ${pc} -> ${this.operation(op, pc, t)}`).join('\n')}
			fi
		od;
rest:	a = 0; v = 0; fresh = 0;
		if
		:: status[${t}] == 3 && (${ops.map((op, pc) => (op.op === 'sleep' ? `pc == ${pc}` : '')).filter(Boolean).join(' || ') || 'false'}) && wq[${t}] == 0 ->
			if
${ops.map((op, pc) => (op.op === 'sleep' ? `			:: pc == ${pc} -> wq[${t}] = 2 * (${val(op.at.base)} + ${num(op.at.offset)} - PB + 1)\n` : '')).join('')}			:: else
			fi
		:: else
		fi }
	od
}`;
	}

	private mayInterrupt(t: number, under: number): string {
		const mine = this.program.threads[t]!.context;
		const theirs = this.program.threads[under]!.context;
		const soft = theirs === 'softirq' || theirs === 'timer' || theirs === 'rcu';
		if (theirs === 'hardirq' || (mine !== 'hardirq' && soft) || under === t) return 'false';
		const others = this.program.threads.map((_, i) => `nested[${i}] != ${under + 1}`).join(' && ');
		return `status[${under}] == 3 && hardirq[${under}] == 0${mine === 'hardirq' ? '' : ` && softirq[${under}] == 0`} && ${others}`;
	}

	private guard(op: Op, t: number): string {
		const early = this.effects.skipped.has('sleep-in-atomic') ? 'false' : this.effects.atomic(t);
		if (op.op === 'join') {
			const busy = `status[${op.thread}] == 3${op.pending === true ? ` || status[${op.thread}] == 1 || again[${op.thread}]` : this.program.threads[op.thread]!.start === 'ready' ? ` || status[${op.thread}] == 1` : ''}`;
			return this.program.threads[op.thread]!.context === 'timer' ? `!(${busy})` : `!(${busy}) || ${early}`;
		}
		if (op.op === 'grace-wait') return `gp[${t * this.effects.D + op.domain}] == 0 || ${early}`;
		if (op.op === 'sleep') return `(wq[${t}] & 1) == 1 || ${early}`;
		if (op.op !== 'lock' && op.op !== 'inherit' && op.op !== 'await') return 'true';
		const base = val(op.at.base);
		const at = `${base} - PB + ${num(op.at.offset)}`;
		const bad = `${base} < PB || ${base} >= PB + NC || (objof[${at}] >= 0 && life[objof[${at}]] != 1)`;
		if (op.op === 'await') return `${bad} || (cell[${at}] ${OPERATORS[ALUS.indexOf(op.alu)]} ${val(op.value)})${op.sleeps ? ` || ${early}` : ''}`;
		const free = op.mode === 'shared' ? `cell[${at}] >= 0` : `cell[${at}] == 0`;
		return `${bad} || ${free}${op.op === 'lock' && op.recursive === true ? ` || hold[${t * this.effects.C} + ${at}] > 0` : ''}${op.op === 'lock' && op.sleeps ? ` || ${early}` : ''}`;
	}

	private operation(op: Op, pc: number, t: number): string {
		return this.effects.effect(op, t) + this.onward(op, pc);
	}

	private onward(op: Op, pc: number): string {
		switch (op.op) {
			case 'jump': return `pc = ${op.target}`;
			case 'branch': return `if :: ${val(op.cond)} != 0 -> pc = ${op.target} :: else -> pc = ${pc + 1} fi`;
			case 'end': case 'cut': return 'skip';
			default: return `pc = ${pc + 1}`;
		}
	}
}

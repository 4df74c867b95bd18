import { ON_SLEEP } from '../machine/compiled';
import { coveredBy } from '../machine/contexts';
import { RUNNING } from '../machine/layout';
import { DONE, FAILED, type Machine, NOT_NOW, type Observer } from '../machine/machine';
import { step } from '../machine/stepping';
import { canStep } from '../machine/waiting';
import type { Op } from '../program';

/** Steps of a sleeper that are tried once it is woken, over all its choices. */
const STEPS_BOUND = 300;
/** What others would notice: who does any of this had something to wake up for. */
const PROGRESS: ReadonlySet<Op['op']> = new Set(['store', 'rmw', 'cas', 'free', 'put', 'get', 'wake', 'spawn', 'cancel', 'alloc', 'enter', 'end']);

/**
 * In a state in which nobody can move: a thread that sleeps on although what it waits for has come, or -1. Woken for no reason it would make
 * progress, whatever it chooses: its wake-up was lost. One that has nothing to do would go back to sleep. The state stays as it is.
 */
export function sleepsThrough(m: Machine): number {
	for (let t = 0; t < m.threads.length; t++) {
		const control = m.control(t);
		if (control < RUNNING || m.threads[t]!.waitsFor[control - RUNNING] !== ON_SLEEP || (m.layout.anyInterrupt && coveredBy(m, t) >= 0)) continue;
		if (progressesWhenWoken(m, t)) return t;
	}
	return -1;
}

function progressesWhenWoken(m: Machine, t: number): boolean {
	const { queue } = m.layout.threads[t]!;
	if (queue < 0 || m.slots[queue] === 0) return false;
	const before = { words: m.words.slice(), fault: m.fault, observer: m.observer, cutWhy: m.cutWhy, outOfObjects: m.outOfObjects, tooLong: m.tooLong, covered: m.covered[t]!.slice() };
	let progress = false;
	m.observer = new Looker((pc) => { progress ||= PROGRESS.has(m.threads[t]!.ops[pc]!.op); });
	let left = STEPS_BOUND;
	const goesOn = (): boolean => {
		if (!canStep(m, t)) return false;
		const here = m.words.slice();
		for (let choice = 0; choice >= 0;) {
			if (left-- <= 0) return false;
			m.words.set(here);
			progress = false;
			const outcome = step(m, t, choice);
			choice = m.nextChoice();
			if (outcome === NOT_NOW || outcome === FAILED || progress) continue;
			if (outcome !== DONE || !goesOn()) return false;
		}
		return true;
	};
	m.set(queue, m.get(queue) | 1);
	const found = goesOn();
	m.words.set(before.words);
	m.covered[t]!.set(before.covered);
	m.fault = before.fault;
	m.observer = before.observer;
	m.cutWhy = before.cutWhy;
	m.outOfObjects = before.outOfObjects;
	m.tooLong = before.tooLong;
	return found;
}

/** Hears of the operations that are executed, and of nothing else. */
class Looker implements Observer {
	constructor(private readonly heard: (pc: number) => void) {}

	operation(_: number, pc: number): void { this.heard(pc); }
	read(): void {}
	wrote(): void {}
	locked(): void {}
	unlocked(): void {}
	entered(): void {}
	left(): void {}
	freed(): void {}
	allocated(): void {}
}

import { CHOICE_STRIDE, type MemoryModel, type Program } from '../../sim/index';
import { abandon, initialize, step } from '../../sim/machine/stepping';
import { DONE, FAILED, Machine, NOT_NOW } from '../../sim/machine/machine';
import { CHECKS } from '../../sim/machine/opcodes';
import { conflict, type Footprint, footprintOf } from '../../sim/search/footprint';
import { judgeTerminal } from '../../sim/search/terminal';
import { canStep } from '../../sim/machine/waiting';

/** What trying every interleaving one by one shows: no states kept, nothing reduced, nothing remembered. */
export interface Naive {
	readonly checks: readonly string[];
	readonly finals: ReadonlySet<string>;
	readonly interleavings: number;
	readonly failingTraces: number;
	readonly passingTraces: number;
	/** Per check the fewest preemptions of any failing interleaving. */
	readonly preemptions: ReadonlyMap<string, number>;
}

interface Event {
	readonly entry: number;
	readonly print: Footprint;
}

/** Lexicographically least member of the class of interleavings: two are equivalent when and only when this is the same. */
function normalForm(events: readonly Event[]): string {
	const left = [...events];
	const form: number[] = [];
	while (left.length > 0) {
		let best = -1;
		for (let i = 0; i < left.length; i++) {
			const free = !left.slice(0, i).some((before) => dependent(before, left[i]!));
			if (free && (best < 0 || left[i]!.entry % CHOICE_STRIDE < left[best]!.entry % CHOICE_STRIDE)) best = i;
		}
		form.push(left[best]!.entry);
		left.splice(best, 1);
	}
	return form.join(' ');
}

const dependent = (a: Event, b: Event): boolean => a.entry % CHOICE_STRIDE === b.entry % CHOICE_STRIDE || conflict(a.print, b.print);

/** The machine's state in values: codes differ from machine to machine. */
export const valuesOf = (m: Machine): string => Array.from({ length: m.layout.slots }, (_, slot) => m.get(slot)).join(' ');

/** Runs all interleavings of a program; undefined when there are more than `most`. */
export function enumerate(program: Program, most: number, memory: MemoryModel = 'sc'): Naive | undefined {
	const m = new Machine(program, 2, 1000, memory);
	const movers = Array.from({ length: m.movers }, (_, t) => t);
	const checks = new Set<string>();
	const finals = new Set<string>();
	const failing = new Set<string>();
	const passing = new Set<string>();
	const preemptions = new Map<string, number>();
	let interleavings = 0;
	let runs = 0;
	const failed = (check: number, cost: number): void => {
		const name = CHECKS[check]!;
		checks.add(name);
		preemptions.set(name, Math.min(cost, preemptions.get(name) ?? Number.POSITIVE_INFINITY));
	};
	const go = (events: readonly Event[], dead: boolean, last: number, cost: number): void => {
		if (runs > most) return;
		const here = m.words.slice();
		const enabled = movers.map((t) => canStep(m, t));
		if (!enabled.includes(true)) {
			runs++;
			const faults = dead ? [] : judgeTerminal(m);
			for (const fault of faults) failed(fault.check, cost);
			m.words.set(here);
			if (!dead) {
				interleavings++;
				finals.add(valuesOf(m));
			}
			(dead || faults.length > 0 ? failing : passing).add(normalForm(events));
			return;
		}
		movers.forEach((t) => {
			if (!enabled[t]) return;
			const own = t < program.threads.length;
			const price = cost + (own && last >= 0 && last !== t && enabled[last] ? 1 : 0);
			for (let choice = 0; choice >= 0;) {
				m.words.set(here);
				m.tracking = true;
				const outcome = step(m, t, choice);
				m.tracking = false;
				const entry = t + CHOICE_STRIDE * choice;
				choice = m.nextChoice();
				const next = choice;
				if (outcome === NOT_NOW) continue;
				const after = [...events, { entry, print: footprintOf(m) }];
				if (outcome === FAILED) {
					if (!dead) {
						interleavings++;
						failed(m.fault!.check, price);
					}
					abandon(m, t);
				}
				if (outcome === DONE || outcome === FAILED) go(after, dead || outcome === FAILED, own ? t : last, price);
				choice = next;
			}
		});
		m.words.set(here);
	};
	initialize(m);
	go([], false, -1, 0);
	if (runs > most) return undefined;
	return { checks: [...checks].sort(), finals, interleavings, failingTraces: failing.size, passingTraces: passing.size, preemptions };
}


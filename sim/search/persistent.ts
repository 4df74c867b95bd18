import { ON_AWAIT, ON_GRACE, ON_JOIN, ON_LOCK, ON_SLEEP } from '../machine/compiled';
import { coveredBy } from '../machine/contexts';
import { step } from '../machine/stepping';
import { RUNNING } from '../machine/layout';
import { CUT, FAILED, type Machine } from '../machine/machine';
import { heldBackBy, waitingAt } from '../machine/waiting';
import type { Reduction } from './depthFirst';
import { conflict, emptyFootprint, type Footprint } from './footprint';
import { Futures } from './futures';
import type { Points } from './points';

/**
 * Persistent sets of threads (Godefroid 1996, chapter 4, as conflict closures; called ample sets by Peled): from one enabled thread,
 * add every thread that may ever do something in conflict with the next step of one that is in, and for one that is blocked
 * every thread that may unblock it. What is left out cannot interfere, so that its steps may come later. A set whose
 * step would end the path (a failure, a cut) is not used, since the others' failures would be lost with it. The next steps are
 * known exactly, because they are taken on trial; what comes after is known from `Futures`.
 */
export function persistentSets(m: Machine, points: Points): Reduction {
	const futures = new Futures(m, points);
	const words = m.readSet.length;
	const saved = m.words.slice();
	const next: Footprint[] = m.threads.map(() => emptyFootprint(words));
	const guard: Footprint[] = m.threads.map(() => emptyFootprint(words));
	const future: (Footprint | undefined)[] = m.threads.map(() => undefined);
	const threads = m.threads.length;

	// Per state: threads whose next step has been tried, and those whose next step ends the path.
	let tried = 0;
	let ends = 0;

	/** What the next step of an enabled thread touches, over all its choices. */
	function nextOf(t: number): Footprint {
		const all = next[t]!;
		if (((tried >> t) & 1) === 1) return all;
		tried |= 1 << t;
		clear(all);
		m.tracking = true;
		for (let choice = 0; choice >= 0;) {
			m.words.set(saved);
			const outcome = step(m, t, choice);
			if (outcome === FAILED || outcome === CUT) ends |= 1 << t;
			choice = m.nextChoice();
			uniteSets(all, m);
		}
		m.tracking = false;
		return all;
	}

	return (_, enabled) => {
		if ((enabled & (enabled - 1)) === 0) return enabled;
		saved.set(m.words);
		for (let t = 0; t < threads; t++) {
			future[t] = futures.of(t);
			if (future[t] !== undefined && ((enabled >> t) & 1) === 0) whatUnblocks(m, t, clear(guard[t]!));
		}
		tried = 0;
		ends = 0;
		let best = enabled;
		let bestSize = count(enabled);
		for (let seed = 0; seed < threads && bestSize > 1; seed++) {
			if (((enabled >> seed) & 1) === 0) continue;
			const chosen = closure(seed, enabled, bestSize) & enabled;
			const size = count(chosen);
			if (size < bestSize) [best, bestSize] = [chosen, size];
		}
		m.words.set(saved);
		return best;
	};

	/** The set grown from one thread; all threads as soon as it is no better than what is known, or holds a step that ends the path. */
	function closure(seed: number, enabled: number, limit: number): number {
		let inside = 1 << seed;
		let size = 1;
		for (let todo = inside; todo !== 0;) {
			const t = 31 - Math.clz32(todo & -todo);
			todo &= todo - 1;
			const mine = ((enabled >> t) & 1) === 1 ? nextOf(t) : guard[t]!;
			if ((inside & ends) !== 0) return -1;
			for (let other = 0; other < threads; other++) {
				const theirs = future[other];
				if (((inside >> other) & 1) === 1 || theirs === undefined || !conflict(mine, theirs)) continue;
				inside |= 1 << other;
				todo |= 1 << other;
				if (((enabled >> other) & 1) === 1 && ++size >= limit) return -1;
			}
		}
		return inside;
	}
}

function clear(print: Footprint): Footprint {
	print.reads.fill(0);
	print.writes.fill(0);
	print.shares.fill(0);
	return print;
}

function uniteSets(into: Footprint, m: Machine): void {
	for (let i = 0; i < into.reads.length; i++) {
		into.reads[i] = into.reads[i]! | m.readSet[i]!;
		into.writes[i] = into.writes[i]! | m.writeSet[i]!;
		into.shares[i] = into.shares[i]! | m.shareSet[i]!;
	}
}

/** What a blocked thread looks at: who writes any of it may unblock it. */
function whatUnblocks(m: Machine, t: number, print: Footprint): void {
	const { layout } = m;
	const look = (resource: number): void => { print.reads[resource >> 5] = print.reads[resource >> 5]! | (1 << (resource & 31)); };
	const control = m.control(t);
	if (control < RUNNING) {
		if (heldBackBy(m, t) !== 0) for (let domain = 0; domain < layout.domains; domain++) look(layout.domainResource + domain);
		return;
	}
	const above = coveredBy(m, t);
	if (above >= 0) {
		look(layout.processorResource + t);
		return;
	}
	const rest = control - RUNNING;
	const op = m.threads[t]!.ops[m.threads[t]!.restPc[rest]!]!;
	switch (m.threads[t]!.waitsFor[rest]) {
		case ON_LOCK: case ON_AWAIT: case ON_SLEEP: {
			const cell = waitingAt(m, t, rest);
			if (cell < 0) break;
			look(cell);
			// Freeing what it waits for ends the wait too.
			if (layout.objectOf[cell]! >= 0) look(layout.objectResource + layout.objectOf[cell]!);
			break;
		}
		case ON_JOIN: if (op.op === 'join') look(layout.threadResource + op.thread); break;
		case ON_GRACE: if (op.op === 'grace-wait') look(layout.domainResource + op.domain); break;
		default: break;
	}
}

function count(mask: number): number {
	let bits = 0;
	for (let todo = mask; todo !== 0; todo &= todo - 1) bits++;
	return bits;
}

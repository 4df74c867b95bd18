import { RUNNING } from '../machine/layout';
import { CUT, FAILED, type Machine } from '../machine/machine';
import { step } from '../machine/stepping';
import type { Reduction } from './depthFirst';
import { conflict, emptyFootprint, type Footprint } from './footprint';
import { Futures } from './futures';
import { Guards } from './guards';
import type { Points } from './points';
import type { Remembered } from './remembered';

/**
 * Persistent sets of threads (Godefroid 1996, chapter 4, as conflict closures; called ample sets by Peled): from one enabled thread,
 * add every thread that may ever do something in conflict with the next step of one that is in, and for one that is blocked
 * every thread that may unblock it. What is left out cannot interfere, so that its steps may come later. A set whose
 * step would end the path (a failure, a cut) is not used, since the others' failures would be lost with it. The next steps are
 * known exactly, because they are taken on trial, or have been (see `Remembered`); what comes after is known from `Futures`.
 */
export function persistentSets(m: Machine, points: Points): Reduction {
	const futures = new Futures(m, points);
	const words = m.readSet.length;
	const saved = m.words.slice();
	const next: Footprint[] = m.threads.map(() => emptyFootprint(words));
	const guards = new Guards(m);
	const guard: (Footprint | undefined)[] = m.threads.map(() => undefined);
	const future: (Footprint | undefined)[] = m.threads.map(() => undefined);
	/** Per thread 1 where its future does not depend on its control state alone. */
	const leaks = new Uint8Array(m.threads.length);
	const threads = m.threads.length;

	// Per effect and control state of each thread: 0 where nobody has asked yet, 1 for no conflict, 2 for one.
	const conflicts: (Uint8Array | undefined)[] = [];
	let remembered: Remembered;
	const firstPlace: number[] = [];
	let places = 0;
	for (const { restPc } of m.threads) {
		firstPlace.push(places);
		places += RUNNING + restPc.length;
	}

	// Per state: threads whose next step has been tried, and those whose next step ends the path.
	let tried = 0;
	let ends = 0;

	/** What the next step of an enabled thread touches, over all its choices. */
	function nextOf(t: number): Footprint {
		const effect = remembered.effects[t]!;
		if (effect >= 0) return remembered.footprint(effect);
		const all = next[t]!;
		if (((tried >> t) & 1) === 1) return all;
		tried |= 1 << t;
		clear(all);
		m.tracking = true;
		for (let choice = 0; choice >= 0;) {
			const outcome = step(m, t, choice);
			if (outcome === FAILED || outcome === CUT) ends |= 1 << t;
			choice = m.nextChoice();
			uniteSets(all, m);
			m.words.set(saved);
		}
		m.tracking = false;
		return all;
	}

	return (enabled, known) => {
		if ((enabled & (enabled - 1)) === 0) return enabled;
		remembered = known;
		saved.set(m.words);
		for (let t = 0; t < threads; t++) {
			const leaking = futures.withLeaks(t);
			leaks[t] = leaking === undefined ? 0 : 1;
			future[t] = leaking ?? futures.of(t);
			if (future[t] !== undefined && ((enabled >> t) & 1) === 0) guard[t] = guards.of(t);
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
		return best;
	};

	/** What is known of an effect's conflicts; undefined for a step that is none. */
	function seenBy(effect: number): Uint8Array | undefined {
		if (effect < 0) return undefined;
		const known = conflicts[effect];
		if (known !== undefined) return known;
		const fresh = new Uint8Array(places);
		conflicts[effect] = fresh;
		return fresh;
	}

	/** As `conflict`, of a step whose conflicts are kept. What a thread may still do depends on its control state alone. */
	function clashes(seen: Uint8Array, mine: Footprint, other: number, theirs: Footprint): boolean {
		if (leaks[other] === 1) return conflict(mine, theirs);
		const at = firstPlace[other]! + m.control(other);
		if (seen[at] === 0) seen[at] = conflict(mine, theirs) ? 2 : 1;
		return seen[at] === 2;
	}

	/** The set grown from one thread; all threads as soon as it is no better than what is known, or holds a step that ends the path. */
	function closure(seed: number, enabled: number, limit: number): number {
		let inside = 1 << seed;
		let size = 1;
		for (let todo = inside; todo !== 0;) {
			const t = 31 - Math.clz32(todo & -todo);
			todo &= todo - 1;
			const mine = ((enabled >> t) & 1) === 1 ? nextOf(t) : guard[t]!;
			if ((inside & ends) !== 0) return -1;
			const seen = ((enabled >> t) & 1) === 1 ? seenBy(remembered.effects[t]!) : undefined;
			for (let other = 0; other < threads; other++) {
				const theirs = future[other];
				if (((inside >> other) & 1) === 1 || theirs === undefined || !(seen === undefined ? conflict(mine, theirs) : clashes(seen, mine, other, theirs))) continue;
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

function count(mask: number): number {
	let bits = 0;
	for (let todo = mask; todo !== 0; todo &= todo - 1) bits++;
	return bits;
}

import { type Layout, RUNNING } from '../machine/layout';
import { DONE, type Machine, type Outcome } from '../machine/machine';
import { step } from '../machine/stepping';
import { canStep, waitingAt } from '../machine/waiting';
import { SC } from '../machine/memoryKinds';
import { type Footprint, footprintOf } from './footprint';
import { ownSlots } from './ownSlots';

/** What `find` gives besides numbers of effects: the thread cannot move; its step must be executed. */
export const BLOCKED = -1, EXECUTE = -2;

/** Codes of a slot of one byte. */
const CODES = 256;
const FIRST_NODES = 32;
/** What does not fit is executed. */
const MOST_NODES = 8192, MOST_EFFECTS = 16_384;

/**
 * What steps did before, so that they need not be executed again: most steps look at a few slots only, and do the same whenever these hold the same
 * (Blom, van de Pol, Weber: LTSmin, CAV 2010, cache transitions so). Per thread and place where it rests a tree of tests: each node looks at one
 * slot, and each way through ends at what is to be written. A step is executed when its way ends nowhere yet; what it looked at is known from its
 * footprint and from what the machine tells beside it (`Machine.lookedAt`). Steps that choose, fail or do something out of the ordinary are executed always. One-byte slots and sequential consistency only.
 */
export class Remembered {
	/** Per thread what `find` said when `enabled` asked last. */
	readonly effects: Int32Array;
	/** Whether anything can be remembered of this program. A thread that is alone seldom comes to the same place twice: to remember that costs more than it saves. */
	readonly works: boolean;
	/** Per effect number first and one past the last of its writes; per write the word, what it keeps of it, and what it puts there. */
	ends = new Int32Array(FIRST_NODES);
	writes = new Int32Array(FIRST_NODES * 6);
	private count = 0;
	private written = 0;
	/** Per thread and code of its control slot, then per node and code of its slot: 0 for nowhere yet, the next node, or below that ~(what `find` gives + 2). */
	private next: Int32Array;
	private slotOf: Int32Array;
	private nodes: number;
	private readonly before: Int32Array;
	/** Per thread and place the slots of its own that matter; undefined where nobody has asked yet. */
	private readonly own: (readonly number[] | null | undefined)[][];
	/** Per effect what the step touches. */
	private readonly prints: Footprint[] = [];

	constructor(private readonly m: Machine) {
		const { layout } = m;
		this.works = m.coding.width === 1 && m.memory === SC && !layout.anyInterrupt && m.movers > 1;
		this.nodes = m.threads.length;
		this.slotOf = new Int32Array(Math.max(FIRST_NODES, this.nodes));
		this.next = new Int32Array(this.works ? this.slotOf.length * CODES : 0);
		layout.threads.forEach(({ control }, t) => { this.slotOf[t] = control; });
		this.effects = new Int32Array(m.movers);
		this.before = m.words.slice();
		this.own = m.threads.map(() => []);
	}

	/** What the thread's next step does in the machine's current state: the number of its effect, BLOCKED or EXECUTE. */
	find(t: number): number {
		const { next, slotOf } = this;
		const { slots } = this.m;
		let at = t;
		do at = next[at * CODES + slots[slotOf[at]!]!]!; while (at > 0);
		return at < 0 ? ~at - 2 : this.learn(t);
	}

	/** Takes a step of a thread that can move, as `step` does; without executing it where that is known. */
	take(t: number, choice: number): Outcome {
		if (choice === 0 && this.works) {
			const effect = this.find(t);
			if (effect >= 0) {
				this.apply(effect);
				this.m.met = 0;
				return DONE;
			}
		}
		return step(this.m, t, choice);
	}

	/** The bits of the threads that can take a step now; `effects` then says what each does. */
	enabled(): number {
		const { m, effects } = this;
		let mask = 0;
		for (let t = 0; t < m.movers; t++) {
			const effect = this.works ? this.find(t) : EXECUTE;
			effects[t] = effect;
			if (effect === EXECUTE ? canStep(m, t) : effect !== BLOCKED) mask |= 1 << t;
		}
		return mask;
	}

	/** What the step of an effect touches. */
	footprint(effect: number): Footprint {
		return this.prints[effect]!;
	}

	/** The first of the effect's writes; `ends` has the one past the last. */
	firstWrite(effect: number): number {
		return effect === 0 ? 0 : this.ends[effect - 1]!;
	}

	/** Does to the machine's state what the step does. */
	apply(effect: number): void {
		const { words } = this.m;
		const { writes } = this;
		const end = this.ends[effect]!;
		for (let at = this.firstWrite(effect); at < end; at += 3) {
			const word = writes[at]!;
			words[word] = (words[word]! & writes[at + 1]!) | writes[at + 2]!;
		}
	}

	/** Executes the step on trial, and grows the way that leads to its effect. The machine's state stays as it is. */
	private learn(t: number): number {
		const { m, before } = this;
		const control = m.control(t);
		const slots = control < RUNNING ? null : this.ownSlotsAt(t, control - RUNNING);
		let result = EXECUTE;
		const looks: number[] = [];
		if (slots !== null) {
			looks.push(...slots, ...this.waitsAt(t, control - RUNNING));
			if (!canStep(m, t)) result = BLOCKED;
			else {
				const { tracking } = m;
				before.set(m.words);
				m.tracking = true;
				const outcome = step(m, t, 0);
				m.tracking = tracking;
				if (outcome === DONE && m.met === 0) {
					const touched = this.touched(t);
					if (touched !== null && this.count < MOST_EFFECTS) {
						looks.push(...touched);
						result = this.effect();
					}
				} else looks.push(...(this.touched(t) ?? []));
				m.words.set(before);
			}
		}
		let at = t;
		let hole = at * CODES + m.slots[this.slotOf[at]!]!;
		const seen = new Set<number>([this.slotOf[at]!]);
		for (let to = this.next[hole]!; to > 0; to = this.next[hole]!) {
			at = to;
			hole = at * CODES + m.slots[this.slotOf[at]!]!;
			seen.add(this.slotOf[at]!);
		}
		for (const slot of looks) {
			if (seen.has(slot)) continue;
			if (this.nodes === MOST_NODES) {
				result = EXECUTE;
				break;
			}
			seen.add(slot);
			at = this.node(slot);
			this.next[hole] = at;
			hole = at * CODES + m.slots[slot]!;
		}
		this.next[hole] = ~(result + 2);
		return result;
	}

	private node(slot: number): number {
		if (this.nodes === this.slotOf.length) {
			const [slotOf, next] = [new Int32Array(this.nodes * 2), new Int32Array(this.nodes * 2 * CODES)];
			slotOf.set(this.slotOf);
			next.set(this.next);
			[this.slotOf, this.next] = [slotOf, next];
		}
		this.slotOf[this.nodes] = slot;
		return this.nodes++;
	}

	/** Notes by how the state now differs from `before`. */
	private effect(): number {
		const { m, before } = this;
		const { words } = m;
		for (let word = 0; word < words.length; word++) {
			const differs = words[word]! ^ before[word]!;
			if (differs === 0) continue;
			let mask = 0;
			for (let byte = 0; byte < 4; byte++) if (((differs >>> (8 * byte)) & 255) !== 0) mask |= 255 << (8 * byte);
			if (this.written + 3 > this.writes.length) this.writes = longer(this.writes);
			this.writes.set([word, ~mask, words[word]! & mask], this.written);
			this.written += 3;
		}
		if (this.count === this.ends.length) this.ends = longer(this.ends);
		this.ends[this.count] = this.written;
		this.prints.push(footprintOf(m));
		return this.count++;
	}

	/** The slots behind what the step just executed has touched; null when there is more to it than cells, lives, and the thread itself. */
	private touched(t: number): readonly number[] | null {
		const { layout, readSet, writeSet, shareSet, lookedAt } = this.m;
		const found = lookedAt.slice();
		for (let i = 0; i < readSet.length; i++) {
			for (let todo = readSet[i]! | writeSet[i]! | shareSet[i]!; todo !== 0; todo &= todo - 1) {
				const resource = i * 32 + 31 - Math.clz32(todo & -todo);
				if (resource < layout.cells) found.push(resource);
				else if (resource < layout.threadResource) {
					const life = layout.life[resource - layout.objectResource]!;
					if (life >= 0) found.push(life);
				} else if (resource !== layout.threadResource + t && !isDomain(layout, resource)) return null;
			}
		}
		return found;
	}

	/** The cell at which the thread waits, and the life of what it is in. */
	private waitsAt(t: number, place: number): readonly number[] {
		const { m } = this;
		if (m.threads[t]!.waitsFor[place] === 0) return [];
		const cell = waitingAt(m, t, place);
		if (cell < 0) return [];
		const object = m.layout.objectOf[cell]!;
		const life = object < 0 ? -1 : m.layout.life[object]!;
		return life < 0 ? [cell] : [cell, life];
	}

	private ownSlotsAt(t: number, place: number): readonly number[] | null {
		const known = this.own[t]![place];
		if (known !== undefined) return known;
		const slots = ownSlots(this.m, t, place);
		this.own[t]![place] = slots;
		return slots;
	}
}

/** Who is on a read side, and who waits for that, is looked at slot by slot. */
const isDomain = ({ domainResource, domains }: Layout, resource: number): boolean => resource >= domainResource && resource < domainResource + domains;

function longer(from: Int32Array): Int32Array<ArrayBuffer> {
	const grown = new Int32Array(from.length * 2);
	grown.set(from);
	return grown;
}

import { forgetOldest } from './forget-oldest';
import { stepper } from '../sim';
import { laneOf } from './judge/lanes';
import { stepsOf, waitingOf } from './judge/tell';
import type { Lowered } from './lower';
import type { ReviewStep, WaitingThread } from './review';

/** A schedule that a person chooses, step by step: where it stands, and who may move next. */
export interface FreeState {
	readonly steps: readonly ReviewStep[];
	readonly enabled: readonly FreeChoice[];
	readonly waiting: readonly WaitingThread[];
	/** What the last step broke, in words. */
	readonly failure: string | null;
	/** No thread can move. */
	readonly done: boolean;
}

export interface FreeChoice {
	/** The schedule entry that takes it. */
	readonly entry: number;
	readonly thread: number;
	readonly operation: string;
}

/** The state after `entries`. Throws for an entry that cannot be taken where it stands. */
export function freeState(lowered: Lowered, entries: readonly number[]): FreeState {
	const machine = stepper(lowered.program);
	let failure: string | null = null;
	const steps = entries.flatMap((entry) => {
		const taken = machine.step(entry);
		failure = taken.failure?.message ?? null;
		const [step] = stepsOf(lowered, [taken.step]);
		return step ? [{ ...step, waiting: waitingOf(lowered, machine.blocked()) }] : [];
	});
	const enabled = machine.enabled();
	const choices = enabled.map((entry) => {
		// What it would do is known by doing it.
		const { step } = machine.step(entry);
		machine.undo();
		const [told] = stepsOf(lowered, [step]);
		return { entry, thread: laneOf(lowered, step.thread), operation: told?.operation ?? '' };
	});
	return { steps, enabled: told(choices), waiting: waitingOf(lowered, machine.blocked()), failure, done: enabled.length === 0 };
}

/** Ways of one thread that read alike are numbered. */
function told(choices: readonly FreeChoice[]): readonly FreeChoice[] {
	return choices.map((choice, at) => {
		const alike = choices.filter(({ thread, operation }) => thread === choice.thread && operation === choice.operation);
		return alike.length < 2 ? choice : { ...choice, operation: `${choice.operation} [${choices.slice(0, at + 1).filter((other) => alike.includes(other)).length}]` };
	});
}

/** Documents whose programs are kept for stepping. */
const KEPT_DOCUMENTS = 4;

/** The programs of the last few reviewed documents. */
export class KeptPrograms {
	private readonly documents = new Map<string, Map<string, Lowered>>();

	/** A review of the document begins: what was known of it is forgotten. */
	open(name: string): void {
		this.documents.delete(name);
		this.documents.set(name, new Map());
		forgetOldest(this.documents, KEPT_DOCUMENTS);
	}

	knows(name: string): boolean {
		return this.documents.has(name);
	}

	add(name: string, patch: number, scenario: string, side: 'pre' | 'post', lowered: Lowered): void {
		this.documents.get(name)?.set(`${patch} ${side} ${scenario}`, lowered);
	}

	get(name: string, patch: number, scenario: string, side: 'pre' | 'post'): Lowered | undefined {
		return this.documents.get(name)?.get(`${patch} ${side} ${scenario}`);
	}
}

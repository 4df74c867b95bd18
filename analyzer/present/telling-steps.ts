import type { ReviewStep, ReviewThread } from '../review';
import { oneLine } from './wording';

/** The functions that a step is in, outermost first. */
export const pathOf = ({ stack, function: name }: ReviewStep): readonly string[] => [...stack, name].map(oneLine).filter((each) => each !== '');

/** Which steps of a schedule a reader is shown, and of the others how much of where they are. */
export interface TellingSteps {
	told(step: ReviewStep): boolean;
	/** Frames that are shown of a step that is not told: the reviewed code, and what that calls. */
	shownFrames(step: ReviewStep): number;
}

/** A model's calls, and what is said of it in words. Its cells are nothing that a person finds in the kernel's source. */
export const isInWords = ({ operation, modelled }: ReviewStep): boolean => !modelled || /^\w+\(.*\)$|^[a-z][a-z ]+$/.test(operation);

/** Elided code that does nothing here is no step of a story, nor is the value of a constant, or an address. */
const NOTHING = /^(?:in code that is not shown|&\w+|(?:if|switch|while) \([A-Z_][A-Z0-9_]*\)|[A-Z_][A-Z0-9_]*)$/;

const isCall = ({ operation }: ReviewStep): boolean => operation.endsWith(')');

/**
 * Of the models' own steps those that are in words and do something: a question that changes nothing (who holds a lock) is none of the reader's, nor is a lock under
 * which a model does nothing that is told, unless another thread takes it too, or waits for it. The step that breaks is always told.
 */
export function tellingSteps(threads: readonly ReviewThread[], steps: readonly ReviewStep[]): TellingSteps {
	const reviewed = new Set([...steps.filter(({ modelled }) => !modelled).map((step) => oneLine(step.function)), ...threads.filter(({ modelled }) => !modelled).map(({ entry }) => oneLine(entry))]);
	const last = steps.at(-1);
	const takers = new Map<string, Set<number>>();
	const takes = (lock: string, thread: number): void => {
		takers.set(lock, (takers.get(lock) ?? new Set()).add(thread));
	};
	for (const { thread, locked } of steps) for (const lock of locked ?? []) takes(lock, thread);
	for (const { on, thread } of last?.waiting ?? []) if (on !== null) takes(on, thread);
	const locksOf = ({ locked = [], unlocked = [] }: ReviewStep): readonly string[] => [...locked, ...unlocked];
	/** What a thread of the models' own does itself is its story, but for questions. */
	const isOwn = (step: ReviewStep): boolean => threads[step.thread]?.modelled === true && pathOf(step).length === 1 && step.asks !== true;
	const does = (step: ReviewStep): boolean => (!step.modelled && !(NOTHING.test(step.operation) && step.changes.length === 0 && locksOf(step).length === 0)) || step === last || (isInWords(step) && (!isCall(step) || isOwn(step) || (step.changes.length > 0 && locksOf(step).length === 0)));
	/** Locks that a model takes, and releases again, around nothing that is told. */
	const around = new Set<ReviewStep>();
	steps.forEach((step, at) => {
		for (const lock of step.modelled && isCall(step) ? (step.locked ?? []) : []) {
			const own = steps.slice(at + 1).filter(({ thread }) => thread === step.thread);
			const end = own.findIndex(({ unlocked }) => unlocked?.includes(lock));
			if (end < 0 || (takers.get(lock)?.size ?? 0) > 1 || own.slice(0, end + 1).some((inner) => does(inner))) continue;
			around.add(step);
			const release = own[end];
			if (release) around.add(release);
		}
	});
	const shownFrames = (step: ReviewStep): number => {
		const path = pathOf(step);
		const outside = path.findIndex((name) => !reviewed.has(name));
		const inner = path.findLastIndex((name) => reviewed.has(name));
		return outside < 0 ? path.length : Math.max(outside, inner + 1) + 1;
	};
	return { told: (step) => does(step) || (isInWords(step) && locksOf(step).length > 0 && !around.has(step)), shownFrames };
}

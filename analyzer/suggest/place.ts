import type { Image } from '../images/image';
import type { Definition } from '../lower';
import type { ReviewFailure } from '../review';
import { imageOf, type Side, type Site, sitesOf } from '../scenarios';
import { type Statement, statementsOf } from './statement';

/** A function that a failing schedule runs through, as it is after the patch, where an edit may help. */
export interface Place {
	readonly name: string;
	readonly after: Definition;
	/** As it was before the patch; null for a new one. */
	readonly before: Definition | null;
	readonly image: Image;
	/** Lines of the image's text, index 0 is line 1. */
	readonly lines: readonly string[];
	readonly statements: readonly Statement[];
	/** Its calls after the patch, and before. */
	readonly now: readonly Site[];
	readonly old: readonly Site[];
	/** Lines of the text that the schedule runs through, in order; a call that leads to another function on it is one. */
	readonly onSchedule: readonly number[];
	/** What the patch takes away of it, line by line, as `said`. */
	readonly gone: ReadonlySet<string>;
	/** The patch changes it. */
	readonly changed: boolean;
	/** The thread that fails runs it. */
	readonly fails: boolean;
}

/** Functions that are looked at, those of the thread that fails first. */
const PLACES_BOUND = 5;

/** The reviewed functions that the failing schedule runs through: those of the thread that fails first, of them those that the patch changes. */
export function placesOf(failure: ReviewFailure, pre: Side | null, post: Side): readonly Place[] {
	const { steps } = failure;
	const failing = steps.at(-1)?.thread;
	const names = [...new Set([...steps].reverse().flatMap((step) => (step.modelled ? step.stack : [step.function, ...[...step.stack].reverse()])))];
	const places = names.flatMap((name): Place[] => {
		const after = post.functions.get(name);
		const image = imageOf(post.files, after);
		if (!after || !image || after.fn.broken) return [];
		const before = pre?.functions.get(name) ?? null;
		const lines = image.text.split('\n');
		const now = sitesOf(after, post);
		const line = (step: ReviewFailure['steps'][number]): number => {
			if (step.function === name && !step.modelled) return (step.line ? image.fileLines.indexOf(step.line) : step.inputLine ? image.inputLines.indexOf(step.inputLine) : -1) + 1;
			const path = [...step.stack, step.function];
			const callee = path[path.indexOf(name) + 1];
			return path.includes(name) && callee !== undefined ? (now.find(({ api }) => api === callee)?.line ?? 0) : 0;
		};
		// Where a thread stands blocked in the end is no step.
		const blocked = (steps.at(-1)?.waiting ?? []).flatMap(({ operation, inputLine }) => [(inputLine ? image.inputLines.indexOf(inputLine) : now.find(({ text }) => text === operation)?.line ?? -1) + (inputLine ? 1 : 0)]);
		const onSchedule = [...new Set([...steps.map(line), ...blocked].filter((at) => at >= after.fn.line && at <= after.fn.endLine))];
		return [{
			name, after, before, image, lines, statements: statementsOf(after.fn, lines), now, old: before && pre ? sitesOf(before, pre) : [], onSchedule,
			gone: goneFrom(before, pre),
			changed: post.changed.includes(name) || (pre?.changed.includes(name) ?? false),
			fails: steps.some((step) => step.thread === failing && (step.function === name || step.stack.includes(name))),
		}];
	});
	const weight = ({ changed, fails }: Place): number => (changed ? 2 : 0) + (fails ? 1 : 0);
	return places.sort((a, b) => weight(b) - weight(a)).slice(0, PLACES_BOUND);
}

function goneFrom(before: Definition | null, pre: Side | null): ReadonlySet<string> {
	const image = before && pre ? imageOf(pre.files, before) : undefined;
	const lines = before && image ? image.text.split('\n').slice(before.fn.line - 1, before.fn.endLine) : [];
	return new Set(lines.filter((_, index) => before && image?.changed[before.fn.line - 1 + index]).map(said));
}

/** Where the line stands, for readers: file and line after the patch, where that is known. */
export function whereOf({ image }: Place, line: number): string {
	const at = image.fileLines[line - 1] ?? 0;
	return at > 0 ? `${image.path.split('/').at(-1)}:${at}` : image.path;
}

/** A line of the source in one line of words. */
export const said = (text: string): string => text.replace(/\s+/g, ' ').replace(/;$/, '').trim();

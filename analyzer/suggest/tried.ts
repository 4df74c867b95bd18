import type { Slices } from '../judge';
import type { Definition, Party } from '../lower';
import { type Attempt, judgeEdited } from '../review-scenario';
import { editedFile, imageOf, type Side } from '../scenarios';
import { type Candidate, withLines } from './edit';

/** What came of an edit: whether the scenario still fails in any way, and how many states that took, of a program of so many operations. */
export interface Tried {
	readonly passes: boolean;
	readonly states: number;
	readonly operations: number;
}

/** A scenario of its own making has its own versions of functions, which an edit of the file does not reach. */
export const isOwnVersion = ({ scenario, post }: Attempt, name: string): boolean =>
	scenario.own?.name === name || scenario.overrides?.has(name) === true || (scenario.post ?? []).some(({ definition }) => definition.fn.name === name && definition !== post.functions.get(name));

/** Lowers and explores the scenario with the edit in the side after. Null where the function cannot be read with it. */
export function* tried(attempt: Attempt, name: string, { path, lines }: Candidate): Slices<Tried | null> {
	const { post } = attempt;
	const old = post.functions.get(name);
	const image = imageOf(post.files, old);
	const previous = post.files.find((file) => file.image === image);
	if (!old || !image || !previous || image.path !== path) return null;
	const file = editedFile(attempt.surroundings.parser, withLines(image, lines), previous);
	const made = file.functions.filter(({ fn }) => fn.name === name).sort((a, b) => b.fn.body.text.length - a.fn.body.text.length)[0];
	if (!made || made.fn.broken) return null;
	const edited = withFunction(post, old, made);
	const parties = attempt.scenario.post?.map((party): Party => (party.definition === old ? { ...party, definition: made } : party)) ?? null;
	const { after, outcome } = yield* judgeEdited(attempt, edited, parties);
	return { passes: after?.verdict === 'passes' && after.failures.length === 0 && (outcome === 'fixes' || outcome === 'no-failure'), states: after?.spent ?? 0, operations: after?.lowered.program.threads.reduce((sum, { code }) => sum + code.length, 0) ?? 0 };
}

function withFunction(post: Side, old: Definition, made: Definition): Side {
	const { fn: { name } } = made;
	const defined = (each: string): Definition | null => (each === name ? made : post.sources.defined(each));
	const changed = (each: string): boolean => each === name || post.sources.changed(each);
	return {
		...post, sources: { ...post.sources, defined, changed }, functions: new Map([...post.functions, [name, made]]),
		changed: post.changed.includes(name) ? post.changed : [...post.changed, name], files: post.files.map((file) => (file.functions.includes(old) ? { ...file, functions: file.functions.map((each) => (each === old ? made : each)) } : file)),
	};
}

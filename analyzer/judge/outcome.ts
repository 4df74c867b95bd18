import type { Outcome } from '../review';
import { type Judged, judge, kindOf } from './verdict';

/** From the worst to the best. */
const ORDER: readonly Outcome[] = ['introduces', 'still-fails', 'fixes', 'pre-existing', 'no-failure'];

/** What the patch does to this scenario. `about`: the patch is about this race: a diagram, the prose or its own lines say so. */
export function outcomeOf(about: boolean, pre: Judged | null, post: Judged | null): Outcome {
	if (!pre && !post) return 'inconclusive';
	if (!post) return pre?.verdict === 'fails' ? 'pre-existing' : 'no-failure';
	if (post.verdict === 'inconclusive' || pre?.verdict === 'inconclusive') {
		if (post.verdict === 'fails' && pre?.verdict === 'passes') return 'introduces';
		return 'inconclusive';
	}
	if (!pre) return post.verdict === 'fails' ? 'introduces' : 'no-failure';
	const kinds = (side: Judged): ReadonlySet<string> => new Set(side.failures.map((failure) => kindOf(side.lowered, failure)));
	const after = kinds(post);
	const before = unmasked(pre, kinds(pre), after);
	const fresh = [...after].filter((kind) => !before.has(kind));
	const gone = [...before].filter((kind) => !after.has(kind));
	if (before.size === 0 && after.size === 0) return 'no-failure';
	if (before.size === 0) return 'introduces';
	if (after.size === 0) return 'fixes';
	if (gone.length > 0 && fresh.length === 0) return 'fixes';
	// The same trouble with the same object by another name is the same trouble; trouble of another family, or with another object, is the patch's.
	const troubles = new Set([...before].map(trouble));
	if (fresh.some((kind) => !troubles.has(trouble(kind)))) return 'introduces';
	if (gone.length > fresh.length) return 'fixes';
	return about ? 'still-fails' : 'pre-existing';
}

/** Checks that tell of one trouble: an object's life. */
const LIFETIME: ReadonlySet<string> = new Set(['use-after-free', 'resurrection', 'refcount-underflow', 'pinned-after-free']);

function trouble(kind: string): string {
	const [check = '', where = ''] = kind.split(' ');
	return LIFETIME.has(check) ? `lifetime ${where.split('.')[0]}` : `${check} ${where}`;
}

/** A failure ends its path: what lies behind it shows only when its check is left out. */
function unmasked(pre: Judged, before: ReadonlySet<string>, after: ReadonlySet<string>): ReadonlySet<string> {
	if (before.size === 0 || [...after].every((kind) => before.has(kind))) return before;
	const masking = [...new Set(pre.failures.map((failure) => failure.check))].filter((check) => ![...after].some((kind) => kind.startsWith(`${check} `)));
	if (masking.length === 0) return before;
	const { lowered } = pre;
	const again = judge({ ...lowered, program: { ...lowered.program, without: masking } });
	return new Set([...before, ...again.failures.map((failure) => kindOf(lowered, failure))]);
}

/** An input's outcome: the worst of its scenarios'. */
export function worst(outcomes: readonly Outcome[]): Outcome {
	return ORDER.find((each) => outcomes.includes(each)) ?? (outcomes.includes('inconclusive') ? 'inconclusive' : 'no-failure');
}

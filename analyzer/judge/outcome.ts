import type { Because, Outcome } from '../review';
import { type Judged, kindOf } from './verdict';

/** From the worst to the best. */
const ORDER: readonly Outcome[] = ['introduces', 'still-fails', 'fixes', 'pre-existing', 'no-failure'];

/** What the patch does to this scenario. */
export function outcomeOf(because: Because, pre: Judged | null, post: Judged | null): Outcome {
	if (!pre && !post) return 'inconclusive';
	if (!post) return pre?.verdict === 'fails' ? 'pre-existing' : 'no-failure';
	if (post.verdict === 'inconclusive' || pre?.verdict === 'inconclusive') {
		if (post.verdict === 'fails' && pre?.verdict === 'passes') return 'introduces';
		return 'inconclusive';
	}
	if (!pre) return post.verdict === 'fails' ? 'introduces' : 'no-failure';
	const kinds = (side: Judged): ReadonlySet<string> => new Set(side.failures.map((failure) => kindOf(side.lowered, failure)));
	const [before, after] = [kinds(pre), kinds(post)];
	const fresh = [...after].filter((kind) => !before.has(kind));
	const gone = [...before].filter((kind) => !after.has(kind));
	if (before.size === 0 && after.size === 0) return 'no-failure';
	if (before.size === 0) return 'introduces';
	if (after.size === 0) return 'fixes';
	// Another check of the same trouble is the same trouble; one more kind beside all the old ones is the patch's.
	if (fresh.length > 0 && gone.length === 0) return 'introduces';
	if (because === 'diagram' || because === 'prose') return 'still-fails';
	if (gone.length > 0 && fresh.length === 0) return 'fixes';
	return 'pre-existing';
}

/** An input's outcome: the worst of its scenarios'. */
export function worst(outcomes: readonly Outcome[]): Outcome {
	return ORDER.find((each) => outcomes.includes(each)) ?? (outcomes.includes('inconclusive') ? 'inconclusive' : 'no-failure');
}

import type { ReviewFailure, ScenarioReview } from '../../review';

/**
 * Where the patch ends one race, what another scenario shows on both sides is an old failure that it leaves alone; only a diagram,
 * which says what the patch is about, outweighs that. A patch that only `renames` ends and brings nothing; one that is `tidying`
 * ends nothing; nor does one end what comes of a release that it leaves to the device: the places of what is `managed` now are known by their last words.
 */
export function settled(all: readonly ScenarioReview[], { renames, tidying }: { readonly renames: boolean; readonly tidying: boolean }, managed: ReadonlySet<string>): readonly ScenarioReview[] {
	const reviews = renamed(all).map((each) => ((renames && (each.outcome === 'fixes' || each.outcome === 'introduces')) || (each.outcome === 'fixes' && (tidying || each.pre?.failures.every((failure) => isReleasedLater(failure, managed)))) ? { ...each, outcome: 'pre-existing' as const } : each));
	if (!reviews.some((each) => each.outcome === 'fixes')) return reviews;
	return reviews.map((each) => (each.outcome === 'still-fails' && each.because !== 'diagram' ? { ...each, outcome: 'pre-existing' as const } : each));
}

/** The first argument of what frees it is a place whose object the device releases now. */
const isReleasedLater = ({ steps }: ReviewFailure, managed: ReadonlySet<string>): boolean =>
	steps.some(({ operation, changes }) => changes.some((change) => change.endsWith(' is freed')) && managed.has(/\w+(?=\s*[,)])/.exec(operation)?.[0] ?? ''));

/**
 * What only the side after has, and fails there just as something failed before that only the side before has, has another name, no more. Nor is new what a
 * search of the side before did not come to within its bound, and another scenario shows there.
 */
function renamed(reviews: readonly ScenarioReview[]): readonly ScenarioReview[] {
	const trouble = ({ check, message }: ReviewFailure): string => `${check} ${message.replace(/CPU\d/g, '').replace(/\w+\(\)|(?<=~\w*)\d+/g, '')}`;
	const of = (side: ScenarioReview['pre']): readonly string[] => side?.failures.map(trouble) ?? [];
	const old = new Set(reviews.flatMap((each) => (each.post === null ? of(each.pre) : [])));
	const before = new Set(reviews.flatMap(({ pre }) => [...pre?.failures ?? [], ...pre?.notes ?? []].filter(({ check }) => check !== 'data-race').map(trouble)));
	return reviews.map((each) => {
		if (each.outcome !== 'introduces' || !each.post) return each;
		const [left, right] = [of(each.pre), of(each.post)];
		const known = each.pre === null ? right.every((name) => old.has(name)) : each.pre.bound !== undefined && right.filter((name) => !left.includes(name)).every((name) => before.has(name));
		return known ? { ...each, outcome: 'pre-existing' as const } : each;
	});
}

const RANK: readonly string[] = ['introduces', 'still-fails', 'fixes', 'pre-existing', 'inconclusive', 'no-failure'];
/** The worst first. */
export const ranked = (reviews: readonly ScenarioReview[]): readonly ScenarioReview[] =>
	[...reviews].sort((a, b) => RANK.indexOf(a.outcome) - RANK.indexOf(b.outcome));

import type { CheckName } from '../sim';
import type { InputReview, ScenarioReview } from './review';

/**
 * What is true of a series as a whole: each failure that one patch brings or ends, and what the patches behind it do with it.
 * Each patch was judged on the result of the one before it, so the last event of a failure is its state at the end.
 */

interface Event {
	/** `2/7`, as the subject numbers it, else its place among the inputs. */
	readonly patch: string;
	readonly what: 'brought' | 'ended';
}

const numberOf = (input: InputReview, place: number, total: number): string => /\[[^\]]*?(\d+\/\d+)[^\]]*\]/.exec(input.subject)?.[1] ?? `${place}/${total}`;

const checksOf = (failures: readonly { readonly check: CheckName }[] | undefined): readonly CheckName[] => [...new Set((failures ?? []).map(({ check }) => check))];

/** Checks that fail on the one side and not on the other. */
function changes(scenario: ScenarioReview): readonly { readonly check: CheckName; readonly what: Event['what'] }[] {
	const before = checksOf(scenario.pre?.failures);
	const after = checksOf(scenario.post?.failures);
	return [
		...(scenario.outcome === 'introduces' ? after.filter((check) => !before.includes(check)).map((check) => ({ check, what: 'brought' as const })) : []),
		...(scenario.outcome === 'fixes' ? before.filter((check) => !after.includes(check)).map((check) => ({ check, what: 'ended' as const })) : []),
	];
}

/** One sentence for each failure that a patch of the series brings. Empty for fewer than two patches. */
export function seriesOf(inputs: readonly InputReview[]): readonly string[] {
	const patches = inputs.filter(({ outcome }) => outcome !== 'no-diff');
	if (patches.length < 2) {
		return [];
	}
	const events = new Map<string, Event[]>();
	for (const [index, input] of patches.entries()) {
		for (const scenario of input.scenarios.filter(({ suppressed }) => suppressed === undefined)) {
			for (const { check, what } of changes(scenario)) {
				const key = `${check} of ${scenario.threads.map(({ entry }) => `${entry}()`).sort().join(' and ')}`;
				const event: Event = { patch: numberOf(input, index + 1, patches.length), what };
				const known = events.get(key) ?? [];
				// Two scenarios of one patch can tell the same of a failure.
				if (known.at(-1)?.patch !== event.patch || known.at(-1)?.what !== event.what) {
					events.set(key, [...known, event]);
				}
			}
		}
	}
	return [...events].filter(([, all]) => all.some(({ what }) => what === 'brought')).map(([key, all]) =>
		`${key}: ${all.map(({ patch, what }) => `${what} by ${patch}`).join(', ')}${all.at(-1)!.what === 'brought' ? ', there at the end of the series' : ''}`);
}

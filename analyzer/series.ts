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
	readonly input: InputReview;
	readonly scenario: string;
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

/** By threads, then check: what the patches did with it, in order. */
type Histories = ReadonlyMap<string, ReadonlyMap<CheckName, readonly Event[]>>;

function historiesOf(inputs: readonly InputReview[]): Histories {
	const patches = inputs.filter(({ outcome }) => outcome !== 'no-diff');
	const histories = new Map<string, Map<CheckName, readonly Event[]>>();
	if (patches.length < 2) {
		return histories;
	}
	for (const [index, input] of patches.entries()) {
		for (const scenario of input.scenarios.filter(({ suppressed }) => suppressed === undefined)) {
			const threads = scenario.threads.map(({ entry }) => `${entry}()`).sort().join(' and ');
			const checks = histories.get(threads) ?? new Map<CheckName, readonly Event[]>();
			histories.set(threads, checks);
			for (const { check, what } of changes(scenario)) {
				const event: Event = { patch: numberOf(input, index + 1, patches.length), what, input, scenario: scenario.id };
				const known = checks.get(check) ?? [];
				// Two scenarios of one patch can tell the same of a failure.
				if (known.at(-1)?.patch !== event.patch || known.at(-1)?.what !== event.what) {
					checks.set(check, [...known, event]);
				}
			}
		}
	}
	return histories;
}

/** One sentence for each set of threads whose failures a patch of the series brings. Empty for fewer than two patches. */
export function seriesOf(inputs: readonly InputReview[]): readonly string[] {
	return [...historiesOf(inputs)].flatMap(([threads, checks]) => {
		const told = new Map<string, CheckName[]>();
		for (const [check, events] of checks) {
			if (events.some(({ what }) => what === 'brought')) {
				const history = `${events.map(({ patch, what }) => `${what} by ${patch}`).join(', ')}${events.at(-1)!.what === 'brought' ? ', there at the end of the series' : ''}`;
				told.set(history, [...(told.get(history) ?? []), check]);
			}
		}
		return [...told].map(([history, names]) => `${names.join(' and ')} of ${threads}: ${history}`);
	});
}

/** What another patch of the series has to do with a scenario's failures. */
export interface Fate {
	readonly input: InputReview;
	readonly scenario: string;
	/** `fixed`: all that it brings, by a later patch; `brought`: what it ends, by an earlier one; `left`: what it brings is there at the end. */
	readonly what: 'fixed' | 'brought' | 'left';
	/** That patch, as `5/7`; empty for what is left. */
	readonly by: string;
}

/** At most one for each scenario of each patch. Empty for fewer than two patches. */
export function fatesOf(inputs: readonly InputReview[]): readonly Fate[] {
	const fates = new Map<string, Fate>();
	const tell = (fate: Fate): void => {
		const key = `${inputs.indexOf(fate.input)} ${fate.scenario}`;
		// What is left of some of its checks outweighs that others are fixed.
		if (fates.get(key)?.what !== 'left') {
			fates.set(key, fate);
		}
	};
	for (const checks of historiesOf(inputs).values()) {
		for (const events of checks.values()) {
			for (const [index, { what, input, scenario, patch }] of events.entries()) {
				const next = events[index + 1];
				if (what === 'brought') {
					tell(next ? { input, scenario, what: 'fixed', by: next.patch } : { input, scenario, what: 'left', by: '' });
					if (next) {
						tell({ input: next.input, scenario: next.scenario, what: 'brought', by: patch });
					}
				}
			}
		}
	}
	return [...fates.values()];
}

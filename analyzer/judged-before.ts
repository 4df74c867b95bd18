import { PASSING } from './judge/explored';
import type { Lowered } from './lower/program';
import type { ScenarioReview } from './review';
import type { Scenario } from './scenarios/scenario';

/** What came of a scenario, with the programs that it is told of. */
export interface JudgedScenario {
	readonly review: ScenarioReview;
	readonly before: Lowered | null;
	readonly after: Lowered | null;
}

interface Entry {
	readonly before: Lowered | null;
	readonly how: string;
	readonly judged: JudgedScenario;
}

const remembered = new WeakMap<Lowered, Entry[]>();

/** What a scenario is judged by beside its two programs. */
export const howJudged = ({ because, reason, claimed, reorders, outline, races, entries }: Scenario, remedy: boolean): string =>
	JSON.stringify([because, reason, claimed, reorders, outline && [...outline], races, entries, remedy]);

/** What came of the same two programs, judged in the same way: as long as somebody has them. */
export function judgedBefore(before: Lowered | null, after: Lowered | null, how: string): JudgedScenario | undefined {
	const main = after ?? before;
	return main ? remembered.get(main)?.find((each) => each.before === before && each.how === how)?.judged : undefined;
}

/** Not what met a bound that another run may not meet. */
export function remember(before: Lowered | null, after: Lowered | null, how: string, judged: JudgedScenario): void {
	const main = after ?? before;
	const { pre, post } = judged.review;
	if (main && ![pre, post].some((side) => PASSING.has(side?.bound?.split(' ')[0] ?? ''))) remembered.set(main, [...remembered.get(main) ?? [], { before, how, judged }]);
}

import { forgetOldest } from './forget-oldest';
import { digest, PASSING } from './judge/explored';
import type { Judged } from './judge/verdict';
import type { Party } from './lower/party';
import type { Lowered } from './lower/program';
import type { Outcome, ScenarioReview } from './review';
import type { Scenario } from './scenarios';

/** What came of a scenario's two programs. */
export interface JudgedScenario {
	readonly before: Judged | null;
	readonly after: Judged | null;
	readonly outcome: Outcome;
}

interface Told {
	readonly before: Lowered | null;
	readonly how: string;
	readonly judged: JudgedScenario;
	readonly review: ScenarioReview;
}

/** By the side after, or where there is none, the one before: as long as somebody has that. */
const told = new WeakMap<Lowered, readonly Told[]>();

/** Judged scenarios that are remembered by what their programs are, the oldest forgotten first. */
const REMEMBERED = 120;
const remembered = new Map<string, JudgedScenario>();

/** What a scenario is judged by beside its two programs. */
export const howJudged = ({ because, reason, claimed, reorders, outline, races, entries }: Scenario, remedy: boolean): string =>
	JSON.stringify([because, reason, claimed, reorders, outline && [...outline], races, entries, remedy]);

/** What was told of the very same two programs, judged in the same way. */
export function toldBefore(before: Lowered | null, after: Lowered | null, how: string): Pick<Told, 'judged' | 'review'> | undefined {
	const main = after ?? before;
	return main ? told.get(main)?.find((each) => each.before === before && each.how === how) : undefined;
}

/** What came of programs that are the same but for the lines that they come from: an edit beside them moved these, or was of a comment. */
export function judgedBefore(before: Lowered | null, after: Lowered | null, how: string): JudgedScenario | undefined {
	// The first verdict of all is not waited for the longer for what nobody can know yet.
	const known = remembered.size === 0 ? undefined : remembered.get(keyOf(before, after, how));
	return known && { ...known, before: known.before && from(known.before, before), after: known.after && from(known.after, after) };
}

const from = (judged: Judged, lowered: Lowered | null): Judged => ({ ...judged, lowered: { ...judged.lowered, ...lowered, program: judged.lowered.program, notes: judged.lowered.notes } });

/** Not what met a bound that another run may not meet. */
export function remember(before: Lowered | null, after: Lowered | null, how: string, judged: JudgedScenario, review: ScenarioReview): void {
	const main = after ?? before;
	if (!main || [judged.before, judged.after].some((side) => PASSING.has(side?.exploration.bound?.name ?? ''))) return;
	told.set(main, [...told.get(main) ?? [], { before, how, judged, review }]);
	remembered.set(keyOf(before, after, how), judged);
	forgetOldest(remembered, REMEMBERED);
}

const texts = new WeakMap<Lowered, string>();

const keyOf = (before: Lowered | null, after: Lowered | null, how: string): string => digest([how, ...[before, after].map((side) => (side ? textOf(side) : 'none'))].join('\n'));

/** All by which a program is judged: not the lines that it is told with. */
function textOf(lowered: Lowered): string {
	const { program, notes, origins, parties, acquired, givers, takenFrom, lent, mentioned, reading } = lowered;
	const known = texts.get(lowered);
	if (known !== undefined) return known;
	const places = origins.map(({ function: name, stack, file, line, input, text, modelled, changed }) => [name, stack, file, line > 0, input > 0, text, modelled, changed]);
	const text = digest(JSON.stringify([program, notes, places, parties.map(plain), [...acquired].map(([gap, all]) => [gap, [...all]]), [...givers], [...takenFrom], [...lent], mentioned, reading]));
	texts.set(lowered, text);
	return text;
}

const plain = ({ name, entry, definition: { fn, file }, context, role, holds, caller, start, runs, key, registration, modelled, callback }: Party): unknown =>
	[name, entry, context, role, holds, caller?.slot, start, runs, key, registration?.key, registration?.callback, registration?.context, modelled, callback, file.modelled, fn.name, fn.headElided, fn.tailElided, fn.gaps.length];

import { digest, type Judged, PASSING } from './judge';
import type { Lowered, Party } from './lower';
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

/** What came of two programs, to be known again by what they are. */
interface Remembered {
	readonly before: Lowered | null;
	readonly after: Lowered | null;
	readonly how: string;
	readonly judged: JudgedScenario;
}

/** Judged scenarios that are remembered by what their programs are, the oldest forgotten first. */
const REMEMBERED = 120;
let remembered: readonly Remembered[] = [];

/** What a scenario is judged by beside its two programs. */
export const howJudged = ({ because, reason, claimed, reorders, outline, onlyBrought, races, marked, entries }: Scenario, remedy: boolean): string =>
	JSON.stringify([because, reason, claimed, reorders, outline && [...outline], onlyBrought, races, marked, entries, remedy]);

/** What was told of the very same two programs, judged in the same way. */
export function toldBefore(before: Lowered | null, after: Lowered | null, how: string): Pick<Told, 'judged' | 'review'> | undefined {
	const main = after ?? before;
	return main ? told.get(main)?.find((each) => each.before === before && each.how === how) : undefined;
}

/** What came of programs that are the same but for the lines that they come from: an edit beside them moved these, or was of a comment. */
export function judgedBefore(before: Lowered | null, after: Lowered | null, how: string): JudgedScenario | undefined {
	const known = remembered.find(isOf(before, after, how));
	if (!known) return undefined;
	const { judged } = known;
	return { ...judged, before: judged.before && from(judged.before, known.before, before), after: judged.after && from(judged.after, known.after, after) };
}

/** What was judged of `old`, told of `lowered`; with what judging has assumed beside what lowering did. */
function from(judged: Judged, old: Lowered | null, lowered: Lowered | null): Judged {
	const added = judged.lowered.assumptions.filter((each) => !old?.assumptions.includes(each));
	const assumptions = [...(lowered ?? judged.lowered).assumptions, ...(lowered ? added : [])];
	return { ...judged, lowered: { ...judged.lowered, ...lowered, assumptions, program: judged.lowered.program, notes: judged.lowered.notes } };
}

/** Not what met a bound that another run may not meet. */
export function remember(before: Lowered | null, after: Lowered | null, how: string, judged: JudgedScenario, review: ScenarioReview): void {
	const main = after ?? before;
	if (!main || [judged.before, judged.after].some((side) => PASSING.has(side?.exploration.bound?.name ?? ''))) return;
	told.set(main, [...told.get(main) ?? [], { before, how, judged, review }]);
	const same = isOf(before, after, how);
	remembered = [...remembered.filter((each) => !same(each)), { before, after, how, judged }].slice(-REMEMBERED);
}

const texts = new WeakMap<Lowered, string>();

/** Programs are written out to be compared only where all else is alike: when an edited mail is reviewed again. */
const isOf = (before: Lowered | null, after: Lowered | null, how: string) => (each: Remembered): boolean =>
	each.how === how && isAlike(each.after, after) && isAlike(each.before, before);

const isAlike = (a: Lowered | null, b: Lowered | null): boolean =>
	a === b || (a !== null && b !== null && sizesOf(a) === sizesOf(b) && textOf(a) === textOf(b));

const sizesOf = ({ program: { cells, threads } }: Lowered): string => [cells, ...threads.map(({ code }) => code)].map(({ length }) => length).join();

/** All by which a program is judged: not the lines that it is told with. */
function textOf(lowered: Lowered): string {
	const { program, notes, origins, parties, acquired, givers, makers, takenFrom, lent, mentioned, reading } = lowered;
	const known = texts.get(lowered);
	if (known !== undefined) return known;
	const places = origins.map(({ function: name, stack, file, line, input, text, modelled, changed }) => [name, stack, file, line > 0, input > 0, text, modelled, changed]);
	const text = digest(JSON.stringify([program, notes, places, parties.map(plain), [...acquired].map(([gap, all]) => [gap, [...all]]), [...givers], [...makers], [...takenFrom], [...lent], mentioned, reading]));
	texts.set(lowered, text);
	return text;
}

const plain = ({ name, entry, definition: { fn, file }, context, role, holds, caller, start, runs, key, registration, modelled, callback }: Party): unknown =>
	[name, entry, context, role, holds, caller?.slot, start, runs, key, registration?.key, registration?.callback, registration?.context, modelled, callback, file.modelled, fn.name, fn.headElided, fn.tailElided, fn.gaps.length];

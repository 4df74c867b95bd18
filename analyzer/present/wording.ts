import type { CheckName } from '../../sim';
import type { InputReview, LoadBearing, Outcome, Review, ReviewFailure, ReviewStep, ReviewThread, ScenarioReview, Side } from '../review';

/** The words that every report uses, so that text, Markdown, SARIF and replies say the same thing alike. */

/** Control, format and direction characters would let a patch's text move the cursor or hide: each becomes `?`. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (mark) => (mark === '\n' || mark === '\t' ? mark : '?'));

/** One line, whatever the patch put into it. */
export const oneLine = (text: string): string => printable(text.replace(/\s+/g, ' ').trim());

/** What each outcome means, for people. */
export const OUTCOME_MEANING: Readonly<Record<Outcome, string>> = {
	fixes: 'an interleaving that fails before the patch was not found to fail after it',
	introduces: 'an interleaving fails after the patch that did not before',
	'still-fails': 'an interleaving that the patch is about fails before and after it',
	'pre-existing': 'an interleaving fails before and after, off the lines the patch changes',
	'no-failure': 'no failing schedule was found within these bounds, under these assumptions',
	inconclusive: 'nothing could be said either way',
	'no-diff': 'there is no C to review in it',
};

/** What the outcome means for this input. */
export const meaningOf = ({ outcome, scenarios }: Pick<InputReview, 'outcome' | 'scenarios'>): string =>
	(outcome === 'no-failure' && scenarios.length === 0 ? 'no scenario was found in it, so none was tried' : OUTCOME_MEANING[outcome]);

/** From what objects most to what objects least. */
const OUTCOME_ORDER: readonly Outcome[] = ['introduces', 'still-fails', 'fixes', 'pre-existing', 'no-failure', 'inconclusive', 'no-diff'];

/** Exit status 1, SARIF error or warning, b4 fail or warn. */
export const objects = (outcome: Outcome): boolean => outcome === 'introduces' || outcome === 'still-fails';

/** Each check in a kernel person's words. */
export const CHECK_MEANING: Readonly<Record<CheckName, string>> = {
	'stale-mapping': 'a page table entry maps a page that left its mapping or was freed',
	'use-after-free': 'memory is used after it was freed',
	'refcount-underflow': 'a reference is dropped that nobody holds',
	'refcount-leak': 'a reference is never dropped',
	resurrection: 'a reference is taken on an object whose count was already zero',
	'pinned-after-free': 'a page stays pinned after it was freed for others',
	'block-reused': 'a block is given to another file while it is mapped or dirty',
	'lost-data': 'a write lands in a dead page or is overwritten unseen',
	deadlock: 'threads wait for each other for ever',
	'unlock-not-held': 'a lock is released that the thread does not hold',
	'lock-held-at-return': 'a lock is still held at return',
	'sleep-in-atomic': 'something that may sleep is called in atomic context',
	'irq-unsafe-lock': 'a lock taken in interrupt context is taken elsewhere with interrupts enabled',
	assertion: 'an assertion of the code does not hold',
	'check-then-act': 'what was checked no longer holds when it is acted upon',
	'data-race': 'plain conflicting accesses with nothing that orders them',
};

/** What a thread runs: `foo_fault()`; one that nobody shows, in words: `whoever frees it`. */
export const runBy = ({ entry, called }: Pick<ReviewThread, 'entry' | 'called'>): string => (called === undefined ? `${oneLine(entry)}()` : oneLine(called));

/** `foo_fault() against foo_drop_range()`; two runs of one function are named as that. */
export function entriesOf(scenario: ScenarioReview): string {
	const names = scenario.threads.map(runBy);
	if (names.length > 1 && names.every((name) => name === names[0])) {
		return names.length === 2 ? `${names[0]} against itself` : `${names.length} runs of ${names[0]}`;
	}
	return names.length < 3 ? names.join(' against ') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** A number that a person still reads. */
const READABLE = 999_999_999;
const numberOf = (count: number): string => (count > READABLE ? 'over a billion' : String(count));

/** `3 of 14 interleavings fail`, of a thread by itself `1 of 3 paths fail`; a lower bound says so; `no source` for a side that is not there. */
export function countOf(side: Side | null, { threads }: Pick<ScenarioReview, 'threads'>): string {
	if (!side) {
		return 'no source';
	}
	const { failing, passing, exact } = side.interleavings;
	if (failing === 0 && side.verdict === 'inconclusive') {
		return side.bound ? `inconclusive (${oneLine(side.bound)})` : 'inconclusive';
	}
	if (failing + passing === 0) {
		return side.verdict;
	}
	const counted = threads.length === 1 ? 'paths' : 'interleavings';
	return exact
		? `${numberOf(failing)} of ${numberOf(failing + passing)} ${counted} fail`
		: `${failing ? `at least ${numberOf(failing)}` : 'none'} of ${failing + passing > READABLE ? numberOf(failing + passing) : `${failing + passing} or more`} ${counted} fail`;
}

/** `0 of 9`: beside a count that has just said what is counted. */
export const shortCountOf = (side: Side | null, scenario: Pick<ScenarioReview, 'threads'>): string => countOf(side, scenario).replace(/ (?:interleavings|paths) fail$/, '');

const baseName = (file: string): string => oneLine(file.slice(file.lastIndexOf('/') + 1));

/** `foo.c:412`; empty where the step is on no known line. */
export const placeOf = (step: Pick<ReviewStep, 'file' | 'line'>): string =>
	step.file === null ? '' : step.line ? `${baseName(step.file)}:${step.line}` : baseName(step.file);

/** The side whose failures are to be told: after the patch where that fails, else before. */
export const failingSide = (scenario: ScenarioReview): { readonly when: 'before' | 'after'; readonly side: Side } | null => {
	if (scenario.post?.failures.length) {
		return { when: 'after', side: scenario.post };
	}
	return scenario.pre?.failures.length ? { when: 'before', side: scenario.pre } : null;
};

/** What comes of the failing schedule after the patch, as the end of a sentence that begins with that; empty where it was not tried. */
export const replayOf = (scenario: ScenarioReview): string => oneLine(scenario.replay?.message ?? '').replace(/^after the patch,? /i, '');

/** What fails, whoever meets. */
export const sameTrouble = ({ check, message }: ReviewFailure): string => `${check}: ${oneLine(message)}`;

/** The same schedule to the same end, whoever else could run: several scenarios that find it need it told once. */
export const sameFailure = (failure: ReviewFailure): string =>
	[failure.check, failure.message, ...failure.steps.map(({ thread, operation, file, line }) => `${thread} ${operation} ${file}:${line}`)].join('\n');

const distinct = (items: readonly string[]): readonly string[] => [...new Set(items.map(oneLine))];

/** Of a review's assumptions, those that its reason has not said already: what that says is assumed too. */
const REASON_SAYS = 'what "because" says';
export const besideReason = (scenario: ScenarioReview): readonly string[] =>
	assumptionsOf(scenario).map((each) => (each === oneLine(scenario.reason) ? REASON_SAYS : each));

/** Of both sides, each once. */
export const assumptionsOf = (scenario: ScenarioReview): readonly string[] =>
	distinct([...(scenario.post?.assumptions ?? []), ...(scenario.pre?.assumptions ?? [])]);

export const notModelledOf = (scenario: ScenarioReview): readonly string[] =>
	distinct([...(scenario.post?.notModelled ?? []), ...(scenario.pre?.notModelled ?? [])]);

/** `foo.c:389 lock_page(page): without it 2 failures return`. */
export const loadBearingOf = (line: LoadBearing): string =>
	`${baseName(line.file)}:${line.line} ${oneLine(line.operation)}: ${line.failuresWithout > 0
		? `without it ${line.failuresWithout} failure${line.failuresWithout === 1 ? ' returns' : 's return'}`
		: 'no failing schedule found needs it'}`;

/** Worst first; the engine's order within an outcome. Suppressed ones last. */
export const rankedScenarios = (input: InputReview): readonly ScenarioReview[] => {
	// What fails comes before what does not, told against the patch or not.
	const place = (scenario: ScenarioReview): number => OUTCOME_ORDER.indexOf(scenario.outcome === 'inconclusive' && scenario.post?.failures.length ? 'pre-existing' : scenario.outcome);
	const rank = (scenario: ScenarioReview): number => place(scenario) + (scenario.suppressed ? OUTCOME_ORDER.length : 0);
	return input.scenarios.map((scenario, index) => ({ scenario, index }))
		.sort((a, b) => rank(a.scenario) - rank(b.scenario) || a.index - b.index)
		.map(({ scenario }) => scenario);
};

/** `2 patches: 1 introduces, 1 fixes`. */
export function tally(review: Review): string {
	const counts = OUTCOME_ORDER.flatMap((outcome) => {
		const count = review.inputs.filter((input) => input.outcome === outcome).length;
		return count ? [`${count} ${outcome}`] : [];
	});
	return `${review.inputs.length} patch${review.inputs.length === 1 ? '' : 'es'}: ${counts.join(', ') || 'none'}`;
}

import { CLAIMS } from './knowledge/partner-row';
import type { FileImages } from './images/image';
import { inquire } from './inquiry';
import type { Table } from './knowledge/table';
import { heldLonger, ranked, settled, turn, unmended, worst } from './judge';
import { byHalves, byImplication, byItsWord, byLinesAlone, inOutline } from './last-resorts';
import type { Patch } from './mail/patch';
import { type Sayings, sayings } from './mail/sayings';
import { isTidying } from './mail/intent';
import type { InputReview, ScenarioReview } from './review';
import { claims, harvest, isWhatIsClaimed, managedNow, namedLocks, nameFunctions, onlyRenames, readAhead, readSide, type Side, slowFamilies, standIns, takesReferencesOnly, type Told, underLaterNames } from './scenarios';
import { changedFunctions } from './review-functions';
import { readingOf, type ReviewContext } from './review-scenario';
import { Trials } from './lower';
import { judgeShown } from './shown';
import { unread } from './unread';

/** A patch and its images to its review. Where the signal is aborted meanwhile, what comes back is a part that nobody should show. */
export async function reviewPatch(c: ReviewContext, name: string, patch: Patch, files: readonly FileImages[], told: Told, remarks: readonly string[]): Promise<InputReview> {
	const naming = nameFunctions(patch, told, (each) => [...c.models.functions.keys()].some((model) => model.startsWith(each)));
	/** Between two parts of the work that is done in one go. */
	const pause = async (): Promise<void> => { if (c.signal) await turn(); };
	const flags = new Map<string, number>();
	const said = sayings(c.table, patch);
	for (const which of c.beyond ? SIDES : []) {
		readAhead(c.parser, files, which);
		await pause();
	}
	const table = lockTable(c, files, said);
	const side = (which: 'pre' | 'post'): Side | null => {
		const read = (of: readonly FileImages[]): Side | null => (of.some((file) => file[which]) ? readSide(c.parser, of, which, c.models, table, c.beyond, naming, (each) => harvest(each, c.models), flags) : null);
		const { entire } = c;
		const side = read(files);
		let whole: Side | null | undefined;
		return side && entire ? { ...side, entire: () => (whole ??= read(entire)) } : side;
	};
	/** A patch of documents or build files only is one without a diff as far as C goes. */
	const noDiff = !patch.files.some(({ oldPath, newPath }) => C_FILE.test(newPath ?? oldPath ?? ''));
	const old = noDiff ? null : side('pre');
	await pause();
	const post = side('post');
	const pre = underLaterNames(old, post);
	await pause();
	const lost = unread(pre, post);
	const outline = (reviews: readonly ScenarioReview[]): void => c.outlined?.({ subject: patch.subject, from: patch.from, to: patch.to, functions: changedFunctions(pre, post, reviews) });
	outline([]);
	const inquiry = inquire({ ...c, said, reading: readingOf(c.table, patch, said), standIns: standIns(c.parser, pre, post, said), trials: new Trials() }, patch, pre, post, told);
	await pause();

	const shown = await judgeShown(inquiry, told, outline);
	const holding = said.nothing ? takesReferencesOnly(c.parser, pre, post) : null;
	const asHeld = (each: ScenarioReview): ScenarioReview => (holding ? heldLonger(each, holding.whole, ownLines(patch, 'added')) : each);
	const reviews = shown.reviews.map(asHeld);
	const tidying = isTidying(c.table, patch);
	const onlyTakes = tidying || (!inquiry.remedy && onlyTakesAway(patch, said));
	const renames = onlyRenames(pre, post);
	const saysNothing = (): boolean => !noDiff && !renames && !c.signal?.aborted && !reviews.some((each) => answers(each, said, onlyTakes || (!inquiry.remedy && waitsForNoReaders(patch, table))));
	if (saysNothing()) reviews.push(...(await inOutline(inquiry)).map(asHeld));
	// Only where what is shown says nothing of the change does the change itself say who may be meant.
	const asked = saysNothing() || (said.usedFreed && !said.referenceKept && onlyLeaks(reviews));
	if (asked) reviews.push(...await byImplication(inquiry, onlyTakes));
	else if (said.nothing && reviews.some(isTorn) && reviews.every((each) => each.outcome !== 'introduces' || isTornGuard(each))) {
		// A lock that is released for as long as something waits leaves a window, and is released because who is waited for takes it.
		const unlocked = (await byImplication(inquiry, onlyTakes)).filter(({ outcome, pre: before }) => outcome === 'fixes' && before?.failures.every(({ check }) => check === 'deadlock'));
		if (unlocked.length > 0) reviews.splice(0, reviews.length, ...reviews.filter((each) => !isTorn(each)), ...unlocked);
	}
	const ended = reviews.flatMap(({ outcome, pre: before }) => (outcome === 'fixes' ? (before?.failures.map(({ check }) => check) ?? []) : []));
	if (saysNothing() && !tidying && !reviews.some(({ outcome }) => outcome === 'still-fails')) reviews.push(...await byItsWord(inquiry, false));
	// What is told is not what the mail names.
	else if (ended.length > 0 && !renames && !c.signal?.aborted && !reviews.some(({ outcome }) => outcome === 'introduces') && !isWhatIsClaimed(c.table, patch, ended)) reviews.unshift(...await byItsWord(inquiry, true));

	const unanswered = !noDiff && !renames && !c.signal?.aborted && !reviews.some((each) => (each.outcome === 'introduces' && !(inquiry.remedy && isTornGuard(each))) || each.outcome === 'still-fails');
	const halves = unanswered ? await byHalves(inquiry, asked) : [];
	if (asked && halves.length === 0 && saysNothing() && !onlyTakes && !reviews.some(({ outcome }) => outcome === 'still-fails')) reviews.push(...await byLinesAlone(inquiry));
	// A guard in two steps, put against what the mail names, leaves that as it was.
	const kept = halves.length > 0 ? reviews.filter(({ outcome }) => outcome !== 'introduces') : reviews;
	const scenarios = unmended([...settled(kept, { renames, tidying }, managedNow(pre, post)), ...halves], renames ? [] : claims(c.table, patch), ownLines(patch, 'added'), new Set(ownLines(patch, 'removed').keys()));
	const seen = worst(scenarios.map((each) => each.outcome));
	// Nothing is said of what nobody could read, nor of what more than the hunks would have to show.
	const outcome = seen === 'no-failure' && (lost.length > 0 || !inquiry.provesAll()) ? 'inconclusive' : seen;
	return {
		input: name, subject: patch.subject, commit: patch.commit, from: patch.from, to: patch.to,
		repairs: patch.repairs.map((each) => `line ${each.input}: ${each.message}`),
		problems: [...patch.problems.map((each) => `line ${each.input}: ${each.message}`), ...lost, ...remarks, ...shown.remarks, ...inquiry.remarks()],
		outcome: noDiff && (reviews.length === 0 || !c.beyond) ? 'no-diff' : outcome, scenarios: ranked(scenarios),
		functions: changedFunctions(pre, post, reviews), notModelled: [...shown.unmodelled].sort(), leftOut: shown.leftOut,
	};
}

/** The lines that the patch adds, or takes away, by their lines in the input. */
const ownLines = (patch: Patch, which: 'added' | 'removed'): ReadonlyMap<number, string> =>
	new Map(patch.files.flatMap((file) => file.hunks.flatMap(({ lines }) => lines.flatMap(({ kind, input, text }) => (kind === which ? [[input, text] as const] : [])))));

/** That a patch which only takes lines away, and claims to mend nothing, ends something is told only where it brings nothing else about. */
const onlyTakesAway = (patch: Patch, said: Sayings): boolean =>
	!CLAIMS.some((claim) => said[claim]) && !patch.files.some((file) => file.hunks.some(({ lines }) => lines.some(({ kind, text }) => kind === 'added' && text.trim() !== '')));

/** The patch takes grace periods away, and adds none: that it ends something is not what it is for. */
function waitsForNoReaders(patch: Patch, table: Table): boolean {
	const waits = (which: 'added' | 'removed'): boolean => patch.files.some((file) => file.hunks.some(({ lines }) => lines.some(({ kind, text }) => kind === which
		&& [...text.matchAll(/\b(\w+)\s*\(/g)].some(([, api = '']) => GRACE.has(table.rows.get(api)?.effect ?? '')))));
	return waits('removed') && !waits('added');
}

const GRACE: ReadonlySet<string> = new Set(['rcu-sync', 'rcu-call', 'free-rcu']);

/** A review that says what the patch brings or ends; that something sleeps under a lock is not yet the dead lock that the mail speaks of. */
const answers = ({ outcome, pre }: ScenarioReview, said: Sayings, onlyTakes: boolean): boolean =>
	outcome === 'introduces' || (outcome === 'fixes' && !onlyTakes && !(said.deadlocks && pre?.failures.every(({ check }) => check === 'sleep-in-atomic')));

/** All that it is seen to bring is a test that may no longer hold. */
const isTornGuard = ({ post }: ScenarioReview): boolean => post !== null && post.failures.length > 0 && post.failures.every(({ check }) => check === 'check-then-act');

const isTorn = (review: ScenarioReview): boolean => review.outcome === 'introduces' && isTornGuard(review);

/** All that the patch is seen to end is a reference that was kept. */
const onlyLeaks = (reviews: readonly ScenarioReview[]): boolean => !reviews.some(({ outcome, pre }) => outcome === 'introduces' || (outcome === 'fixes' && pre?.failures.some(({ check }) => check !== 'refcount-leak')));

/** A macro's definition, or a line that begins in the first column and has the name, an open bracket and no end of a statement. */
function isDefinedIn(text: string, name: string): boolean {
	const head = new RegExp(String.raw`#define\s+${name}\b|[A-Za-z_][^\n;=]*\b${name}\s*\([^;]*$`, 'my');
	for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
		head.lastIndex = text.lastIndexOf('\n', at) + 1;
		if (head.test(text)) return true;
	}
	return false;
}

/** The table, with what the files say of families that may sleep, and what the names of functions that nobody knows say of locks. */
function lockTable({ table, models, beyond }: ReviewContext, files: readonly FileImages[], said: Sayings): Table {
	const texts = files.flatMap(({ pre, post }) => [pre, post].flatMap((image) => (image ? [image.text] : [])));
	const defined = (name: string): boolean => texts.some((text) => isDefinedIn(text, name));
	return namedLocks(texts, slowFamilies(texts, table), (name) => models.functions.has(name) || defined(name) || (beyond?.definition(name, files[0]?.path ?? '') ?? null) !== null, said.lockKept || said.unlockedTwice);
}

const SIDES = ['pre', 'post'] as const;
const C_FILE = /\.[ch]$/;

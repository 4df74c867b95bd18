import type { InputReview, Review, ReviewFailure, ScenarioReview } from '../review';
import { failureTable } from './schedule-table';
import { suggestedLines } from './suggested';
import { assumptionsOf, entriesOf, failingSide, objects, oneLine, placeOf, printable, rankedScenarios, replayOf, runBy, sameFailure } from './wording';

/**
 * A reply mail for the list, as plain text: the hunk in question quoted, what is beside the point cut to `[ ... ]`, and
 * questions rather than accusations. Nothing is sent; it is text to be read and edited by the person who sends it.
 */

/** Lines of the document kept around a line that is spoken of. */
const CONTEXT = 4;
const FILE_HEADER = /^(?:[> |]*)(diff --git |--- |\+\+\+ |Index: )/;
const HUNK_HEADER = /^(?:[> |]*)@@ /;
const MOST_COLUMNS = 72;
/** A mail with more questions is not read to its end. */
const MOST_REMARKS = 3;

/** Wraps prose as mail wants it. */
function wrapped(text: string): readonly string[] {
	const rows: string[] = [];
	for (const word of oneLine(text).split(' ')) {
		const last = rows.at(-1);
		if (last !== undefined && last.length + 1 + word.length <= MOST_COLUMNS) {
			rows[rows.length - 1] = `${last} ${word}`;
		} else {
			rows.push(word);
		}
	}
	return rows;
}

const headerValue = (lines: readonly string[], name: string): string | null => {
	const start = `${name.toLowerCase()}:`;
	for (const line of lines) {
		if (line.trim() === '') {
			return null;
		}
		if (line.toLowerCase().startsWith(start)) {
			return oneLine(line.slice(start.length)) || null;
		}
	}
	return null;
};

/** `On Mon, 1 Jun 2026 …, A. Author wrote:`, as far as the mail tells. */
function attribution(mail: readonly string[]): string | null {
	const from = headerValue(mail, 'From')?.replace(/\s*<[^>]*>\s*$/, '').replace(/^"(.*)"$/, '$1');
	const date = headerValue(mail, 'Date');
	if (!from) {
		return null;
	}
	return date ? `On ${date}, ${from} wrote:` : `${from} wrote:`;
}

/** Where in the document the scenario's comment stands, and the document lines it speaks of (1-based, inside the patch). */
interface Remark {
	readonly anchor: number | null;
	readonly lines: readonly number[];
	readonly text: readonly string[];
}

const stepName = (failure: ReviewFailure, index: number): string => {
	const step = failure.steps[index]!;
	const place = placeOf(step);
	return `${oneLine(step.operation)}${place ? ` (${place})` : ''}`;
};

/** Index of the first step of another thread after the first switch away from a thread that comes back, and who comes back. */
function windowOf(failure: ReviewFailure): { readonly opened: number; readonly by: number; readonly closed: number } | null {
	for (let at = 1; at < failure.steps.length; at++) {
		const before = failure.steps[at - 1]!.thread;
		if (failure.steps[at]!.thread === before) {
			continue;
		}
		const closed = failure.steps.findIndex((step, index) => index > at && step.thread === before);
		if (closed > 0) {
			return { opened: at - 1, by: at, closed };
		}
	}
	return null;
}

function questionFor(scenario: ScenarioReview, failure: ReviewFailure): string {
	const window = windowOf(failure);
	if (new Set(failure.steps.map(({ thread }) => thread)).size < 2) {
		return 'Can it come to this, with no other thread in between?';
	}
	if (!window) {
		const names = [...new Set(scenario.threads.map(runBy))];
		return names.length === 1 ? `Can ${names[0]} run twice at a time, in the order below?` : `Can ${names.join(' and ')} run in the order below?`;
	}
	const other = scenario.threads[failure.steps[window.by]!.thread];
	const entry = other ? runBy(other) : 'the other side';
	return `What keeps ${entry} from running between ${stepName(failure, window.opened)} and ${stepName(failure, window.closed)}?`;
}

function remarkOn(input: InputReview, scenario: ScenarioReview): Remark | null {
	const failing = failingSide(scenario);
	const failure = failing?.side.failures[0];
	if (!failing || !failure) {
		return null;
	}
	const inside = (line: number | null): line is number => line !== null && line >= input.from && line <= input.to;
	const lines = [...new Set(failure.steps.map(({ inputLine }) => inputLine).filter(inside))];
	const table = failureTable(scenario.threads, failure, MOST_COLUMNS);
	const assumed = assumptionsOf(scenario);
	const text: string[] = [];
	if (scenario.outcome === 'fixes') {
		text.push(...wrapped(`Without this patch I get a schedule in which ${oneLine(failure.message)}:`), '', ...table, '');
		const replayed = replayOf(scenario);
		text.push(...wrapped(replayed
			? `With it, ${replayed}, and I found no failing schedule of ${entriesOf(scenario)} within the bounds tried.`
			: `With it I found no failing schedule of ${entriesOf(scenario)} within the bounds tried.`));
	} else {
		text.push(...wrapped(questionFor(scenario, failure)));
		text.push(...wrapped(`As far as I can see the following is possible ${scenario.outcome === 'introduces' ? 'after this patch but not before it' : 'with this patch applied as well'}, and then ${oneLine(failure.message)}:`), '', ...table, '');
		if (scenario.suggestion) {
			const lines = suggestedLines(scenario);
			text.push(...wrapped(`Would this help: ${oneLine(scenario.suggestion)}?`), ...(lines.length > 0 ? ['', ...lines.map((line) => `    ${line}`), ''] : []));
		}
		text.push(...wrapped('Is there something that rules this out and that I have missed?'));
	}
	if (assumed.length) {
		text.push(...wrapped(`(I assumed: ${assumed.join('; ')}.)`));
	}
	return { anchor: lines.length ? Math.max(...lines) : null, lines, text };
}

/** For each line of the patch the headers it stands under: its file's, and its hunk's. */
function headersOf(document: readonly string[], input: InputReview): ReadonlyMap<number, readonly number[]> {
	const headers = new Map<number, readonly number[]>();
	let file: readonly number[] = [];
	let hunk = 0;
	for (let line = input.from; line <= input.to; line++) {
		const text = document[line - 1] ?? '';
		if (HUNK_HEADER.test(text)) {
			hunk = line;
		} else if (FILE_HEADER.test(text)) {
			// A header behind a hunk is the next file's; one behind another header is the same file's.
			file = hunk ? [line] : [...file, line];
			hunk = 0;
		}
		headers.set(line, hunk ? [...file, hunk] : file);
	}
	return headers;
}

/** Lines of the patch to quote for a remark: its lines with context, the hunk's and the file's headers. */
function quotedLines(document: readonly string[], input: InputReview, remark: Remark, headers: ReadonlyMap<number, readonly number[]>): readonly number[] {
	return remark.lines.flatMap((spoken) => {
		const under = headers.get(spoken) ?? [];
		const first = Math.max(spoken - CONTEXT, (under.at(-1) ?? input.from - 1) + 1);
		const quoted = [...under];
		for (let line = first; line <= Math.min(spoken + CONTEXT, input.to); line++) {
			const text = document[line - 1] ?? '';
			if (line > spoken && (headers.get(line)?.at(-1) !== under.at(-1) || text === '-- ')) {
				break;
			}
			quoted.push(line);
		}
		return quoted;
	});
}

const quote = (line: string): string => `> ${printable(line)}`.trimEnd();

/** Scenarios whose first failure no scenario before them has. */
function firstOfEach(scenarios: readonly ScenarioReview[]): readonly ScenarioReview[] {
	const told = new Set<string>();
	return scenarios.filter((scenario) => {
		const failure = failingSide(scenario)?.side.failures[0];
		const key = failure ? sameFailure(failure) : scenario.id;
		const first = !told.has(key);
		told.add(key);
		return first;
	});
}

function inputReply(document: readonly string[], input: InputReview): readonly string[] {
	const mail = document.slice(Math.max(input.from - 1, 0), input.to);
	const ranked = rankedScenarios(input).filter(({ suppressed }) => !suppressed);
	const objected = ranked.filter(({ outcome }) => objects(outcome));
	const told = firstOfEach(objected.length ? objected : ranked.filter(({ outcome }) => outcome === 'fixes').slice(0, 1)).slice(0, MOST_REMARKS);
	const remarks = told.flatMap((scenario) => remarkOn(input, scenario) ?? []);
	const head = attribution(mail);
	const out: string[] = head ? [head] : [];
	if (!remarks.length) {
		return [...out, '', ...wrapped('I tried the interleavings of what this touches and found no failing schedule within the bounds and under the assumptions tried.')];
	}
	const placed = remarks.filter(({ anchor }) => anchor !== null).sort((a, b) => a.anchor! - b.anchor!);
	const headers = headersOf(document, input);
	const keep = new Set(placed.flatMap((remark) => quotedLines(document, input, remark, headers)));
	let last = input.from - 1;
	let remarkAt = 0;
	for (const line of [...keep].sort((a, b) => a - b)) {
		// A mark in place of a single line would save nothing.
		if (line === last + 2 && last >= input.from) {
			out.push(quote(document[line - 2] ?? ''));
		} else if (line > last + 1) {
			out.push('> [ ... ]');
		}
		out.push(quote(document[line - 1] ?? ''));
		last = line;
		while (placed[remarkAt] && placed[remarkAt]!.anchor === line) {
			out.push('', ...placed[remarkAt]!.text, '');
			remarkAt++;
		}
	}
	if (last < input.to && keep.size) {
		out.push('> [ ... ]');
	}
	for (const remark of remarks.filter(({ anchor }) => anchor === null)) {
		out.push('', ...remark.text);
	}
	return out;
}

/** `documents`: text of each input by its name. Several patches are told one after the other. Ends with a newline. */
export function mailOf(review: Review, documents: ReadonlyMap<string, string>): string {
	const told = review.inputs.filter(({ outcome }) => outcome !== 'no-diff');
	const parts = told.map((input) => inputReply((documents.get(input.input) ?? '').split(/\r?\n/), input));
	const rows = parts.flatMap((part, index) => (index ? ['', ...part] : part));
	return `${rows.join('\n').replace(/\n{3,}/g, '\n\n').trim()}\n`;
}

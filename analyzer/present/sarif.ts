import type { CodeFlow, Location, Log, Result, ThreadFlowLocation } from 'sarif';
import type { InputReview, Review, ReviewFailure, ReviewStep, ScenarioReview } from '../review';
import { CHECK_MEANING, entriesOf, failingSide, oneLine, runBy } from './wording';

/**
 * SARIF 2.1.0: one result per failure, located in the reviewed document, with the schedule as a code flow (a thread flow per
 * CPU, ordered by `executionOrder`). What the patch ends is `kind: pass`; what was there before it is a note.
 */

const INFORMATION = 'https://json.schemastore.org/sarif-2.1.0.json';

/** A document's name as a relative or absolute URI reference; `-` is standard input. */
const uriOf = (name: string): string => (name === '-' ? 'stdin' : name.split('/').map(encodeURIComponent).join('/'));

function locationOf(input: InputReview, step: Pick<ReviewStep, 'file' | 'line' | 'inputLine' | 'inputFrom' | 'inputTo'>, text: string): Location {
	const message = { text: oneLine(text) };
	if (step.inputLine !== null) {
		return {
			message,
			physicalLocation: {
				artifactLocation: { uri: uriOf(input.input) },
				region: {
					startLine: step.inputLine,
					...(step.inputFrom === undefined ? {} : { startColumn: step.inputFrom + 1 }),
					...(step.inputTo === undefined ? {} : { endColumn: step.inputTo + 1 }),
				},
			},
		};
	}
	if (step.file !== null) {
		return { message, physicalLocation: { artifactLocation: { uri: uriOf(step.file) }, ...(step.line ? { region: { startLine: step.line } } : {}) } };
	}
	return { message };
}

function codeFlowOf(input: InputReview, scenario: ScenarioReview, failure: ReviewFailure): CodeFlow {
	const flows = scenario.threads.map((thread, index) => ({
		id: oneLine(thread.name),
		message: { text: runBy(thread) },
		locations: failure.steps.flatMap((step, at): ThreadFlowLocation[] => (step.thread === index ? [{
			location: locationOf(input, step, step.changes.length ? `${step.operation}: ${step.changes.join(', ')}` : step.operation),
			executionOrder: at + 1,
			nestingLevel: step.stack.length,
		}] : [])),
	}));
	// A thread flow without locations is not valid SARIF.
	return { message: { text: oneLine(failure.message) }, threadFlows: flows.filter(({ locations }) => locations.length > 0) };
}

/** What a person should look at first: where it breaks, else the last step of the schedule that stands in the document. */
const anchorOf = (input: InputReview, failure: ReviewFailure): Location => {
	const step = failure.breaks ?? failure.steps.findLast(({ inputLine }) => inputLine !== null) ?? failure.steps.at(-1);
	return locationOf(input, step ?? { file: null, line: null, inputLine: input.from }, step?.operation ?? failure.message);
};

function resultsOf(input: InputReview, scenario: ScenarioReview): readonly Result[] {
	const failing = failingSide(scenario);
	return (failing?.side.failures ?? []).map((failure): Result => {
		const ended = scenario.outcome === 'fixes' && failing!.when === 'before';
		return {
			ruleId: failure.check,
			...(ended ? { kind: 'pass', level: 'none' } : {
				kind: 'fail',
				level: scenario.outcome === 'introduces' ? 'error' : scenario.outcome === 'still-fails' ? 'warning' : 'note',
			}),
			message: { text: `${entriesOf(scenario)}: ${oneLine(failure.message)}${ended ? ' (before the patch; not found after it, within these bounds)' : ''}` },
			locations: [anchorOf(input, failure)],
			codeFlows: [codeFlowOf(input, scenario, failure)].filter(({ threadFlows }) => threadFlows.length > 0),
			partialFingerprints: { 'raceScenario/v1': [failure.check, ...scenario.threads.map(({ entry }) => entry)].map(oneLine).join(' ') },
			properties: { outcome: scenario.outcome, because: scenario.because, assumptions: [...(failing!.side.assumptions)] },
			...fixesOf(scenario),
			...(scenario.suppressed ? { suppressions: [{ kind: 'external', justification: oneLine(scenario.suppressed) }] } : {}),
		};
	});
}

/** What would end the failure, as edits of the file after the patch, where its lines are known. */
function fixesOf({ suggestion, suggested }: ScenarioReview): Pick<Result, 'fixes'> {
	const edits = suggested?.edits ?? [];
	if (edits.length === 0 || edits.some(({ line }) => line === null)) {
		return {};
	}
	const files = [...new Set(edits.map(({ file }) => file))];
	return {
		fixes: [{
			description: { text: `${oneLine(suggestion ?? '')}; ${oneLine(suggested?.found ?? '')}` },
			artifactChanges: files.map((file) => ({
				artifactLocation: { uri: uriOf(file) },
				replacements: edits.filter((edit) => edit.file === file).map(({ line, before, after }) => ({
					deletedRegion: { startLine: line ?? 1, startColumn: 1, endLine: (line ?? 1) + before.length, endColumn: 1 },
					insertedContent: { text: after.map((text) => `${text}\n`).join('') },
				})),
			})),
		}],
	};
}

/** Ends with a newline. */
export function sarifOf(review: Review): string {
	const results = review.inputs.flatMap((input) => input.scenarios.flatMap((scenario) => resultsOf(input, scenario)));
	const log: Log = {
		version: '2.1.0',
		$schema: INFORMATION,
		runs: [{
			tool: {
				driver: {
					name: review.tool,
					version: review.version,
					rules: Object.entries(CHECK_MEANING).map(([id, text]) => ({ id, shortDescription: { text }, fullDescription: { text } })),
				},
			},
			invocations: [{
				executionSuccessful: true,
				toolExecutionNotifications: review.inputs.flatMap((input) => input.problems.map((problem) => ({
					level: 'warning' as const,
					message: { text: oneLine(problem) },
					locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(input.input) }, ...(input.from > 0 ? { region: { startLine: input.from } } : {}) } }],
				}))),
			}],
			columnKind: 'utf16CodeUnits',
			results: [...results],
		}],
	};
	return `${JSON.stringify(log, null, '\t')}\n`;
}

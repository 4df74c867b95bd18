import * as vscode from 'vscode';
import type { InputReview, ReviewFailure, ReviewStep, ScenarioReview, Side } from '../../analyzer/review';
import type { Model, ViewRun, ViewStep } from '../../webview/protocol';
import { type RunRef, runKey, type SideName } from '../view/principal';
import { countWords, outcomeWords, sideWords, verdictSymbol } from '../words';

const { t } = vscode.l10n;

/** Where the stepper's text lines come from. */
export type SourceLine = (inputLine: number) => string;

export function viewStep(step: ReviewStep, source: SourceLine): ViewStep {
	return {
		thread: step.thread,
		operation: step.operation,
		function: step.function,
		stack: [...step.stack],
		// A model without a line is no file's: it is assumed.
		place: step.file === null || (step.modelled && step.line === null) ? '' : step.line === null ? step.file : `${step.file}:${step.line}`,
		inputLine: step.inputLine,
		source: step.inputLine === null ? '' : source(step.inputLine),
		changes: [...step.changes],
		locked: [...(step.locked ?? [])],
		unlocked: [...(step.unlocked ?? [])],
		waiting: (step.waiting ?? []).map(({ thread, operation, on, by }) => ({ thread, operation, on, by: [...by] })),
		modelled: step.modelled ?? false,
	};
}

const key = (scenario: ScenarioReview, side: SideName, kind: RunRef['kind'], index = 0): string => runKey({ scenario: scenario.id, side, kind, index });

function failureRun(scenario: ScenarioReview, side: SideName, failure: ReviewFailure, index: number, source: SourceLine): ViewRun {
	return { key: key(scenario, side, 'failure', index), side, kind: 'failure', title: failure.check, message: failure.message, steps: failure.steps.map((step) => viewStep(step, source)), stuckAt: null };
}

function sideRuns(scenario: ScenarioReview, name: SideName, side: Side | null, source: SourceLine): readonly ViewRun[] {
	if (!side) return [];
	return [
		...side.failures.map((failure, index) => failureRun(scenario, name, failure, index, source)),
		...(side.passing ? [{ key: key(scenario, name, 'passing'), side: name, kind: 'passing' as const, title: t('nearest passing schedule'), message: '', steps: side.passing.steps.map((step) => viewStep(step, source)), stuckAt: null }] : []),
	];
}

/** An assumption's line, as its text tells it. */
const lineIn = (assumption: string): number | null => Number(/\bline (\d+)\b/.exec(assumption)?.[1]) || null;

/** Everything the stepper shows of a scenario. `choosable`: the engine can be asked who may move next. */
export function stepperModel(uri: vscode.Uri, review: InputReview, scenario: ScenarioReview, source: SourceLine, choosable: boolean, speed: number): Model {
	const { replay } = scenario;
	const runs: ViewRun[] = [...sideRuns(scenario, 'post', scenario.post, source), ...sideRuns(scenario, 'pre', scenario.pre, source)];
	if (replay) {
		runs.push({
			key: key(scenario, 'post', 'replay'), side: 'post', kind: 'replay', title: t('the failing schedule, replayed after the patch'),
			message: replay.message, steps: replay.steps.map((step) => viewStep(step, source)), stuckAt: replay.stuckAt,
		});
	}
	const assumptions = [...new Set([...(scenario.pre?.assumptions ?? []), ...(scenario.post?.assumptions ?? [])])];
	const verdict = (side: SideName): string => `${sideWords(side)} ${verdictSymbol(scenario[side]?.verdict ?? null)} ${countWords(scenario[side], scenario)}`;
	return {
		key: JSON.stringify({ uri: uri.toString(), patch: review.from, scenario: scenario.id }),
		document: uri.toString(),
		subject: review.subject || review.input,
		reason: scenario.reason,
		outcome: outcomeWords(scenario.outcome),
		verdicts: { pre: verdict('pre'), post: verdict('post') },
		threads: scenario.threads.map(({ name, entry, context, called }) => ({ name, entry, context, ...(called === undefined ? {} : { called }) })),
		runs,
		assumptions: assumptions.map((text) => ({ text, inputLine: lineIn(text) })),
		notModelled: [...new Set([...(scenario.pre?.notModelled ?? []), ...(scenario.post?.notModelled ?? [])])],
		choosable,
		speed,
	};
}

/** The stepper's own words in the reader's language. */
export function stepperStrings(): Record<string, string> {
	return {
		against: t('against'), atTheEnd: t('at the end'), modelled: t('(model)'), takes: t('takes'), releases: t('releases'), waitsAt: t('waits at'), heldBy: t('for'), holder: t('held by'), free: t('free'), inside: t('in'),
		noStep: t('Nothing has moved yet: choose which CPU goes first.'), noState: t('Nothing that this schedule changes is modelled.'), state: t('State'), follow: t('Follow this cell'), was: t('was'), cpu: t('CPU'), operation: t('Operation'),
		place: t('Where'), changes: t('Changes'), goTo: t('Go to step'), loading: t('Waiting for a schedule…'), stateAndAssumptions: t('State and assumptions'),
		noRun: t('No schedule to step through: nothing failed, and nothing passed, within the bounds.'), stepping: t('Stepping'), first: t('First step'), back: t('Step back'),
		pause: t('Pause'), play: t('Play'), forward: t('Step forward'), nextSwitch: t('Next context switch'), toFailure: t('To the failure'),
		nextChange: t('Next change of the followed cell'), scrub: t('Step'), speed: t('Steps a second'), schedule: t('Schedule'), pre: t('Before the patch'), post: t('After the patch'),
		chosen: t('Your own schedule'), table: t('Table'), compare: t('Beside the nearest passing schedule'), choose: t('Choose the next step yourself'), copyTable: t('Copy CPU table'),
		reply: t('Reply'), allEnded: t('Every thread has ended; nothing failed.'), undo: t('Undo'), assumptions: t('Assumptions'), none: t('none'), notModelled: t('Not modelled'),
	};
}

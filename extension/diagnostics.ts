import * as vscode from 'vscode';
import { runBy } from '../analyzer/present';
import type { InputReview, ReviewFailure, ScenarioReview } from '../analyzer/review';
import type { Reviews } from './reviews';
import { byRank, contextSwitches, failureLine } from './view/principal';
import { sideWords } from './words';

const { t } = vscode.l10n;

/** Moments named beside a failure in Problems: the stepper shows the rest. */
const RELATED = 5;

function severity(scenario: ScenarioReview): vscode.DiagnosticSeverity {
	switch (scenario.outcome) {
		case 'introduces': return vscode.DiagnosticSeverity.Error;
		case 'still-fails': return vscode.DiagnosticSeverity.Warning;
		case 'fixes': return vscode.DiagnosticSeverity.Information;
		default: return vscode.DiagnosticSeverity.Hint;
	}
}

function message(scenario: ScenarioReview, failure: ReviewFailure, side: 'pre' | 'post'): string {
	const threads = scenario.threads.map(runBy).join(t(' against '));
	const told = `${failure.message} (${threads}, ${sideWords(side)})`;
	if (scenario.outcome === 'fixes') return t('{0}; after the patch no failing schedule was found', told);
	if (scenario.outcome === 'pre-existing') return t('{0}; not this patch\'s doing', told);
	return told;
}

/** One problem per distinct failure, never one per step. */
export class Diagnostics implements vscode.Disposable {
	private readonly collection = vscode.languages.createDiagnosticCollection('kernel-race-review');
	private readonly subscription: vscode.Disposable;

	constructor(private readonly reviews: Reviews) {
		this.subscription = reviews.onDidChange((uri) => this.tell(uri));
	}

	dispose(): void {
		this.subscription.dispose();
		this.collection.dispose();
	}

	private tell(uri: vscode.Uri): void {
		const known = this.reviews.get(uri);
		if (!known) {
			this.collection.delete(uri);
			return;
		}
		this.collection.set(uri, known.inputs.flatMap((review) => problems(uri, review)));
	}
}

function problems(uri: vscode.Uri, review: InputReview): readonly vscode.Diagnostic[] {
	const seen = new Set<string>();
	return byRank(review.scenarios).flatMap((scenario) => {
		if (scenario.suppressed !== undefined) return [];
		const side = scenario.post?.failures.length ? 'post' : 'pre';
		return (scenario[side]?.failures ?? []).flatMap((failure) => {
			const line = failureLine(failure, review.from);
			const key = `${failure.check} ${line} ${scenario.outcome}`;
			if (seen.has(key)) return [];
			seen.add(key);
			return [diagnostic(uri, scenario, failure, side, line)];
		});
	});
}

function diagnostic(uri: vscode.Uri, scenario: ScenarioReview, failure: ReviewFailure, side: 'pre' | 'post', line: number): vscode.Diagnostic {
	const at = (inputLine: number, from?: number, to?: number): vscode.Range => new vscode.Range(inputLine - 1, from ?? 0, inputLine - 1, to ?? Number.MAX_SAFE_INTEGER);
	const last = failure.steps.findLast((step) => step.inputLine === line);
	const result = new vscode.Diagnostic(at(line, last?.inputFrom, last?.inputTo), message(scenario, failure, side), severity(scenario));
	result.source = 'race-review';
	result.code = failure.check;
	const moments = contextSwitches(failure.steps).flatMap((index) => [index - 1, index]);
	const lines = new Set<number>([line]);
	result.relatedInformation = [...new Set(moments)].flatMap((index) => {
		const step = failure.steps[index];
		if (!step || step.inputLine === null || lines.has(step.inputLine)) return [];
		lines.add(step.inputLine);
		return [new vscode.DiagnosticRelatedInformation(new vscode.Location(uri, at(step.inputLine, step.inputFrom, step.inputTo)), `#${index + 1} ${scenario.threads[step.thread]?.name ?? ''}: ${step.operation}`)];
	}).slice(0, RELATED);
	return result;
}

import * as vscode from 'vscode';
import type { FreeState } from '../../analyzer/free-stepping';
import type { ToView } from '../../webview/protocol';
import type { AnalysisClient } from '../analysis/client';
import type { Reviewer } from '../reviewer';
import type { Reviews } from '../reviews';
import { viewStep } from './model';

const { t } = vscode.l10n;

/** A scenario in a document. */
export interface ScenarioKey {
	readonly uri: string;
	readonly patch: number;
	readonly scenario: string;
}

/** *You choose*: keeps what was chosen, asks the engine where that leads. */
export class FreeChooser {
	private key = '';
	private side: 'pre' | 'post' = 'post';
	private entries: number[] = [];

	constructor(private readonly client: AnalysisClient, private readonly reviews: Reviews, private readonly reviewer: Reviewer) {}

	/** A null entry begins anew. Null: the scenario has no programs to step. */
	choose(place: ScenarioKey, side: 'pre' | 'post', entry: number | null): Promise<ToView | null> {
		const key = JSON.stringify(place);
		if (entry === null || key !== this.key || side !== this.side) this.entries = [];
		this.key = key;
		this.side = side;
		if (entry !== null) this.entries.push(entry);
		return this.state(place);
	}

	undo(place: ScenarioKey): Promise<ToView | null> {
		this.entries.pop();
		return this.state(place);
	}

	private async state(place: ScenarioKey): Promise<ToView | null> {
		const uri = vscode.Uri.parse(place.uri);
		const found = this.reviews.find(uri, place.patch, place.scenario);
		if (!found) return null;
		const request = { name: found.review.input, patch: place.patch, scenario: place.scenario, side: this.side, entries: [...this.entries] };
		let state = await this.client.step(request);
		if (!state) {
			// The worker was ended, or has reviewed others since.
			await this.reviewer.review(await vscode.workspace.openTextDocument(uri));
			state = await this.client.step(request);
		}
		if (!state) {
			void vscode.window.showInformationMessage(t('This side of the patch has no source to step through.'));
			return null;
		}
		return { kind: 'choice', choice: this.choice(uri, state) };
	}

	private choice(uri: vscode.Uri, { steps, enabled, waiting, failure, done }: FreeState): Extract<ToView, { kind: 'choice' }>['choice'] {
		const document = vscode.workspace.textDocuments.find((candidate) => candidate.uri.toString() === uri.toString());
		const source = (line: number): string => (document && line <= document.lineCount ? document.lineAt(line - 1).text : '');
		return {
			run: { key: 'chosen', side: this.side, kind: 'chosen', title: t('your own schedule'), message: failure ?? '', steps: steps.map((step) => viewStep(step, source)), stuckAt: failure === null ? null : steps.length - 1 },
			enabled: enabled.map(({ entry, thread, operation }) => ({ entry, thread, operation })),
			blocked: waiting.map(({ thread, operation, on, by }) => ({ thread, operation, on, by: [...by] })),
			failure: failure ?? '',
			done,
		};
	}
}

import * as vscode from 'vscode';
import type { PatchOutline, Progress } from '../analyzer/engine';
import type { InputReview, ScenarioReview } from '../analyzer/review';
import type { RunRef } from './view/principal';

/** What is known of one document under review. */
export interface DocumentReview {
	readonly uri: vscode.Uri;
	/** The document's version it was made from. */
	readonly version: number;
	readonly state: 'reviewing' | 'done' | 'cancelled' | 'failed';
	/** Of a review in work: those done so far. */
	readonly inputs: readonly InputReview[];
	readonly progress?: Progress;
	/** Of a review in work: the patches that are parsed, with what is known of them so far. */
	readonly outlines?: readonly PatchOutline[];
	/** Of a finished review: what would end its failures is still looked for. */
	readonly seeking?: boolean;
	/** Why it failed, in one sentence. */
	readonly problem?: string;
	/** The run that is drawn and stepped, where the user chose one. Per patch, by its first line. */
	readonly shown: ReadonlyMap<number, RunRef>;
}

/** A place in a document's reviews. */
export interface ScenarioPlace {
	readonly uri: vscode.Uri;
	readonly review: InputReview;
	readonly scenario: ScenarioReview;
}

/** The reviews of the open documents. Everything that shows them listens here. */
export class Reviews implements vscode.Disposable {
	private readonly byUri = new Map<string, DocumentReview>();
	private readonly changed = new vscode.EventEmitter<vscode.Uri>();
	readonly onDidChange = this.changed.event;

	get(uri: vscode.Uri): DocumentReview | undefined {
		return this.byUri.get(uri.toString());
	}

	all(): readonly DocumentReview[] {
		return [...this.byUri.values()];
	}

	set(review: DocumentReview): void {
		this.byUri.set(review.uri.toString(), review);
		this.changed.fire(review.uri);
	}

	update(uri: vscode.Uri, change: Partial<DocumentReview>): void {
		const review = this.get(uri);
		if (review) this.set({ ...review, ...change });
	}

	delete(uri: vscode.Uri): void {
		if (this.byUri.delete(uri.toString())) this.changed.fire(uri);
	}

	/** Makes `run` the one that is drawn for its patch. */
	show(uri: vscode.Uri, review: InputReview, run: RunRef): void {
		const known = this.get(uri);
		if (known) this.set({ ...known, shown: new Map(known.shown).set(review.from, run) });
	}

	/** The patch at a line (1-based), or the first one. */
	patchAt(uri: vscode.Uri, line: number): InputReview | undefined {
		const inputs = this.get(uri)?.inputs ?? [];
		return inputs.find(({ from, to }) => line >= from && line <= to) ?? inputs[0];
	}

	find(uri: vscode.Uri, patch: number, scenario: string): ScenarioPlace | undefined {
		const review = this.get(uri)?.inputs.find(({ from }) => from === patch);
		const found = review?.scenarios.find(({ id }) => id === scenario);
		return review && found ? { uri, review, scenario: found } : undefined;
	}

	dispose(): void {
		this.changed.dispose();
	}
}

import type * as vscode from 'vscode';
import { objects } from '../analyzer/present';
import type { InputReview } from '../analyzer/review';
import { withSuggestions } from '../analyzer/suggest';
import type { AnalysisClient } from './analysis/client';
import type { Reviews } from './reviews';

/** Looks for what would end the failures of documents whose verdict is on the screen. */
export class Seeker {
	private readonly running = new Map<string, AbortController>();

	constructor(private readonly client: AnalysisClient, private readonly reviews: Reviews) {}

	/** For each patch against which a failure is told, one after the other, until the document is reviewed again. `finish`: a review as it is shown. */
	async seek(uri: vscode.Uri, inputs: readonly InputReview[], finish: (raw: InputReview) => InputReview): Promise<void> {
		const accused = inputs.filter((raw) => objects(finish(raw).outcome));
		if (accused.length === 0) return;
		const key = uri.toString();
		const abort = new AbortController();
		this.running.set(key, abort);
		this.reviews.update(uri, { seeking: true });
		for (const raw of accused) {
			// A search that fails has found nothing: the verdict stands without it.
			const found = await this.client.suggest({ name: raw.input, patch: raw.from }, abort.signal).catch(() => []);
			if (this.running.get(key) !== abort) return;
			const told = finish(withSuggestions(raw, found));
			if (found.length > 0) this.reviews.update(uri, { inputs: (this.reviews.get(uri)?.inputs ?? []).map((each) => (each.from === told.from ? told : each)) });
		}
		this.running.delete(key);
		this.reviews.update(uri, { seeking: false });
	}

	cancel(uri: vscode.Uri): void {
		const key = uri.toString();
		this.running.get(key)?.abort();
		this.running.delete(key);
	}

	dispose(): void {
		for (const abort of this.running.values()) abort.abort();
		this.running.clear();
	}
}

import * as vscode from 'vscode';
import type { ScenarioReview } from '../../analyzer/review';
import type { Reviews } from '../reviews';
import { editOf, suggestedIn, type Suggestions, takesEdits } from '../suggestions';
import type { Place } from './place';

const { t } = vscode.l10n;

/** The search for suggestions goes on behind the verdict: waits for its end, or for its first find. */
async function found(reviews: Reviews, uri: vscode.Uri): Promise<void> {
	const isOver = (): boolean => {
		const known = reviews.get(uri);
		return !known?.seeking || known.inputs.some((review) => suggestedIn(review).length > 0);
	};
	if (isOver()) return;
	await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: t('Race review: looking for what would end it…') }, () => new Promise<void>((resolve) => {
		const listening = reviews.onDidChange(() => {
			if (!isOver()) return;
			listening.dispose();
			resolve();
		});
	}));
}

/** The suggestion of the scenario at hand, else the first of its patch. */
async function suggestedFor(reviews: Reviews, { uri, review, scenario }: Place): Promise<ScenarioReview | null> {
	await found(reviews, uri);
	const now = reviews.get(uri)?.inputs.find(({ from }) => from === review.from) ?? review;
	const own = now.scenarios.find(({ id }) => id === scenario.id);
	const suggested = own?.suggested ? own : suggestedIn(now)[0];
	if (!suggested) void vscode.window.showInformationMessage(t('No single edit was found that ends a failure of this patch, within the bounds of the search.'));
	return suggested ?? null;
}

/** *Show what would end it*. */
export async function showSuggestion(reviews: Reviews, suggestions: Suggestions, place: Place): Promise<void> {
	const scenario = await suggestedFor(reviews, place);
	if (scenario) await suggestions.show(scenario);
}

/** *Insert what would end it*: into the C file under review, never into a mail. */
export async function insertSuggestion(reviews: Reviews, place: Place): Promise<void> {
	const document = await vscode.workspace.openTextDocument(place.uri);
	if (!takesEdits(document)) {
		void vscode.window.showInformationMessage(t('A mail or a diff is left as it was sent: what would end the failure is inserted into C files of the working tree.'));
		return;
	}
	const scenario = await suggestedFor(reviews, place);
	if (!scenario) return;
	const edit = editOf(document, scenario);
	if (!edit || !await vscode.workspace.applyEdit(edit)) void vscode.window.showWarningMessage(t('The lines have changed since they were reviewed.'));
}

import * as vscode from 'vscode';
import { REPORTS } from '../../analyzer/present';
import type { InputReview, Review } from '../../analyzer/review';
import type { AnalysisClient } from '../analysis/client';
import type { Reviews } from '../reviews';
import { sideWords } from '../words';
import type { Place } from './place';

const { t } = vscode.l10n;

const asReview = (version: string, inputs: readonly InputReview[]): Review => ({ tool: 'kernel-race-review', version, inputs });

/** A plain-text reply to the patch, with the quoted hunks. */
export function replyText(version: string, review: InputReview, document: string): string {
	return REPORTS.reply(asReview(version, [review]), new Map([[review.input, document]]));
}

interface Format {
	readonly label: string;
	readonly detail: string;
	readonly language: string;
	readonly text: () => string | Promise<string | null>;
}

/** *Export…*: the whole document's review in a format of the user's choice, in an unsaved editor. */
export async function exportReview(version: string, reviews: Reviews, client: AnalysisClient, { uri, review, scenario, run }: Place): Promise<void> {
	const inputs = reviews.get(uri)?.inputs ?? [review];
	const document = (await vscode.workspace.openTextDocument(uri)).getText();
	const all = asReview(version, inputs);
	const documents = new Map(inputs.map(({ input }) => [input, document]));
	const report = (format: keyof typeof REPORTS) => (): string => REPORTS[format](all, documents);
	const side = run?.side ?? 'post';
	const program = (format: 'litmus' | 'promela') => async (): Promise<string | null> => {
		const told = await client.exportProgram({ name: review.input, patch: review.from, scenario: scenario.id, side, format });
		if (told && 'text' in told) return told.text;
		void vscode.window.showInformationMessage(told ? t('This scenario cannot be told in that language: {0}', told.refused) : t('The scenario is no longer known: review the document again.'));
		return null;
	};
	const threads = scenario.threads.map(({ entry }) => entry).join(' | ');
	const formats: readonly Format[] = [
		{ label: 'Markdown', detail: t('for an issue tracker or a CI summary'), language: 'markdown', text: report('markdown') },
		{ label: 'SARIF', detail: t('for code scanning'), language: 'json', text: report('sarif') },
		{ label: 'JSON', detail: t('everything, as the command line prints it'), language: 'json', text: report('json') },
		{ label: t('Text'), detail: t('as the command line prints it'), language: 'plaintext', text: report('text') },
		{ label: t('Review reply'), detail: t('a mail with the quoted hunks'), language: 'plaintext', text: report('reply') },
		{ label: 'Promela', detail: t('{0}, {1}, for spin', threads, sideWords(side)), language: 'plaintext', text: program('promela') },
		{ label: 'Litmus', detail: t('{0}, {1}, for herd7', threads, sideWords(side)), language: 'plaintext', text: program('litmus') },
	];
	const picked = await vscode.window.showQuickPick(formats, { title: t('Export the review'), placeHolder: t('Format') });
	const content = await picked?.text();
	if (!picked || content == null) return;
	await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: picked.language, content }), { viewColumn: vscode.ViewColumn.Beside });
}

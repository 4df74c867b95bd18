import * as vscode from 'vscode';
import { REPORTS } from '../../analyzer/present';
import type { InputReview, Review } from '../../analyzer/review';
import type { Reviews } from '../reviews';
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
	readonly text: () => string;
}

/** *Export…*: the whole document's review in a format of the user's choice, in an unsaved editor. */
export async function exportReview(version: string, reviews: Reviews, { uri, review }: Place): Promise<void> {
	const inputs = reviews.get(uri)?.inputs ?? [review];
	const document = (await vscode.workspace.openTextDocument(uri)).getText();
	const all = asReview(version, inputs);
	const documents = new Map(inputs.map(({ input }) => [input, document]));
	const report = (format: keyof typeof REPORTS) => (): string => REPORTS[format](all, documents);
	const formats: readonly Format[] = [
		{ label: 'Markdown', detail: t('for an issue tracker or a CI summary'), language: 'markdown', text: report('markdown') },
		{ label: 'SARIF', detail: t('for code scanning'), language: 'json', text: report('sarif') },
		{ label: 'JSON', detail: t('everything, as the command line prints it'), language: 'json', text: report('json') },
		{ label: t('Text'), detail: t('as the command line prints it'), language: 'plaintext', text: report('text') },
		{ label: t('Review reply'), detail: t('a mail with the quoted hunks'), language: 'plaintext', text: report('reply') },
	];
	const picked = await vscode.window.showQuickPick(formats, { title: t('Export the review'), placeHolder: t('Format') });
	if (!picked) return;
	await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: picked.language, content: picked.text() }), { viewColumn: vscode.ViewColumn.Beside });
}

import * as vscode from 'vscode';
import type { Reviewer } from '../reviewer';
import type { DocumentReview, Reviews } from '../reviews';

/** A mailbox in work may have its cover letter alone, with which nothing can be done. */
const isReviewed = (known: DocumentReview | undefined): boolean => known !== undefined && known.inputs.length > 0 && (known.state !== 'reviewing' || known.inputs.some(({ scenarios }) => scenarios.length > 0));

/**
 * Sees to it that the document is reviewed, or that its review failed or was cancelled. With a line: only as far as the patch there, so that one
 * patch of a long mailbox does not wait for all the others.
 */
export async function reviewedAt({ reviews, reviewer }: { readonly reviews: Reviews; readonly reviewer: Reviewer }, uri: vscode.Uri, line?: number): Promise<void> {
	const isThere = (): boolean => (line === undefined ? isReviewed(reviews.get(uri)) : !!reviews.get(uri)?.inputs.some(({ from, to }) => from <= line && line <= to));
	if (isThere()) return;
	const document = await vscode.workspace.openTextDocument(uri);
	// Opening it may have started its review.
	const done = reviews.get(uri)?.state === 'reviewing' ? null : reviewer.review(document);
	let listening: vscode.Disposable | undefined;
	const told = new Promise<void>((resolve) => {
		const look = (): void => { if (isThere() || reviews.get(uri)?.state !== 'reviewing') resolve(); };
		listening = reviews.onDidChange((changed) => { if (changed.toString() === uri.toString()) look(); });
		look();
	});
	try {
		await (done ? Promise.race([done, told]) : told);
	} finally {
		listening?.dispose();
	}
}

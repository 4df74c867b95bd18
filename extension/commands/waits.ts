import * as vscode from 'vscode';
import type { Reviewer } from '../reviewer';
import type { Reviews } from '../reviews';
import { reviewedAt } from './reviewed-at';

const { t } = vscode.l10n;

/** What answers within this time needs no words. */
const TOLD_AFTER_MS = 150;

/** Commands that came before the verdict, told and done when it is there. */
export class Waits {
	/** Documents that a command waits for already: a key that is pressed again in the meantime asks for nothing more. */
	private readonly waiting = new Set<string>();

	constructor(private readonly parts: { readonly reviews: Reviews; readonly reviewer: Reviewer }) {}

	/** Sees to it that the document is reviewed (`reviewedAt`), and says that this is under way. False: the user has gone elsewhere meanwhile. */
	async forReview(uri: vscode.Uri, line?: number): Promise<boolean> {
		const key = `${uri.toString()} ${line ?? ''}`;
		const began = vscode.window.activeTextEditor?.document.uri.toString();
		const reviewed = reviewedAt(this.parts, uri, line).then(() => true);
		if (await Promise.race([reviewed, later(TOLD_AFTER_MS)])) return true;
		if (this.waiting.has(key)) return false;
		this.waiting.add(key);
		try {
			// In the status bar, where the editor tells of the first half of a chord too.
			await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: t('Race review: still running; what you asked for follows with the verdict') }, () => reviewed);
			return vscode.window.activeTextEditor?.document.uri.toString() === began;
		} finally {
			this.waiting.delete(key);
		}
	}
}

const later = (milliseconds: number): Promise<false> => new Promise((resolve) => { setTimeout(() => resolve(false), milliseconds); });

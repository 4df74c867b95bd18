import * as vscode from 'vscode';

const SCHEME = 'race-review-range';

/** The mails of git ranges as documents that can be opened, stepped through and copied from, though no file holds them. */
export class RangeDocuments implements vscode.Disposable {
	private readonly texts = new Map<string, string>();
	private readonly changed = new vscode.EventEmitter<vscode.Uri>();
	private readonly provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
		onDidChange: this.changed.event,
		provideTextDocumentContent: (uri) => this.texts.get(uri.toString()) ?? '',
	});

	/** The range's document. Asked for again, it has the new text. */
	put(range: string, text: string): vscode.Uri {
		const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${range}.mbox` });
		this.texts.set(uri.toString(), text);
		this.changed.fire(uri);
		return uri;
	}

	dispose(): void {
		this.provider.dispose();
		this.changed.dispose();
	}
}

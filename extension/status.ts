import * as vscode from 'vscode';
import { COMMANDS } from './command-ids';
import type { Reviews } from './reviews';
import { outcomeWords } from './words';

const { t } = vscode.l10n;

/** The status bar's item: how the active document's review stands. */
export class Status implements vscode.Disposable {
	private readonly item = vscode.window.createStatusBarItem('kernelRaceReview.status', vscode.StatusBarAlignment.Left, 0);
	private readonly subscriptions: vscode.Disposable[];

	constructor(private readonly reviews: Reviews) {
		this.item.name = t('Race review');
		this.subscriptions = [reviews.onDidChange(() => this.show()), vscode.window.onDidChangeActiveTextEditor(() => this.show())];
		this.show();
	}

	dispose(): void {
		for (const subscription of this.subscriptions) subscription.dispose();
		this.item.dispose();
	}

	private show(): void {
		const uri = vscode.window.activeTextEditor?.document.uri;
		const known = uri && this.reviews.get(uri);
		void vscode.commands.executeCommand('setContext', 'kernelRaceReview.reviewed', !!known?.inputs.some(({ scenarios }) => scenarios.length));
		void vscode.commands.executeCommand('setContext', 'kernelRaceReview.reviewing', known?.state === 'reviewing');
		if (!uri || !known) {
			if (uri) this.item.hide();
			return;
		}
		this.item.backgroundColor = undefined;
		if (known.state === 'reviewing') {
			const { progress } = known;
			this.item.text = t('$(sync~spin) Race review{0}', progress ? ` ${progress.done}/${progress.total}` : '');
			this.item.tooltip = progress ? t('{0} — click to cancel', progress.stage) : t('Click to cancel');
			this.item.command = { title: t('Cancel'), command: COMMANDS.cancel, arguments: [uri] };
		} else if (known.state === 'failed') {
			this.item.text = t('$(error) Race review failed');
			this.item.tooltip = known.problem;
			this.item.command = COMMANDS.showLog;
		} else {
			const worst = (['introduces', 'still-fails', 'fixes', 'pre-existing', 'inconclusive', 'no-failure', 'no-diff'] as const).find((outcome) => known.inputs.some((input) => input.outcome === outcome));
			const icon = worst === 'introduces' || worst === 'still-fails' ? '$(warning)' : worst === 'inconclusive' ? '$(question)' : '$(circuit-board)';
			this.item.text = worst ? `${icon} ${t('Race review: {0}', outcomeWords(worst))}` : t('Race review: no patch');
			this.item.tooltip = known.inputs.map(({ subject, input, outcome }) => `${subject || input}: ${outcomeWords(outcome)}`).join('\n');
			this.item.command = { title: t('Step through'), command: COMMANDS.stepThrough };
			if (worst === 'introduces') this.item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
		}
		this.item.show();
	}
}

import type * as vscode from 'vscode';
import type { RunRef } from './view/principal';

/** The commands, as package.json contributes them. */
export const COMMANDS = {
	review: 'kernelRaceReview.review',
	cancel: 'kernelRaceReview.cancel',
	simulate: 'kernelRaceReview.simulate',
	simulateWith: 'kernelRaceReview.simulateWith',
	stepThrough: 'kernelRaceReview.stepThrough',
	replayAfter: 'kernelRaceReview.replayAfter',
	choose: 'kernelRaceReview.choose',
	copyTable: 'kernelRaceReview.copyTable',
	copyReply: 'kernelRaceReview.copyReply',
	export: 'kernelRaceReview.export',
	showAssumptions: 'kernelRaceReview.showAssumptions',
	suppress: 'kernelRaceReview.suppress',
	openOtherImage: 'kernelRaceReview.openOtherImage',
	checkSeries: 'kernelRaceReview.checkSeries',
	showSuggestion: 'kernelRaceReview.showSuggestion',
	insertSuggestion: 'kernelRaceReview.insertSuggestion',
	nextFailure: 'kernelRaceReview.nextFailure',
	openSample: 'kernelRaceReview.openSample',
	showLog: 'kernelRaceReview.showLog',
} as const;

/** What lenses, tree items and hovers hand to a command. Without one, commands work on the active editor's cursor. */
export interface PlaceArgument {
	readonly uri: vscode.Uri;
	/** First line of the patch in its document. */
	readonly patch: number;
	readonly run?: RunRef;
	readonly functions?: readonly string[];
}

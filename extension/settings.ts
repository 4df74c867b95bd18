import * as vscode from 'vscode';

/** The user's settings, each with a default that needs no reading. */
export interface Settings {
	/** Patches are reviewed when they are opened. */
	readonly automatic: boolean;
	readonly codeLens: boolean;
	readonly decorations: boolean;
	/** C files of the working tree are reviewed against HEAD. */
	readonly workingTree: boolean;
	/** Folder of the kernel tree; empty: the workspace folder, when it is one. */
	readonly tree: string;
	readonly playbackSpeed: number;
}

export function settings(): Settings {
	const of = vscode.workspace.getConfiguration('kernelRaceReview');
	return {
		automatic: of.get('review.automatic', true),
		codeLens: of.get('codeLens.enabled', true),
		decorations: of.get('decorations.enabled', true),
		workingTree: of.get('workingTree.enabled', true),
		tree: of.get('tree', ''),
		playbackSpeed: of.get('stepper.playbackSpeed', 2),
	};
}

import * as vscode from 'vscode';
import { AnalysisClient } from './analysis/client';
import { registerCommands } from './commands/register';
import { Decorations } from './decorations';
import { Diagnostics } from './diagnostics';
import { type Host, readAssets } from './host';
import { Lenses } from './lenses';
import { Outline } from './outline';
import { Reviewer } from './reviewer';
import { type DocumentReview, Reviews } from './reviews';
import { settings } from './settings';
import { SeriesTests } from './series/testing';
import { Status } from './status';
import { Suggestions } from './suggestions';
import { FreeChooser } from './stepper/chooser';
import { StepperPanel } from './stepper/panel';
import { Suppressions } from './suppressions';
import { lookForTrees } from './tree-source';
import type { Mark } from './view/marks';

/** What tests and other extensions can ask. */
export interface ExtensionApi {
	readonly host: 'node' | 'web';
	reviewOf(uri: vscode.Uri): DocumentReview | undefined;
	marksOf(uri: vscode.Uri): readonly Mark[];
	readonly onDidReview: vscode.Event<vscode.Uri>;
	/** How long `activate` took. */
	readonly activationMilliseconds: number;
}

/** Puts the parts together; what is heavy is read behind activation, in the worker. */
export function activateIn(context: vscode.ExtensionContext, host: Host): ExtensionApi {
	const began = performance.now();
	const extension = context.extensionUri;
	const log = vscode.window.createOutputChannel('Kernel Race Review', { log: true });
	const version = String((context.extension.packageJSON as { version?: unknown }).version ?? '');
	const reviews = new Reviews();
	const suppressions = new Suppressions();
	const analysis = (): AnalysisClient => new AnalysisClient(() => host.connect(extension), () => readAssets(extension));
	const client = analysis();
	const decorations = new Decorations(extension, reviews);
	const reviewer = new Reviewer(host, client, reviews, suppressions);
	const stepper = new StepperPanel(extension, reviews, decorations, new FreeChooser(client, reviews, reviewer));
	const suggestions = new Suggestions(reviews);
	context.subscriptions.push(
		suggestions, log, reviews, suppressions, { dispose: () => client.dispose() }, decorations, stepper, reviewer,
		new Lenses(reviews), new Diagnostics(reviews), new Status(reviews), new Outline(reviews), new SeriesTests(host, analysis, suppressions),
		registerCommands({ extension, reviews, reviewer, stepper, client, suppressions, suggestions, log, version }),
		reviews.onDidChange((uri) => {
			const known = reviews.get(uri);
			if (known?.state === 'failed') log.error(`${uri.toString()}: ${known.problem ?? ''}`);
			else if (known?.state === 'done') log.info(`${uri.toString()}: ${known.inputs.map(({ outcome }) => outcome).join(', ') || known.problem || 'no patch'}`);
		}),
	);
	void suppressions.load();
	// Not within activation: others wait for that.
	const warming = setTimeout(() => {
		if (!settings().automatic) return;
		lookForTrees();
		client.warm();
	}, 0);
	context.subscriptions.push({ dispose: () => clearTimeout(warming) });
	void vscode.commands.executeCommand('setContext', 'kernelRaceReview.choosable', true);
	const activationMilliseconds = performance.now() - began;
	log.info(`activated in the ${host.kind} host in ${activationMilliseconds.toFixed(1)} ms`);
	return {
		host: host.kind,
		reviewOf: (uri) => reviews.get(uri),
		marksOf: (uri) => decorations.marks(uri),
		onDidReview: reviews.onDidChange,
		activationMilliseconds,
	};
}

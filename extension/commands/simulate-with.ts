import * as vscode from 'vscode';
import type { PlaceArgument } from '../command-ids';
import type { Reviewer } from '../reviewer';
import type { Reviews } from '../reviews';
import type { StepperPanel } from '../stepper/panel';
import { principal } from '../view/principal';
import { outcomeWords } from '../words';
import { activeDocument, type Place, uriOf } from './place';

const { t } = vscode.l10n;

interface Choice extends vscode.QuickPickItem {
	readonly functionName?: string;
	readonly file?: vscode.Uri;
}

const MOST_SCENARIO_FILES = 50;

/** Functions that can be threads: changed ones first, then those that other scenarios of the patch run (environment included). */
function candidates(place: Place | null, asked: readonly string[]): readonly Choice[] {
	const names = new Map<string, string>();
	for (const { name, file } of place?.review.functions ?? []) names.set(name, file);
	for (const { threads } of place?.review.scenarios ?? []) {
		for (const { entry, modelled, file } of threads) if (!names.has(entry)) names.set(entry, modelled ? t('environment') : (file ?? ''));
	}
	for (const name of asked) if (!names.has(name)) names.set(name, '');
	return [...names].map(([functionName, description]) => ({ label: `${functionName}()`, description, functionName, picked: asked.includes(functionName) || (!asked.length && (place?.scenario.threads.some(({ entry }) => entry === functionName) ?? false)) }));
}

async function scenarioFiles(): Promise<readonly Choice[]> {
	const files = await vscode.workspace.findFiles('**/*.race-scenario', null, MOST_SCENARIO_FILES);
	return files.map((file) => ({ label: vscode.workspace.asRelativePath(file), iconPath: new vscode.ThemeIcon('file'), file }));
}

/** *Simulate with…*: the functions that are to meet, one thread each (one alone meets itself), or a scenario file. */
export async function simulateWith(parts: { readonly reviews: Reviews; readonly reviewer: Reviewer; readonly stepper: StepperPanel }, place: Place | null, argument: PlaceArgument | undefined): Promise<void> {
	const uri = place?.uri ?? uriOf(argument?.uri) ?? activeDocument(parts.reviews);
	if (!uri) return;
	const functions = candidates(place, argument?.functions ?? []);
	const files = await scenarioFiles();
	const items: readonly Choice[] = [
		...(functions.length ? [{ label: t('Functions'), kind: vscode.QuickPickItemKind.Separator }, ...functions] : []),
		...(files.length ? [{ label: t('Scenario files'), kind: vscode.QuickPickItemKind.Separator }, ...files] : []),
	];
	const picked = await pick(items);
	if (!picked.length) return;
	const file = picked.find((choice) => choice.file)?.file;
	const names = picked.flatMap(({ functionName }) => functionName ?? []);
	const threads = threadsOf(names);
	const scenario = file ? new TextDecoder().decode(await vscode.workspace.fs.readFile(file)) : scenarioText(threads);
	await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: t('Simulating {0}', threads.join(' | ')) }, async () =>
		parts.reviewer.review(await vscode.workspace.openTextDocument(uri), { scenario }));
	const review = parts.reviews.get(uri)?.inputs.find(({ from }) => from === (place?.review.from ?? from));
	const found = review?.scenarios.find(({ because, threads: made }) => because === 'user' && names.every((name) => made.some(({ entry }) => entry === name))) ?? review?.scenarios.find(({ because }) => because === 'user');
	if (!review || !found) {
		void vscode.window.showInformationMessage(t('No scenario of {0} could be made: {1}', threads.join(' | '), review?.problems.at(-1) ?? t('the functions have no source here')));
		return;
	}
	void vscode.window.setStatusBarMessage(`${threads.join(' | ')}: ${outcomeWords(found.outcome)}`, 5_000);
	const first = principal({ ...review, scenarios: [found] });
	await parts.stepper.show(uri, review, found, first?.run ?? null);
}

/** One function alone meets itself. */
const threadsOf = (names: readonly string[]): readonly string[] => (names.length === 1 ? [...names, ...names] : names);

/** Asks, and shows above the list which threads what is picked so far makes. Empty: nothing chosen. */
function pick(items: readonly Choice[]): Promise<readonly Choice[]> {
	return new Promise((resolve) => {
		const asked = vscode.window.createQuickPick<Choice>();
		const preview = (picked: readonly Choice[]): void => {
			const threads = picked.some(({ file }) => file) ? [t('as the scenario file says')] : threadsOf(picked.flatMap(({ functionName }) => functionName ?? [])).map((name, at) => `CPU${at}: ${name}()`);
			asked.title = threads.length ? t('Simulate with… {0}', threads.join(' | ')) : t('Simulate with…');
		};
		asked.items = items;
		asked.canSelectMany = true;
		asked.matchOnDescription = true;
		asked.placeholder = t('Pick the functions that meet: a thread each. One alone meets itself.');
		asked.selectedItems = items.filter(({ picked }) => picked);
		preview(asked.selectedItems);
		asked.onDidChangeSelection(preview);
		asked.onDidAccept(() => {
			resolve(asked.selectedItems);
			asked.hide();
		});
		asked.onDidHide(() => {
			resolve([]);
			asked.dispose();
		});
		asked.show();
	});
}

/** The scenario file's own format. */
function scenarioText(threads: readonly string[]): string {
	return threads.map((name, at) => `CPU${at}: ${name}\n`).join('');
}

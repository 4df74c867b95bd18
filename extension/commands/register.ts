import * as vscode from 'vscode';
import { failureTable, scheduleTable } from '../../analyzer/present';
import type { AnalysisClient } from '../analysis/client';
import { COMMANDS, type PlaceArgument } from '../command-ids';
import type { Reviewer } from '../reviewer';
import type { Reviews } from '../reviews';
import type { StepperPanel } from '../stepper/panel';
import type { Suggestions } from '../suggestions';
import type { Suppressions } from '../suppressions';
import { failureLine, stepsOf } from '../view/principal';
import { countWords, outcomeWords } from '../words';
import { replyText, exportReview } from './export';
import { openOtherImage } from './other-image';
import { activeDocument, documentOf, itemLine, type Place, placeArgument, placeOf, uriOf } from './place';
import { simulateWith } from './simulate-with';
import { insertSuggestion, showSuggestion } from './suggestion';
import { Waits } from './waits';

const { t } = vscode.l10n;

export interface CommandParts {
	readonly extension: vscode.Uri;
	readonly reviews: Reviews;
	readonly reviewer: Reviewer;
	readonly stepper: StepperPanel;
	readonly client: AnalysisClient;
	readonly suppressions: Suppressions;
	readonly suggestions: Suggestions;
	readonly log: vscode.LogOutputChannel;
	readonly version: string;
}

type Run = (argument: unknown) => unknown;
/** As VS Code calls it: an argument that nothing has checked. */
type Command = (argument: never) => unknown;

/** Every command of the palette but the series' (see ../series). */
export function registerCommands(parts: CommandParts): vscode.Disposable {
	const { reviews, reviewer, stepper, suppressions, suggestions, log } = parts;
	const waits = new Waits(parts);

	/** Reviews the document first where that has not been done yet; then hands the place over, or says why there is none. */
	const withPlace = (act: (place: Place) => unknown): Run => async (given) => {
		const uri = documentOf(given) ?? activeDocument(reviews);
		if (uri && !await waits.forReview(uri, itemLine(given))) return undefined;
		// An item of the Testing view says more once its document is reviewed.
		const place = placeOf(reviews, placeArgument(reviews, given));
		if (place) return act(place);
		const known = uri && reviews.get(uri);
		void vscode.window.showInformationMessage(known?.problem ?? known?.inputs[0]?.problems[0] ?? t('There is no race scenario here. Open a patch, a mail or a diff of kernel code.'));
		return undefined;
	};

	const copy = async (text: string, done: string): Promise<void> => {
		await vscode.env.clipboard.writeText(text);
		vscode.window.setStatusBarMessage(done, 4_000);
	};

	const step = (place: Place, at = 0): Promise<void> => stepper.show(place.uri, place.review, place.scenario, place.run, at);

	const commands: Readonly<Record<string, Command>> = {
		[COMMANDS.review]: async (argument: unknown) => {
			const uri = uriOf(argument) ?? uriOf((argument as PlaceArgument | undefined)?.uri) ?? activeDocument(reviews);
			if (!uri) {
				void vscode.window.showInformationMessage(t('Open a patch, a mail or a diff of kernel code, then review it.'));
				return;
			}
			await reviewer.review(await vscode.workspace.openTextDocument(uri));
			const known = reviews.get(uri);
			if (known?.state === 'failed') void vscode.window.showErrorMessage(t('The review could not be made: {0}', (known.problem ?? '').split('\n')[0] ?? ''));
			else if (known?.inputs.length === 0 || known?.inputs.every(({ outcome }) => outcome === 'no-diff')) {
				void vscode.window.showInformationMessage(known.problem ?? known.inputs[0]?.problems[0] ?? t('There is no diff of C code here.'));
			}
		},
		[COMMANDS.cancel]: (argument: unknown) => {
			const uri = uriOf(argument) ?? activeDocument(reviews);
			if (uri) reviewer.cancel(uri);
		},
		[COMMANDS.stepThrough]: withPlace((place) => step(place)),
		[COMMANDS.simulate]: withPlace((place) => {
			const steps = place.run && stepsOf(place.scenario, place.run);
			return step(place, place.run?.kind === 'failure' && steps ? steps.length - 1 : 0);
		}),
		[COMMANDS.simulateWith]: async (given: unknown) => {
			const argument = placeArgument(reviews, given);
			return simulateWith(parts, placeOf(reviews, argument), argument);
		},
		[COMMANDS.replayAfter]: withPlace(async ({ uri, review, scenario }) => {
			if (!scenario.replay) {
				void vscode.window.showInformationMessage(scenario.pre?.failures.length ? t('The failing schedule has no counterpart after the patch.') : t('Nothing failed before the patch, so there is no schedule to replay.'));
				return;
			}
			await stepper.show(uri, review, scenario, { scenario: scenario.id, side: 'post', kind: 'replay', index: 0 }, Math.max(0, scenario.replay.stuckAt ?? 0));
		}),
		[COMMANDS.choose]: withPlace(async (place) => {
			await step(place);
			await stepper.choose(place.run?.side ?? 'post');
		}),
		[COMMANDS.copyTable]: withPlace(async ({ scenario, run }) => {
			const failure = run?.kind === 'failure' ? scenario[run.side]?.failures[run.index] : undefined;
			const steps = run ? stepsOf(scenario, run) : null;
			const rows = failure ? failureTable(scenario.threads, failure) : steps ? scheduleTable(scenario.threads, steps) : [];
			if (!rows.length) void vscode.window.showInformationMessage(t('There is no schedule to copy.'));
			else await copy(`${rows.join('\n')}\n`, t('CPU table copied'));
		}),
		[COMMANDS.copyReply]: withPlace(async ({ uri, review }) => {
			const document = await vscode.workspace.openTextDocument(uri);
			await copy(replyText(parts.version, review, document.getText()), t('Review reply copied'));
		}),
		[COMMANDS.export]: withPlace((place) => exportReview(parts.version, reviews, parts.client, place)),
		[COMMANDS.showAssumptions]: withPlace((place) => showAssumptions(place)),
		[COMMANDS.suppress]: withPlace(async ({ scenario }) => {
			const checks = [...(scenario.post?.failures ?? []), ...(scenario.pre?.failures ?? [])].map(({ check }) => check);
			if (!checks.length) {
				void vscode.window.showInformationMessage(t('Nothing fails in this scenario.'));
				return;
			}
			const functions = scenario.threads.map(({ entry }) => entry);
			const reason = await vscode.window.showInputBox({
				title: t('Mark as not a bug: {0}', functions.join(' | ')),
				prompt: t('Why is this no bug? The reason is kept in .race-review/suppressions, for the command line too.'),
				validateInput: (text) => (text.trim() ? undefined : t('A reason is needed: others will want to know.')),
			});
			if (!reason) return;
			if (!await suppressions.add(checks, functions, reason)) void vscode.window.showWarningMessage(t('Open a folder first: the reason is kept in its .race-review/suppressions.'));
		}),
		[COMMANDS.openOtherImage]: withPlace((place) => openOtherImage(place)),
		[COMMANDS.showSuggestion]: withPlace((place) => showSuggestion(reviews, suggestions, place)),
		[COMMANDS.insertSuggestion]: withPlace((place) => insertSuggestion(reviews, place)),
		[COMMANDS.nextFailure]: withPlace(async ({ uri, review }) => {
			const lines = [...new Set(review.scenarios.flatMap((scenario) => (scenario.post?.failures.length ? scenario.post.failures : (scenario.pre?.failures ?? [])).map((failure) => failureLine(failure, review.from))))].sort((a, b) => a - b);
			const editor = await vscode.window.showTextDocument(uri);
			const now = editor.selection.active.line + 1;
			const line = lines.find((candidate) => candidate > now) ?? lines[0];
			if (line === undefined) return;
			const position = new vscode.Position(line - 1, 0);
			editor.selection = new vscode.Selection(position, position);
			editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenter);
		}),
		[COMMANDS.openSample]: async () => {
			const sample = vscode.Uri.joinPath(parts.extension, 'samples', SAMPLE);
			// Not in place of the walkthrough, whose next step is wanted.
			await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(sample), { preview: false });
		},
		[COMMANDS.showLog]: () => log.show(),
	};
	return vscode.Disposable.from(...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run as (argument: unknown) => unknown)));
}

/** The first patch of the sample series: the race. */
const SAMPLE = 'quill.mbox';

/** *Why is this assumed?*: what was assumed, with its line, to go to. */
async function showAssumptions({ uri, scenario, review }: Place): Promise<void> {
	const items = [...new Set([...(scenario.post?.assumptions ?? []), ...(scenario.pre?.assumptions ?? [])])].map((text): vscode.QuickPickItem & { line?: number } => {
		const line = Number(/\bline (\d+)\b/.exec(text)?.[1]) || undefined;
		return { label: text, iconPath: new vscode.ThemeIcon('info'), ...(line ? { line, description: t('line {0}', line) } : {}) };
	});
	const unknown = [...new Set([...(scenario.post?.notModelled ?? []), ...(scenario.pre?.notModelled ?? [])])];
	const entries: (vscode.QuickPickItem & { line?: number })[] = [
		...items,
		...(unknown.length ? [{ label: t('Not modelled'), kind: vscode.QuickPickItemKind.Separator }, ...unknown.map((name) => ({ label: name, iconPath: new vscode.ThemeIcon('circle-slash'), description: t('calls that neither the table nor the tree knows; add a row under .race-review/') }))] : []),
	];
	if (!entries.length) entries.push({ label: t('Nothing was assumed.') });
	const picked = await vscode.window.showQuickPick(entries, {
		title: t('{0}: {1} — assumed', review.subject || review.input, outcomeWords(scenario.outcome)),
		placeHolder: t('before: {0}, after: {1}', countWords(scenario.pre, scenario), countWords(scenario.post, scenario)),
		matchOnDescription: true,
	});
	if (!picked?.line) return;
	const position = new vscode.Position(picked.line - 1, 0);
	await vscode.window.showTextDocument(uri, { selection: new vscode.Range(position, position) });
}

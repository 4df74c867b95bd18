import * as vscode from 'vscode';
import type { ChangedFunction, InputReview, ScenarioReview } from '../analyzer/review';
import { COMMANDS, type PlaceArgument } from './command-ids';
import type { Reviews } from './reviews';
import { byRank, openingRun, type RunRef } from './view/principal';
import { countWords, functionLens, nameOf, outcomeWords, sideWords } from './words';

const { t } = vscode.l10n;

type Node =
	| { readonly kind: 'patch'; readonly uri: vscode.Uri; readonly review: InputReview }
	| { readonly kind: 'function'; readonly uri: vscode.Uri; readonly review: InputReview; readonly changed: ChangedFunction }
	| { readonly kind: 'others'; readonly uri: vscode.Uri; readonly review: InputReview; readonly scenarios: readonly ScenarioReview[] }
	| { readonly kind: 'scenario'; readonly uri: vscode.Uri; readonly review: InputReview; readonly scenario: ScenarioReview }
	| { readonly kind: 'run'; readonly uri: vscode.Uri; readonly review: InputReview; readonly run: RunRef; readonly label: string; readonly fails: boolean }
	| { readonly kind: 'assumptions'; readonly uri: vscode.Uri; readonly review: InputReview; readonly texts: readonly string[] }
	| { readonly kind: 'assumption'; readonly uri: vscode.Uri; readonly text: string; readonly line: number | null };

/** The review of the active document as a tree: patch, function, scenario, failure; and what was assumed. */
export class Outline implements vscode.TreeDataProvider<Node>, vscode.Disposable {
	private readonly changed = new vscode.EventEmitter<void>();
	readonly onDidChangeTreeData = this.changed.event;
	private readonly subscriptions: vscode.Disposable[];
	private uri: vscode.Uri | undefined;

	constructor(private readonly reviews: Reviews) {
		const view = vscode.window.createTreeView('kernelRaceReview.outline', { treeDataProvider: this, showCollapseAll: true });
		const follow = (): void => {
			const active = vscode.window.activeTextEditor?.document.uri;
			// The stepper's focus leaves no active editor: what was shown stays.
			if (active && this.reviews.get(active)) this.uri = active;
			view.message = this.uri && this.reviews.get(this.uri) ? undefined : t('Open a patch, a mail or a diff of kernel code to see its races here.');
			this.changed.fire();
		};
		this.subscriptions = [view, reviews.onDidChange(follow), vscode.window.onDidChangeActiveTextEditor(follow)];
		follow();
	}

	getChildren(node?: Node): Node[] {
		if (!node) {
			const known = this.uri && this.reviews.get(this.uri);
			return known ? known.inputs.map((review) => ({ kind: 'patch', uri: known.uri, review })) : [];
		}
		switch (node.kind) {
			case 'patch': {
				const { uri, review } = node;
				const functions = review.functions.map((changed): Node => ({ kind: 'function', uri, review, changed }));
				const covered = new Set(review.functions.flatMap(({ scenarios }) => scenarios));
				const others = review.scenarios.filter(({ id }) => !covered.has(id));
				const texts = [...new Set(review.scenarios.flatMap(({ pre, post }) => [...(pre?.assumptions ?? []), ...(post?.assumptions ?? [])]))];
				return [
					...functions,
					...(others.length ? [{ kind: 'others', uri, review, scenarios: others } as const] : []),
					...(texts.length ? [{ kind: 'assumptions', uri, review, texts } as const] : []),
				];
			}
			case 'function': return byRank(node.review.scenarios.filter(({ id }) => node.changed.scenarios.includes(id))).map((scenario) => ({ kind: 'scenario', uri: node.uri, review: node.review, scenario }));
			case 'others': return byRank(node.scenarios).map((scenario) => ({ kind: 'scenario', uri: node.uri, review: node.review, scenario }));
			case 'scenario': return runs(node.scenario).map((run) => ({ kind: 'run', uri: node.uri, review: node.review, ...run }));
			case 'assumptions': return node.texts.map((text) => ({ kind: 'assumption', uri: node.uri, text, line: Number(/\bline (\d+)\b/.exec(text)?.[1]) || null }));
			default: return [];
		}
	}

	getTreeItem(node: Node): vscode.TreeItem {
		const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
		const item = (label: string, state: vscode.TreeItemCollapsibleState, icon: string, description?: string): vscode.TreeItem => {
			const made = new vscode.TreeItem(label, state);
			made.iconPath = new vscode.ThemeIcon(icon);
			made.description = description;
			return made;
		};
		const at = (line: number | null): vscode.Command | undefined => (line === null ? undefined : { title: t('Go to line'), command: 'vscode.open', arguments: ['uri' in node ? node.uri : undefined, { selection: new vscode.Range(line - 1, 0, line - 1, 0) }] });
		switch (node.kind) {
			case 'patch': {
				const made = item(node.review.subject || node.review.input, Expanded, 'git-commit', outcomeWords(node.review.outcome));
				made.command = at(node.review.from);
				made.contextValue = 'patch';
				return made;
			}
			case 'function': {
				const worst = byRank(node.review.scenarios.filter(({ id }) => node.changed.scenarios.includes(id)))[0];
				const made = item(`${node.changed.name}()`, worst ? Collapsed : None, 'symbol-method', worst ? functionLens(worst) : t('in no scenario'));
				made.command = at(node.changed.inputLine);
				return made;
			}
			case 'others': return item(t('Other scenarios'), Collapsed, 'layers');
			case 'scenario': {
				const { scenario, review, uri } = node;
				const made = item(scenario.threads.map(nameOf).join(' | '), Collapsed, scenario.suppressed === undefined ? 'git-compare' : 'circle-slash', scenario.suppressed ?? outcomeWords(scenario.outcome));
				made.tooltip = `${scenario.reason}\n${t('before: {0}, after: {1}', countWords(scenario.pre, scenario), countWords(scenario.post, scenario))}`;
				made.contextValue = 'scenario';
				const run = openingRun(scenario);
				const place: PlaceArgument = { uri, patch: review.from, ...(run ? { run } : {}) };
				if (run) made.command = { title: t('Step through'), command: COMMANDS.stepThrough, arguments: [place] };
				return made;
			}
			case 'run': {
				const made = item(node.label, None, node.fails ? 'error' : 'pass', sideWords(node.run.side));
				const place: PlaceArgument = { uri: node.uri, patch: node.review.from, run: node.run };
				made.command = { title: t('Step through'), command: COMMANDS.stepThrough, arguments: [place] };
				return made;
			}
			case 'assumptions': return item(t('Assumptions'), Collapsed, 'info', String(node.texts.length));
			case 'assumption': {
				const made = item(node.text, None, 'circle-small');
				made.tooltip = node.text;
				made.command = at(node.line);
				return made;
			}
		}
	}

	dispose(): void {
		for (const subscription of this.subscriptions) subscription.dispose();
		this.changed.dispose();
	}
}

function runs(scenario: ScenarioReview): readonly { readonly run: RunRef; readonly label: string; readonly fails: boolean }[] {
	const sides = (['post', 'pre'] as const).flatMap((side) => [
		...(scenario[side]?.failures ?? []).map((failure, index) => ({ run: { scenario: scenario.id, side, kind: 'failure' as const, index }, label: `${failure.check}: ${failure.message}`, fails: true })),
		...(scenario[side]?.passing ? [{ run: { scenario: scenario.id, side, kind: 'passing' as const, index: 0 }, label: t('nearest passing schedule'), fails: false }] : []),
	]);
	return scenario.replay ? [...sides, { run: { scenario: scenario.id, side: 'post', kind: 'replay', index: 0 }, label: t('the failing schedule, replayed after the patch'), fails: scenario.replay.stuckAt === null }] : sides;
}

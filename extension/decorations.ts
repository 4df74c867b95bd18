import * as vscode from 'vscode';
import type { Reviews } from './reviews';
import { settings } from './settings';
import { type Mark, MARK_LETTER, type MarkKind, marksOf } from './view/marks';
import { markHover } from './hovers';

const { t } = vscode.l10n;

/** Steps named behind a line before the rest is counted. */
const NAMED_STEPS = 3;

const COLOURS: Readonly<Record<MarkKind, string>> = {
	fails: 'kernelRaceReview.fails',
	'failed-before': 'kernelRaceReview.failedBefore',
	passes: 'kernelRaceReview.passes',
	'load-bearing': 'kernelRaceReview.loadBearing',
	assumed: 'kernelRaceReview.assumed',
};

/** Colour, gutter letter, overview mark: one type per kind. */
function typeOf(extension: vscode.Uri, kind: MarkKind): vscode.TextEditorDecorationType {
	const icon = (theme: 'dark' | 'light'): { gutterIconPath: vscode.Uri } => ({ gutterIconPath: vscode.Uri.joinPath(extension, 'media', 'gutter', `${kind}-${theme}.svg`) });
	const colour = new vscode.ThemeColor(COLOURS[kind]);
	return vscode.window.createTextEditorDecorationType({
		dark: icon('dark'),
		light: icon('light'),
		gutterIconSize: 'contain',
		overviewRulerColor: colour,
		overviewRulerLane: vscode.OverviewRulerLane.Right,
		isWholeLine: true,
		rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
		borderColor: colour,
		borderStyle: kind === 'passes' ? 'dotted' : kind === 'assumed' ? 'dashed' : 'solid',
		borderWidth: '0 0 0 2px',
		after: { color: colour, margin: '0 0 0 2em', fontStyle: 'italic' },
	});
}

/** The words behind a marked line. */
function annotation(mark: Mark): string {
	const parts: string[] = [];
	const { steps } = mark;
	if (steps.length) {
		const named = steps.slice(0, NAMED_STEPS).map(({ thread, number, breaks }) => `${thread} #${number}${breaks ? ' ✗' : ''}`).join(', ');
		parts.push(steps.length > NAMED_STEPS ? t('{0} and {1} more', named, steps.length - NAMED_STEPS) : named);
	}
	if (mark.failuresWithout) parts.push(mark.failuresWithout === 1 ? t('load-bearing: 1 failure without it') : t('load-bearing: {0} failures without it', mark.failuresWithout));
	if (mark.assumption) parts.push(t('assumed'));
	return `${MARK_LETTER[mark.kind]}  ${parts.join('  ')}`;
}

/** Draws the marks of the reviewed documents in the visible editors, and the stepper's current line. */
export class Decorations implements vscode.Disposable {
	private readonly types: Readonly<Record<MarkKind, vscode.TextEditorDecorationType>>;
	private readonly current = vscode.window.createTextEditorDecorationType({
		isWholeLine: true,
		backgroundColor: new vscode.ThemeColor('kernelRaceReview.step'),
		borderColor: new vscode.ThemeColor('contrastActiveBorder'),
		borderStyle: 'solid',
		borderWidth: '1px 0',
	});
	private readonly subscriptions: vscode.Disposable[];

	constructor(extension: vscode.Uri, private readonly reviews: Reviews) {
		this.types = {
			fails: typeOf(extension, 'fails'),
			'failed-before': typeOf(extension, 'failed-before'),
			passes: typeOf(extension, 'passes'),
			'load-bearing': typeOf(extension, 'load-bearing'),
			assumed: typeOf(extension, 'assumed'),
		};
		this.subscriptions = [
			reviews.onDidChange(() => this.draw()),
			vscode.window.onDidChangeVisibleTextEditors(() => this.draw()),
			vscode.workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration('kernelRaceReview.decorations')) this.draw(); }),
		];
	}

	/** The marks shown in a document. */
	marks(uri: vscode.Uri): readonly Mark[] {
		const known = this.reviews.get(uri);
		return known?.inputs.flatMap((review) => marksOf(review, known.shown.get(review.from))) ?? [];
	}

	/** Highlights the line (1-based) the stepper stands on; null: none. */
	point(uri: vscode.Uri, line: number | null): void {
		for (const editor of vscode.window.visibleTextEditors) {
			const here = editor.document.uri.toString() === uri.toString() && line !== null && line <= editor.document.lineCount;
			editor.setDecorations(this.current, here ? [new vscode.Range(line - 1, 0, line - 1, 0)] : []);
		}
	}

	dispose(): void {
		for (const subscription of this.subscriptions) subscription.dispose();
		for (const type of Object.values(this.types)) type.dispose();
		this.current.dispose();
	}

	private draw(): void {
		const enabled = settings().decorations;
		for (const editor of vscode.window.visibleTextEditors) {
			const marks = enabled ? this.marks(editor.document.uri) : [];
			for (const kind of Object.keys(this.types) as MarkKind[]) {
				editor.setDecorations(this.types[kind], marks.filter((mark) => mark.kind === kind && mark.line <= editor.document.lineCount).map((mark) => ({
					range: editor.document.lineAt(mark.line - 1).range,
					hoverMessage: markHover(editor.document.uri, mark),
					renderOptions: { after: { contentText: annotation(mark) } },
				})));
			}
		}
	}
}

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { RaceLanes } from './lanes';
import './lanes';
import { assumptions } from './assumptions';
import { chooser } from './chooser';
import { heading } from './heading';
import type { KeptState } from './kept-state';
import { stepperKey } from './keys';
import { Player } from './player';
import type { Choice, FromView, Model, ToView, ViewRun } from './protocol';
import { statePane } from './state-pane';
import { throttled } from './throttled';
import { stepsTable } from './steps-table';
import { toolbar } from './toolbar';
import { appStyle, shared } from './styles';
import { breakingStep, lineAt, nextChangeOf, nextSwitch, passingBeside, spokenStep, stepOnLine } from './timeline';

const TELL_MS = 60;
const CHOSEN = 'chosen';
/** When the first schedule was on the screen, for the benchmark. */
const USABLE = 'race-usable';

/** The stepper: one run of a scenario, one step at a time, with the state beside it. */
@customElement('race-stepper')
export class RaceStepper extends LitElement {
	static override styles = [shared, appStyle];

	post: (message: FromView) => void = () => undefined;
	keep: (state: KeptState) => void = () => undefined;

	@state() private model: Model | null = null;
	@state() private runKey = '';
	@state() private at = 0;
	@state() private table = false;
	@state() private compare = false;
	@state() private speed = 2;
	@state() private followed: string | null = null;
	@state() private choice: Choice | null = null;
	@state() private stale = '';
	@state() private strings: Readonly<Record<string, string>> = {};
	@state() private playing = false;

	private kept: KeptState | null = null;
	/** The step came from the editor's cursor: it is not sent back. */
	private quiet = false;
	private readonly player = new Player(() => this.tick(), (playing) => { this.playing = playing; });

	override connectedCallback(): void {
		super.connectedCallback();
		window.addEventListener('keydown', this.onKey);
	}

	override disconnectedCallback(): void {
		window.removeEventListener('keydown', this.onKey);
		this.player.stop();
		super.disconnectedCallback();
	}

	restore(kept: KeptState): void {
		this.kept = kept;
		this.table = kept.table;
		this.compare = kept.compare;
		this.speed = kept.speed;
		this.followed = kept.followed;
	}

	receive(message: ToView): void {
		switch (message.kind) {
			case 'show': {
				// After a reload of the window, or of the review itself, the reader's place is kept.
				const place = this.kept ?? (this.model ? { key: this.model.key, run: this.runKey, at: this.at } : null);
				const same = place !== null && place.key === message.model.key && message.step === null;
				this.player.stop();
				if (!this.kept && !this.model) this.speed = message.model.speed;
				this.model = message.model;
				this.strings = message.strings;
				this.choice = null;
				this.stale = '';
				const has = (key: string): boolean => message.model.runs.some((run) => run.key === key);
				this.runKey = same && has(place.run) ? place.run : has(message.run) ? message.run : (message.model.runs[0]?.key ?? '');
				this.at = this.clamp(same ? place.at : (message.step ?? 0));
				this.quiet = same;
				this.kept = null;
				document.title = message.model.subject;
				// Only when it was asked for: a review that is made again must not take the focus from where the reader types.
				if (message.step !== null) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('race-lanes')?.shadowRoot?.querySelector<HTMLElement>('.steps')?.focus({ preventScroll: true }));
				break;
			}
			case 'cursor': {
				const step = this.run ? stepOnLine(this.run.steps, message.line, this.at) : null;
				if (step === null || step === this.at) return;
				this.quiet = true;
				this.go(step);
				break;
			}
			case 'choice':
				this.choice = message.choice;
				this.runKey = CHOSEN;
				this.at = Math.max(0, message.choice.run.steps.length - 1);
				break;
			case 'stale':
				this.stale = message.message;
				break;
		}
	}

	override updated(changed: PropertyValues): void {
		this.renderRoot.querySelector('.state tr.changed')?.scrollIntoView({ block: 'nearest' });
		const { model, run } = this;
		if (!model || !run) return;
		if (!performance.getEntriesByName(USABLE).length) performance.mark(USABLE);
		const told = ['at', 'runKey', 'model', 'choice'] as const;
		if (told.some((name) => (changed as Map<string, unknown>).has(name))) {
			if (!this.quiet) this.tell();
			this.quiet = false;
		}
		this.remember();
	}

	override render(): TemplateResult {
		const { model, run } = this;
		if (!model) return html`<main class="empty muted">${this.strings.loading ?? 'Waiting for a schedule…'}</main>`;
		return html`
			<header>
				${heading(model, run, this.stale, this.word)}
				${run ? this.controls(model, run) : nothing}
				${this.choice && run ? chooser({ choice: this.choice, name: this.name, word: this.word, post: this.post }) : nothing}
			</header>
			<div class="body">
				<main class="scroll" @pick=${this.onPick}>${run ? this.schedules(model, run) : html`<p class="empty">${this.word('noRun', 'No schedule to step through: nothing failed, and nothing passed, within the bounds.')}</p>`}</main>
				<aside class="scroll side" aria-label=${this.word('stateAndAssumptions', 'State and assumptions')} tabindex="0">
					<h2>${this.word('state', 'State')}</h2>
					${run ? statePane({ run, at: this.at, name: this.name, followed: this.followed, follow: (cell) => { this.followed = this.followed === cell ? null : cell; }, strings: this.strings }) : nothing}
					${assumptions(model, this.word, this.open)}
				</aside>
			</div>
			<div class="visually-hidden" role="status" aria-live="polite">${run?.steps.length && !this.playing ? `${this.at + 1} / ${run.steps.length}. ${spokenStep(run, this.at, this.name, this.strings)}` : ''}</div>`;
	}

	/** Where the stepper stands, for the editor: at once, and while it moves fast no more often than can be followed. */
	private readonly tell = throttled(TELL_MS, () => {
		const { run } = this;
		if (run) this.post({ kind: 'at', run: run.key, step: Math.max(0, this.at), line: lineAt(run.steps, this.at) });
	});

	private readonly remember = throttled(TELL_MS, () => {
		const { model } = this;
		if (model) this.keep({ key: model.key, run: this.runKey, at: this.at, table: this.table, compare: this.compare, speed: this.speed, followed: this.followed });
	});

	private get run(): ViewRun | null {
		if (this.runKey === CHOSEN && this.choice) return this.choice.run;
		return this.model?.runs.find(({ key }) => key === this.runKey) ?? null;
	}

	private readonly word = (key: string, otherwise: string): string => this.strings[key] ?? otherwise;

	private readonly open = (line: number): void => this.post({ kind: 'open', line });

	private name = (thread: number): string => this.model?.threads[thread]?.name ?? (thread < 0 ? this.word('atTheEnd', 'at the end') : `CPU${thread}`);

	private clamp(step: number): number {
		return Math.max(0, Math.min(step, (this.run?.steps.length ?? 1) - 1));
	}

	private go(step: number | null): void {
		if (step === null) return;
		const to = this.clamp(step);
		// Who goes to where the stepper stands already has lost sight of it: the pane was scrolled, or the window has another size.
		if (to === this.at) this.renderRoot.querySelector<RaceLanes>('race-lanes')?.show();
		this.at = to;
	}

	private tick(): boolean {
		const { run } = this;
		if (!run || this.at >= run.steps.length - 1) return false;
		this.at++;
		return this.at < run.steps.length - 1;
	}

	private togglePlay(): void {
		if (!this.playing && this.run && this.at >= this.run.steps.length - 1) this.at = 0;
		this.player.toggle(this.speed);
	}

	private select(key: string): void {
		this.player.stop();
		if (key !== CHOSEN) this.choice = null;
		this.runKey = key;
		this.at = this.clamp(this.at);
	}

	private side(side: 'pre' | 'post'): void {
		const run = this.model?.runs.find((candidate) => candidate.side === side);
		if (run) this.select(run.key);
	}

	private onPick = (event: Event): void => {
		const { step, open } = (event as CustomEvent<{ step: number; open: boolean }>).detail;
		this.go(step);
		const line = this.run?.steps[step]?.inputLine;
		if (open && line) this.open(line);
	};

	private onKey = (event: KeyboardEvent): void => {
		const { run } = this;
		const action = stepperKey(event);
		if (!action || !run) return;
		event.preventDefault();
		const last = run.steps.length - 1;
		switch (action) {
			case 'forward': this.go(this.at + 1); break;
			case 'back': this.go(this.at - 1); break;
			case 'first': this.go(0); break;
			case 'last': this.go(last); break;
			case 'play': this.togglePlay(); break;
			case 'next-switch': this.go(nextSwitch(run.steps, this.at, 1) ?? last); break;
			case 'previous-switch': this.go(nextSwitch(run.steps, this.at, -1) ?? 0); break;
			case 'failure': this.go(breakingStep(run)); break;
			case 'next-change': if (this.followed) this.go(nextChangeOf(run.steps, this.at, this.followed)); break;
			case 'table': this.table = !this.table; break;
			case 'compare': if (this.model && passingBeside(this.model, run)) this.compare = !this.compare; break;
			case 'pre': this.side('pre'); break;
			case 'post': this.side('post'); break;
			case 'open': { const line = run.steps[this.at]?.inputLine; if (line) this.open(line); break; }
			case 'undo': if (this.choice) this.post({ kind: 'undo' }); break;
		}
	};

	private controls(model: Model, run: ViewRun): TemplateResult {
		const { at, playing, speed, followed, table, compare, word } = this;
		return toolbar({
			model, run, at, playing, speed, followed, table, compare, word, comparable: passingBeside(model, run) !== null, chosen: this.choice ? CHOSEN : null,
			act: {
				go: (step) => this.go(step), play: () => this.togglePlay(), select: (key) => this.select(key), post: this.post,
				speed: (chosen) => { this.speed = chosen; this.player.setSpeed(chosen); },
				table: () => { this.table = !this.table; }, compare: () => { this.compare = !this.compare; },
			},
		});
	}

	private schedules(model: Model, run: ViewRun): TemplateResult {
		if (this.table) return stepsTable(run, this.at, this.name, (step) => this.go(step), this.strings);
		const lanes = (shown: ViewRun, at: number): TemplateResult => html`<race-lanes .run=${shown} .threads=${model.threads} .at=${at} .strings=${this.strings} label=${shown.title}></race-lanes>`;
		const beside = this.compare ? passingBeside(model, run) : null;
		return beside ? html`<div class="both">${lanes(run, this.at)}${lanes(beside, -1)}</div>` : lanes(run, this.at);
	}
}

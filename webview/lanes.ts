import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { styleMap } from 'lit/directives/style-map.js';
import { icon } from './icons';
import type { ViewRun, ViewStep, ViewThread, Waiting } from './protocol';
import { lanesStyle, shared } from './styles';
import { breakingStep, type HeldSpan, heldSpans } from './timeline';

const MOST_DEPTH = 5;
/** Rows that are drawn, and left out, together. */
const CHUNK = 40;
/** A run of so many chunks is drawn whole: the browser's own search finds all of it. */
const WHOLE_CHUNKS = 5;
/** How far from the pane's edge a chunk is drawn, so that it is there when it comes. */
const NEAR = '600px';
/** A row's height before any was measured. */
const USUAL_ROW_PIXELS = 80;

/** A line of a diff or of C without what stands around its statement: a line that says no more than its operation is not shown. */
const statement = (source: string): string => source.replace(/^[> ]*[+-]/, '').trim().replace(/;$/, '');

/** One run as lanes: a column per CPU, time downwards. Rows are drawn in chunks, of a long run those in sight; stepping only moves the mark. */
@customElement('race-lanes')
export class RaceLanes extends LitElement {
	static override styles = [shared, lanesStyle];

	@property({ attribute: false }) run: ViewRun | null = null;
	@property({ attribute: false }) threads: readonly ViewThread[] = [];
	/** The step it stands on; -1: before the first. */
	@property({ type: Number }) at = -1;
	@property({ attribute: false }) strings: Readonly<Record<string, string>> = {};
	@property() label = '';

	/** Chunks that are in sight, or nearly. */
	@state() private near: ReadonlySet<number> = new Set();

	private marked: HTMLElement | null = null;
	/** What a chunk took when it was last drawn, which it goes on taking. */
	private readonly heights = new Map<number, number>();
	private observer: IntersectionObserver | null = null;

	override disconnectedCallback(): void {
		this.observer?.disconnect();
		this.observer = null;
		super.disconnectedCallback();
	}

	override shouldUpdate(changed: PropertyValues<this>): boolean {
		if (['run', 'threads', 'strings', 'label', 'near'].some((name) => (changed as Map<string, unknown>).has(name))) return true;
		if (!changed.has('at')) return false;
		if (!this.rowOf(this.at) && this.at >= 0) return true;
		this.mark(true);
		return false;
	}

	override willUpdate(changed: PropertyValues<this>): void {
		if (changed.has('run')) {
			this.heights.clear();
			this.near = new Set();
		} else for (const chunk of this.chunks()) if (chunk.childElementCount) this.heights.set(Number(chunk.dataset.chunk), chunk.offsetHeight);
	}

	override updated(changed: PropertyValues<this>): void {
		this.style.setProperty('--lanes', String(Math.max(1, this.threads.length)));
		this.marked?.classList.remove('current');
		this.marked = null;
		// Chunks that come and go while the reader scrolls leave the pane where it is.
		this.mark(changed.has('at') || changed.has('run'));
		this.observe(changed.has('run'));
	}

	override render(): TemplateResult {
		const { run, threads } = this;
		if (!run) return html``;
		const spans = heldSpans(run.steps);
		const breaks = breakingStep(run);
		const chunks = Math.ceil(run.steps.length / CHUNK);
		const here = Math.floor(this.at / CHUNK);
		const usual = this.heights.size ? [...this.heights.values()].reduce((sum, height) => sum + height, 0) / this.heights.size / CHUNK : USUAL_ROW_PIXELS;
		return html`
			<div class="heads" aria-hidden="true">
				<span></span>
				${threads.map(({ name, entry, context, called }) => html`<span class="head">${name} <span class="muted code">${called ?? `${entry}()`}${context === 'task' ? '' : ` · ${context}`}</span></span>`)}
			</div>
			<div class="steps" role="listbox" tabindex="0" aria-label=${this.label}>
				${Array.from({ length: chunks }, (_, chunk) => {
					const drawn = chunks <= WHOLE_CHUNKS || chunk === here || this.near.has(chunk);
					const from = chunk * CHUNK;
					const to = Math.min(from + CHUNK, run.steps.length);
					return html`<div class="chunk" role="presentation" data-chunk=${chunk} style=${styleMap(drawn ? {} : { height: `${this.heights.get(chunk) ?? usual * (to - from)}px` })}>
						${guard([drawn, run, threads, this.strings], () => (drawn ? run.steps.slice(from, to).map((step, at) => this.row(run, step, from + at, spans, breaks)) : nothing))}
					</div>`;
				})}
			</div>`;
	}

	private chunks(): readonly HTMLElement[] {
		return [...this.renderRoot.querySelectorAll<HTMLElement>('.chunk')];
	}

	private rowOf(step: number): HTMLElement | null {
		return this.renderRoot.querySelector<HTMLElement>(`#step-${step}`);
	}

	/** Hears of chunks that come into sight, and of those that go. */
	private observe(anew: boolean): void {
		const chunks = this.chunks();
		if (anew) {
			this.observer?.disconnect();
			this.observer = null;
		}
		if (chunks.length <= WHOLE_CHUNKS) return;
		this.observer ??= new IntersectionObserver((entries) => {
			const near = new Set(this.near);
			for (const { target, isIntersecting } of entries) {
				const chunk = Number((target as HTMLElement).dataset.chunk);
				if (isIntersecting) near.add(chunk);
				else near.delete(chunk);
			}
			if (near.size !== this.near.size || [...near].some((chunk) => !this.near.has(chunk))) this.near = near;
		}, { root: this.closest('.scroll'), rootMargin: NEAR });
		for (const chunk of chunks) this.observer.observe(chunk);
	}

	private name = (thread: number): string => this.threads[thread]?.name ?? (thread < 0 ? this.strings.atTheEnd ?? 'at the end' : `CPU${thread}`);

	private row(run: ViewRun, step: ViewStep, index: number, spans: readonly HeldSpan[], breaks: number | null): TemplateResult {
		const before = run.steps[index - 1];
		const switched = before && before.thread !== step.thread;
		return html`<div class="row ${switched ? 'switch' : ''} ${index === breaks ? 'breaks' : ''}" role="option" id="step-${index}" aria-selected="false" aria-setsize=${run.steps.length} aria-posinset=${index + 1}
			data-step=${index} @click=${() => this.pick(index)} @dblclick=${() => this.pick(index, true)}>
			<span class="number muted">${index + 1}</span>
			${this.threads.map((_, thread) => this.cell(run, step, index, thread, spans, index === breaks))}
		</div>`;
	}

	private cell(run: ViewRun, step: ViewStep, index: number, thread: number, spans: readonly HeldSpan[], breaks: boolean): TemplateResult {
		const held = spans.filter((span) => span.thread === thread && span.from <= index && index <= span.to);
		const waiting = step.waiting.find((entry) => entry.thread === thread);
		const already = run.steps[index - 1]?.waiting.some((entry) => entry.thread === thread && entry.on === waiting?.on);
		const width = Math.min(MOST_DEPTH + 1, held.length ? Math.max(...held.map(({ depth }) => depth)) + 1 : 0);
		const here = step.thread === thread || (step.thread < 0 && thread === 0);
		return html`<span class="cell w${width} ${here ? 'moving' : ''} ${waiting ? 'blocked' : ''}">
			${held.map(({ lock, depth, from, to, released }) => html`<i class="held d${Math.min(depth, MOST_DEPTH)} ${from === index ? 'start' : ''} ${to === index && released ? 'end' : ''}" title=${lock}></i>`)}
			${here ? html`<span class="visually-hidden">${this.name(step.thread)}</span>${this.operation(run, step, index)}` : nothing}
			${here && breaks ? html`<span class=${run.kind === 'replay' ? 'waits' : 'broken'}>${run.kind === 'replay' ? icon('waits') : '✗'} ${run.message}</span>` : nothing}
			${waiting && !already ? html`<span class="visually-hidden">${this.name(thread)}</span>${this.waits(waiting)}` : nothing}
		</span>`;
	}

	private operation(run: ViewRun, step: ViewStep, index: number): TemplateResult {
		const last = run.steps.slice(0, index).findLast(({ thread }) => thread === step.thread);
		const path = [...step.stack, step.function];
		const before = last ? [...last.stack, last.function] : [];
		const entered = path.slice(path.findIndex((name, at) => name !== before[at]) < 0 ? path.length : path.findIndex((name, at) => name !== before[at]));
		return html`
			${entered.filter(Boolean).map((name) => html`<span class="frame muted code">${/ /.test(name) ? name : `${name}()`}</span>`)}
			<span class="operation code">${step.operation}</span>
			${step.source && statement(step.source) !== step.operation ? html`<span class="source muted code">${step.source.trim()}</span>` : nothing}
			<span class="muted">${step.place}${step.modelled ? ` ${this.strings.modelled ?? '(model)'}` : ''}</span>
			${step.locked.map((lock) => html`<span class="lock muted">${icon('locked')} ${this.strings.takes ?? 'takes'} ${lock}</span>`)}
			${step.unlocked.map((lock) => html`<span class="lock muted">${icon('unlocked')} ${this.strings.releases ?? 'releases'} ${lock}</span>`)}`;
	}

	private waits({ operation, by }: Waiting): TemplateResult {
		return html`<span class="waits">${icon('waits')} ${this.strings.waitsAt ?? 'waits at'} <code>${operation}</code>${by.length ? ` ${this.strings.heldBy ?? 'for'} ${by.map(this.name).join(', ')}` : ''}</span>`;
	}

	/** Brings the step it stands on into sight. */
	show(): void {
		this.mark(true);
	}

	private pick(step: number, open = false): void {
		this.dispatchEvent(new CustomEvent('pick', { detail: { step, open }, bubbles: true, composed: true }));
	}

	private mark(reveal: boolean): void {
		this.marked?.classList.remove('current');
		this.marked?.setAttribute('aria-selected', 'false');
		const row = this.rowOf(this.at);
		this.marked = row;
		const list = this.renderRoot.querySelector('.steps');
		if (!row) {
			list?.removeAttribute('aria-activedescendant');
			return;
		}
		row.classList.add('current');
		row.setAttribute('aria-selected', 'true');
		list?.setAttribute('aria-activedescendant', row.id);
		if (reveal) this.reveal(row);
	}

	/** Only a row that is out of sight moves the list, and then to its middle: a list that moves at every step is drawn anew at every step. */
	private reveal(row: HTMLElement): void {
		const pane = this.closest('.scroll')?.getBoundingClientRect();
		const heads = this.renderRoot.querySelector('.heads')?.getBoundingClientRect();
		const { top, bottom } = row.getBoundingClientRect();
		if (top < Math.max(pane?.top ?? 0, heads?.bottom ?? 0, 0) || bottom > Math.min(pane?.bottom ?? Number.POSITIVE_INFINITY, window.innerHeight)) row.scrollIntoView({ block: 'center' });
	}
}

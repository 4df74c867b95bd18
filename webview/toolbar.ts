import { html, nothing, type TemplateResult } from 'lit';
import { icon, type IconName } from './icons';
import type { FromView, Model, ViewRun } from './protocol';
import { breakingStep, nextChangeOf, nextSwitch } from './timeline';

/** Steps a second. */
const SPEEDS = [0.5, 1, 2, 5, 10, 60];

export interface Toolbar {
	readonly model: Model;
	readonly run: ViewRun;
	readonly at: number;
	readonly playing: boolean;
	readonly speed: number;
	/** The cell whose changes are followed. */
	readonly followed: string | null;
	/** Shown as a table; beside a passing schedule. */
	readonly table: boolean;
	readonly compare: boolean;
	/** There is a passing schedule to compare with. */
	readonly comparable: boolean;
	/** Key of the reader's own schedule, where one is being chosen. */
	readonly chosen: string | null;
	readonly word: (key: string, otherwise: string) => string;
	readonly act: {
		readonly go: (step: number | null) => void;
		readonly play: () => void;
		readonly speed: (speed: number) => void;
		readonly select: (run: string) => void;
		readonly table: () => void;
		readonly compare: () => void;
		readonly post: (message: FromView) => void;
	};
}

/** What moves through the schedule, and which schedule it is. */
export function toolbar({ model, run, at, playing, speed, followed, table, compare, comparable, chosen, word, act }: Toolbar): TemplateResult {
	const last = run.steps.length - 1;
	// Of a schedule that is being chosen there may be no step yet.
	const counted = `${last < 0 ? 0 : at + 1} / ${last + 1}`;
	const breaks = breakingStep(run);
	const button = (shown: IconName | TemplateResult, label: string, key: string, press: () => void, disabled = false, primary = false): TemplateResult =>
		html`<button type="button" class=${primary ? 'primary' : ''} aria-label=${label} title="${label} (${key})" ?disabled=${disabled} @click=${press}>${typeof shown === 'string' ? icon(shown) : shown}</button>`;
	return html`
		<div class="bar" role="toolbar" aria-label=${word('stepping', 'Stepping')}>
			${button('first', word('first', 'First step'), 'Home', () => act.go(0), at <= 0)}
			${button('back', word('back', 'Step back'), '←', () => act.go(at - 1), at <= 0)}
			${button(playing ? 'pause' : 'play', playing ? word('pause', 'Pause') : word('play', 'Play'), 'Space', () => act.play())}
			${button('forward', word('forward', 'Step forward'), '→', () => act.go(at + 1), at >= last, true)}
			${button('switch', word('nextSwitch', 'Next context switch'), 'S', () => act.go(nextSwitch(run.steps, at, 1) ?? last), nextSwitch(run.steps, at, 1) === null)}
			${button('failure', word('toFailure', 'To the failure'), 'F', () => act.go(breaks), breaks === null || at === breaks)}
			${followed ? button(html`● ${followed}`, word('nextChange', 'Next change of the followed cell'), 'C', () => act.go(nextChangeOf(run.steps, at, followed ?? '')), nextChangeOf(run.steps, at, followed) === null) : nothing}
			<input type="range" min="0" max=${Math.max(0, last)} .value=${String(at)} aria-label=${word('scrub', 'Step')} aria-valuetext=${counted} @input=${(event: Event) => act.go(Number((event.target as HTMLInputElement).value))}>
			<span class="muted">${counted}</span>
			<label><span class="visually-hidden">${word('speed', 'Steps a second')}</span>
				<select title=${word('speed', 'Steps a second')} @change=${(event: Event) => act.speed(Number((event.target as HTMLSelectElement).value))}>
					${SPEEDS.map((each) => html`<option value=${each} ?selected=${each === speed}>${each}×</option>`)}
				</select></label>
		</div>
		<div class="bar">
			<label>${word('schedule', 'Schedule')}
				<select @change=${(event: Event) => act.select((event.target as HTMLSelectElement).value)}>
					${(['post', 'pre'] as const).filter((side) => model.runs.some((candidate) => candidate.side === side)).map((side) => html`
						<optgroup label=${side === 'pre' ? word('pre', 'Before the patch') : word('post', 'After the patch')}>
							${model.runs.filter((candidate) => candidate.side === side).map((candidate) => html`<option value=${candidate.key} ?selected=${candidate.key === run.key}>${candidate.kind === 'failure' ? '✗ ' : ''}${candidate.title}</option>`)}
						</optgroup>`)}
					${chosen !== null ? html`<option value=${chosen} selected>${word('chosen', 'Your own schedule')}</option>` : nothing}
				</select></label>
			<vscode-button secondary aria-pressed=${table ? 'true' : 'false'} title="T" @click=${act.table}>${word('table', 'Table')}</vscode-button>
			${comparable ? html`<vscode-button secondary aria-pressed=${compare ? 'true' : 'false'} title="B" @click=${act.compare}>${word('compare', 'Beside the nearest passing schedule')}</vscode-button>` : nothing}
			${model.choosable ? html`<vscode-button secondary @click=${() => act.post({ kind: 'choose', side: run.side, entry: null })}>${word('choose', 'Choose the next step yourself')}</vscode-button>` : nothing}
			<vscode-button secondary @click=${() => act.post({ kind: 'copyTable', run: run.key })}>${word('copyTable', 'Copy CPU table')}</vscode-button>
			<vscode-button secondary @click=${() => act.post({ kind: 'reply' })}>${word('reply', 'Reply')}</vscode-button>
		</div>`;
}

import { html, type TemplateResult } from 'lit';
import type { ViewRun } from './protocol';
import { breakingStep } from './timeline';

/** The run as a plain table: the same as the lanes, for screen readers and for those who like to read. */
export function stepsTable(run: ViewRun, at: number, name: (thread: number) => string, pick: (step: number) => void, strings: Readonly<Record<string, string>>): TemplateResult {
	const breaks = breakingStep(run);
	return html`<table class="steps-table">
		<caption class="visually-hidden">${run.title}</caption>
		<thead><tr>
			<th scope="col">#</th><th scope="col">${strings.cpu ?? 'CPU'}</th><th scope="col">${strings.operation ?? 'Operation'}</th>
			<th scope="col">${strings.place ?? 'Where'}</th><th scope="col">${strings.changes ?? 'Changes'}</th>
		</tr></thead>
		<tbody>${run.steps.map((step, index) => html`<tr class=${index === at ? 'current' : ''} aria-current=${index === at ? 'step' : 'false'}>
			<td><button type="button" @click=${() => pick(index)} aria-label="${strings.goTo ?? 'Go to step'} ${index + 1}">${index + 1}</button></td>
			<td>${name(step.thread)}</td>
			<td><code>${step.operation}</code> <span class="muted">${[...step.stack, step.function].filter(Boolean).join(' → ')}</span></td>
			<td>${step.place}</td>
			<td>${[...step.changes, ...step.waiting.map(({ thread, operation }) => `${name(thread)} ${strings.waitsAt ?? 'waits at'} ${operation}`), ...(index === breaks ? [`✗ ${run.message}`] : [])].map((text) => html`<div>${text}</div>`)}</td>
		</tr>`)}</tbody>
	</table>`;
}

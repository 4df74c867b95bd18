import { html, nothing, type TemplateResult } from 'lit';
import type { Model, ViewRun } from './protocol';

/** Which scenario it is, its verdict on both sides, and what the run shows. `stale`: why it is no longer the document's, or empty. */
export function heading(model: Model, run: ViewRun | null, stale: string, word: (key: string, otherwise: string) => string): TemplateResult {
	return html`<div class="told">
		<h1>${model.threads.map(({ entry, called }) => called ?? `${entry}()`).join(` ${word('against', 'against')} `)}</h1>
		<div class="verdicts"><span>${model.verdicts.pre}</span><span>${model.verdicts.post}</span><span class="muted">${model.reason}</span></div>
		${stale ? html`<p class="message" role="status">${stale}</p>` : nothing}
		${run ? html`<p class="message ${run.kind === 'failure' ? '' : 'passes'}">${run.title}${run.message ? `: ${run.message}` : ''}</p>` : nothing}
	</div>`;
}

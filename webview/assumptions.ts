import { html, nothing, type TemplateResult } from 'lit';
import type { Model } from './protocol';

/** What the verdict rests on, and which calls nothing was known of. `open`: goes to the line of the patch. */
export function assumptions(model: Model, word: (key: string, otherwise: string) => string, open: (line: number) => void): TemplateResult {
	return html`
		<h2>${word('assumptions', 'Assumptions')}</h2>
		${model.assumptions.length ? html`<ul>${model.assumptions.map(({ text, inputLine }) => html`<li>${inputLine === null ? text : html`<button type="button" @click=${() => open(inputLine)}>${text}</button>`}</li>`)}</ul>` : html`<p class="muted">${word('none', 'none')}</p>`}
		${model.notModelled.length ? html`<h2>${word('notModelled', 'Not modelled')}</h2><p class="code">${model.notModelled.join(', ')}</p>` : nothing}`;
}

import { html, nothing, type TemplateResult } from 'lit';
import type { ViewRun } from './protocol';
import { stateAt } from './timeline';

export interface StatePane {
	readonly run: ViewRun;
	readonly at: number;
	readonly name: (thread: number) => string;
	/** The cell whose changes are followed. */
	readonly followed: string | null;
	readonly follow: (cell: string) => void;
	readonly strings: Readonly<Record<string, string>>;
}

/** The state beside the lanes: objects with their cells and locks; what this step changed is marked and says what it was. */
export function statePane({ run, at, name, followed, follow, strings }: StatePane): TemplateResult {
	if (!run.steps.length) return html`<p class="muted">${strings.noStep ?? 'Nothing has moved yet: choose which CPU goes first.'}</p>`;
	const objects = stateAt(run, at, name, strings);
	if (!objects.length) return html`<p class="muted">${strings.noState ?? 'Nothing that this schedule changes is modelled.'}</p>`;
	return html`<table class="state">
		<caption class="visually-hidden">${strings.state ?? 'State'}</caption>
		<tbody>
			${objects.map((object) => html`
				<tr><th colspan="2" scope="colgroup" class="code">${object.name}</th></tr>
				${object.rows.map((row) => html`<tr class=${row.changed ? 'changed' : ''} data-cell=${row.name}>
					<td class="code"><button type="button" title=${strings.follow ?? 'Follow this cell'} aria-pressed=${followed === row.name ? 'true' : 'false'} @click=${() => follow(row.name)}>${row.changed ? '● ' : ''}${row.field}</button></td>
					<td class="code">${row.value}${row.changed && row.before !== null && row.before !== row.value ? html` <span class="muted">(${strings.was ?? 'was'} ${row.before})</span>` : nothing}</td>
				</tr>`)}`)}
		</tbody>
	</table>`;
}

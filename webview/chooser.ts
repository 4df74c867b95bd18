import { html, nothing, type TemplateResult } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { icon } from './icons';
import type { Choice, FromView } from './protocol';

export interface Chooser {
	readonly choice: Choice;
	readonly name: (thread: number) => string;
	readonly word: (key: string, otherwise: string) => string;
	readonly post: (message: FromView) => void;
}

/** The steps that may come next, one of which the reader takes. */
export function chooser({ choice, name, word, post }: Chooser): TemplateResult {
	return html`<div class="choice" role="group" aria-label=${word('choose', 'Choose the next step yourself')}>
		${choice.failure ? html`<strong>✗ ${choice.failure}</strong>` : choice.done ? html`<span>${word('allEnded', 'Every thread has ended; nothing failed.')}</span>` : nothing}
		${choice.enabled.map(({ entry, thread, operation }) => html`<vscode-button @click=${() => post({ kind: 'choose', side: choice.run.side, entry })}>${name(thread)}: ${operation}</vscode-button>`)}
		${choice.blocked.map(({ thread, operation }) => html`<span class="muted">${icon('waits')} ${name(thread)} ${word('waitsAt', 'waits at')} ${operation}</span>`)}
		<vscode-button secondary ?disabled=${choice.run.steps.length === 0} @click=${() => post({ kind: 'undo' })} title="U">${word('undo', 'Undo')}</vscode-button>
	</div>`;
}

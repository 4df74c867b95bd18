import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

/** Drawn here, so that no font has to have them. */
const SHAPES = {
	first: svg`<path d="M3 3v10M13 3 6 8l7 5z"/>`,
	back: svg`<path d="M11 3 4 8l7 5z"/>`,
	forward: svg`<path d="m5 3 7 5-7 5z"/>`,
	play: svg`<path d="M3 2v12M6 3l7 5-7 5z" fill="none"/>`,
	pause: svg`<path d="M5 3v10M11 3v10"/>`,
	switch: svg`<path d="M2 5h11l-3-3M14 11H3l3 3" fill="none"/>`,
	failure: svg`<path d="m3 3 10 10M13 3 3 13" stroke-width="2"/>`,
	locked: svg`<path d="M4 7h8v7H4zM6 7V4a2 2 0 0 1 4 0v3" fill="none"/>`,
	unlocked: svg`<path d="M4 7h8v7H4zM6 7V4a2 2 0 0 1 4-.6" fill="none"/>`,
	waits: svg`<path d="M4 2h8M4 14h8M5 2c0 4 6 8 6 12M11 2c0 4-6 8-6 12" fill="none"/>`,
} as const satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof SHAPES;

export const icon = (name: IconName): TemplateResult =>
	html`<svg class="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="currentColor" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" stroke-linecap="round">${SHAPES[name]}</svg>`;

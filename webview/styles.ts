import { css } from 'lit';

/** Colours are the theme's own; every state has a mark or a border besides, for high contrast and for people who see no colour. */
export const shared = css`
	:host { color: var(--vscode-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); }
	* { box-sizing: border-box; }
	button, select, input { font: inherit; }
	button {
		color: var(--vscode-button-secondaryForeground, var(--vscode-foreground));
		background: var(--vscode-button-secondaryBackground, transparent);
		border: 1px solid var(--vscode-contrastBorder, var(--vscode-button-border, transparent));
		border-radius: 2px; padding: 3px 8px; cursor: pointer; min-height: 26px; min-width: 28px;
	}
	button:hover:not(:disabled) { background: var(--vscode-button-secondaryHoverBackground, var(--vscode-list-hoverBackground)); }
	button:disabled { opacity: 0.5; cursor: default; }
	button.primary { color: var(--vscode-button-foreground); background: var(--vscode-button-background); }
	button.primary:hover:not(:disabled) { background: var(--vscode-button-hoverBackground); }
	:focus-visible { outline: 2px solid var(--vscode-focusBorder); outline-offset: 1px; }
	code, .code { font-family: var(--vscode-editor-font-family, monospace); font-size: var(--vscode-editor-font-size, 12px); }
	.icon { vertical-align: -2px; }
	.muted { color: var(--vscode-descriptionForeground); }
	.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

export const lanesStyle = css`
	:host { display: block; }
	.heads, .row { display: grid; grid-template-columns: 3.5ch repeat(var(--lanes, 2), minmax(0, 1fr)); }
	.heads { position: sticky; top: 0; z-index: 1; background: var(--vscode-editor-background); border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, currentColor)); }
	.head { padding: 4px 6px; font-weight: 600; overflow-wrap: anywhere; }
	.head .muted { font-weight: normal; }
	.steps { margin: 0; padding: 0; list-style: none; }
	.row { contain: content; border-left: 3px solid transparent; cursor: pointer; min-height: 28px; }
	.row:hover { background: var(--vscode-list-hoverBackground); }
	.row.current { background: var(--vscode-list-inactiveSelectionBackground, var(--vscode-list-hoverBackground)); border-left-color: var(--vscode-focusBorder); outline: 1px solid var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; color: var(--vscode-list-inactiveSelectionForeground, inherit); }
	.row.current .muted { color: inherit; }
	.row.breaks { border-left-color: var(--vscode-editorError-foreground); }
	.row.switch { border-top: 1px dashed var(--vscode-panel-border, var(--vscode-contrastBorder, currentColor)); }
	.number { padding: 5px 4px; text-align: right; }
	.cell { position: relative; padding: 4px 6px 4px calc(10px + var(--held, 0) * 6px); overflow-wrap: anywhere; min-width: 0; }
	.cell.moving { }
	.cell.blocked { background-image: repeating-linear-gradient(135deg, transparent 0 6px, var(--vscode-editorWarning-foreground) 6px 7px); background-size: 6px 100%; background-repeat: repeat-y; }
	.frame { display: block; }
	.operation { display: block; font-weight: 600; }
	.source { display: block; white-space: pre-wrap; overflow: hidden; }
	.waits { display: block; color: var(--vscode-foreground); border: 1px solid var(--vscode-editorWarning-foreground); border-radius: 2px; padding: 1px 4px; margin-top: 2px; }
	.broken { display: block; color: var(--vscode-foreground); border: 2px solid var(--vscode-editorError-foreground); border-radius: 2px; padding: 2px 5px; margin-top: 3px; font-weight: 600; }
	.held { position: absolute; top: 0; bottom: 0; width: 4px; background: var(--vscode-charts-blue, var(--vscode-focusBorder)); }
	.held.start { top: 6px; border-top: 2px solid var(--vscode-foreground); }
	.held.end { bottom: 50%; border-bottom: 2px solid var(--vscode-foreground); }
	.held.d0 { left: 2px; } .held.d1 { left: 8px; background: var(--vscode-charts-purple, var(--vscode-focusBorder)); }
	.held.d2 { left: 14px; background: var(--vscode-charts-green, var(--vscode-focusBorder)); } .held.d3 { left: 20px; }
	.held.d4 { left: 26px; } .held.d5 { left: 32px; }
	.w1 { --held: 1; } .w2 { --held: 2; } .w3 { --held: 3; } .w4 { --held: 4; } .w5 { --held: 5; } .w6 { --held: 6; }
	.lock { display: block; }
	@media (forced-colors: active) { .held { background: Highlight; } .row.current { outline: 2px solid Highlight; } }
`;

export const appStyle = css`
	:host { display: flex; flex-direction: column; height: 100vh; background: var(--vscode-editor-background); }
	header { flex: none; }
	.told { padding: 8px 10px 4px; }
	vscode-button { max-width: 100%; }
	vscode-button::part(base) { white-space: normal; height: auto; }
	/* What it falls back to where a theme has no such colour (both high contrasts) is made for dark ones. */
	vscode-button[secondary]::part(base) {
		color: var(--vscode-button-secondaryForeground, var(--vscode-foreground));
		background: var(--vscode-button-secondaryBackground, transparent);
		border-color: var(--vscode-contrastBorder, var(--vscode-button-border, transparent));
	}
	vscode-button[secondary]:hover::part(base), vscode-button[secondary]:focus::part(base) { background: var(--vscode-button-secondaryHoverBackground, var(--vscode-list-hoverBackground)); }
	vscode-button[aria-pressed='true']::part(base) { border-color: var(--vscode-focusBorder); box-shadow: inset 0 -2px 0 var(--vscode-focusBorder); }
	h1 { font-size: 1.1em; margin: 0 0 2px; overflow-wrap: anywhere; }
	h2 { font-size: 1em; margin: 8px 0 4px; }
	.verdicts { display: flex; flex-wrap: wrap; gap: 4px 14px; }
	.message { margin: 6px 0 0; padding: 5px 8px; border-left: 3px solid var(--vscode-editorError-foreground); background: var(--vscode-textBlockQuote-background); overflow-wrap: anywhere; }
	.message.passes { border-left-color: var(--vscode-testing-iconPassed, var(--vscode-charts-green)); border-left-style: dotted; }
	.bar { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; padding: 4px 10px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); }
	.bar label { display: inline-flex; align-items: center; gap: 4px; min-width: 0; max-width: 100%; }
	.bar label select { min-width: 0; flex: 0 1 auto; }
	select { color: var(--vscode-dropdown-foreground); background: var(--vscode-dropdown-background); border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent)); padding: 3px; max-width: min(100%, 46ch); min-height: 26px; }
	input[type='range'] { flex: 1 1 120px; min-width: 80px; accent-color: var(--vscode-contrastActiveBorder, var(--vscode-button-background)); }
	.body { flex: 1; min-height: 0; display: grid; grid-template-columns: minmax(0, 1fr) minmax(190px, 30%); }
	.scroll { overflow: auto; min-height: 0; }
	.side { border-left: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); padding: 0 10px 10px; }
	.both { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 8px; }
	.state { width: 100%; border-collapse: collapse; }
	.state th { text-align: left; font-weight: 600; padding: 4px 4px 1px 0; }
	.state td { padding: 1px 4px; vertical-align: baseline; overflow-wrap: anywhere; }
	.state td:first-child { min-width: 11ch; }
	.state tr.changed td { font-weight: 600; }
	.state tr.changed .muted { color: inherit; }
	.state tr.changed td:first-child { border-left: 3px solid var(--vscode-editorWarning-foreground); }
	.state tr:not(.changed) td:first-child { border-left: 3px solid transparent; }
	.state button { padding: 0 4px; min-height: 20px; min-width: 20px; text-align: left; background: none; color: inherit; border-color: transparent; }
	.state button[aria-pressed='true'] { border-color: var(--vscode-focusBorder); }
	ul { margin: 2px 0; padding-left: 18px; }
	li button { background: none; color: var(--vscode-textLink-foreground); padding: 0; min-height: 24px; text-align: left; border: none; text-decoration: underline; }
	.steps-table { width: 100%; border-collapse: collapse; }
	.steps-table th, .steps-table td { text-align: left; vertical-align: top; padding: 3px 6px; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent)); overflow-wrap: anywhere; }
	.steps-table th:nth-child(-n + 2), .steps-table td:nth-child(-n + 2) { white-space: nowrap; overflow-wrap: normal; }
	.steps-table td:nth-child(4) { min-width: 12ch; }
	.steps-table tr.current .muted { color: inherit; }
	.steps-table tr.current { background: var(--vscode-list-inactiveSelectionBackground); outline: 1px solid var(--vscode-focusBorder); outline-offset: -1px; }
	.choice { padding: 6px 10px; border-bottom: 1px solid var(--vscode-panel-border, transparent); display: flex; flex-wrap: wrap; gap: 4px; align-items: center; }
	.empty { padding: 20px; }
	@media (max-width: 720px) {
		.body { grid-template-columns: minmax(0, 1fr); grid-template-rows: minmax(0, 3fr) minmax(0, 2fr); }
		.side { border-left: none; border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, currentColor)); }
		.both { grid-template-columns: minmax(0, 1fr); }
	}
	@media (max-height: 480px) {
		:host { height: auto; }
		.body { display: block; }
	}
`;

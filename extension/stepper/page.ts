import * as vscode from 'vscode';

const NONCE_BYTES = 16;

function nonce(): string {
	return [...crypto.getRandomValues(new Uint8Array(NONCE_BYTES))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The stepper's page: one script, allowed by a nonce; nothing from the network, and nothing of the patch (it comes as messages). */
export function stepperPage(webview: vscode.Webview, extension: vscode.Uri): string {
	const script = webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', 'webview.js'));
	const once = nonce();
	return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${once}'; style-src 'nonce-${once}' ${webview.cspSource};">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${vscode.l10n.t('Race review')}</title>
<style nonce="${once}">html, body { margin: 0; padding: 0; height: 100%; }</style>
</head>
<body>
<race-stepper></race-stepper>
<script nonce="${once}" src="${script.toString()}"></script>
</body>
</html>`;
}

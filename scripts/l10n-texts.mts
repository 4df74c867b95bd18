import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CALL = /\bt\(\s*'((?:[^'\\]|\\.)*)'/g;

/** l10n/bundle.l10n.json as it should be: every text that the extension shows, for translators. `root`: of the checkout. */
export function bundleOf(root: string): string {
	const sources = readdirSync(join(root, 'extension'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
	const texts = new Set<string>();
	for (const name of sources) for (const match of readFileSync(join(root, 'extension', name), 'utf8').matchAll(CALL)) if (match[1]) texts.add(match[1].replaceAll("\\'", "'"));
	return `${JSON.stringify(Object.fromEntries([...texts].sort().map((text) => [text, text])), null, '\t')}\n`;
}

/** Writes l10n/bundle.l10n.json: every text that the extension shows, for translators. `--check` only tells whether it is current. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const CALL = /\bt\(\s*'((?:[^'\\]|\\.)*)'/g;

const sources = readdirSync(join(root, 'extension'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).sort();
const texts = new Set<string>();
for (const name of sources) for (const match of readFileSync(join(root, 'extension', name), 'utf8').matchAll(CALL)) if (match[1]) texts.add(match[1].replaceAll("\\'", "'"));
const bundle = `${JSON.stringify(Object.fromEntries([...texts].sort().map((text) => [text, text])), null, '\t')}\n`;
const file = join(root, 'l10n', 'bundle.l10n.json');
if (process.argv.includes('--check')) {
	if (readFileSync(file, 'utf8') !== bundle) {
		console.error('l10n/bundle.l10n.json is not current: npx tsx scripts/l10n.mts');
		process.exitCode = 1;
	}
} else {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, bundle);
	console.log(`${texts.size} texts`);
}

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleOf } from '../../scripts/l10n-texts.mts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const sources = (folder: string): readonly string[] => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`);
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What no reader sees in their language: messages of our own bugs, the log, and what is written into files. */
const NOT_SHOWN = /^import |^export .* from |new Error\(|console\.|createOutputChannel\(|\blog\.(info|error)\(|^const HEADING = /;
/** Two words in a row in a literal: a sentence, or a part of one. */
const WORDS = /'[^'\\\n]*[A-Za-z]{2,} [a-z]{2,}[^'\n]*'|`[^`$\n]*[A-Za-z]{2,} [a-z]{2,}[^`$\n]*`/;
/** Its whole literal, which may hold escaped quotes. */
const TRANSLATED = /\b(?:vscode\.l10n\.)?t\('(?:[^'\\]|\\.)*'|\bword\('\w+', '(?:[^'\\]|\\.)*'|strings\.\w+ \?\? '[^']*'/g;
/** Attributes in markup, and selectors. */
const MARKUP = /\b(?:class|role|type|viewBox|style|aria-[a-z]+)="[^"]*"|querySelector(?:All)?(?:<\w+>)?\('[^']*'\)/g;

const untranslated = (path: string): readonly string[] => textOf(path).split('\n').flatMap((line, at) => {
	const code = line.replace(/^\s*(\/\*\*?|\*|\/\/).*$/, '').trim();
	if (!code || NOT_SHOWN.test(code)) return [];
	const found = WORDS.exec(code.replace(TRANSLATED, '').replace(MARKUP, ''))?.[0];
	// `' in '` between literals is code that a pattern takes for a text.
	return found && !/[=(){}<>&|;]/.test(found) ? [`${path}:${at + 1}: ${found}`] : [];
});

describe('translations', () => {
	it('the bundle holds every text of the extension: npx tsx scripts/l10n.mts', () => expect(textOf('l10n/bundle.l10n.json')).toBe(bundleOf(root)));

	it('no text that a reader sees is outside of them', () => {
		expect([...sources('extension'), ...sources('webview').filter((path) => !path.endsWith('styles.ts'))].flatMap(untranslated)).toEqual([]);
	});

	it('the extension gives the stepper every word that it asks for', () => {
		const given = new Set([...textOf('extension/stepper/model.ts').matchAll(/\b(\w+): t\('/g)].map(([, key]) => key));
		const asked = sources('webview').flatMap((path) => [...textOf(path).matchAll(/\bword\('(\w+)'|\bstrings\.(\w+)/g)].map((match) => match[1] ?? match[2]));
		expect([...new Set(asked)].filter((key) => !given.has(key))).toEqual([]);
	});

	it('the manifest names no text but by its key', () => {
		const { contributes, description } = JSON.parse(textOf('package.json')) as { contributes: unknown; description: string };
		const plain: string[] = [];
		const walk = (value: unknown, path: string): void => {
			if (typeof value === 'string' && /\.(title|label|description|markdownDescription|name|contents|altText|category|contextualTitle)$/.test(path) && !/^%[\w.]+%$/.test(value)) plain.push(`${path}: ${value}`);
			if (typeof value === 'object' && value !== null) for (const [key, entry] of Object.entries(value)) walk(entry, `${path}.${key}`);
		};
		walk(contributes, 'contributes');
		walk({ description }, 'package');
		expect(plain).toEqual([]);
	});
});

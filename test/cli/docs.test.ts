import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTable } from '../../analyzer/knowledge';
import { CHECK_MEANING, REPORT_FORMATS } from '../../analyzer/present';
import { parseScenarios } from '../../analyzer/scenarios/shown/asked';
import { parseSuppressions } from '../../analyzer/suppressions';
import { HELP } from '../../cli/help';

/** What the documents show works, and what there is the documents name. */

const root = join(import.meta.dirname, '..', '..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const blocks = (document: string, language: string): readonly string[] => [...document.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter(([, name]) => name === language).map(([, , body]) => body!);

const knowledge = text('docs/knowledge.md');
const readme = text('README.md');

describe('the documents', () => {
	it('show rows that load', () => {
		const files = blocks(knowledge, 'yaml').map((body, index) => ({ file: `block ${index + 1}`, text: body }));
		expect(files.length).toBeGreaterThan(2);
		const { problems, table } = loadTable(files);
		expect(problems).toEqual([]);
		expect(table.rows.has('foo_lock')).toBe(true);
	});
	it('show a scenario and a suppression that can be read', () => {
		const [scenario, suppression] = blocks(knowledge, '');
		expect(parseScenarios(scenario!)).toEqual({ scenarios: [['foo_fault', 'foo_drop_range']], problems: [] });
		expect(parseSuppressions(suppression!)).toMatchObject({ suppressions: [{ check: 'use-after-free', functions: ['foo_drop_range', 'foo_fault'] }], problems: [] });
	});
	it('name every format, check and outcome', () => {
		for (const format of REPORT_FORMATS) {
			expect(readme).toContain(`\`${format}\``);
			expect(HELP).toContain(format);
		}
		for (const [check, meaning] of Object.entries(CHECK_MEANING)) {
			expect(text('docs/output.md')).toContain(`| \`${check}\` | ${meaning}`);
		}
	});
	it('name files that are there', () => {
		const files = ['analyzer', 'sim', 'disk', 'cli', 'extension', 'webview', 'scripts', 'test', 'samples', 'docs'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `/${folder}/${path.replaceAll('\\', '/')}`));
		const named = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/knowledge.md', 'docs/output.md', 'docs/simulator.md'].flatMap((document) => [...text(document).matchAll(/`((?:[\w-]+\/)*[\w.-]+\.(?:ts|mts|yaml|c|mbox))`/g)].map(([, path]) => path!));
		expect(named.length).toBeGreaterThan(100);
		expect(named.filter((path) => !files.some((file) => file.endsWith(`/${path}`)))).toEqual([]);
	});
	it('point at files that are there', () => {
		for (const document of ['README.md', 'CONTRIBUTING.md', 'docs/knowledge.md', 'docs/output.md']) {
			for (const [, target] of text(document).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
				expect(() => readFileSync(join(root, document, '..', target!)), `${document}: ${target}`).not.toThrow();
			}
		}
	});
});

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { withSuggestions } from '../../analyzer';
import { suggestedLines } from '../../analyzer/present/suggested';
import { checkExpected } from '../expectation';
import { appliedToFiles, appliedToMail } from '../measure/applied';
import { sourceAnalyzer } from '../measure/engine';

/** A made-up file with the lines of a patch (`+`, `-`), and what is suggested for it. Each suggestion is put into the patch by its own words, and that is reviewed again. */

const folder = join(dirname(fileURLToPath(import.meta.url)), 'cases');
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const PATH = 'drivers/quux/quux.c';

/** A mail whose one hunk shows the whole file, and the tree that it is for. */
function caseOf(name: string) {
	const lines = readFileSync(join(folder, `${name}.c`), 'utf8').replace(/\n$/, '').split('\n').map((line) => (/^[+-]/.test(line) ? line : ` ${line}`));
	const count = (other: string): number => lines.filter((line) => !line.startsWith(other)).length;
	const mail = `From: A <a@b.example>\nSubject: [PATCH] quux: rework\n\n---\n ${PATH} | 2 +-\n 1 file changed\n\n--- a/${PATH}\n+++ b/${PATH}\n@@ -1,${count('+')} +1,${count('-')} @@\n${lines.join('\n')}\n-- \n2.40.1\n`;
	const before = `${lines.filter((line) => !line.startsWith('+')).map((line) => line.slice(1)).join('\n')}\n`;
	return { mail, tree: { read: (path: string) => (path === PATH ? before : null) } };
}

async function check(name: string): Promise<void> {
	const { mail, tree } = caseOf(name);
	const told: string[] = [];
	for (const way of ['the mail alone', 'with the file before it'] as const) {
		const port = way === 'the mail alone' ? undefined : tree;
		const [review] = await analyzer.review(mail, { name, tree: port });
		const found = await analyzer.suggest({ name, patch: review!.from });
		told.push(`${way}: ${review!.outcome}`);
		const scenarios = withSuggestions(review!, found).scenarios.filter(({ suggestion }) => suggestion);
		expect(scenarios.map(({ id }) => id).sort()).toEqual(found.flatMap((each) => each.scenarios).sort());
		for (const { scenarios: ids, suggestion, suggested } of found) {
			const scenario = scenarios.find(({ id }) => ids.includes(id))!;
			const applied = port ? appliedToFiles(mail, port, suggested.edits) : appliedToMail(mail, suggested.edits);
			const [again] = 'document' in applied ? await analyzer.review(applied.document, { name: 'again', tree: port }) : [];
			told.push(`${ids.join('; ')}: ${scenario.post?.failures[0]?.message}`, `  ${suggestion}`, ...suggestedLines(scenario).map((line) => `  ${line}`), `  ${suggested.found}`, `  put in: ${'misfit' in applied ? applied.misfit : again?.outcome}`);
		}
	}
	checkExpected(join(folder, `${name}.txt`), `${told.join('\n')}\n`);
}

describe('what a patch would need', () => {
	for (const file of readdirSync(folder).filter((each) => each.endsWith('.c'))) {
		const name = file.slice(0, -2);
		it(name.replaceAll('-', ' '), () => check(name));
	}
});

describe('the search', () => {
	const { mail } = caseOf('unlock-missing-on-an-error-path');
	const asked = async (more: object): Promise<number> => {
		const [review] = await analyzer.review(mail, { name: 'asked' });
		return (await analyzer.suggest({ name: 'asked', patch: review!.from, ...more })).length;
	};

	it('ends at its bound', async () => expect([await asked({ states: 0 }), await asked({})]).toEqual([0, 1]));

	it('ends when it is cancelled', async () => {
		const abort = new AbortController();
		abort.abort();
		expect(await asked({ signal: abort.signal })).toBe(0);
	});

	it('knows nothing of a document that was not reviewed', async () => expect(await analyzer.suggest({ name: 'nobody', patch: 1 })).toEqual([]));

	it('leaves the review as it was', async () => {
		const before = await analyzer.review(mail, { name: 'twice' });
		await analyzer.suggest({ name: 'twice', patch: before[0]!.from });
		expect(await analyzer.review(mail, { name: 'twice' })).toEqual(before);
	});
});

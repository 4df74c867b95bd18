import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readBytes, readSeries, type Patch, type Series } from '../../analyzer/mail';
import { raceClaims } from '../../analyzer/mail/prose';
import { checkExpected } from '../expectation';
import { builtinTable } from '../knowledge/builtin';

const { table } = builtinTable();

const folder = join(dirname(fileURLToPath(import.meta.url)), 'documents');
const MARKER = { context: ' ', added: '+', removed: '-' } as const;

const shownPatch = (patch: Patch): readonly string[] => [
	`PATCH ${patch.number === undefined ? '' : `${patch.number}/${patch.total} `}${patch.version === undefined ? '' : `v${patch.version} `}lines ${patch.from}-${patch.to}: ${patch.subject}`,
	...(patch.commit === null ? [] : [`  commit ${patch.commit}`]), ...(patch.base === null ? [] : [`  base ${patch.base}`]), ...patch.fixes.map((id) => `  fixes ${id}`),
	...patch.repairs.map(({ message, input }) => `  repair ${input}: ${message}`), ...patch.problems.map(({ message, input }) => `  problem ${input}: ${message}`),
	...raceClaims(table, patch).map(({ parties, input }) => `  claim ${input}: ${parties.join(' / ')}`),
	...patch.prose.filter(({ text }) => text.trim() !== '').map(({ text, input, author }) => `  ${author} ${input}: ${text}`),
	...patch.diagrams.flatMap((diagram) => [`  diagram ${diagram.input}, ${diagram.author}: ${diagram.columns.map(({ label }) => label).join(' / ')}`, ...diagram.events.map(({ column, input, text }) => `    ${column}  ${input}: ${text}`)]),
	...patch.files.flatMap((file) => [
		`  FILE ${file.change} ${file.oldPath} -> ${file.newPath}${file.oldBlob === undefined ? '' : ` ${file.oldBlob}`}${file.newBlob === undefined ? '' : `..${file.newBlob}`} line ${file.input}`,
		...file.hunks.flatMap((hunk) => [`    @@ ${hunk.oldStart},${hunk.oldCount} ${hunk.newStart},${hunk.newCount} [${hunk.section}] line ${hunk.input}`, ...hunk.lines.map((line) => `    ${MARKER[line.kind]}${line.text}    (${line.input}:${line.from}-${line.to})`)]),
	]),
];

const shown = (series: Series): string => [...series.problems.map(({ message, input }) => `problem ${input}: ${message}`), ...series.patches.flatMap(shownPatch), ''].join('\n');

describe('documents', () => {
	for (const name of readdirSync(folder).filter((each) => !each.endsWith('.expected'))) {
		it(`reads ${name}`, async () => {
			const bytes = readFileSync(join(folder, name));
			const series = await readBytes(bytes);
			checkExpected(join(folder, `${name}.expected`), shown(series));
			expect(readSeries(bytes.toString('utf8'))).toEqual(series);
		});
	}

	it('takes nothing for granted', () => {
		for (const text of ['', '\n', '@@', '@@ -1 +1 @@', '--- a\n+++ b\n', 'diff --git ', 'From ', '>'.repeat(50_000), '@@ -1,999999999 +1,999999999 @@\n+x', '(((('.repeat(5_000), 'a '.repeat(20_000), ' + '.repeat(9_000), `diff --git a/x b/x @@ -1,9 +1,9 @@ ${'a + b '.repeat(9_000)}`, 'CPU0  CPU1\n'.repeat(2_000), 'T1: T1: T1: T1: \n'.repeat(2_000), `diff --git a/x b/x @@ -1,9 +1,9 @@ ${'- '.repeat(9_000)}`, `diff --git a/x b/x ${'@@ -1 +1 @@ '.repeat(3_000)}`, `race between ${'a_b '.repeat(5_000)}`]) {
			const start = process.cpuUsage();
			expect(() => readSeries(text)).not.toThrow();
			raceClaims(table, readSeries(text).patches[0] ?? { subject: '', prose: [], from: 1 });
			expect(process.cpuUsage(start).user / 1_000, JSON.stringify(text.slice(0, 30))).toBeLessThan(4_000);
		}
	});
});

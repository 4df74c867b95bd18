import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Review } from '../../analyzer/review';
import { BUNDLE, COMPILED } from '../../cli/bundle';

/** The built command, as a user starts it. */

const root = join(import.meta.dirname, '..', '..');
const built = join(root, 'dist');
let folder = '';
let cli = '';

beforeAll(() => {
	if (!existsSync(join(built, 'cli.mjs'))) {
		throw new Error('dist/cli.mjs is not there: npm run build');
	}
	folder = mkdtempSync(join(tmpdir(), 'race-review-'));
	// A copy: a build in the middle of the tests would make two runs differ.
	for (const name of ['cli.mjs', BUNDLE, COMPILED, 'knowledge.json', 'web-tree-sitter.wasm', 'tree-sitter-c.wasm']) {
		mkdirSync(join(folder, 'dist'), { recursive: true });
		copyFileSync(join(built, name), join(folder, 'dist', name));
	}
	cli = join(folder, 'dist', 'cli.mjs');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const race = (words: readonly string[], stdin = '') => {
	const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], { cwd: folder, input: stdin, encoding: 'utf8', maxBuffer: 1 << 26 });
	return { status, stdout, stderr };
};
const put = (name: string, content: string | Uint8Array): string => {
	writeFileSync(join(folder, name), content);
	return name;
};

const NO_C = `From: A. Author <author@example.org>
Subject: [PATCH] docs: mention the quill

---
diff --git a/Documentation/quill.rst b/Documentation/quill.rst
index 1111111..2222222 100644
--- a/Documentation/quill.rst
+++ b/Documentation/quill.rst
@@ -1,2 +1,3 @@
 Quill
 =====
+A plotter.
`;

describe('the built command', { timeout: 120_000 }, () => {
	it('says one clear sentence of what is no patch, and shows no stack', () => {
		const rows: readonly (readonly [string, string | Uint8Array])[] = [
			['letter.txt', 'Dear maintainer,\n\nplease find nothing attached.\n'],
			['code.c', 'int main(void)\n{\n\treturn 0;\n}\n'],
			['empty.patch', ''],
			['docs.patch', NO_C],
			['picture.png', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d])],
			['torn.patch', NO_C.slice(0, 180)],
			['odd.patch', 'diff --git a/x.c b/x.c\n@@ -0,0 +99999999999999999999,1 @@\n+}}}}}((((/*"\n'],
		];
		for (const [name, content] of rows) {
			const { status, stdout, stderr } = race(['check', '--format', 'json', put(name, content)]);
			const said = `${name}: exit ${status}, ${stdout.slice(0, 300)}${stderr}`;
			expect(stderr, said).not.toMatch(/\n\s+at |internal error/);
			const [input] = (JSON.parse(stdout) as Review).inputs;
			expect([0, 2], said).toContain(status);
			expect(['no-diff', 'inconclusive', 'no-failure'], said).toContain(input?.outcome);
			const text = race(['check', name]);
			expect(text.stdout + text.stderr, said).not.toMatch(/\n\s+at /);
			expect(text.stdout.trim(), said).not.toBe('');
		}
	});
	it('reads standard input, and goes on after a broken patch', () => {
		const { status, stdout } = race(['check', '--format', 'json', 'empty.patch', '-'], NO_C);
		expect((JSON.parse(stdout) as Review).inputs.map(({ input, outcome }) => `${input} ${outcome}`)).toEqual(['empty.patch no-diff', '- no-diff']);
		expect(status).toBe(2);
	});
	it('reads the user\'s own rows and models, and says which of them are wrong, with file and line', () => {
		mkdirSync(join(folder, '.race-review'));
		put('.race-review/own.yaml', '# ours\n- { api: quill_session_get, effect: none, source: drivers/misc/quill.c }\n- { api: quill_get, effect: gets, source: drivers/misc/quill.h }\n');
		put('.race-review/torn.yaml', '- { api: [\n');
		const { stdout, stderr } = race(['check', '--format', 'json', join(root, 'samples', 'quill.mbox')]);
		expect(stderr).toBe('');
		const problems = (JSON.parse(stdout) as Review).inputs.flatMap((input) => input.problems);
		expect(problems.some((problem) => problem.startsWith('.race-review/own.yaml:3: '))).toBe(true);
		expect(problems.some((problem) => problem.startsWith('.race-review/torn.yaml:'))).toBe(true);
		rmSync(join(folder, '.race-review'), { recursive: true });
	});
	it('judges each file of a series on the result of those before it', () => {
		const [cover, ...patches] = readFileSync(join(root, 'samples', 'quill.mbox'), 'utf8').split(/(?=^From [0-9a-f]{40} )/m);
		expect(cover).toContain('0/2');
		const names = patches.map((patch, index) => put(`000${index + 1}.patch`, patch));
		const { stdout } = race(['check', '--format', 'json', '--tree', join(root, 'samples', 'tree'), ...names]);
		expect((JSON.parse(stdout) as Review).inputs.map(({ sources }) => sources?.[0])).toEqual([
			expect.stringMatching(/quill\.c: (blob |tree patched forward)/), expect.stringContaining('quill.c: as the series so far leaves it'),
		]);
	});
	it('knows its version and how it is used', () => {
		const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
		expect(race(['--version']).stdout).toBe(`race-review ${version}\n`);
		expect(race(['check', '--frmat', 'json'])).toMatchObject({ status: 2, stdout: '', stderr: "race-review: Unknown option '--frmat'\nTry race-review --help.\n" });
	});
	it('tells the right patch of the sample from the wrong one, as the README shows', () => {
		const sample = join(root, 'samples', 'quill.mbox');
		const { status, stdout } = race(['check', '--format', 'json', sample]);
		const { inputs, series } = JSON.parse(stdout) as Review;
		expect(inputs.map(({ outcome }) => outcome)).toEqual(['no-diff', 'fixes', 'introduces']);
		expect(inputs[1]!.scenarios[0]).toMatchObject({ because: 'diagram', outcome: 'fixes', pre: { verdict: 'fails' }, post: { verdict: 'passes' } });
		expect(inputs[1]!.scenarios[0]!.pre!.failures[0]!.check).toBe('stale-mapping');
		expect(inputs[2]!.scenarios[0]!.post!.failures[0]!.check).toBe('use-after-free');
		expect(series?.length).toBeGreaterThan(0);
		expect(status).toBe(1);
		// The schedule is what the README shows; counts change as the engine learns.
		const shown = /^ {4}CPU0[\s\S]*?(?=\n\n)/m.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[0];
		expect(shown).toContain('kref_get(&session->refcount)');
		expect(race(['check', sample, '--tree', join(root, 'samples', 'tree')]).stdout).toContain(shown);
	});
	it('answers the same of the same input, byte for byte, whether V8 takes its compiled form or not', () => {
		const sample = join(root, 'samples', 'quill.mbox');
		const answer = race(['check', '--format', 'json', sample]).stdout;
		expect(race(['check', '--format', 'json', sample]).stdout).toBe(answer);
		const compiled = join(folder, 'dist', COMPILED);
		const form = readFileSync(compiled);
		for (const other of [form.subarray(0, form.length - 8), Buffer.from(form).fill(0, 4096, 4104), Buffer.alloc(0)]) {
			writeFileSync(compiled, other);
			expect(race(['check', '--format', 'json', sample]).stdout).toBe(answer);
		}
		writeFileSync(compiled, form);
	});
	it('tells b4 of a single mail on standard input', () => {
		expect(race(['check', '--format', 'b4', '-'], NO_C)).toMatchObject({ status: 0, stdout: '[]\n', stderr: '' });
	});
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Analyzer, KnowledgeFiles } from '../../analyzer/engine';
import type { Review } from '../../analyzer/review';
import { run } from '../../cli/run';
import { fixed, input, introduced } from '../present/reviews';

/** The command around an engine whose answers are given: what reaches it, what is printed where, and the exit status. */

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'race-review-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (path: string, text: string): void => {
	mkdirSync(join(folder, path, '..'), { recursive: true });
	writeFileSync(join(folder, path), text);
};

interface Outcome {
	readonly status: number;
	readonly out: string;
	readonly err: string;
	readonly asked: readonly string[];
	readonly knowledge?: KnowledgeFiles;
}

/** The engine answers by the document's first word: `bad`, `good`, `throws`, `none`, `stops` (cancels after its first patch). */
const command = async (...words: string[]): Promise<Outcome> => {
	let out = '';
	let err = '';
	let knowledge: KnowledgeFiles | undefined;
	const asked: string[] = [];
	const cancel = new AbortController();
	const analyzer: Analyzer = {
		async review(document, request) {
			const text = typeof document === 'string' ? document : Buffer.from(document).toString();
			asked.push(`${request.name} after ${request.after?.length ?? 0}${request.tree ? ' with a tree' : ''}${request.scenario ? ` scenario ${request.scenario}` : ''}`);
			request.progress?.({ stage: request.name, done: 1, total: 2 });
			const answer = (scenario: typeof fixed) => {
				const review = input([scenario], { input: request.name, notModelled: ['foo_hw_kick'] });
				request.reviewed?.(review);
				return review;
			};
			switch (text.split(/\s/)[0]) {
				case 'bad': return [answer(introduced)];
				case 'good': return [answer(fixed)];
				case 'stops': {
					const first = answer(fixed);
					cancel.abort();
					return [first];
				}
				case 'throws': {
					answer(fixed);
					throw new Error('index out of range\n    at lower');
				}
				default: return [];
			}
		},
		async simulate(functions, request) {
			asked.push(`simulate ${functions.join()}${request.tree ? ' with a tree' : ''}`);
			return input(functions.includes('foo_gone') ? [] : [introduced], { input: functions.join() });
		},
		step: () => null,
		exportProgram: () => null,
		suggest: async () => [],
		dispose() {},
	};
	const status = await run(words, {
		cwd: folder, version: '1.2.3', stdin: async () => Buffer.from('good\n'),
		out: (text) => { out += text; }, err: (text) => { err += text; },
		engine: async (own) => { knowledge = own; return analyzer; },
		tree: () => ({ read: () => null }),
		signal: cancel.signal,
		bug: () => {},
	});
	return { status, out, err, asked, ...(knowledge ? { knowledge } : {}) };
};

const outcomes = (text: string): readonly string[] => (JSON.parse(text) as Review).inputs.map(({ input: name, outcome }) => `${name} ${outcome}`);

describe('race-review', () => {
	it('exits 0 where nothing is objected to, 1 where something is, 2 where an input cannot be used', async () => {
		put('good.patch', 'good\n');
		put('bad.patch', 'bad\n');
		put('empty.patch', '');
		expect((await command('check', 'good.patch')).status).toBe(0);
		expect((await command('check', 'good.patch', 'bad.patch')).status).toBe(1);
		expect((await command('check', 'good.patch', 'empty.patch')).status).toBe(2);
		expect((await command('check', 'empty.patch', 'bad.patch')).status).toBe(1);
	});
	it('reviews what it can, says what it cannot in one line each, and shows no stack', async () => {
		for (const name of ['good', 'throws', 'bad', 'none']) {
			put(`${name}.patch`, `${name}\n`);
		}
		put('empty.patch', '');
		const { status, out, err, asked } = await command('check', '--format', 'json', 'empty.patch', 'good.patch', 'throws.patch', 'gone.patch', 'none.patch', 'bad.patch');
		expect(outcomes(out)).toEqual(['empty.patch no-diff', 'good.patch fixes', 'throws.patch fixes', 'throws.patch no-diff', 'gone.patch no-diff', 'none.patch no-diff', 'bad.patch introduces']);
		expect(err).toBe('race-review: empty.patch: the file is empty\nrace-review: throws.patch: internal error, please report it: index out of range\nrace-review: gone.patch: there is no such file\n');
		expect(asked).toEqual(['good.patch after 0', 'throws.patch after 1', 'none.patch after 2', 'bad.patch after 3']);
		expect(status).toBe(1);
	});
	it('keeps what is done when it is cancelled', async () => {
		put('1.patch', 'good\n');
		put('2.patch', 'stops\n');
		put('3.patch', 'bad\n');
		const { status, out, err } = await command('check', '--format', 'json', '1.patch', '2.patch', '3.patch');
		expect(outcomes(out)).toEqual(['1.patch fixes', '2.patch fixes']);
		expect(err).toBe('race-review: cancelled; what is above was done before that\n');
		expect(status).toBe(2);
	});
	it('hands on the tree, the scenario, standard input and the user\'s own knowledge, and shows progress when asked', async () => {
		put('s.yaml', 'threads');
		put('tree/.race-review/own.yaml', '- { api: foo_get, effect: get, at: "arg0->refcount", source: drivers/foo/foo.h }\n');
		put('tree/.race-review/own.c', 'void foo(void) {}\n');
		put('tree/.race-review/notes.txt', 'no\n');
		const { asked, knowledge, err } = await command('check', '-', '--tree', 'tree', '--scenario', 's.yaml', '--progress');
		expect(asked).toEqual(['- after 0 with a tree scenario threads']);
		expect(knowledge).toEqual({
			table: [{ file: '.race-review/own.yaml', text: '- { api: foo_get, effect: get, at: "arg0->refcount", source: drivers/foo/foo.h }\n' }],
			models: [{ file: '.race-review/own.c', text: 'void foo(void) {}\n' }],
		});
		expect(err).toBe('[1/2] -\n');
	});
	it('leaves out what a person suppressed with a reason, and says which line of the file it cannot read', async () => {
		put('bad.patch', 'bad\n');
		put('.race-review/suppressions', '# looked at\ndeadlock foo_submit, foo_ioctl : only runs at probe\nnonsense\n');
		const { status, out, err } = await command('check', 'bad.patch', '--format', 'json');
		expect(outcomes(out)).toEqual(['bad.patch no-failure']);
		expect((JSON.parse(out) as Review).inputs[0]!.scenarios[0]!.suppressed).toBe('only runs at probe');
		expect(err).toContain(':3: ');
		expect(status).toBe(0);
		put('other', 'deadlock foo_other : no\n');
		expect((await command('check', 'bad.patch', '--suppressions', 'other')).status).toBe(1);
	});
	it('says which file of an option is not there', async () => {
		put('good.patch', 'good\n');
		expect((await command('check', 'good.patch', '--scenario', 'gone.yaml')).err).toBe('race-review: --scenario gone.yaml: cannot be read (ENOENT)\n');
		expect((await command('check', 'good.patch', '--suppressions', 'gone')).err).toBe('race-review: --suppressions gone: cannot be read (ENOENT)\n');
		const { status, err } = await command('check', 'good.patch', '--tree', 'gone');
		expect(err).toBe('race-review: --tree gone: there is no such folder\n');
		expect(status).toBe(2);
	});
	it('simulates functions of a tree', async () => {
		const { status, asked, out } = await command('simulate', 'foo_submit', 'foo_ioctl', '--tree', '.');
		expect(asked).toEqual(['simulate foo_submit,foo_ioctl with a tree']);
		expect(out).toContain('deadlock');
		expect(status).toBe(1);
		expect((await command('simulate', 'foo_gone', '--tree', '.')).status).toBe(2);
	});
	it('lists what nothing knows', async () => {
		put('a.patch', 'good\n');
		put('b.patch', 'bad\n');
		expect((await command('unknown', 'a.patch', 'b.patch')).out).toBe('foo_hw_kick  ([PATCH] foo: serialise faults against foo_drop_range())\n');
		expect((await command('unknown', '-', '--format', 'json')).out).toContain('"call": "foo_hw_kick"');
	});
	it('tells its version and how it is used', async () => {
		expect((await command('--version')).out).toBe('race-review 1.2.3\n');
		const { out, status } = await command('--help');
		expect(out).toContain('exit status');
		expect(status).toBe(0);
		expect((await command()).status).toBe(2);
		expect((await command('chekc')).err).toContain('Try race-review --help.');
	});
});

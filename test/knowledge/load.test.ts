import { describe, expect, it } from 'vitest';
import { findRow, loadTable } from '../../analyzer/knowledge';
import { saidOf } from '../../analyzer/knowledge/failure-row';
import { isNamed } from '../../analyzer/knowledge/namings';
import { says } from '../../analyzer/knowledge/phrases';

/** Problems of one user file, as told. */
function check(text: string, expected: readonly string[], file = 'mine.yaml'): ReturnType<typeof loadTable> {
	const loaded = loadTable([{ file, text }]);
	expect(loaded.problems).toEqual(expected);
	return loaded;
}

const LOCK = '{ api: foo_lock, effect: lock, at: "*arg0", kind: spin, mode: exclusive, source: foo.h }';

describe('loading rows', () => {
	it('gives one row to each name of a list and of braces', () => {
		const { table } = check('- { api: [foo_get, "bar_{get,take}"], effect: get, at: "*arg0", source: foo.h }\n', []);
		expect([...table.rows.keys()]).toEqual(['foo_get', 'bar_get', 'bar_take']);
	});

	it('tells file and line of what is wrong, and keeps the rest', () => {
		const { table } = check(`# mine\n- ${LOCK}\n- { api: foo_unlock, effect: unlok, at: "*arg0", source: foo.h }\n- { api: foo_put, effect: put, at: "*arg0", releases: free, source: foo.h }\n`, [
			expect.stringMatching(/^mine\.yaml:3: effect: Invalid type/u),
			expect.stringMatching(/^mine\.yaml:4: release: Invalid key/u),
			expect.stringMatching(/^mine\.yaml:4: releases: Invalid key/u),
		]);
		expect([...table.rows.keys()]).toEqual(['foo_lock']);
	});

	it('tells the line of YAML that is none', () => {
		check('- { api: a\n- b: [', [expect.stringMatching(/^mine\.yaml:2: /u), expect.stringMatching(/^mine\.yaml:2: /u)]);
	});

	it('refuses a name twice in one file, and lets a later file override', () => {
		check(`- ${LOCK}\n- ${LOCK}\n`, ['mine.yaml:2: api foo_lock twice']);
		const { table, problems } = loadTable([
			{ file: 'a.yaml', text: `- ${LOCK}` },
			{ file: 'b.yaml', text: '- { api: foo_lock, effect: none, source: foo.h }' },
		]);
		expect(problems).toEqual([]);
		expect(table.rows.get('foo_lock')?.effect).toBe('none');
	});

	it('takes parsed rows, with their number instead of a line', () => {
		expect(loadTable([{ file: 'a.yaml', rows: [1, { foo: 1 }] }]).problems).toEqual([
			'a.yaml row 1: not a row', 'a.yaml row 2: a row begins with api, role, type, constant, guard, words, naming, phrase, failure, partner, sibling or own',
		]);
	});

	it('refuses what is no list, aliases, and names without end', () => {
		check('api: x', ['mine.yaml: not a list of rows']);
		check('- &a { api: x, effect: none, source: y }\n- *a\n', [expect.stringMatching(/^mine\.yaml: Alias/u)]);
		const braces = '{a,b,c,d,e,f,g,h}'.repeat(5);
		check(`- { api: "${braces}", effect: none, source: y }`, ['mine.yaml:1: more than 2000 names']);
	});

	it('spells out the words of a mail that rows name, of their own file alone', () => {
		const partner = (name: string, prose: string): string => `- { partner: ${name}, subject: call, calls: [foo], threads: [], prose: '${prose}', says: it, source: foo.c }\n`;
		const { table } = check(`- { words: freed, prose: use.after.free|uaf }\n${partner('one', '\\b(<freed>|dangling)\\b')}${partner('two', '<stale>')}`, ['mine.yaml:3: prose: names words that no row above has']);
		expect(table.partners.map(({ prose }) => prose)).toEqual(['\\b(use.after.free|uaf|dangling)\\b']);
	});

	it('spells out words in each expression of a phrase, and tells the line of one that no row above has', () => {
		const { table } = check('- { words: freed, prose: "(?:freed|gone)" }\n- { phrase: uses-freed, prose: ["used after <freed>", stale] }\n- { phrase: frees-twice, prose: [twice, "<again>"] }\n', ['mine.yaml:3: prose: names words that no row above has']);
		expect(['used after gone', 'stale', 'twice'].map((words) => says(table, 'uses-freed', words) || says(table, 'frees-twice', words))).toEqual([true, true, false]);
	});

	it('joins the expressions of a naming, and tells the line of one that is none', () => {
		const { table } = check('- { naming: wakes, names: [foo_wake\\w*, bar_kick], source: foo.h }\n- { naming: awaits, names: [foo_wait, "(bar"], source: foo.h }\n- { naming: dances, names: foo, source: foo.h }\n', [
			'mine.yaml:2: names: a regular expression', expect.stringMatching(/^mine\.yaml:3: naming: Invalid type/u),
		]);
		expect(['foo_wake_all', 'bar_kick', 'bar_kick_all'].map((name) => isNamed(table, 'wakes', name))).toEqual([true, true, false]);
	});

	it('reads the words of a naming, which stand between underscores', () => {
		const { table } = check('- { naming: wakes, words: [wake, kick\\w*] }\n- { naming: awaits, words: wait, source: foo.h }\n- { naming: sleeps }\n', [
			'mine.yaml:2: row: needs names and their source, or words', 'mine.yaml:3: row: needs names and their source, or words',
		]);
		expect(['foo_wake_all', 'wake', 'awake', 'bar_kicked', 'wakes'].map((name) => isNamed(table, 'wakes', name))).toEqual([true, true, false, true, false]);
	});

	it('reads what mails say, in any case or as it is written, and tells the line of what nobody asks for', () => {
		const { table } = check('- { phrase: changes-nothing, prose: [no change, cosmetic], exact: NFC }\n- { phrase: sings, prose: la }\n- { failure: deadlock, said: "stuck" }\n- { failure: deadlock, of: lock }\n', [
			expect.stringMatching(/^mine\.yaml:2: phrase: Invalid type/u), 'mine.yaml:4: row: needs said, or exact',
		]);
		expect(['No change.', 'Cosmetic', 'NFC', 'nfc: fix'].map((words) => says(table, 'changes-nothing', words))).toEqual([true, true, true, false]);
		expect(table.failures.map((row) => saidOf(row).test('It is Stuck.'))).toEqual([true]);
	});

	it('finds a row by name, then by the longest pattern', () => {
		const { table } = check('- { api: "foo_*", effect: none, source: y, note: short }\n- { api: "foo_bar_*", effect: none, source: y, note: long }\n- { api: foo_bar_x, effect: schedule, source: y }\n', []);
		expect(['foo_bar_x', 'foo_bar_y', 'foo_y', 'foo_', 'bar'].map((name) => findRow(table, name)?.note ?? findRow(table, name)?.effect ?? null))
			.toEqual(['schedule', 'long', 'short', null, null]);
	});

	it('lets only rows without effect be patterns', () => {
		check('- { api: "foo_*", effect: schedule, source: y }', [expect.stringMatching(/^mine\.yaml:1: effect: Invalid type/u)]);
	});
});

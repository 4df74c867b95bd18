import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { toLitmus } from '../../sim/index';
import { LITMUS, litmusProgram } from './litmus';
import { program } from './notation';

const expectations = new URL('./expected/lkmm.txt', import.meta.url).pathname;

describe('programs exported as litmus tests', () => {
	test('the classic shapes', () => {
		const text = LITMUS.map((litmus) => {
			const written = toLitmus(program(litmusProgram(litmus), litmus.name));
			return 'litmus' in written ? written.litmus : `${litmus.name}: ${written.thread} ${written.pc}: ${written.refused}\n`;
		}).join('\n');
		if (process.env['UPDATE'] === '1') writeFileSync(expectations, text);
		expect(text).toBe(readFileSync(expectations, 'utf8'));
	});

	const refused = (text: string): string => {
		const written = toLitmus(program(text));
		return 'litmus' in written ? 'written' : `${written.thread} ${written.pc}: ${written.refused}`;
	};

	test('what has no words is refused by name', () => {
		expect(refused('cells x\nthread T0\n get x\nend:\n load a x\n assert a')).toBe('T0 0: get: cannot be expressed in a litmus test');
		expect(refused('cells L\nthread T0\n lock L mutex\nend:\n load a L\n assert a')).toBe('T0 0: lock: a mutex lock cannot be expressed');
		expect(refused('object A v\ncells p=&A\nthread T0\n load q p\n load r q.v\nend:\n load a p\n assert a')).toBe('T0 1: load: an address in a register cannot be expressed');
		expect(refused('cells x\nthread T0\nagain:\n load a x\n if a goto again\nend:\n load a x\n assert a')).toBe('T0 1: branch: only a branch forward over a block can be expressed');
		expect(refused('cells x L\nthread T0\n rcu-lock\n lock L\n load r x\n if r goto out\n store x 1\nout:\n unlock L\n rcu-unlock\nthread T1\n grace-begin\n grace-wait\nend:\n load a x\n eq a a 1\n assert a')).toBe('written');
	});

	test('without an invariant every final state is asked for', () => {
		const written = toLitmus(program('cells x y=1\nthread T0\n store x 1\nthread T1\n load r y', 'nib'));
		expect('litmus' in written && written.litmus).toBe('C nib\n\n{ y = 1; }\n\nP0(int *x, int *y)\n{\n\tWRITE_ONCE(*x, 1);\n}\n\nP1(int *x, int *y)\n{\n\tint r0;\n\tr0 = READ_ONCE(*y);\n}\n\nlocations [x; y;]\n\nexists (true)\n');
	});

	test('an unknown value starts from what C would start it from, and the test says so', () => {
		const known = program('cells x\nthread T0\n load r x', 'nib');
		const written = toLitmus({ ...known, cells: known.cells.map((cell) => ({ ...cell, domain: [1, 0] })), setup: [{ op: 'end', origin: 0 }] });
		expect('litmus' in written && written.litmus).toContain('(* x starts from 0 here; any of 1, 0 is possible *)');
	});
});

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
		expect(refused('cells x\nthread T0\n store x 1')).toBe('the end 0: no invariant to ask about');
		expect(refused('cells x L\nthread T0\n rcu-lock\n lock L\n load r x\n if r goto out\n store x 1\nout:\n unlock L\n rcu-unlock\nthread T1\n grace-begin\n grace-wait\nend:\n load a x\n eq a a 1\n assert a')).toBe('written');
	});
});

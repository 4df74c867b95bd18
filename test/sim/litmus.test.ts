import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explore, replay } from '../../sim/index';
import { LITMUS, litmusProgram } from './litmus';
import { program } from './notation';

const expectations = new URL('./expected/litmus.txt', import.meta.url).pathname;

describe('litmus shapes', () => {
	const lines: string[] = [];
	for (const litmus of LITMUS) test(litmus.name, () => {
		for (const memory of ['sc', 'tso', 'weak'] as const) {
			const p = program(litmusProgram(litmus), litmus.name);
			const e = explore(p, { memory });
			expect(e.verdict, `${litmus.name} under ${memory}`).toBe(litmus[memory] ? 'fails' : 'passes');
			expect(e.interleavings?.exact).toBe(true);
			for (const failure of e.failures) expect(replay(p, failure.schedule, memory).failure?.check).toBe(failure.check);
			lines.push(`${litmus.name} ${memory}: ${e.verdict === 'fails' ? 'sometimes' : 'never'}, ${e.states} states, ${e.interleavings?.failing} + ${e.interleavings?.passing} traces`);
		}
	});
	test('exact counts', () => {
		const text = `${lines.join('\n')}\n`;
		if (process.env['UPDATE'] === '1') writeFileSync(expectations, text);
		expect(text).toBe(readFileSync(expectations, 'utf8'));
	});
});

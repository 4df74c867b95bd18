import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explore, replay } from '../../sim/index';
import { Machine } from '../../sim/machine/machine';
import { Graph } from '../../sim/search/graph';
import type { MemoryModel, Program } from '../../sim/index';
import { kernelTree } from '../measure/kernel-tree';
import { KERNEL_LITMUS } from './kernelLitmus';
import { LITMUS, type Litmus, litmusProgram } from './litmus';
import { program } from './notation';

const expectations = new URL('./expected/litmus.txt', import.meta.url).pathname;
const ALL: readonly Litmus[] = [...LITMUS, ...KERNEL_LITMUS];

/** How many different values the cells of the outcome can have in the end. */
function outcomes(p: Program, memory: MemoryModel, { outcome }: Litmus): number {
	const m = new Machine(p, 1, 1000, memory);
	const graph = new Graph(m);
	const cells = Object.keys(outcome).map((name) => p.cells.findIndex((cell) => cell.name === name));
	const found = new Set<string>();
	for (let state = 0; state < graph.store.count; state++) {
		graph.expand(state);
		if (graph.edges.enabledIn(state) !== 0) continue;
		graph.store.copy(state, m.words);
		found.add(cells.map((cell) => m.get(cell)).join(' '));
	}
	return found.size;
}

describe('litmus shapes', () => {
	const lines: string[] = [];
	for (const litmus of ALL) test(litmus.name, () => {
		for (const memory of ['sc', 'tso', 'weak'] as const) {
			const p = program(litmusProgram(litmus), litmus.name);
			const e = explore(p, { memory });
			expect(e.verdict, `${litmus.name} under ${memory}`).toBe(litmus[memory] ? 'fails' : 'passes');
			expect(e.interleavings?.exact).toBe(true);
			for (const failure of e.failures) expect(replay(p, failure.schedule, memory).failure?.check).toBe(failure.check);
			lines.push(`${litmus.name} ${memory}: ${e.verdict === 'fails' ? 'sometimes' : 'never'}, ${e.states} states, ${e.interleavings?.failing} + ${e.interleavings?.passing} traces, ${outcomes(p, memory, litmus)} outcomes`);
		}
	});
	test('exact counts', () => {
		const text = `${lines.join('\n')}\n`;
		if (process.env['UPDATE'] === '1') writeFileSync(expectations, text);
		expect(text).toBe(readFileSync(expectations, 'utf8'));
	});
});

const tree = kernelTree();
/** What the kernel's own file says under the memory model. */
const resultOf = (name: string): string | undefined => {
	const file = [`tools/memory-model/litmus-tests/${name}.litmus`, `Documentation/litmus-tests/${name}.litmus`].map((path) => `${tree}/${path}`).find(existsSync);
	return file === undefined ? undefined : /Result: (\w+)/.exec(readFileSync(file, 'utf8'))?.[1];
};

describe.skipIf(tree === null)('what the kernel documents', () => {
	for (const { name, kernel, weak } of ALL) if (kernel !== undefined) test(`${kernel} is ${name}`, () => expect(resultOf(kernel)).toBe(weak ? 'Sometimes' : 'Never'));
});

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadTable } from '../../analyzer/knowledge';
import { readKnowledge } from '../../scripts/knowledge.mts';
import { loadParser } from '../parse/parser';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'analyzer', 'knowledge');
/** Words of the dialect that make a function an entry of its own: nobody calls it by its name. */
const ENTRIES = /^(CALLER|ENVIRONMENT|INITIAL|QUIESCENCE)/;

describe('the models as files', async () => {
	const parser = await loadParser();
	const knowledge = readKnowledge(folder);
	const { table } = loadTable(knowledge.table);
	const parsed = knowledge.models.map(({ file, text }) => ({ file, source: parser.parseFile(text) }));
	const functions = parsed.flatMap(({ file, source }) => source.functions.map((fn) => ({ file, fn })));

	it('parse without an error', () => {
		expect(functions.length).toBeGreaterThan(300);
		expect(parsed.flatMap(({ file, source }) => source.errors.map(({ line, text }) => `${file}:${line}: ${text}`))).toEqual([]);
	});

	it('say each thing once, and nothing that a row says', () => {
		const names = functions.map(({ fn }) => fn.name);
		expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
		expect(names.filter((name) => table.rows.has(name))).toEqual([]);
	});

	it('call only rows, other models and the dialect', () => {
		const known = new Set([...table.rows.keys(), ...functions.map(({ fn }) => fn.name), 'CHECK', 'WINDOW', 'WINDOW_END', 'CHOOSE', 'ASSUME', 'DUE', 'INSTANCE', 'KEPT', 'HELD', 'EITHER', 'LIVE', 'SHOWN']);
		const open = functions.flatMap(({ file, fn }) => [...fn.body.text.replace(/\/\*[\s\S]*?\*\/|"(?:[^"\\]|\\.)*"/g, '').matchAll(/(?<![\w>.])([A-Za-z_]\w*)\s*\(/g)]
			.map((match) => match[1] ?? '').filter((name) => !['if', 'while', 'return', 'for', 'switch', 'sizeof'].includes(name) && !known.has(name) && !fn.params.some((param) => param.name === name) && !known.has(`__fallback_${name}`))
			.map((name) => `${file} ${fn.name}: ${name}()`));
		expect(open).toEqual([]);
	});

	it('are what every row of the models\' own names, and no such name is left to readers', () => {
		const names = new Set([...functions.map(({ fn }) => fn.name), ...knowledge.models.flatMap(({ text }) => [...text.matchAll(/\b__\w+(?=;)/g)].map(([name]) => name))]);
		expect([...table.own.keys()].filter((name) => !names.has(name))).toEqual([]);
		// What the kernel has under the same name a reader knows.
		const kernels = /^__(refcount_inc_not_zero|xa_(erase|store|insert|alloc|cmpxchg))$/;
		const steps = knowledge.models.flatMap(({ text }) => [...text.matchAll(/^ATOMIC [^;{(]*?(__\w+)\(/gm)].map((match) => match[1] ?? ''));
		expect(steps.length).toBeGreaterThan(30);
		expect(steps.filter((name) => !table.own.has(name) && !kernels.test(name))).toEqual([]);
	});

	it('are there for every role that names one', () => {
		const names = new Map(functions.map(({ fn }) => [fn.name, fn]));
		const wanted = table.roles.flatMap((role) => [...(role.caller ? [role.caller] : []), ...(role.against ?? [])]);
		expect([...new Set(wanted)].filter((name) => !names.get(name)?.annotations.some((each) => ENTRIES.test(each)))).toEqual([]);
	});
});

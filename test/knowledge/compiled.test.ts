import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { KnowledgeFiles } from '../../analyzer/engine';
import { loadTable } from '../../analyzer/knowledge';
import { type CNode, type ParsedSource, restoreSource, storeSource } from '../../analyzer/parse';
import { compileKnowledge, readKnowledge } from '../../scripts/knowledge.mts';
import { loadParser } from '../parse/parser';

/** The asset that ships says what the sources say. */

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'analyzer', 'knowledge');

/** Everything that a node's face shows, as lines of text. */
function shown(node: CNode, depth = 0): string {
	const inside = new Set(node.named);
	const face = [node.type, node.fieldName, node.start, node.end, node.line, node.endLine, node.isError, node.isMissing, node.synthetic, node.fieldName && node.field(node.fieldName)?.type, JSON.stringify(node.text)];
	return [`${' '.repeat(depth)}${face.join(' ')}`, ...node.children.map((child) => (inside.has(child) ? '+' : '-') + shown(child, depth + 1))].join('\n');
}

const plain = (source: ParsedSource): unknown => ({ ...source, dispose: undefined, functions: source.functions.map((fn) => ({ ...fn, body: shown(fn.body) })) });

describe('knowledge that was compiled', async () => {
	const parser = await loadParser();
	const raw = readKnowledge(folder);
	const compiled = JSON.parse(JSON.stringify(await compileKnowledge(folder))) as KnowledgeFiles;

	it('has the table that the rows say', () => {
		expect(loadTable(compiled.table)).toEqual(loadTable(raw.table));
	});
	it('has the models that their text says', () => {
		expect(compiled.models.map(({ file, text }) => ({ file, text }))).toEqual(raw.models);
		for (const { text, parsed } of compiled.models) {
			expect(plain(restoreSource(parsed!, text))).toEqual(plain(parser.parseFile(text)));
		}
	});
	it('lets a user\'s rows win over it', () => {
		const own = { file: 'own.yaml', rows: [{ api: 'mutex_lock', effect: 'none', source: 'own.c' }] };
		expect(loadTable([...compiled.table, own])).toEqual(loadTable([...raw.table, own]));
		expect(loadTable([...compiled.table, own]).table.rows.get('mutex_lock')?.effect).toBe('none');
	});
	it('is nothing that could not be parsed', () => {
		expect(() => storeSource(parser.parseFile('int f(void)\n{\n\treturn )(;\n}\n'))).toThrow(/^line 3: cannot be parsed/);
	});
});

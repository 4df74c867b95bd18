import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadParser } from './parser';
import { render } from './rendering';

const FILE = Array.from({ length: 40 }, (_, number) => `static int foo_${number}(struct foo *f)\n{\n\tlist_for_each_entry(g, &f->l, n)\n\t\tfoo_use(g, ${number});\n\treturn f->x;\n}\n`).join('\n');

it('parses an edited file to the same as from scratch', async () => {
	const parser = await loadParser();
	const edit = fc.record({
		at: fc.nat(FILE.length), cut: fc.nat(60),
		put: fc.constantFrom('', 'x', '}', '{', '\n', '\tspin_lock(&f->lock);\n', 'if (a) ', '/*', '*/', '#if 0\n', 'int foo_new(void)\n{\n}\n', 'é'),
	});
	fc.assert(fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
		let text = FILE;
		let source = parser.parseFile(text);
		for (const { at, cut, put } of edits) {
			text = text.slice(0, at) + put + text.slice(at + cut);
			const next = parser.parseFile(text, source);
			source.dispose();
			source = next;
		}
		const fresh = parser.parseFile(text);
		expect(render(source)).toBe(render(fresh));
		fresh.dispose();
		source.dispose();
	}), { numRuns: 60 });
});

it('takes no tree from a source that was disposed of', async () => {
	const parser = await loadParser();
	const source = parser.parseFile(FILE);
	source.dispose();
	const again = parser.parseFile(FILE, source);
	expect(again.functions.length).toBe(40);
	again.dispose();
});

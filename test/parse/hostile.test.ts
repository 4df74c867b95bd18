import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mend } from '../../analyzer/parse/fragments';
import { prepare } from '../../analyzer/parse/prepass';
import type { CNode, ParsedSource } from '../../analyzer/parse';
import { loadParser } from './parser';
import { imageOf } from './rendering';

/** What C is made of, and what is left of it when mail has been through it. */
const SCRAPS = [
	'if (', 'else', 'for (;;)', 'while (x)', 'do', 'switch (a)', 'case 1 ... 2:', 'default:', 'return', 'goto out;', 'out:', 'struct foo', 'enum {', 'union {', 'typedef', 'static',
	'int', 'unsigned long', '__init', '__must_hold(&l)', '__free(kfree)', 'guard(mutex)(&l);', 'scoped_guard(rcu)', 'typeof(', 'container_of(p, struct foo, m)', 'for_each_foo(a, b)',
	'list_for_each_entry(', 'SYSCALL_DEFINE2(foo, int, a, ', 'DEFINE_PER_CPU(', 'EXPORT_SYMBOL(foo);', '#if A', '#ifdef CONFIG_B', '#else', '#elif 1', '#endif', '#define X(a) \\', '/*', '*/', '//',
	'"', "'", '"a"', '{', '}', '(', ')', '[', ']', ';', ',', '=', '*', '&', '->', '.', '...', '?', ':', '++', '\\', '0x1f', '1', 'foo', 'foo(', 'bar', '\u00a0', '\ufeff', '\ud800', 'é',
	'\n', '\n', '\n', '\n\t', '\n\t\t', '\r\n',
];
const scraps = fc.array(fc.constantFrom(...SCRAPS), { maxLength: 120 }).map((parts) => parts.join(' '));
const hunks = fc.array(fc.tuple(scraps, fc.constantFrom('', 'int foo(struct bar *b', 'struct foo {', 'out:', 'enum x {', 'static int a[] = {', 'foo')), { minLength: 1, maxLength: 5 })
	.map((parts) => parts.map(([text, section], index) => `@@ ${index * 50 + 1} @@ ${section}\n${text.split('\n').map((line) => ` ${line}`).join('\n')}`).join('\n'));

/** Looks at everything, so that nothing lazy is left out. */
function walk(source: ParsedSource, length: number): void {
	for (const { body } of source.functions) {
		const stack: CNode[] = [body];
		while (stack.length > 0) {
			const node = stack.pop()!;
			if (node.start < 0 || node.end > length || node.start > node.end || node.line < 1) throw new Error(`${node.type} lies outside: ${node.start}-${node.end} of ${length}`);
			for (const child of node.children) stack.push(child);
		}
	}
	source.dispose();
}

describe('any text at all', () => {
	it('keeps its length and its newlines in the pre-pass', () => {
		fc.assert(fc.property(fc.oneof(scraps, fc.string({ maxLength: 400, unit: 'binary' })), (text) => {
			const { text: prepared } = prepare(text);
			expect(prepared.length).toBe(text.length);
			expect([...prepared.matchAll(/[\r\n]/g)].map((match) => match.index)).toEqual([...text.matchAll(/[\r\n]/g)].map((match) => match.index));
		}), { numRuns: 500 });
	});

	it('parses as a file', async () => {
		const parser = await loadParser();
		fc.assert(fc.property(fc.oneof(scraps, fc.string({ maxLength: 400, unit: 'binary' })), (text) => walk(parser.parseFile(text), text.length)), { numRuns: 500 });
	});

	it('parses as hunks, with every line where it was', async () => {
		const parser = await loadParser();
		fc.assert(fc.property(hunks, (text) => {
			const image = imageOf(text);
			walk(parser.parseFragments(image), image.text.length);
			expect(mend(image).augmented.text.split('\n').length).toBe(image.text.split('\n').length);
		}), { numRuns: 500 });
	});

	it('parses real code that is cut anywhere', async () => {
		const parser = await loadParser();
		const code = 'static int foo(struct bar *b)\n{\n\tint x = 1; /* note */\n\n\tif (b->y && (x < 3 ||\n\t    baz(b, x))) {\n\t\tdo {\n\t\t\tx++;\n\t\t} while (x < 9);\n\t} else {\n\t\tlist_for_each_entry(q, &b->l, n)\n\t\t\tuse(({ q->a; }));\n\t}\n\tswitch (x) {\n\tcase 1:\n\t\tbreak;\n\t}\n\treturn x ? b->z : 0;\n}\nEXPORT_SYMBOL(foo);\n';
		for (let from = 0; from < code.length; from += 3) {
			for (let to = from; to < code.length; to += 17) {
				const text = `@@ 7 @@ static int foo(struct bar *b)\n${code.slice(from, to).split('\n').map((line) => ` ${line}`).join('\n')}`;
				const image = imageOf(text);
				walk(parser.parseFragments(image), image.text.length);
			}
		}
	});
});

/** As much as the largest source files have, of what is worst for a stage. */
const LARGE = 150_000;
const filled = (part: string): string => part.repeat(Math.ceil(LARGE / part.length)).slice(0, LARGE);
const WORST: Record<string, string> = {
	'open parentheses': filled('('), 'open braces': filled('{'), 'closing braces': filled('}\n'), 'mixed brackets': filled('({['), 'nested ifs': filled('if (a) '), 'dangling elses': filled('else '),
	'nested conditionals': filled('#if A\n{\n#else\n'), 'nested calls': filled('f('), 'one identifier': filled('a'), 'white space': filled(' '), 'quotes': filled('"'), 'continued lines': filled('\\\n'),
	'nested structs': filled('struct {'), 'nested initialisers': `int a[] = ${filled('{')}`, 'nested types': filled('typeof('), 'function heads': filled('int f(int a)\n{\n'), 'annotated functions': filled('int f(void) __must_hold(x) { }\n'),
	'operators': filled('a*b+'), 'labels': filled('a:\n'), 'arrows': filled('a->'), 'noise': filled('\u0001(}\u00ff;{*\n)"x[='), 'pointer declarators': `int ${filled('*')}`, 'function pointers': filled('int (*f)('),
};
/** CPU, not wall clock, and far more than it takes: machines that run tests are busy, but what is quadratic takes minutes. */
const MAX_CPU_MS = 4_000;

describe('a large file of the worst', () => {
	for (const [name, text] of Object.entries(WORST)) {
		it(name, async () => {
			const parser = await loadParser();
			const started = process.cpuUsage().user;
			walk(parser.parseFile(text), text.length);
			const image = imageOf(text.split('\n').map((line, index) => (index % 20 === 0 ? `@@ ${index * 3} @@ int foo(struct bar *b\n ${line}` : ` ${line}`)).join('\n'));
			walk(parser.parseFragments(image), image.text.length);
			expect((process.cpuUsage().user - started) / 1000).toBeLessThan(MAX_CPU_MS);
		}, 60_000);
	}
});

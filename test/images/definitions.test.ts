import { describe, expect, it } from 'vitest';
import { definitionsIn } from '../../analyzer/images/definition-syntax';
import { DefinitionFinder } from '../../analyzer/images/definitions';
import type { TreePort } from '../../analyzer/ports';

const TEXT = `#include <linux/foo.h>
#define FOO_MAX 10
#define foo_each(p, \\
		 list) \\
	for (p = list; p; p = p->next)

struct foo {
	int a;
};

enum foo_state {
	FOO_NEW,
	FOO_OLD = 3, /* gone */
	FOO_LAST
};

typedef struct {
	int x;
} foo_t;

typedef unsigned int foo_flags_t;

int foo_declared(struct foo *foo);

static inline int foo_small(void) { return 0; }

static struct foo *
foo_find(struct foo *head,
	 int a)
{
	if (foo_small())
		return foo_find(head, FOO_MAX);
	return head;
}

SYSCALL_DEFINE2(foo_call, int, a, int, b)
{
	return a;
}

EXPORT_SYMBOL(foo_find);
`;

const shown = (name: string): string => definitionsIn(name, 'x.c', TEXT).map(({ kind, line, text }) => `${kind} ${line} ${text.split('\n').length} ${text.split('\n')[0]}`).join('; ') || 'none';

describe('definitions in a text', () => {
	it('are told from uses', () => {
		expect(Object.fromEntries(['FOO_MAX', 'foo_each', 'foo', 'FOO_NEW', 'FOO_OLD', 'FOO_LAST', 'foo_t', 'foo_flags_t', 'foo_declared', 'foo_small', 'foo_find', 'foo_call', 'head', 'a'].map((name) => [name, shown(name)]))).toEqual({
			FOO_MAX: 'macro 2 1 #define FOO_MAX 10',
			foo_each: 'macro 3 3 #define foo_each(p, \\',
			foo: 'struct 7 3 struct foo {',
			FOO_NEW: 'constant 12 1 \tFOO_NEW,',
			FOO_OLD: 'constant 13 1 \tFOO_OLD = 3, /* gone */',
			FOO_LAST: 'constant 14 1 \tFOO_LAST',
			foo_t: 'typedef 17 3 typedef struct {',
			foo_flags_t: 'typedef 21 1 typedef unsigned int foo_flags_t;',
			foo_declared: 'none',
			foo_small: 'function 25 1 static inline int foo_small(void) { return 0; }',
			foo_find: 'function 27 8 static struct foo *',
			foo_call: 'function 36 4 SYSCALL_DEFINE2(foo_call, int, a, int, b)',
			head: 'none',
			a: 'none',
		});
	});
});

describe('definitions in a tree', () => {
	const files = new Map<string, string>([
		['drivers/shared.h', 'int shared_one(void)\n{\n}\n'],
		['drivers/foo/main.c', '#include <linux/foo.h>\n#include "foo.h"\n#include "../shared.h"\n#include "../../../../etc/passwd"\nint main_one(void)\n{\n\treturn 0;\n}\n'],
		['drivers/foo/foo.h', 'static inline int local_one(void)\n{\n\treturn 1;\n}\nint far_stub(void);\n#ifndef CONFIG_FAR\nstatic inline int far_stub(void) { return 0; }\n#endif\n'],
		['drivers/foo/other.c', 'int beside(void)\n{\n\treturn 2;\n}\n'],
		['include/linux/foo.h', '#include <linux/deep.h>\n'],
		['include/linux/deep.h', 'struct deep {\n\tint x;\n};\n'],
		['kernel/far.c', 'int far(void)\n{\n\treturn 3;\n}\nint far_stub(void)\n{\n\treturn 4;\n}\n'],
	]);
	let reads = 0;
	const tree: TreePort = {
		read: (path) => {
			reads++;
			return files.get(path) ?? null;
		},
		list: (folder) => [...files.keys()].filter((path) => path.slice(0, path.lastIndexOf('/')) === folder).map((path) => path.slice(folder.length + 1)),
		heads: (word, near) => [near.slice(0, near.lastIndexOf('/')), 'include', 'kernel'].map((folder) => [...files].filter(([path, text]) => path.startsWith(`${folder}/`) && text.includes(word)).map(([path]) => path)),
	};
	const finder = new DefinitionFinder(tree);
	const where = (name: string): string => finder.find(name, 'drivers/foo/main.c').map(({ path, line }) => `${path}:${line}`).join() || 'none';
	it('are looked for in the file, its headers, its folder, then everywhere', () => {
		expect(['main_one', 'local_one', 'deep', 'beside', 'far', 'nowhere', 'not a name('].map(where)).toEqual([
			'drivers/foo/main.c:5', 'drivers/foo/foo.h:1', 'include/linux/deep.h:1', 'drivers/foo/other.c:1', 'kernel/far.c:1', 'none', 'none',
		]);
	});
	it('are found alike where the tree keeps no index', () => {
		const { heads: _, ...plain } = tree;
		const slow = new DefinitionFinder({ ...plain, grep: (word) => [...files].filter(([, text]) => text.includes(word)).map(([path]) => path) });
		for (const name of ['main_one', 'local_one', 'deep', 'beside', 'far', 'far_stub', 'nowhere']) {
			expect(slow.find(name, 'drivers/foo/main.c').map(({ path }) => path)).toEqual(finder.find(name, 'drivers/foo/main.c').map(({ path }) => path));
		}
	});
	it('are looked for in headers of other folders, and in each file for itself', () => {
		const { heads: _, ...plain } = tree;
		expect(new DefinitionFinder(plain).find('shared_one', 'drivers/foo/main.c').map(({ path }) => path)).toEqual(['drivers/shared.h']);
		files.set('drivers/foo/twin.c', 'static int main_one(void)\n{\n}\n');
		expect(finder.find('main_one', 'drivers/foo/twin.c').map(({ path }) => path)).toEqual(['drivers/foo/twin.c']);
		expect(where('main_one')).toBe('drivers/foo/main.c:5');
	});
	it('pass over the stub that a header has for other configurations', () => expect(where('far_stub')).toBe('kernel/far.c:5'));
	it('are remembered, and looked at again before they are believed', () => {
		where('far');
		reads = 0;
		expect([where('far'), reads]).toEqual(['kernel/far.c:1', 1]);
		files.set('kernel/far.c', `/* moved */\n${files.get('kernel/far.c')!}`);
		expect(where('far')).toBe('kernel/far.c:2');
		files.set('kernel/far.c', '');
		expect(where('far')).toBe('none');
		files.set('kernel/far.c', 'int far(void)\n{\n}\n');
		expect(where('far')).toBe('none');
		finder.edited();
		expect(where('far')).toBe('kernel/far.c:1');
	});
});

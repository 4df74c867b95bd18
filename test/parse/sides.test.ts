import { expect, it } from 'vitest';
import type { ParsedSource } from '../../analyzer/parse';
import { imagesOf } from '../../analyzer/images';
import { readSeries } from '../../analyzer/mail';
import { loadParser } from './parser';

const BEFORE = `static int foo_set(struct foo *f)
{
#ifdef CONFIG_FOO
	foo_fast(f);
#else
	foo_lock(f);
	foo_slow(f);
	foo_unlock(f);
#endif
	return 0;
}
`;

const patch = (hunk: string): string => `Subject: [PATCH] foo: hold on

--- a/x.c
+++ b/x.c
@@ -1,11 +1,12 @@
${hunk}`;

/** Only adds, in the branch that is not built when all options are on. */
const ADDS = patch(` static int foo_set(struct foo *f)
 {
 #ifdef CONFIG_FOO
 	foo_fast(f);
 #else
 	foo_lock(f);
+	foo_check(f);
 	foo_slow(f);
 	foo_unlock(f);
 #endif
 	return 0;
 }
`);

const UNTOUCHED = patch(` static int foo_set(struct foo *f)
 {
 #ifdef CONFIG_FOO
 	foo_fast(f);
 #else
 	foo_lock(f);
 	foo_slow(f);
 	foo_unlock(f);
 #endif
+	foo_check(f);
 	return 0;
 }
`);

const statements = (source: ParsedSource): string => source.functions.map(({ body }) => body.named.map(({ text }) => text).join(' ')).join('\n');

async function sides(document: string, whole: boolean): Promise<{ pre: string; post: string }> {
	const parser = await loadParser();
	const [patch_] = readSeries(document).patches;
	const [file] = imagesOf(patch_!, whole ? { read: (path) => (path === 'x.c' ? BEFORE : null) } : undefined).files;
	const read = (image: NonNullable<typeof file>['pre']): string => {
		expect(image?.completeness).toBe(whole ? 'whole' : 'fragments');
		const source = parser.parseImage(image!);
		const text = statements(source);
		source.dispose();
		return text;
	};
	return { pre: read(file!.pre), post: read(file!.post) };
}

for (const whole of [false, true]) {
	it(`takes the branch that the patch touches, on both sides alike (${whole ? 'whole file' : 'hunks'})`, async () => {
		expect(await sides(ADDS, whole)).toEqual({
			pre: 'foo_lock(f); foo_slow(f); foo_unlock(f); return 0;',
			post: 'foo_lock(f); foo_check(f); foo_slow(f); foo_unlock(f); return 0;',
		});
	});

	it(`takes the branch that is built where the patch touches none (${whole ? 'whole file' : 'hunks'})`, async () => {
		expect(await sides(UNTOUCHED, whole)).toEqual({ pre: 'foo_fast(f); return 0;', post: 'foo_fast(f); foo_check(f); return 0;' });
	});
}

/** Macros at file scope that paste what they are given into names: `DEVICE_ATTR_RW(limit)` names `limit_show` and `limit_store` to whoever reads the file of that name. */
const DEFINES = /^[ \t]*(?:static\s+)?(?:const\s+)?(?:DEFINE_[A-Z0-9_]*|[A-Z0-9_]*(?:ATTR|ATTRIBUTE|FOPS)[A-Z0-9_]*)\(([^();]*)\)\s*;?\s*$/gm;
const BEHIND = ['show', 'store', 'read', 'write', 'get', 'set', 'open'] as const;
const BEFORE = ['show', 'store', 'read', 'write', 'get', 'set'] as const;

/** Of the functions that are known those that such macros in the text name: somebody outside calls them. */
export function pastedNames(text: string, known: { has(name: string): boolean }): readonly string[] {
	return [...text.matchAll(DEFINES)].flatMap(([, given = '']) => given.split(',').map((each) => each.trim()).filter((each) => /^[a-z]\w*$/.test(each)).flatMap((each) =>
		[each, ...BEHIND.map((word) => `${each}_${word}`), ...BEFORE.map((word) => `${word}_${each}`)].filter((name) => known.has(name))));
}

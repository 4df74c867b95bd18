const MOST = 64;

/** The C files that a diff names, as far as their paths are plain: relative, without `..`. At most 64. */
export function pathsIn(diff: string): readonly string[] {
	const paths = new Set<string>();
	for (const match of diff.matchAll(/^[> \t]*(?:---|\+\+\+) (?:[ab]\/)?([\w][\w./+-]*\.[chS])\b/gm)) if (match[1] && !match[1].split('/').includes('..')) paths.add(match[1]);
	return [...paths].slice(0, MOST);
}

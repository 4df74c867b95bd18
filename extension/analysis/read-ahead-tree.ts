import type { TreePort } from '../../analyzer/ports';

/** A tree of the files that were read ahead, for hosts that can only read asynchronously. Paths are relative to the tree, with `/`. */
export function readAheadTree(files: Readonly<Record<string, string>>): TreePort {
	const texts = new Map(Object.entries(files));
	const near = (path: string, to: string): number => {
		const a = path.split('/');
		const b = to.split('/');
		let common = 0;
		while (common < a.length && common < b.length && a[common] === b[common]) common++;
		return a.length + b.length - 2 * common;
	};
	return {
		read: (path) => texts.get(path) ?? null,
		list: (folder) => [...texts.keys()]
			.filter((path) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/'))
			.map((path) => path.slice(folder.length + 1))
			.sort(),
		grep: (word, to, limit) => {
			const pattern = new RegExp(`\\b${word.replace(/[^\w]/g, '')}\\b`);
			return [...texts.keys()]
				.filter((path) => pattern.test(texts.get(path) ?? ''))
				.sort((a, b) => near(a, to) - near(b, to) || (a < b ? -1 : 1))
				.slice(0, limit);
		},
	};
}

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { TreePort } from '../../analyzer/ports';

const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MAX_GIT_BYTES = 32 * 1024 * 1024;
const GIT_TIMEOUT_MS = 10_000;
const OBJECT_ID = /^[0-9a-f]{7,64}$/;

/**
 * A folder on disk as the analyzer's tree. Paths come from hostile mail: what is absolute, or leaves the folder by `..` or by a
 * link, is not read. With `git` the object database is read too (never the work tree's hooks, filters or configured commands).
 */
export function openFolder(root: string, git: boolean): TreePort {
	const base = realpathSync(root);
	const inside = (path: string): string | null => {
		if (path.includes('\0') || path.startsWith('/') || path.split(/[\\/]/).includes('..')) return null;
		try {
			const real = realpathSync(join(base, path));
			return real === base || real.startsWith(base + sep) ? real : null;
		} catch {
			return null;
		}
	};
	const run = (args: readonly string[]): string | null => {
		const result = spawnSync('git', ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '--no-pager', ...args],
			{ cwd: base, encoding: 'utf8', maxBuffer: MAX_GIT_BYTES, timeout: GIT_TIMEOUT_MS, env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1' } });
		return result.status === 0 ? result.stdout : null;
	};
	const port: TreePort = {
		read: (path) => {
			const file = inside(path);
			if (!file) return null;
			try {
				return statSync(file).size <= MAX_FILE_BYTES ? readFileSync(file, 'utf8') : null;
			} catch {
				return null;
			}
		},
		list: (folder) => {
			const path = inside(folder);
			if (!path) return [];
			try {
				return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => entry.name).sort();
			} catch {
				return [];
			}
		},
	};
	if (!git) return port;
	return {
		...port,
		blob: (id) => (OBJECT_ID.test(id) ? run(['cat-file', 'blob', id]) : null),
		show: (commit, path) => (OBJECT_ID.test(commit) && !path.includes('\0') ? run(['cat-file', 'blob', `${commit}:${path}`]) : null),
		grep: (word, near, limit) => {
			if (!/^\w+$/.test(word)) return [];
			const found = run(['grep', '-lwF', '--no-textconv', '-e', word, '--', '*.c', '*.h'])?.split('\n').filter(Boolean) ?? [];
			const distance = (path: string): number => {
				const a = path.split('/');
				const b = near.split('/');
				let common = 0;
				while (common < a.length && common < b.length && a[common] === b[common]) common++;
				return a.length + b.length - 2 * common;
			};
			return found.sort((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1)).slice(0, limit);
		},
	};
}

import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { TreePort } from '../analyzer/ports';
import { GitObjects } from './git';
import { TreePaths } from './tree-paths';
import { TreeScan } from './tree-scan';

const LARGEST_FILE_BYTES = 16 * 1024 * 1024;
const BLOB = /^[0-9a-f]{4,64}$/;
const COMMIT = /^[0-9a-f]{4,64}\^?$/;

/**
 * A kernel tree in a folder, git or not; with `git` false git is not started. Never throws: what cannot be read is null. Nothing the tree names is executed.
 * `gatherer`: the script of a thread that may read ahead what nearly every search asks for.
 */
export function treePort(folder: string, git = true, gatherer?: string): TreePort {
	const paths = new TreePaths(folder);
	const root = paths.root;
	if (root === null) {
		return { read: () => null };
	}
	const scan = new TreeScan(root, gatherer);
	const objects = git ? new GitObjects(root) : null;
	const read = (path: string): string | null => {
		const real = paths.real(path);
		return real === null ? null : regularFile(real);
	};
	return {
		read,
		stamp: (path) => {
			const real = paths.real(path);
			const stat = real === null ? undefined : statSync(real, { throwIfNoEntry: false });
			return stat === undefined ? null : `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
		},
		blob: (id) => (BLOB.test(id) ? objects?.text(id) ?? null : null),
		show: (commit, path) => (COMMIT.test(commit) && !path.startsWith('/') && !path.split('/').includes('..') && !/[\0\n]/.test(path) ? objects?.text(`${commit}:./${path}`) ?? null : null),
		list: (within) => {
			const real = paths.real(within === '' ? '.' : within);
			return real === null ? [] : scan.list(relative(root, real).split(sep).join('/'));
		},
		grep: (word, near, limit) => scan.grep(word, inside(near), limit),
		begin: () => scan.begin(),
		heads: (word, near) => scan.heads(word, inside(near)),
	};
}

/** Where a search begins; it reads only what it listed itself. */
const inside = (near: string): string => (near.split('/').includes('..') || near.startsWith('/') ? '' : near);

/** Text of a regular file: a pipe or a device in a hostile tree would block the reader. */
function regularFile(path: string): string | null {
	try {
		const handle = openSync(path, 'r');
		try {
			const stat = fstatSync(handle);
			return stat.isFile() && stat.size <= LARGEST_FILE_BYTES ? readFileSync(handle, 'utf8') : null;
		} finally {
			closeSync(handle);
		}
	} catch {
		return null;
	}
}

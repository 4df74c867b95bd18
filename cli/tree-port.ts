import { execFileSync } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { TreePort } from '../analyzer/ports';
import { TreePaths } from './tree-paths';
import { TreeScan } from './tree-scan';

const LARGEST_FILE_BYTES = 16 * 1024 * 1024;
const GIT_MILLISECONDS = 20_000;
const BLOB = /^[0-9a-f]{4,64}$/;
const COMMIT = /^[0-9a-f]{4,64}\^?$/;

/** A kernel tree in a folder, git or not. Never throws: what cannot be read is null. Nothing the tree names is executed. */
export function treePort(folder: string): TreePort {
	const paths = new TreePaths(folder);
	const root = paths.root;
	if (root === null) {
		return { read: () => null };
	}
	const scan = new TreeScan(root);
	const objects = new GitObjects(root);
	const read = (path: string): string | null => {
		const real = paths.real(path);
		return real === null ? null : regularFile(real);
	};
	return {
		read,
		blob: (id) => (BLOB.test(id) ? objects.text(id) : null),
		show: (commit, path) => (COMMIT.test(commit) && !path.startsWith('/') && !path.split('/').includes('..') && !/[\0\n]/.test(path) ? objects.text(`${commit}:./${path}`) : null),
		list: (within) => {
			const real = paths.real(within === '' ? '.' : within);
			return real === null ? [] : scan.list(relative(root, real).split(sep).join('/'));
		},
		grep: (word, near, limit) => scan.grep(word, inside(near), limit),
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

/** Objects of the folder's repository, where it has one. `cat-file` runs no filter, hook or driver. */
class GitObjects {
	private repository: boolean | null = null;
	private readonly known = new Map<string, string | null>();

	constructor(private readonly root: string) {}

	text(name: string): string | null {
		this.repository ??= this.run(['rev-parse', '--git-dir']) !== null;
		if (!this.repository) {
			return null;
		}
		const cached = this.known.get(name);
		if (cached !== undefined) {
			return cached;
		}
		const text = this.run(['cat-file', 'blob', name]);
		this.known.set(name, text);
		return text;
	}

	private run(words: readonly string[]): string | null {
		const { GIT_DIR: _dir, GIT_WORK_TREE: _work, GIT_SSH_COMMAND: _ssh, ...env } = process.env;
		try {
			return execFileSync('git', ['-C', this.root, '--no-pager', '--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'protocol.allow=never', ...words], {
				encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: GIT_MILLISECONDS, maxBuffer: LARGEST_FILE_BYTES,
				env: { ...env, GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' },
			});
		} catch {
			return null;
		}
	}
}

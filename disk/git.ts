import { execFile, execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';

/**
 * git, asked read-only questions about a tree that is not trusted: hooks, external diffs, text conversions, filters, signature
 * checkers, pagers and file system monitors are things that its configuration can name, so all of them are switched off. Nobody else starts git.
 */

const MOST_OUTPUT_BYTES = 256 * 1024 * 1024;
const LONGEST_MILLISECONDS = 60_000;
/** An object is a file's text; while it is read, nothing else is done. */
const LARGEST_OBJECT_BYTES = 16 * 1024 * 1024;
const LONGEST_OBJECT_MILLISECONDS = 20_000;
const KEPT_OBJECTS = 200;

const NEUTRAL: readonly string[] = [
	'core.fsmonitor=false', 'core.hooksPath=/dev/null', 'core.pager=cat', 'core.attributesFile=/dev/null', 'diff.external=', 'log.showSignature=false',
	'format.outputDirectory=', 'format.attach=false', 'format.signature=', 'format.thread=false', 'diff.noprefix=false', 'diff.mnemonicPrefix=false',
	'diff.srcPrefix=a/', 'diff.dstPrefix=b/', 'diff.renames=true', 'diff.algorithm=default', 'color.ui=false', 'core.quotePath=true', 'protocol.allow=never',
];

const wordsFor = (tree: string, settings: readonly string[], words: readonly string[]): readonly string[] =>
	['-C', tree, '--no-pager', '--no-optional-locks', ...settings.flatMap((setting) => ['-c', setting]), ...words];

function environment(): NodeJS.ProcessEnv {
	const { GIT_EXTERNAL_DIFF: _diff, GIT_PAGER: _pager, GIT_SSH_COMMAND: _ssh, GIT_DIR: _dir, GIT_WORK_TREE: _work, ...env } = process.env;
	return { ...env, GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' };
}

export interface GitAnswer {
	readonly status: number;
	readonly stdout: Buffer;
	readonly stderr: string;
}

/** Never rejects: git missing, no repository, a bad range are a status other than 0. */
const git = (tree: string, settings: readonly string[], words: readonly string[]): Promise<GitAnswer> => new Promise((answered) => {
	execFile('git', wordsFor(tree, settings, words), {
		encoding: 'buffer', maxBuffer: MOST_OUTPUT_BYTES, timeout: LONGEST_MILLISECONDS, env: environment(),
	}, (error, stdout, stderr) => {
		const code = error ? (typeof error.code === 'number' ? error.code : 127) : 0;
		answered({ status: code, stdout, stderr: stderr.toString('utf8').trim() || (error?.message ?? '') });
	});
});

/** Clean and process filters run when the working tree is compared: each that is configured is emptied. */
async function filtersOff(tree: string): Promise<readonly string[]> {
	const { stdout } = await git(tree, NEUTRAL, ['config', '--null', '--name-only', '--get-regexp', '^filter\\..*\\.(clean|smudge|process|required)$']);
	return stdout.toString('utf8').split('\0').filter((name) => name !== '')
		.map((name) => (name.endsWith('.required') ? `${name}=false` : `${name}=`));
}

/** The commits of a range as mails, oldest first. A single commit means that commit. */
export async function rangeAsMails(tree: string, range: string): Promise<GitAnswer> {
	if (range.startsWith('-')) {
		return { status: 128, stdout: Buffer.alloc(0), stderr: `${range}: not a git range` };
	}
	const words = ['format-patch', '--stdout', '--no-ext-diff', '--no-textconv', '--full-index', '--no-signature', '--no-cover-letter', '--no-attach', '--no-base'];
	return git(tree, NEUTRAL, [...words, ...(range.includes('..') ? [] : ['-1']), '--end-of-options', range, '--']);
}

/** The working tree's changes against HEAD, as one diff. */
export const workingTreeChanges = async (tree: string): Promise<GitAnswer> =>
	git(tree, [...NEUTRAL, ...await filtersOff(tree)], ['diff', '--no-ext-diff', '--no-textconv', '--full-index', '--no-color', 'HEAD', '--', '*.c', '*.h']);

/** Objects of the folder's repository, where it has one. `cat-file` runs no filter, hook or driver. The analysis cannot wait, so git is waited for here. */
export class GitObjects {
	private repository: boolean | null = null;
	private readonly known = new Map<string, string>();

	constructor(private readonly root: string) {}

	/** The text of a blob by its id, or by `commit:./path`; null where the repository has none. */
	text(name: string): string | null {
		this.repository ??= this.ask(['rev-parse', '--git-dir']) !== null;
		if (!this.repository) {
			return null;
		}
		const cached = this.known.get(name);
		if (cached !== undefined) {
			return cached;
		}
		const text = this.ask(['cat-file', 'blob', name]);
		// What is missing may be fetched yet.
		if (text !== null) {
			this.known.set(name, text);
			const [oldest] = this.known.keys();
			if (this.known.size > KEPT_OBJECTS) {
				this.known.delete(oldest!);
			}
		}
		return text;
	}

	private ask(words: readonly string[]): string | null {
		const options: ExecFileSyncOptionsWithStringEncoding = {
			encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: LONGEST_OBJECT_MILLISECONDS, maxBuffer: LARGEST_OBJECT_BYTES, env: environment(),
		};
		try {
			return execFileSync('git', wordsFor(this.root, NEUTRAL, words), options);
		} catch {
			return null;
		}
	}
}

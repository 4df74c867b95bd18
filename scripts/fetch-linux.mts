import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Fetches Debian's linux-source-6.12 and that source package's debian/patches into a cache outside of the checkout, through apt.
 * usage: tsx scripts/fetch-linux.mts      prints the tree's path; what cannot be had is said in a line and skipped, exit 0.
 */

const PACKAGE = 'linux-source-6.12';
const SOURCE = 'linux-6.12';
const MINUTES = 15;
const VERSIONS = 8;
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'krr-linux');
const trees = join(cache, 'tree');
const tree = join(trees, PACKAGE);

const say = (text: string): void => {
	process.stderr.write(`${text}\n`);
};

/** Runs with its own output shown, so that apt's and tar's progress is seen. */
function run(what: string, command: string, words: readonly string[], folder: string): boolean {
	say(`${what} …`);
	const { status, error } = spawnSync(command, [...words], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'], timeout: MINUTES * 60_000 });
	if (status !== 0) {
		say(`${what}: failed (${error?.message ?? `exit ${status}`})`);
	}
	return status === 0;
}

const found = (folder: string, pattern: RegExp): string | undefined =>
	existsSync(folder) ? readdirSync(folder).filter((name) => pattern.test(name)).sort().map((name) => join(folder, name)).at(-1) : undefined;

function fetchTree(): boolean {
	if (existsSync(join(tree, 'mm', 'memory.c'))) {
		return true;
	}
	const deb = found(cache, /^linux-source-6\.12_.*\.deb$/) ?? (run(`downloading ${PACKAGE} (150 MB)`, 'apt-get', ['download', PACKAGE], cache) ? found(cache, /^linux-source-6\.12_.*\.deb$/) : undefined);
	if (deb === undefined || !run('unpacking the package', 'dpkg-deb', ['-x', deb, cache], cache)) {
		return false;
	}
	const archive = found(join(cache, 'usr', 'src'), /^linux-source-6\.12\.tar\.xz$/);
	mkdirSync(trees, { recursive: true });
	const done = archive !== undefined && run('unpacking the tree (1.5 GB)', 'tar', ['--checkpoint=20000', '--checkpoint-action=echo=%u blocks', '-xJf', archive, '-C', trees], trees);
	if (!done) {
		// Half a tree would look like a whole one to the next run.
		rmSync(tree, { recursive: true, force: true });
	}
	return done;
}

/** The source package alone, without the 150 MB of original source: apt with lists and sources of its own, the system's are left alone. */
function fetchPatches(): boolean {
	if (existsSync(join(trees, 'debian', 'patches', 'series'))) {
		return true;
	}
	const apt = join(cache, 'apt');
	mkdirSync(join(apt, 'lists', 'partial'), { recursive: true });
	mkdirSync(join(apt, 'archives', 'partial'), { recursive: true });
	const list = join(apt, 'sources.list');
	writeFileSync(list, ['http://deb.debian.org/debian bookworm', 'http://deb.debian.org/debian-security bookworm-security'].map((line) => `deb-src ${line} main\n`).join(''));
	const own = ['-o', `Dir::Etc::SourceList=${list}`, '-o', 'Dir::Etc::SourceParts=/dev/null', '-o', `Dir::State::Lists=${join(apt, 'lists')}`, '-o', `Dir::Cache=${apt}`, '-o', 'APT::Sandbox::User=root'];
	if (!run('reading the list of source packages', 'apt-get', [...own, 'update'], apt)) {
		return false;
	}
	// A mirror may list a version before it has it, so the ones before are tried too.
	const listed = spawnSync('apt-cache', [...own, 'showsrc', SOURCE], { encoding: 'utf8' }).stdout;
	const versions = [...new Set([...listed.matchAll(/^Version: (6\.12\.\S+)$/gm)].map(([, version]) => version!))]
		.sort((a, b) => b.localeCompare(a, 'en', { numeric: true })).slice(0, VERSIONS);
	for (const version of versions) {
		if (run(`downloading the patches of ${SOURCE} ${version} (2 MB)`, 'apt-get', [...own, 'source', '--download-only', '--diff-only', `${SOURCE}=${version}`], apt)) {
			const archive = found(apt, /^linux-6\.12_.*\.debian\.tar\.xz$/);
			return archive !== undefined && run('unpacking the patches', 'tar', ['-xJf', archive, '-C', trees, 'debian/patches'], trees);
		}
	}
	return false;
}

try {
	execFileSync('apt-get', ['--version'], { stdio: 'ignore' });
	mkdirSync(trees, { recursive: true });
	say(fetchTree() ? `tree: ${tree}` : 'skipped: the kernel tree cannot be had here');
	say(fetchPatches() ? `patches: ${join(trees, 'debian', 'patches')}` : "skipped: Debian's patches cannot be had here");
} catch {
	say('skipped: this machine has no apt-get, which the kernel tree is fetched with');
}

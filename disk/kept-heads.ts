import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { GatheredHeads } from './gathered-heads';

/**
 * The heads of a tree's folders, kept between runs: what has not changed since is not read again. Of each file its time of change and its size are looked at
 * before what is kept of it is believed, and a file of ours that is not as it was written is taken for none.
 */

/** What the files are called; another form has another name. */
const ENDING = '.heads-1';
const SEAL_BYTES = 20;
/** Trees of which heads are kept, those that were written last. */
const KEPT_TREES = 8;

const sealOf = (body: Buffer): Buffer => createHash('sha1').update(body).digest();

/** Where this user's programs keep what they can make again; null where that is unknown. */
function cacheFolder(): string | null {
	const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
	const folder = xdg !== undefined && isAbsolute(xdg) ? xdg : platform() === 'win32' ? local : join(homedir(), ...(platform() === 'darwin' ? ['Library', 'Caches'] : ['.cache']));
	return folder === undefined || !isAbsolute(folder) ? null : join(folder, 'kernel-race-review', 'trees');
}

/** The file for the tree in that folder; null where nothing can be kept. */
export function keptFile(root: string): string | null {
	const folder = cacheFolder();
	return folder === null ? null : join(folder, `${createHash('sha1').update(root).digest('hex')}${ENDING}`);
}

/** By folder; nothing where the file is not there or is not as it was written. */
export function readKept(file: string): ReadonlyMap<string, GatheredHeads> {
	try {
		const bytes = readFileSync(file);
		const body = bytes.subarray(SEAL_BYTES);
		if (!sealOf(body).equals(bytes.subarray(0, SEAL_BYTES))) return new Map();
		return new Map((deserialize(body) as readonly GatheredHeads[]).map((each) => [each.folder, each]));
	} catch {
		return new Map();
	}
}

/** Where nothing can be written, nothing is kept. */
export function keep(file: string, heads: readonly GatheredHeads[]): void {
	try {
		const body = serialize(heads);
		const folder = dirname(file);
		mkdirSync(folder, { recursive: true });
		writeFileSync(`${file}.new`, Buffer.concat([sealOf(body), body]));
		renameSync(`${file}.new`, file);
		forgetOldest(folder);
	} catch {
		// The next run reads the tree again.
	}
}

function forgetOldest(folder: string): void {
	const written = (each: string): number => statSync(each, { throwIfNoEntry: false })?.mtimeMs ?? 0;
	const files = readdirSync(folder).filter((each) => each.endsWith(ENDING)).map((each) => join(folder, each)).sort((a, b) => written(b) - written(a));
	for (const each of files.slice(KEPT_TREES)) rmSync(each, { force: true });
}

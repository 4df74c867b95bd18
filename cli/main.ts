import { join } from 'node:path';
import { createAnalyzer, type TreePort } from '../analyzer';
import { ownFolder, readAssets } from './assets';
import { run, type Surroundings } from './run';
import { GATHERER } from '../disk/heads-ahead';
import { treePort } from '../disk/tree-port';
import { together } from './user-knowledge';

/** Put there by the build, from package.json. */
declare const RACE_REVIEW_VERSION: string;

const readStdin = async (): Promise<Uint8Array> => {
	const chunks: Buffer[] = [];
	for await (const chunk of process.stdin) {
		chunks.push(chunk as Buffer);
	}
	return Buffer.concat(chunks);
};

/** Where nothing but a compilation in the background is waited for, Node thinks that it is at its end and waits until all compilers rest: some tenths of a second. */
const HOLD_MS = 2 ** 30;

/** The engine as the command line has it. */
export const engine: Surroundings['engine'] = async (own, bytes) => {
	const assets = await readAssets(bytes);
	return createAnalyzer({ ...assets, knowledge: together(assets.knowledge, own) });
};

/** A tree as the command line opens it. */
export const openTree = (folder: string): TreePort => treePort(folder, true, join(ownFolder(), GATHERER));

/** The command line as a process: what it was given to its exit status. */
export function main(words: readonly string[]): Promise<number> {
	const cancel = new AbortController();
	process.once('SIGINT', () => cancel.abort());
	// A reader that has seen enough (`| head`) is no error.
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE') {
			throw error;
		}
		process.exit();
	});
	const alive = setInterval(() => {}, HOLD_MS);
	return run(words, {
		cwd: process.cwd(),
		version: RACE_REVIEW_VERSION,
		stdin: readStdin,
		out: (text) => { process.stdout.write(text); },
		err: (text) => { process.stderr.write(text); },
		engine,
		tree: openTree,
		signal: cancel.signal,
		bug: (error) => {
			if (process.env['RACE_REVIEW_STACKS']) {
				console.error(error);
			}
		},
	}).finally(() => { clearInterval(alive); });
}

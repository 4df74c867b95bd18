import { workerData } from 'node:worker_threads';
import { TreeHeads } from './file-heads';
import { claimParts, type GatheredHeads, type Gathering } from './gathered-heads';
import { TreeFiles } from './tree-files';

/** What the thread runs that `HeadsAhead` starts: it reads the folders' C files, as far as nobody else does, and sends what each folder has as soon as it is known. */
function gather({ root, folders, port, done, claimed }: Gathering): void {
	const tell = (count: number): void => {
		Atomics.store(done, 0, count);
		Atomics.notify(done, 0);
	};
	try {
		const listing = new TreeFiles(root);
		for (const [index, folder] of folders.entries()) {
			const reader = new TreeHeads(root);
			const mine: string[] = [];
			claimParts(claimed, index, [...listing.under(folder, new Set())], (files) => {
				for (const file of files) reader.of(file, 0, Number.POSITIVE_INFINITY);
				mine.push(...files);
			});
			const heads = packed(folder, mine, reader);
			port.postMessage(heads, [heads.stats.buffer as ArrayBuffer, heads.spans.buffer as ArrayBuffer, heads.hashes.buffer as ArrayBuffer]);
			tell(index + 1);
		}
	} finally {
		tell(folders.length + 1);
		port.close();
	}
}

function packed(folder: string, files: readonly string[], heads: TreeHeads): GatheredHeads {
	const stats = new Float64Array(2 * files.length);
	const spans = new Uint32Array(3 * files.length);
	for (const [index, file] of files.entries()) {
		const { modified, size, from, declared, to } = heads.of(file, 0, Number.POSITIVE_INFINITY);
		stats.set([modified, size], 2 * index);
		spans.set([from, declared, to], 3 * index);
	}
	return { folder, files, stats, spans, hashes: heads.all.values.slice(0, heads.all.length) };
}

gather(workerData as Gathering);

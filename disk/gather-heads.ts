import { workerData } from 'node:worker_threads';
import { TreeHeads } from './file-heads';
import { claimParts, type GatheredHeads, type Gathering } from './gathered-heads';
import { Hashes } from './heads';
import { keep, readKept } from './kept-heads';
import { TreeFiles } from './tree-files';

/** When what an earlier run has kept was looked at: before anybody asks. */
const EARLIER = -1;

/** A folder's files, as the thread has read them or an earlier run has. */
interface Folder {
	readonly name: string;
	readonly files: readonly string[];
	readonly reader: TreeHeads;
}

/**
 * What the thread runs that `HeadsAhead` starts: it reads the folders' C files, as far as nobody else does and they are not as an earlier run has read them, and sends what each
 * folder has as soon as it is known. In the end it keeps all of it for the next run.
 */
function gather({ root, folders, port, done, claimed, kept }: Gathering): void {
	const tell = (count: number): void => {
		Atomics.store(done, 0, count);
		Atomics.notify(done, 0);
	};
	const before = kept === null ? new Map<string, GatheredHeads>() : readKept(kept);
	const gathered: Folder[] = [];
	try {
		const listing = new TreeFiles(root);
		for (const [index, name] of folders.entries()) {
			const reader = new TreeHeads(root);
			const known = before.get(name);
			if (known) reader.add(known, EARLIER);
			const files = [...listing.under(name, new Set())];
			const mine: string[] = [];
			claimParts(claimed, index, files, (part) => {
				for (const file of part) reader.of(file, 0, Number.POSITIVE_INFINITY);
				mine.push(...part);
			});
			const heads = packed({ name, files: mine, reader });
			port.postMessage(heads, [heads.stats.buffer as ArrayBuffer, heads.spans.buffer as ArrayBuffer, heads.hashes.buffer as ArrayBuffer]);
			tell(index + 1);
			gathered.push({ name, files, reader });
		}
	} finally {
		tell(folders.length + 1);
		port.close();
	}
	if (kept === null) return;
	const now = gathered.map(packed);
	if (gathered.some(({ name, files, reader }) => reader.reads > 0 || files.length !== before.get(name)?.files.length)) keep(kept, now);
}

/** The heads of these files, and of no others. */
function packed({ name, files, reader }: Folder): GatheredHeads {
	const stats = new Float64Array(2 * files.length);
	const spans = new Uint32Array(3 * files.length);
	const hashes = new Hashes();
	for (const [index, file] of files.entries()) {
		const { modified, size, from, declared, to } = reader.of(file, 0, Number.POSITIVE_INFINITY);
		const begin = hashes.length;
		hashes.append(reader.all.values.subarray(from, to));
		stats.set([modified, size], 2 * index);
		spans.set([begin, begin + declared - from, begin + to - from], 3 * index);
	}
	return { folder: name, files, stats, spans, hashes: hashes.values.slice(0, hashes.length) };
}

gather(workerData as Gathering);

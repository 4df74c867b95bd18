import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { claimParts, type GatheredHeads, type Gathering, partsOf } from './gathered-heads';
import { keptFile } from './kept-heads';

/** What the build calls the gathering thread's script. */
export const GATHERER = 'heads.cjs';
/** Who waits longer than this for a folder does it himself. */
const LONGEST_WAIT_MS = 3_000;

/** A folder's files, and the heads of those that were read beside this thread; all others are read by who asks, or were. */
interface Taken {
	readonly files: readonly string[];
	readonly heads: GatheredHeads | null;
}

/**
 * The heads of a tree's folders, gathered by a thread of its own from the beginning on: nearly every review asks for them, and has other things to do before.
 * Who asks for a folder too early reads a part of it instead of waiting. Whether heads come this way or are read by who asks makes no difference to any answer.
 */
export class HeadsAhead {
	/** When it was begun: what comes was read then or later. */
	readonly begun = performance.now();
	private readonly done = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
	private readonly claimed: Int32Array;
	private readonly arrived = new Map<string, GatheredHeads>();
	private readonly asked = new Set<string>();
	private readonly port: MessagePort;
	private late = false;
	/** The thread has sent all that it will, and has kept it. */
	readonly ended: Promise<void>;

	/** `folders`: in the order in which they will be asked for. `kept`: the file with what an earlier run has gathered. */
	constructor(script: string, root: string, private readonly folders: readonly string[], kept: string | null) {
		const { port1, port2 } = new MessageChannel();
		this.port = port1;
		this.claimed = new Int32Array(new SharedArrayBuffer(folders.length * Int32Array.BYTES_PER_ELEMENT));
		const workerData: Gathering = { root, folders, port: port2, done: this.done, claimed: this.claimed, kept };
		const worker = new Worker(script, { workerData, transferList: [port2] });
		// A thread that fails has sent less: what is missing is read here.
		worker.on('error', () => {});
		this.ended = new Promise((ended) => { worker.on('exit', () => { ended(); }); });
		worker.unref();
		port1.unref();
	}

	/** The folder's files with their heads, once. `list` and `read` are how who asks does what the thread has not begun. Null where they will not come. */
	take(folder: string, list: () => readonly string[], read: (file: string) => void): Taken | null {
		const index = this.folders.indexOf(folder);
		if (index < 0 || this.late || this.asked.has(folder)) {
			return null;
		}
		this.asked.add(folder);
		const files = Atomics.load(this.done, 0) > index ? null : list();
		if (files && claimParts(this.claimed, index, files, (part) => { part.forEach(read); }) === partsOf(files)) {
			return { files, heads: null };
		}
		for (let count = Atomics.load(this.done, 0); count <= index; count = Atomics.load(this.done, 0)) {
			if (Atomics.wait(this.done, 0, count, LONGEST_WAIT_MS) === 'timed-out') {
				this.late = true;
				return null;
			}
		}
		for (let next = receiveMessageOnPort(this.port); next !== undefined; next = receiveMessageOnPort(this.port)) {
			const heads = next.message as GatheredHeads;
			this.arrived.set(heads.folder, heads);
		}
		const heads = this.arrived.get(folder);
		this.arrived.delete(folder);
		return heads ? { files: files ?? heads.files, heads } : null;
	}
}

/** Begins to gather, where the script is there and the tree is a kernel's: of a smaller one the first search costs less than a thread. */
export function headsAhead(script: string | undefined, root: string, folders: readonly string[]): HeadsAhead | null {
	return script !== undefined && existsSync(script) && existsSync(join(root, 'include', 'linux')) ? new HeadsAhead(script, root, folders, keptFile(root)) : null;
}

/** Work that can be laid aside: each `next` does some milliseconds of it at most, as far as explorations go. */
export type Slices<T> = Generator<unknown, T>;

/** After so many milliseconds others have their turn. */
const SLICE_MS = 12;

/** A turn of the event loop, so that an abort or another message is heard. Timers would cost a millisecond each, where there is something quicker. */
export const turn = (): Promise<void> => new Promise((done) => {
	if (typeof setImmediate === 'function') setImmediate(done);
	else setTimeout(done);
});

/** Does all of the work; with a signal it gives up the thread every few milliseconds, and gives undefined once the signal is aborted. */
export async function finished<T>(slices: Slices<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
	for (let since = performance.now(); ;) {
		const next = slices.next();
		if (next.done === true) return next.value;
		if (signal === undefined || performance.now() - since < SLICE_MS) continue;
		await turn();
		if (signal.aborted) return undefined;
		since = performance.now();
	}
}

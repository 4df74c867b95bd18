import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { finished, type Slices } from '../../analyzer/judge/slices';
import { sourceAnalyzer } from '../measure/engine';

/** Busy for so many milliseconds, which no other part of the process can interrupt. */
function busy(milliseconds: number): void {
	for (const until = performance.now() + milliseconds; performance.now() < until;);
}

function* work(slices: number, milliseconds: number): Slices<string> {
	for (let i = 0; i < slices; i++) {
		busy(milliseconds);
		yield;
	}
	return 'done';
}

/** How long after it the work that an abort breaks off comes to its end, and with what. */
async function broken(slices: Slices<string>): Promise<{ readonly late: number; readonly result: string | undefined }> {
	const abort = new AbortController();
	let aborted = 0;
	setTimeout(() => {
		aborted = performance.now();
		abort.abort();
	}, 30);
	const result = await finished(slices, abort.signal);
	return { late: performance.now() - aborted, result };
}

describe('cancelling a review', () => {
	// A machine busy with other things may not give this process its turn in time.
	test('work in slices hears a signal within 50 ms', { retry: 3 }, async () => {
		const { late, result } = await broken(work(200, 4));
		expect(result).toBeUndefined();
		expect(late).toBeLessThan(50);
	});

	test('work that is not broken off is done, with a signal and without', async () => {
		expect(await finished(work(3, 8), new AbortController().signal)).toBe('done');
		expect(await finished(work(3, 1), undefined)).toBe('done');
	});

	test('without a signal the thread is not given up', async () => {
		let others = 0;
		setImmediate(() => { others++; });
		const done = finished(work(5, 8), undefined);
		expect(others).toBe(0);
		await done;
	});

	test('others have their turn within a scenario, and what is broken off there is not told', async () => {
		const analyzer = await sourceAnalyzer();
		const document = new Uint8Array(readFileSync(new URL('../../samples/quill.mbox', import.meta.url)));
		let scenario = '';
		let turns = 0;
		let stop = false;
		const ping = (): void => {
			if (scenario !== '') turns++;
			if (!stop) setImmediate(ping);
		};
		setImmediate(ping);
		const whole = await analyzer.review(document, { name: 'quill', signal: new AbortController().signal, progress: ({ stage, outcome }) => { scenario = outcome === undefined ? stage : ''; } });
		stop = true;
		expect(turns).toBeGreaterThan(0);
		const abort = new AbortController();
		const told = await analyzer.review(document, { name: 'quill', signal: abort.signal, progress: () => { abort.abort(); } });
		// What came before the first scenario has none.
		expect(told).toEqual(whole.slice(0, whole.findIndex(({ scenarios }) => scenarios.length > 0)));
	}, 60_000);
});

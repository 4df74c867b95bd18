import type { Analyzer } from '../../analyzer/engine';
import type { TreePort } from '../../analyzer/ports';
import type { InputReview } from '../../analyzer/review';

export interface TimedReview {
	readonly reviews: readonly InputReview[];
	/** Of processor time: the machine may be doing other things besides. */
	readonly milliseconds: number;
	/** The engine threw: a bug of ours. */
	readonly error: string | null;
}

/** One review of one mail; scenarios that begin after the deadline (of processor time, as is told) are left out. */
export async function timedReview(analyzer: Analyzer, name: string, text: string, tree: TreePort | undefined, deadlineMilliseconds: number): Promise<TimedReview> {
	const started = performance.now();
	const begun = process.cpuUsage();
	const spent = (): number => {
		const { user, system } = process.cpuUsage(begun);
		return (user + system) / 1000;
	};
	const abort = new AbortController();
	const progress = ({ stage, done, total }: { readonly stage: string; readonly done: number; readonly total: number }): void => {
		if (process.env['MEASURE_TRACE'] === '1') {
			console.error(`${Math.round(performance.now() - started)} ms: ${stage} ${done}/${total}`);
		}
		// Of processor time too: a busy machine must not lose reviews.
		if (spent() > deadlineMilliseconds) {
			abort.abort();
		}
	};
	try {
		const done: InputReview[] = [];
		const reviews = await analyzer.review(text, { name, ...(tree ? { tree } : {}), signal: abort.signal, progress, reviewed: (review) => done.push(review) });
		return { reviews: reviews.length > 0 ? reviews : done, milliseconds: spent(), error: null };
	} catch (error) {
		return { reviews: [], milliseconds: spent(), error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
	}
}

/** Median, 95th percentile and slowest of processor times, in words. */
export function timesOf(milliseconds: readonly number[]): string {
	const sorted = [...milliseconds].sort((a, b) => a - b);
	const at = (share: number): string => `${Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)} ms`;
	return `processor time: median ${at(0.5)}, 95 % ${at(0.95)}, slowest ${at(1)}`;
}

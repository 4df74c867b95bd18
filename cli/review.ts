import type { Analyzer, ReviewRequest } from '../analyzer/engine';
import type { InputReview } from '../analyzer/review';
import { type Document, type Input, isDocument } from './inputs';

/** Runs the engine over the inputs, one after the other; what one of them does stops none behind it. */

export interface Run {
	readonly reviews: readonly InputReview[];
	/** Inputs that could not be used, as `name: sentence`. */
	readonly unusable: readonly string[];
	/** Text of each document by name, for reports that quote it. */
	readonly documents: ReadonlyMap<string, string>;
	readonly cancelled: boolean;
}

/** A review of what could not be reviewed: its outcome, and the sentence that says why. */
const unreviewed = (name: string, sentence: string): InputReview => ({
	input: name, subject: '', commit: null, repairs: [], problems: [sentence], outcome: 'no-diff', scenarios: [], functions: [],
	from: 0, to: 0, notModelled: [], leftOut: 0,
});

const sentenceOf = (error: unknown): string =>
	`internal error, please report it: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`;

const textOf = ({ bytes }: Document): string => {
	const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
	return new TextDecoder(utf16).decode(bytes);
};

/** `request` without name; `failed` hears of our own bugs; `finish` completes the reviews of a document while the engine still knows it. */
export async function reviewInputs(
	analyzer: Analyzer, inputs: readonly Input[], request: Omit<ReviewRequest, 'name'>, failed: (error: unknown) => void,
	finish: (reviews: readonly InputReview[]) => Promise<readonly InputReview[]> = async (result) => result,
): Promise<Run> {
	const reviews: InputReview[] = [];
	const unusable: string[] = [];
	const documents = new Map<string, string>();
	const before: Uint8Array[] = [];
	for (const input of inputs) {
		if (request.signal?.aborted) {
			break;
		}
		if (!isDocument(input)) {
			unusable.push(`${input.name}: ${input.sentence}`);
			reviews.push(unreviewed(input.name, input.sentence));
			continue;
		}
		documents.set(input.name, textOf(input));
		// Kept apart from the result, so that an engine that fails half way through a mailbox loses nothing.
		const done: InputReview[] = [];
		try {
			const result = await analyzer.review(input.bytes, { ...request, name: input.name, after: [...before], reviewed: (review) => done.push(review) });
			reviews.push(...(result.length || request.signal?.aborted ? await finish(result) : [unreviewed(input.name, 'no patch was found in it')]));
		} catch (error) {
			failed(error);
			unusable.push(`${input.name}: ${sentenceOf(error)}`);
			reviews.push(...done, unreviewed(input.name, sentenceOf(error)));
		}
		before.push(input.bytes);
	}
	return { reviews, unusable, documents, cancelled: request.signal?.aborted ?? false };
}

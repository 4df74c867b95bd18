import type { Review } from '../review';

/** The machine's report: one document, its shape only ever added to. Ends with a newline. */
export const jsonOf = (review: Review): string => `${JSON.stringify(review, null, '\t')}\n`;

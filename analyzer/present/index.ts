import type { Review } from '../review';
import { b4Of } from './b4';
import { jsonOf } from './json';
import { markdownOf } from './markdown';
import { mailOf } from './reply';
import { sarifOf } from './sarif';
import { textOf } from './text';

export type { B4Check } from './b4';
export { failureTable, scheduleTable, TABLE_COLUMNS } from './schedule-table';
export { suggestedLines } from './suggested';
export { CHECK_MEANING, objects, printable, runBy } from './wording';

export type ReportFormat = 'text' | 'json' | 'sarif' | 'markdown' | 'reply' | 'b4';

/** Every report there is: the review and the documents' text by input name in, text that ends with a newline out. */
export const REPORTS: Readonly<Record<ReportFormat, (review: Review, documents: ReadonlyMap<string, string>) => string>> = {
	text: textOf,
	json: jsonOf,
	sarif: sarifOf,
	markdown: markdownOf,
	reply: mailOf,
	b4: b4Of,
};

export const REPORT_FORMATS = Object.keys(REPORTS) as readonly ReportFormat[];

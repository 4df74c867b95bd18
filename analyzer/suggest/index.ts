/** What else a patch would need: single edits, found by search once its verdict is known. */
export { KeptFailing, withSuggestions } from './kept';
export type { SuggestRequest, Suggestion } from './request';

/** What a mail claims, taken at its word: for what it is to end, and for where its patch falls short of that. */
export { claims, OF_UPDATES } from './claim';
export { isWhatIsClaimed } from './failure-kind';
export { halfRemedies } from './half-remedies';
export { toldScenarios } from './scenarios';

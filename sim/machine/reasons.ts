/** Why a check failed, finer than the check's name; the files under checks/ turn it into words. */
export type Reason =
	| 'null' | 'error-pointer' | 'wild' | 'freed' | 'never-allocated' | 'freed-twice'
	| 'below-zero' | 'on-zero' | 'leak'
	| 'not-held' | 'held-by-another' | 'still-held' | 'context-left' | 'reader-left'
	| 'asserted' | 'watch-broken' | 'overlap'
	| 'sleeps' | 'deadlock' | 'race';

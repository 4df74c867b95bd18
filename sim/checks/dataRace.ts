/** Plain accesses that conflict with nothing to order them: a note, which the search gathers as it goes (see search/races.ts). */
export const dataRace = (threads: readonly [string, string], cell: string, bothWrite: boolean): string =>
	`${threads[0]} and ${threads[1]} access ${cell} at the same time, ${bothWrite ? 'both write' : 'one writes'}, and nothing orders them`;

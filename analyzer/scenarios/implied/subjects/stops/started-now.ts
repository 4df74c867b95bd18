import type { Change } from '../../change';
import { lastWord, type Site, sitesOf } from '../../sites';

const STARTS: ReadonlySet<string> = new Set(['spawn', 'register']);

/**
 * What the patch waits for it brings itself: before it, nothing in sight started or set up that callback, and after it something does. Nothing came too late then, so that the
 * wait ends nothing.
 */
export function startedNow({ pre, post }: Change, { row }: Site, place: string): boolean {
	const starts = row?.effect === 'flush' && row.every === 'rcu' ? callsBack : (side: Change['post']): boolean => isStarted(side, lastWord(place));
	return starts(post) && !starts(pre);
}

const callsBack = (side: Change['post']): boolean => [...side.functions.values()].some((definition) => sitesOf(definition, side).some(({ row }) => row?.effect === 'rcu-call'));

const isStarted = (side: Change['post'], member: string): boolean => member !== '' && [...side.functions.values()].some((definition) => sitesOf(definition, side).some(({ row, args }) =>
	STARTS.has(row?.effect ?? '') && args.some((arg) => lastWord(arg) === member)));

/** What the call takes away the patch itself puts there: behind it the member that leads to it is set, and before it nothing in sight knows of one. */
export function broughtNow({ pre, post }: Change, { args }: Site): boolean {
	const member = lastWord(args[0] ?? '');
	const inAny = (side: Change['post'], pattern: RegExp): boolean => [...side.functions.values()].some(({ fn }) => pattern.test(fn.body.text));
	return member !== '' && inAny(post, new RegExp(`(?:->|\\.)\\s*${member}\\s*=[^=]`)) && !inAny(pre, new RegExp(`\\b${member}\\b`));
}

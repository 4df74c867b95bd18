import type { Party } from '../lower/party';
import type { ImpliedScenario } from './implied/partner';
import { partyOf } from './roles';
import type { Side } from './side';
import type { Models } from './sources';

/** Words of a mail about something that sleeps where it must not. */
const ATOMIC = /\bsleep\w*[ -](?:in|while|under|inside|within)[ -](?:an? |the )?(?:atomic|interrupt|irq|spin|rcu)|sleeping function called|scheduling while atomic|invalid wait context|\b(?:from|in|under|within) (?:an? |the )?(?:atomic|(?:hard|soft)[ -]?irq|interrupt|irq|bh) context|in_atomic\(\)/i;
/** Changed functions beyond these are left out. */
const FUNCTIONS_BOUND = 4;

/** Where the mail says that something runs in atomic context, the functions that the patch changes are run in one: what slept there and does no longer is what it mends. */
export function toldAtomic(pre: Side | null, post: Side | null, models: Models, words: string): readonly ImpliedScenario[] {
	const said = ATOMIC.exec(words);
	if (!pre || !post || !said) return [];
	return post.changed.filter((name) => pre.functions.has(name)).slice(0, FUNCTIONS_BOUND).flatMap((name) => {
		const alone = (side: Side): readonly Party[] | null => {
			const party = partyOf(side, models, name, 0);
			return party?.context === 'task' ? [{ name: party.name, entry: party.entry, definition: party.definition, context: 'softirq', start: 'ready', runs: 1, modelled: false }] : null;
		};
		const [before, after] = [alone(pre), alone(post)];
		if (!before || !after) return [];
		const reason = `${name}() runs in atomic context, as the mail has it: ${said[0]}`;
		return [{ because: 'prose' as const, reason, pre: before, post: after, entries: [name], claimed: false, weight: 20, tells: 'fixes' as const }];
	});
}

import { isNamed } from '../../knowledge/namings';
import { says } from '../../knowledge/phrases';
import type { Row } from '../../knowledge/row';
import type { Definition } from '../../lower/sources';
import type { Party } from '../../lower/threads/party';
import { withoutAssurances } from '../../mail/intent';
import { roleOf } from '../callers/roles';
import type { Side } from '../sides/side';
import { added, type Change, removed } from './change';
import { type ImpliedScenario, own, wrapper } from './partner';
import { heldAt, READ_SIDE, type Site, sitesIn } from './sites';

const DELAYS = /^(m|u|n)delay$/;
const ATOMIC = /GFP_(ATOMIC|NOWAIT)/;
const FLAGS = /\bGFP_\w+/;
const MAY_SLEEP: ReadonlySet<Row['effect']> = new Set(['might-sleep', 'none', 'schedule']);

/** What could not sleep now may. */
function nowSleeps(gone: readonly Site[], come: readonly Site[], flags: (site: Site) => string, waits: (site: Site) => boolean): Site | undefined {
	const may = (site: Site): boolean => flags(site) !== '' && !ATOMIC.test(flags(site));
	return gone.find((site) => ATOMIC.test(flags(site)) && come.some((each) => each.api === site.api && may(each)))
		?? (come.some(waits) ? gone.find((site) => DELAYS.test(site.api)) : undefined);
}

/** Who calls it in sight did so in a section that must not sleep, and no longer does. */
function hasLeft({ name, pre, post }: Change): boolean {
	const inside = (side: Side): boolean => (post.callers.get(name) ?? []).some((caller) => {
		const sites = sitesIn(side, caller);
		return sites.some(({ api }, at) => api === name && [...heldAt(sites, at)].some(([lock, { acquire }]) => lock === READ_SIDE || (acquire?.row?.effect === 'lock' && acquire.row.kind === 'spin')));
	});
	return inside(pre) && !inside(post);
}

/** A handler of an interrupt whose name, or what it does already, tells that it runs in a thread of its own. */
const isThreaded = ({ after, post }: Change): boolean => /\birqreturn_t\b/.test(after.fn.returns) && roleOf(post, after)?.row.context === 'task';

/** What slept no longer does, or what did not now does, without a word of why: the code runs where it must not. That a mutex became a spin lock may be for its size or speed: then the mail must say something of where. */
export function atomicContexts(change: Change, mail: string): readonly ImpliedScenario[] {
	// A work item is run by a thread.
	if (change.after.fn.params.some(({ type }) => /\b(?:work_struct|kthread_work)\b/.test(type))) return [];
	const [gone, come] = [removed(change), added(change)];
	// Of what nobody knows, whatever argument looks like it.
	const flags = (site: Site): string => site.args[site.row?.gfp ?? site.args.findIndex((arg) => FLAGS.test(arg))] ?? '';
	const waits = ({ api, row }: Site): boolean => {
		const told = row ?? (change.post.functions.has(api) ? undefined : change.post.sources.table.rows.evenPartial(api));
		return told?.sleeps === true && MAY_SLEEP.has(told.effect);
	};
	const gfp = gone.find((site) => flags(site) !== '' && !ATOMIC.test(flags(site)) && come.some((each) => each.api === site.api && ATOMIC.test(flags(each))));
	const sleep = come.some((site) => DELAYS.test(site.api)) ? gone.find(waits) : undefined;
	const takes = (kind: string) => (site: Site): boolean => site.row?.effect === 'lock' && site.row.kind === kind;
	const mutex = says(change.post.sources.table, 'where-called', withoutAssurances(change.post.sources.table, mail)) && come.some(takes('spin')) ? gone.find(takes('mutex')) : undefined;
	const turned = says(change.post.sources.table, 'why-it-may-sleep', mail) || isThreaded(change) || isNamed(change.post.sources.table, 'sets-up', change.name) || hasLeft(change) ? undefined : nowSleeps(gone, come, flags, waits);
	const why = gfp ?? sleep ?? mutex ?? turned;
	const definition = why ? wrapper(change, '\tpreempt_disable();\n\t$self;\n\tpreempt_enable();', { self: `${change.name}(${change.after.fn.params.map((each) => each.name).join(', ')})` }) : null;
	if (!why || !definition) return [];
	const side = (of: Definition, image: Side): readonly Party[] => [own(change, definition, image, of)];
	return [{
		because: 'environment', reason: `${why === turned ? '' : 'the change of '}${why.text} implies ${change.name}() being called in atomic context${why === turned ? ', and nothing says that it no longer is' : ''}`,
		pre: side(change.before, change.pre), post: side(change.after, change.post), entries: [change.name], claimed: false, weight: 27, tells: why === turned ? 'introduces' : 'fixes',
	}];
}

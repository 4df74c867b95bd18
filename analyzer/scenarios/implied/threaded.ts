import type { ContextKind } from '../../../sim';
import type { Definition } from '../../lower/sources';
import type { Party } from '../../lower/threads/party';
import type { Sayings } from '../../mail/sayings';
import { added, type Change, removed } from './change';
import { type ImpliedScenario, thread } from './partner';
import type { Site } from './sites';

/** A function that is called back, and the context in which that is done. */
interface Registered {
	readonly handler: string;
	readonly context: ContextKind;
}

const NONE = /^(?:NULL|0|nil)$/;

/** What an interrupt, a timer or a tasklet calls, and what a thread does: by the row of the call that registers it. */
function registered({ args, row }: Site): readonly Registered[] {
	if (row?.effect !== 'register') return [];
	const named = (place: string | undefined, context: ContextKind): readonly Registered[] => {
		const handler = args[Number(/^arg(\d+)$/.exec(place ?? '')?.[1] ?? -1)]?.replace(/^&\s*/, '') ?? '';
		return /^[A-Za-z_]\w*$/.test(handler) && !NONE.test(handler) ? [{ handler, context }] : [];
	};
	return [...named(row.callback, row.context), ...named(row.threaded, 'task')];
}

/**
 * What an interrupt called back is called back by a thread now, and the mail says that something sleeps in atomic context: it is what is called back.
 * It can only ever show `fixes`.
 */
export function turnedThreads(changes: readonly Change[], said: Sayings): readonly ImpliedScenario[] {
	const { atomic } = said;
	if (atomic === null) return [];
	const found = changes.flatMap((change): readonly ImpliedScenario[] => {
		const [gone, come] = [removed(change).flatMap(registered), added(change).flatMap(registered)];
		const turned = gone.find((each) => isAtomic(each.context) && come.some((other) => other.handler === each.handler && !isAtomic(other.context)) && !come.some((other) => other.handler === each.handler && isAtomic(other.context)));
		const now = turned && come.find((each) => each.handler === turned.handler);
		const definition = turned ? thread(change, turned.handler, '', '\tmight_sleep();') : null;
		if (!turned || !now || !definition || isShown(change, turned.handler)) return [];
		const side = (context: ContextKind): readonly Party[] => [handler(definition, context)];
		return [{
			because: 'prose', reason: `${turned.handler}(), which the mail does not show, is what sleeps in atomic context, as it has it (${atomic}): it is called by a thread now`,
			pre: side(turned.context), post: side(now.context), entries: [turned.handler], claimed: false, weight: 22, tells: 'fixes',
		}];
	});
	return found.slice(0, 1);
}

const isAtomic = (context: ContextKind): boolean => context === 'hardirq' || context === 'softirq' || context === 'timer';
/** It takes part as itself where all of it is in sight. */
const isShown = ({ post }: Change, name: string): boolean => {
	const fn = post.functions.get(name)?.fn;
	return fn !== undefined && !fn.headElided && !fn.tailElided && fn.gaps.length === 0;
};

const handler = (definition: Definition, context: ContextKind): Party => ({ name: 'CPU0', entry: definition.fn.name, definition, context, start: 'ready', runs: 1, modelled: true });

import type { ContextKind } from '../../../sim';
import type { Definition } from '../../lower/sources';
import type { Party } from '../../lower/party';
import type { Sayings } from '../../mail/sayings';
import { added, type Change, removed } from './change';
import { type ImpliedScenario, thread } from './partner';
import type { Site } from './sites';

/** Where what is called back is named: the index of the argument, and the context it is called in. */
interface Registered {
	readonly handler: string;
	readonly context: ContextKind;
}

const IRQ = /^(?:devm_|pci_)?request_(?:threaded_|any_context_)?irq$/;
const NONE = /^(?:NULL|0|nil)$/;

/** What an interrupt, a timer or a tasklet calls, and what a thread does: by the call that registers it. */
function registered({ api, args }: Site): readonly Registered[] {
	const of = (index: number, context: ContextKind): readonly Registered[] => {
		const handler = args[index]?.replace(/^&\s*/, '') ?? '';
		return /^[A-Za-z_]\w*$/.test(handler) && !NONE.test(handler) ? [{ handler, context }] : [];
	};
	if (IRQ.test(api)) {
		const first = api.startsWith('devm_') || api.startsWith('pci_') ? 2 : 1;
		return [...of(first, 'hardirq'), ...(api.includes('_threaded_') || api.startsWith('pci_') ? of(first + 1, 'task') : [])];
	}
	if (/^(?:__)?(?:tasklet_(?:setup|init)|timer_setup|setup_timer)$/.test(api)) return of(1, 'softirq');
	if (/^INIT_(?:DELAYED_|DEFERRABLE_)?WORK$/.test(api)) return of(1, 'work');
	if (/^kthread_init_work$/.test(api)) return of(1, 'task');
	return [];
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

const isAtomic = (context: ContextKind): boolean => context === 'hardirq' || context === 'softirq';
/** It takes part as itself where all of it is in sight. */
const isShown = ({ post }: Change, name: string): boolean => {
	const fn = post.functions.get(name)?.fn;
	return fn !== undefined && !fn.headElided && !fn.tailElided && fn.gaps.length === 0;
};

const handler = (definition: Definition, context: ContextKind): Party => ({ name: 'CPU0', entry: definition.fn.name, definition, context, start: 'ready', runs: 1, modelled: true });

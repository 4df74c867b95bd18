import type { ContextKind } from '../../sim';
import type { Party } from '../lower/party';
import { alike, type Digests, digestsOf, has } from './digests';
import { alone } from './outlines';
import { contextOf, INTERRUPTS } from './partners';
import type { Scenario } from './scenario';
import { rootsOf, type Side } from './side';
import type { Models } from './sources';
import { touchOf } from './touch';

/** Interrupts that are tried for one function. */
const AGAINST_BOUND = 2;
/** Calls between an interrupt and what takes the lock in it. */
const DEPTH_BOUND = 4;

/**
 * A lock whose taking now lets interrupts come, or no longer does, against the interrupts of these files that take it: the function's outline, and that of
 * what takes the lock in the interrupt. What else the two do, which may be too much to be searched, does not bear on that.
 */
export function exposures(pre: Side | null, post: Side | null, models: Models): readonly Scenario[] {
	if (!pre || !post) return [];
	const digests = digestsOf(post);
	const sides = [{ side: pre, digests: digestsOf(pre) }, { side: post, digests }];
	return post.changed.filter((name) => pre.functions.has(name)).flatMap((name): readonly Scenario[] => {
		const { exposed } = touchOf(name, sides);
		// What is entered in an interrupt has them off itself.
		if (exposed.size === 0 || rootsOf(post, name).some((root) => INTERRUPTS.has(contextOf(post, root)))) return [];
		const takers = [...post.functions.keys()].flatMap((handler) => {
			const context = contextOf(post, handler);
			if (handler === name || !INTERRUPTS.has(context)) return [];
			const lock = [...exposed].find((each) => has(digests.of(handler).locks.keys(), each));
			const taker = lock === undefined ? undefined : takerIn(digests, post, handler, lock);
			return taker === undefined || taker === name ? [] : [{ taker, handler, context, lock: lock ?? '' }];
		});
		return takers.slice(0, AGAINST_BOUND).flatMap(({ taker, handler, context, lock }): readonly Scenario[] => {
			const of = (side: Side): readonly Party[] => [...alone(side, models, name, 0), ...inContext(alone(side, models, taker, 1), context)];
			const [before, after] = [of(pre), of(post)];
			return before.length < 2 || after.length < 2 ? [] : [{
				because: 'conflict', reason: `${name}() takes ${lock} with interrupts on, or off, and ${handler}() takes it in one`, pre: before, post: after,
				entries: [name, taker], claimed: false, weight: 20, outline: new Set(['irq-unsafe-lock']),
			}];
		});
	});
}

const inContext = (parties: readonly Party[], context: ContextKind): readonly Party[] => parties.map((party) => ({ ...party, context }));

/** The function that takes the lock itself, in what the interrupt calls. */
function takerIn(digests: Digests, side: Side, handler: string, lock: string): string | undefined {
	let level = [handler];
	for (let depth = 0; depth < DEPTH_BOUND && level.length > 0; depth++) {
		const found = level.find((name) => digests.factsOf(name).some(({ kind, key }) => kind === 'lock' && alike(key, lock)));
		if (found !== undefined) return found;
		level = [...new Set(level.flatMap((name) => digests.factsOf(name).flatMap(({ kind, key }) => (kind === 'call' && side.functions.has(key) ? [key] : []))))];
	}
	return undefined;
}

import type { ContextKind } from '../../../sim';
import type { Party } from '../../lower/threads/party';
import type { CParser } from '../../parse';
import { digestsOf, has } from '../digests/digests';
import { ownCode } from '../sides/own-code';
import { alone } from './outlines';
import { contextOf, INTERRUPTS } from '../callers/roles';
import type { Scenario } from '../scenario';
import { heldAt, sitesIn } from '../implied/sites';
import { isEntry, rootsOf, type Side } from '../sides/side';
import type { Models } from '../sides/sources';
import { touchOf } from '../digests/touch';

/** Interrupts that are tried for one function. */
const AGAINST_BOUND = 2;

/**
 * A lock whose taking now lets interrupts come, or no longer does, against the interrupts of these files that take it: the function's outline, and no more
 * of the interrupt than that it takes the lock. What else the two do, which may be too much to be searched, does not bear on that.
 */
export function exposures(parser: CParser, pre: Side | null, post: Side | null, models: Models): readonly Scenario[] {
	if (!pre || !post) return [];
	const digests = digestsOf(post);
	const sides = [{ side: pre, digests: digestsOf(pre) }, { side: post, digests }];
	return post.changed.filter((name) => pre.functions.has(name)).flatMap((name): readonly Scenario[] => {
		const { exposed } = touchOf(name, sides);
		if (exposed.size === 0 || comesWithInterruptsOff(post, name)) return [];
		const own = rootsOf(post, name).map((root) => contextOf(post, root));
		// What is entered in an interrupt has those of its kind off itself.
		const comes = (context: ContextKind): boolean => INTERRUPTS.has(context) && !own.some((each) => each === 'hardirq' || (context !== 'hardirq' && INTERRUPTS.has(each)));
		const takers = [...post.functions.keys()].flatMap((handler) => {
			const context = contextOf(post, handler);
			const lock = handler === name || !comes(context) ? undefined : [...exposed].find((each) => has(digests.of(handler).locks.keys(), each));
			return lock === undefined ? [] : [{ handler, context, lock }];
		});
		return takers.slice(0, AGAINST_BOUND).flatMap(({ handler, context, lock }): readonly Scenario[] => {
			const taker = takes(parser, post, handler, context, lock);
			const of = (side: Side): readonly Party[] => [...alone(side, models, name, 0), ...(taker ? [taker] : [])];
			const [before, after] = [of(pre), of(post)];
			return before.length < 2 || after.length < 2 ? [] : [{
				because: 'conflict', reason: `${name}() takes ${lock} with interrupts on, or off, and ${handler}() takes it in one`, pre: before, post: after,
				entries: [name, handler], claimed: false, weight: 20, outline: new Set(['irq-unsafe-lock']),
			}];
		});
	});
}

/** It asserts that interrupts are off, or whoever calls it here holds a lock for which they are. */
export function comesWithInterruptsOff(side: Side, name: string): boolean {
	const definition = side.functions.get(name);
	if (definition && /\blockdep_assert_irqs_disabled\s*\(|ON(?:_ONCE)?\s*\(\s*!\s*irqs_disabled\s*\(/.test(definition.fn.body.text)) return true;
	const callers = isEntry(side, name) ? [] : (side.callers.get(name) ?? []);
	return callers.length > 0 && callers.every((caller) => {
		const sites = sitesIn(side, caller);
		const calls = sites.flatMap(({ api }, at) => (api === name ? [at] : []));
		return calls.length > 0 && calls.every((at) => [...heldAt(sites, at).values()].some(({ acquire }) => acquire?.row?.effect === 'lock' && (acquire.row.irq === 'off' || acquire.row.irq === 'save')));
	});
}

/** All of the interrupt that matters here. */
function takes(parser: CParser, side: Side, handler: string, context: ContextKind, lock: string): Party | null {
	const [owner = '', member = ''] = [lock.slice(0, lock.indexOf('.')), lock.slice(lock.indexOf('.') + 1)];
	const place = owner === 'globals' ? member : `INSTANCE(${owner})->${member}`;
	const definition = ownCode(parser, side.files[0]?.image.path ?? '', handler, `void ${handler}(void)\n{\nspin_lock(&${place});\nspin_unlock(&${place});\n}\n`);
	return definition && { name: 'CPU1', entry: handler, definition, context, start: 'ready', runs: 1, modelled: true };
}

import { added, type Change } from './change';
import { withoutParameters } from '../sides/own-code';
import { type ImpliedScenario, own, parameters, thread } from './partner';
import { lockOf, type Site } from './sites';

/** The lock is now given up around a call: what is called comes back for it. */
export function givesUp(change: Change): readonly ImpliedScenario[] {
	const fresh = added(change);
	return fresh.flatMap((site) => {
		const lock = site.row?.effect === 'unlock' ? lockOf(site) : null;
		const again = fresh.find((each) => each.row?.effect === 'lock' && lockOf(each) === lock && each.line > site.line);
		if (!lock || !again) return [];
		const [callee] = change.now.filter((each) => between(each, site, again) && (!each.row || (each.row.partial && each.row.effect === 'might-sleep')) && !change.post.functions.has(each.api));
		const definition = callee ? thread(change, callee.api, parameters(change, [lock]), `\t${again.text};\n\t${site.text};`) : null;
		if (!callee || !definition) return [];
		// Its parameters are the lock's owners, not the call's arguments.
		const standIn = withoutParameters(definition);
		return [{
			because: 'environment' as const, reason: `giving ${lock} up around ${callee.api}() speaks of ${callee.api}() coming back for it`,
			pre: [own(change, change.before, change.pre)], post: [own(change, change.after, change.post)], entries: [change.name], claimed: false, weight: 28, tells: 'fixes' as const,
			overrides: new Map([[callee.api, standIn]]),
		}];
	});
}

const between = (site: Site, first: Site, last: Site): boolean => site.line > first.line && site.line < last.line;

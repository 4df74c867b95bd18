import type { CNode } from '../../../../parse';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import type { Site } from '../../sites';

/**
 * `place` is made ready by `init` each time before `arm` queues it, on the side before; on the side after only on a condition that comes to it, or
 * elsewhere: it may be queued still, or run, when the function comes once more.
 */
export function initialisedOnce({ old, now, before, after }: Change): readonly Finding[] {
	return old.flatMap((init, at): readonly Finding[] => {
		const place = init.row?.effect === 'register' && !init.row.armed ? init.args[0] : undefined;
		const arms = (sites: readonly Site[]): Site | undefined => sites.find((site) => site.row?.effect === 'spawn' && site.args.includes(place ?? ''));
		const arm = place ? arms(old.slice(at + 1)) : undefined;
		if (!place?.startsWith('&') || !arm || arms(now)?.api !== arm.api) return [];
		const twin = now.find((site) => site.api === init.api && site.args[0] === place);
		if (twin && conditions(after.fn.body, twin) <= conditions(before.fn.body, init)) return [];
		return [{ words: { init: init.api, arm: arm.api, place: place.replace(/^&\s*/, '') }, tells: 'fixes' }];
	});
}

/** How many conditionals the call is in. */
const conditions = (node: CNode, site: Site): number =>
	node.named.reduce((sum, child) => (child.start <= site.start && child.end > site.start ? sum + conditions(child, site) : sum), node.type === 'if_statement' ? 1 : 0);

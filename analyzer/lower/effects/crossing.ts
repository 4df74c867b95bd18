import { instancePath } from '../callers/crossings';
import { address, type Call, placeAt } from './call';

/**
 * The locks that the call may have to take on its way: a user page that is not there is faulted in. Who holds one of them for reading is waited for as well,
 * where a writer came in between; so it is taken for writing here, and given back in the same step.
 */
export function crosses(c: Call): void {
	const { l, row } = c;
	if (row.faults) l.faultless = Math.max(0, l.faultless + (row.faults === 'off' ? 1 : -1));
	if (l.faultless > 0) return;
	for (const lock of row.crosses ?? []) {
		const path = instancePath(lock);
		if (path === null || l.taken.size === 0) continue;
		l.facts.crossings.crossers.add(path, l.thread);
		if (!l.facts.crossings.holders.elsewhere(path, l.thread)) continue;
		const place = placeAt(c, lock);
		if (!place) continue;
		l.assumptions.add(`${row.api}() may find that a page of user memory is not there: then it takes ${path} for reading, and waits where another thread waits to write`);
		l.emitter.atomically(() => {
			l.emitter.visible({ op: 'lock', at: address(place), kind: 'rwsem', mode: 'exclusive', sleeps: true }, { key: path, crossing: true });
			l.emitter.visible({ op: 'unlock', at: address(place), kind: 'rwsem', mode: 'exclusive' }, { key: path, crossing: true });
		});
	}
}

import type { Change } from './change';
import { sitesOf } from './sites';

/**
 * Functions in sight, not changed themselves, that call two changed ones between which the patch moves a call: what is done in which order is
 * told by their text only.
 */
export function jointCallers(changes: readonly Change[]): readonly string[] {
	const changed = new Set(changes.map(({ name }) => name));
	const pairs = changes.flatMap((from) => changes.filter((to) => to !== from && passesOn(from, to)).map((to) => [from.name, to.name] as const));
	const side = changes[0]?.post;
	if (!side || pairs.length === 0) return [];
	return [...side.functions].flatMap(([name, definition]) => {
		if (changed.has(name) || !pairs.some((pair) => pair.every((each) => definition.fn.body.text.includes(each)))) return [];
		const called = new Set(sitesOf(definition, side).map(({ api }) => api));
		return pairs.some((pair) => pair.every((each) => called.has(each))) ? [name] : [];
	});
}

/** A call that the table knows is gone here and new there. */
const passesOn = (from: Change, to: Change): boolean =>
	from.old.some((site) => site.row !== null && from.ways.get(site) === 'removed' && to.now.some((other) => other.api === site.api && to.ways.get(other) === 'added'));

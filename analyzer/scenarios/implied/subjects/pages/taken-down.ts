import type { Asked } from '../../../../knowledge/partner-row';
import type { Change } from '../../change';
import { isWithin, spansOf } from '../../covered';
import type { Finding, Marked, Tells } from '../../partner';
import { READ_SIDE, type Site } from '../../sites';
import { steps, written } from '../../steps';
import { plainCalls } from '../../plain-calls';

/** What is no longer there, or no longer allowed: `x->memory = NULL`, `x->suspended = true`. */
const CLOSES = /(?:->|\.)\w+(?:\[[^\]]*\])?\s*=\s*(?:0|NULL|false|true|1|-1)\s*;$/;

/** A field is set: perhaps what says how much there is. */
const STORES = /^[A-Za-z_]\w*(?:(?:->|\.)\w+)+\s*=(?!=)/;

/**
 * `call` takes user space's mappings down, on one side only after the section of `lock` in which a fault is told not to map any more: by the marked
 * statement, or (no `closes`) somewhere in it. `always` is 1 when both sides call it, perhaps not on each of their paths.
 */
export function takenDown(change: Change, row: Asked): readonly Finding[] {
	const names = new Set(row.calls ?? []);
	const [old, now] = [change.old, change.now].map((sites) => sites.find(({ api }) => names.has(api)));
	if (!old && !now) return [];
	const [before, after] = [spansOf(change.before, change.old), spansOf(change.after, change.now)];
	return [...after.keys()].flatMap((lock) => {
		const calls = lock === READ_SIDE ? null : plainCalls(change, lock, 'task', true);
		if (!calls) return [];
		const inside = steps(change).filter((each) => isWithin(before.get(lock), each.before.line) && isWithin(after.get(lock), each.after.line));
		const closing = inside.find((each) => CLOSES.test(written(each.after)));
		const marked = closing ?? inside.find((each) => STORES.test(written(each.after))) ?? inside[0];
		const tells = marked ? sideOf(marked, old, now, closing !== undefined) : null;
		return marked && tells ? [{ words: { ...calls, lock, call: (now ?? old)?.text ?? '', always: old && now ? '1' : '0', ...(closing ? { closes: written(closing.after).replace(/;$/, '') } : {}) }, tells, marked }] : [];
	});
}

/** The side on which the mappings go last; null where that is both or neither. Without a closing statement in sight the call must have been moved. */
function sideOf(marked: Marked, old: Site | undefined, now: Site | undefined, closes: boolean): Tells | null {
	const [wasLast, isLast] = [old !== undefined && old.line > marked.before.line, now !== undefined && now.line > marked.after.line];
	if (wasLast === isLast || (!closes && !(old && now))) return null;
	return isLast ? 'fixes' : 'introduces';
}

import type { Change } from './change';
import { escaped } from './sites';

const LOCK = String.raw`(?:struct\s+(?:mutex|rw_semaphore|rt_mutex)|spinlock_t|raw_spinlock_t|rwlock_t|local_lock_t)`;

/** A lock of that name is declared among the patch's own lines, and nowhere before it: nobody whom the patch does not show can have it. */
export function isBrought({ pre, post }: Change, name: string): boolean {
	const declares = new RegExp(`\\b${LOCK}\\s+${escaped(name)}\\s*;|\\bDEFINE_\\w+\\(\\s*${escaped(name)}\\b`);
	const lines = post.files.flatMap(({ image }) => image.text.split('\n').filter((line, at) => image.changed[at] && declares.test(line)));
	return lines.length > 0 && !pre.files.some(({ image }) => new RegExp(`\\b${escaped(name)}\\b`).test(image.text) && declares.test(image.text));
}

import { isNamed } from '../../../../knowledge/namings';
import { unregisters } from '../../../../lower/unmodelled';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { pointsOf } from '../../sections';
import { type Twin, twinsOf } from '../../point-twins';

/**
 * `publish`, a call that lets others in, comes later than before the patch, behind what came after it (`late`): there it is marked, and on the side before what now follows it,
 * as that is where all was ready.
 */
export function exposedEarly(change: Change): readonly Finding[] {
	const [old, now] = [pointsOf(change.before, change.old), pointsOf(change.after, change.now)];
	const twins = twinsOf(change, old, now);
	const passed = (twin: Twin): Twin | undefined => twins.find(({ before, after }) => twin.before.node.start < before.node.start && after.node.start < twin.after.node.start && !isExit(after.text));
	for (const twin of twins) {
		const publish = calledIn(change, twin.after.text);
		const late = publish === undefined ? undefined : passed(twin);
		const behind = twins.find(({ before, after }) => after.node.start > twin.after.node.end && before.node.start > twin.before.node.end)?.before ?? old.at(-1);
		if (publish === undefined || !late || !behind || behind.node.start <= twin.before.node.start) continue;
		return [{ words: { publish, late: late.after.text.replaceAll('"', "'") }, tells: 'fixes', marked: { before: behind.node, after: twin.after.node } }];
	}
	return [];
}

/** The call that lets others in, by its name. */
function calledIn({ post: { sources: { table } } }: Change, text: string): string | undefined {
	return [...text.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)].map(([, api = '']) => api).find((api) => LETS_IN.some((naming) => isNamed(table, naming, api)) && !unregisters(api));
}

const LETS_IN = ['publishes', 'exposes'] as const;

const isExit = (text: string): boolean => /^(?:return|goto)\b/.test(text);

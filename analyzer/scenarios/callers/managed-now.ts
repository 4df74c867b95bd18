import { lastWord } from '../implied/sites';
import type { Side } from '../sides/side';

/** `foo->queue = devm_kzalloc(` */
const MANAGED = /([A-Za-z_][\w.>-]*)\s*=\s*devm_\w+\s*\(/g;

/**
 * Last words of the places (`queue` of `foo->queue`) whose object the device manages after the patch, and did not before: it is still released as soon as
 * the driver's `->remove` is done, so that a release which the patch takes away there ends no race.
 */
export function managedNow(pre: Side | null, post: Side | null): ReadonlySet<string> {
	if (!pre || !post) return new Set();
	const places = (side: Side): ReadonlySet<string> => new Set(side.changed.flatMap((name) => {
		const definition = side.functions.get(name);
		const lines = definition?.fn.body.text.split('\n').filter((_, index) => definition.file.place(definition.fn.body.line + index).changed) ?? [];
		return [...lines.join('\n').matchAll(MANAGED)].map(([, place = '']) => lastWord(place));
	}));
	const before = places(pre);
	return new Set([...places(post)].filter((place) => !before.has(place)));
}

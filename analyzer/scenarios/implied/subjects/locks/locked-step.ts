import { namesOf } from '../../../../knowledge/namings';
import { spansOf } from '../../covered';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { movedHere } from '../../moved-lock';
import { READ_SIDE } from '../../sites';
import { steps, written } from '../../steps';
import { walkedOnBoth } from '../../walked';
import { covered } from './locked-use';

/** A field that is changed by what it was: `x->n++`, `x->flags |= y`, `x->n = x->n + 1`. */
const CHANGED = /^(?:(?:\+\+|--)\s*([A-Za-z_][\w.]*(?:->[\w.]+)+)|([A-Za-z_][\w.]*(?:->[\w.]+)+)\s*(?:\+\+|--|(?:[-+|&^]|<<|>>)=[^=])|([A-Za-z_][\w.]*(?:->[\w.]+)+)\s*=[^;]*\b\3(?![\w.]|->))/;
const FIELD = /\b([A-Za-z_]\w*(?:(?:->|\.)\w+)*)->([a-z_]\w*)\b(?!\s*(?:\(|->|\[|\.))/g;
/** What is called through a pointer. */
const THROUGH = /^(?:\w+\s*[-+|&^]?=\s*)?([A-Za-z_]\w*(?:(?:->|\.)\w+)+)\s*\(/;

/** What a step would tear, or be torn by: one place that is changed by what it was, two fields that are read together, a container, what somebody's operation does. */
function worksOn({ post }: Change, text: string): string | null {
	const changed = CHANGED.exec(text);
	if (changed) return changed[1] ?? changed[2] ?? changed[3] ?? null;
	const container = new RegExp(`^${namesOf(post.sources.table, 'needs-lock')}\\s*\\(\\s*&?\\s*([^,()]+)`).exec(text)?.[1];
	if (container) return container.trim();
	const through = THROUGH.exec(text)?.[1];
	if (through) return through;
	const right = /^[^=;]*[^=!<>]=(?!=)([^;]*)/.exec(text)?.[1];
	const fields = new Map<string, Set<string>>();
	for (const [, base = '', field = ''] of (right ?? '').matchAll(FIELD)) fields.set(base, (fields.get(base) ?? new Set()).add(field));
	for (const [base, names] of fields) if (names.size > 1) return [...names].map((name) => `${base}->${name}`).join(' and ');
	return null;
}

/** `base` is worked on under `lock` on one side only, and under no other before. A lock that another function no longer takes has only moved. */
export function lockedSteps(change: Change): readonly Finding[] {
	const spans = [...spansOf(change.before, change.old)].filter(([lock]) => lock !== READ_SIDE).flatMap(([, each]) => each);
	const found = new Map<string, Finding>();
	for (const region of covered(change)) {
		if (movedHere(change, region.lock)) continue;
		for (const marked of [...steps(change).map((each) => ({ ...each, container: null })), ...walkedOnBoth(change)]) {
			const { before, after, container } = marked;
			if ((container === null && after.type !== 'expression_statement') || !region.covers(after.line) || spans.some(([from, to]) => before.line > from && before.line < to)) continue;
			const base = container ?? worksOn(change, written(after));
			if (base && !found.has(region.lock)) found.set(region.lock, { words: { lock: region.lock, acquire: region.acquire, release: region.release, base: base.replaceAll('"', "'") }, tells: 'fixes', marked });
		}
	}
	return [...found.values()];
}

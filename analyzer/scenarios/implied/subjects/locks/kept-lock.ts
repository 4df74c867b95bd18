import { type Digests, digestsOf } from '../../../digests/digests';
import { type Discipline, disciplineOf, ENDS_ALONE } from '../../../digests/discipline';
import { type Change, structOf } from '../../change';
import { isNamed } from '../../../../knowledge/namings';
import type { Finding } from '../../partner';
import { isNewborn } from '../../newborn';
import { pointsOf } from '../../sections';
import { escaped, lastWord, lockOf, placeText, READ_SIDE, type Site } from '../../sites';
import { namedField, type Worked, workedOn } from '../../worked-on';
import { movedHere } from '../../moved-lock';
import { type Twin, twinsOf } from '../../point-twins';
import { plainCalls } from '../../plain-calls';
import { isCalledBeforeAll } from '../../unpublished';

/**
 * `base` is worked on under `lock` on the side before only, and the other functions of these files that do so (`others`) hold that lock after the patch
 * as well: `acquire` and `release` take and give it back.
 */
export function keptLocks(change: Change): readonly Finding[] {
	const [old, now] = [pointsOf(change.before, change.old), pointsOf(change.after, change.now)];
	const twins = twinsOf(change, old, now).filter(({ before }) => MARKABLE.has(before.node.type));
	const [was, is] = [digestsOf(change.pre), digestsOf(change.post)];
	const rules = { past: disciplineOf(change.pre), present: disciplineOf(change.post) };
	const lent = rules.present.heldAtEntry(change.name);
	// Who only looks now looks again where somebody has written meanwhile.
	if (change.now.some((site) => change.ways.get(site) === 'added' && isNamed(change.post.sources.table, 'asks-torn-read', site.api))) return [];
	if (isCalledBeforeAll(change)) return [];
	const found: Finding[] = [];
	for (const lock of new Set(old.flatMap(({ held }) => [...held.keys()]))) {
		const goesOn = change.now.some((site) => lockOf(site) === lock);
		// Who begins or ends something has it alone; not what the function goes on locking.
		if (ENDS_ALONE.test(change.name) && !goesOn) continue;
		const key = keyOf(change.old, was, change.name, lock);
		const calls = key === null ? null : plainCalls(change, lock, 'task', true);
		if (key === null || !calls || lent.includes(key) || movedHere({ ...change, pre: change.post, post: change.pre }, lock)) continue;
		for (const twin of twins) {
			const { before, after } = twin;
			// Who only looks is in a read side now, as those may be who wait for it.
			if (after.held.has(READ_SIDE) && !before.held.has(READ_SIDE)) continue;
			if (!before.held.has(lock) || after.held.has(lock)) continue;
			const serving = [...after.held.keys()].flatMap((each) => keyOf(change.now, is, change.name, each) ?? []);
			const work = workedOn(change.post.sources.table, change.before, was, before).filter((each) => !(each.far && goesOn) && !isOfNewborn(change, twin, each.what) && !keepsItself(change, twin, each.what));
			const kept = firstKept(work, rules, key, change.name, [...serving, ...lent]);
			if (!kept) continue;
			const marked = { before: before.node, after: after.node };
			found.push({
				words: { ...calls, lock, base: namedField(before.node.text, kept.what), others: kept.others.slice(0, TOLD_BOUND).map((name) => (name === change.name ? `elsewhere in ${name}()` : `${name}()`)).join(', ') }, tells: 'introduces', marked,
				// What is worked on in a condition is done with when that is known: a way that leaves there does not work on.
				...(before.node.type === 'if_statement' ? { earlier: marked } : {}),
				outline: ['lost-data'],
			});
			break;
		}
	}
	return found;
}

/** What an aside can stand beside. */
export const MARKABLE: ReadonlySet<string> = new Set(['expression_statement', 'declaration', 'if_statement']);
/** Functions that are named. */
const TOLD_BOUND = 3;
/** Functions that hold the lock around a call that nobody here tells of: one alone may do so by the way. */
const FAR_KEEPERS = 2;
/** A name that leaves the lock to who calls. */
const UNLOCKED = /^__/;

interface Rules {
	readonly past: Discipline;
	readonly present: Discipline;
}

/** The first of what is worked on that others keep the lock for. */
function firstKept(work: readonly Worked[], { past, present }: Rules, key: string, name: string, also: readonly string[]): { readonly what: string; readonly others: readonly string[] } | null {
	for (const each of work) {
		const others = present.keepers(past, each, key, name, also);
		if (others && !(each.far && others.length < (UNLOCKED.test(each.what) ? 1 : FAR_KEEPERS))) return { what: each.what, others };
	}
	return null;
}

/** The statement drops a reference, or wakes somebody up: that needs no lock of the caller's. */
const keepsItself = ({ old }: Change, { before: { node } }: Twin, what: string): boolean => old.some((site) => site.start >= node.start && site.start < node.end
	&& site.row !== null && BY_ITSELF.has(site.row.effect) && 'at' in site.row && lastWord(placeText(site, site.row.at ?? '') ?? '') === lastWord(what));
const BY_ITSELF: ReadonlySet<string> = new Set(['put', 'complete', 'wake']);

/** The statement works on the field of objects alone that the function has made and nobody has found. */
function isOfNewborn(change: Change, { before, after }: Twin, what: string): boolean {
	const field = what.split('.')[1];
	const led = field === undefined ? [] : [...before.text.matchAll(new RegExp(`(?<![\\w.>])(\\w+)\\s*->\\s*${escaped(field)}\\b`, 'g'))].map(([, name = '']) => name);
	// A function that is called works on it.
	const given = [...new Set(before.text.match(/(?<![\w.>])[a-z_]\w*(?=\s*[,)])/g) ?? [])].filter((name) => structOf(change, name) === what.split('.')[0]);
	const names = led.length > 0 ? led : given;
	return names.length > 0 && names.every((name) => isForItself(change, name) || (isNewborn(change.post.sources.table, change.before, change.old, name, before.node) && isNewborn(change.post.sources.table, change.after, change.now, name, after.node)));
}

/** On both sides the function makes what the local leads to, and frees it again. */
const isForItself = ({ before, after, old, now }: Change, name: string): boolean => [[before, old] as const, [after, now] as const].every(([{ fn: { body } }, sites]) =>
	sites.some(({ row, start }) => row?.effect === 'alloc' && new RegExp(`(?<![\\w.>])${name}\\s*=\\s*$`).test(body.text.slice(0, start - body.start)))
	&& sites.some(({ row, args }) => row?.effect === 'free' && args[0] === name));

/** The lock as the digests know it. */
export function keyOf(sites: readonly Site[], digests: Digests, name: string, lock: string): string | null {
	const lines = new Set(sites.filter((site) => lockOf(site) === lock).map(({ line }) => line));
	const key = digests.factsOf(name).find(({ kind, line }) => (kind === 'lock' || kind === 'unlock') && lines.has(line))?.key ?? '';
	return key.length > 1 && !key.startsWith('.') ? key : null;
}

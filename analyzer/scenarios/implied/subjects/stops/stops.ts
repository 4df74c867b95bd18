import { isNamed } from '../../../../knowledge/namings';
import { isMovedThere } from '../../asked-there';
import { type Change, mirrored, reorders, structOf } from '../../change';
import type { Finding, Marked } from '../../partner';
import { lastWord, placeText, rootOf, type Site } from '../../sites';
import { destroyed, goingAway, isSetUpNoMore, withCode } from './going-away';
import { askedFor, onCondition } from './stop-condition';
import { startedNow } from './started-now';
import { isShown, type Stop, stopsOf } from './waits';

/** `call` waits for the callback of `place`, which is a part of `base`; the words of `goingAway`. */
export function stops(change: Change): readonly Finding[] {
	const of = (sites: readonly Site[], side: 'fixes' | 'introduces', ways: readonly string[]): readonly Finding[] => stopsOf(change, sites).flatMap((stop) => {
		const shown = isShown(change, stop);
		if (!ways.includes(change.ways.get(stop.site) ?? '') || isMovedThere(change, stop.site) || (shown && (side === 'fixes' || !goesOn(change, stop)))) return [];
		if (side === 'introduces' ? stop.site.args.length === 0 || replaced(change, stop) || isSetUpNoMore(change, stop) || isOfNewQueue(mirrored(change), stop) : isOfNewQueue(change, stop)) return [];
		const way = change.ways.get(stop.site);
		if (way === 'added' && startedNow(change, stop.site, stop.place)) return [];
		const tells = way === 'added' || way === 'removed' ? side : 'either';
		const guarded = side === 'fixes' ? onCondition(change, stop) : swapped(onCondition(mirrored(change), stop));
		return ends(change, stop).map((words) => ({
			words: { base: stop.base, there: owner(stop), ...words, place: stop.place, key: stop.key, ...askedFor(change, stop.site), ...(guarded ? { guarded: '1' } : {}), ...(shown ? { shown: '1' } : {}) }, context: stop.context, tells, ...(guarded ? { marked: guarded } : {}),
		}));
	});
	return [...of(change.now, 'fixes', reorders(change) ? ['added', 'moved', 'kept'] : ['added']), ...of(change.old, 'introduces', ['removed'])];
}

const swapped = (marked: Marked | undefined): Marked | undefined => marked && { before: marked.after, after: marked.before };

/** How what the callback uses goes away; what runs on a queue that all share uses what the function is called for. */
function ends(change: Change, { base, code, site }: Stop): readonly Readonly<Record<string, string>>[] {
	if (!code) return goingAway(change, base);
	const own = withCode(change);
	if (own.length > 0 || site.row?.effect !== 'flush' || !site.row.every) return own;
	// The hunk's header may have been cut before its parameter's name.
	const [, led] = /(?<![\w.>])([a-z_]\w*)\s*->/.exec(change.after.fn.body.text) ?? [];
	const owner = [...change.after.fn.params.map(({ name }) => name), ...(led ? [led] : [])].find((name) => name !== '' && structOf(change, name) !== null && change.after.fn.body.text.includes(`${name}->`));
	return owner ? goingAway(change, owner).map((words) => ({ ...words, base: owner, there: owner })) : own;
}

/** What has it: where that is not there, neither is the callback. */
const owner = ({ base, place }: Stop): string => /^(\w+(?:(?:->|\.)\w+)*)->\w+(?:\.\w+)*$/.exec(place)?.[1] ?? base;

/** A queue that the patch itself makes, or, the change being read the other way round, does away with: what runs on it ran elsewhere, and is waited for there. */
function isOfNewQueue(change: Change, { site, place }: Stop): boolean {
	if (site.row?.effect !== 'flush' || !site.row.every) return false;
	const made = new RegExp(`\\b${lastWord(place)}\\s*=\\s*\\w*(alloc|create)\\w*\\s*\\(`);
	const makes = (side: Change['post']): boolean => [...side.functions.values()].some(({ fn }) => made.test(fn.body.text));
	return makes(change.post) && !makes(change.pre) && stopsOf(change, change.old).some((each) => each.site.row?.effect === 'cancel' && each.base === rootOf(place));
}

/** The object goes away after the function, with nothing in sight that frees it, and nothing that the function still does or calls waits for the callback. */
function goesOn({ name, post, now }: Change, { place }: Stop): boolean {
	const waits = new RegExp(`\\b\\w*(cancel|flush|shutdown|del_timer|delete|kill|stop)\\w*\\s*\\([^;]*\\b${lastWord(place)}\\b`);
	const called = new Set<string>();
	const reach = (names: readonly string[]): boolean => names.some((each) => {
		const body = called.has(each) ? '' : (post.functions.get(each)?.fn.body.text ?? '');
		called.add(each);
		return waits.test(body) || reach([...body.matchAll(/\b([a-z_]\w*)\s*\(/g)].map(([, callee = '']) => callee).filter((callee) => post.functions.has(callee) && !called.has(callee)));
	});
	return isNamed(post.sources.table, 'tears-down', name) && !now.some(({ api }) => isNamed(post.sources.table, 'ends-queue', api)) && !reach([name]);
}

/** Something that is not shown may now do the same. */
function replaced(change: Change, stop: Stop): boolean {
	const fresh = change.now.filter((site) => change.ways.get(site) === 'added');
	return fresh.some((site) => (site.row === null && site.args.some((arg) => rootOf(arg) === stop.base)) || site.row?.effect === 'flush' || (site.row?.effect === 'cancel' && site.row.wait))
		|| (!endsHere(change, stop.base) && [...change.post.changed].some((name) => /devm_/.test(change.post.functions.get(name)?.fn.body.text ?? ''))) || movedTo(change, stop);
}

/** The function itself ends something of it still: before what the device gives back on its own, when it returns. */
const endsHere = (change: Change, base: string): boolean => isNamed(change.post.sources.table, 'tears-down', change.name)
	&& (destroyed(change, change.now).some(({ object }) => rootOf(object) === base) || change.now.some(({ row, ...site }) => row?.effect === 'free' && rootOf(placeText({ ...site, row }, row.pointer) ?? '') === base));

/** Another changed function does it now. */
function movedTo(change: Change, { site, place }: Stop): boolean {
	const call = new RegExp(`\\b${site.api}\\s*\\([^;]*\\b${lastWord(place)}\\b`);
	const has = (side: Change['post'], name: string): boolean => call.test(side.functions.get(name)?.fn.body.text ?? '');
	return change.post.changed.some((name) => name !== change.name && has(change.post, name) && !has(change.pre, name));
}

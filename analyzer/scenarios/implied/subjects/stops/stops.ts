import { isNamed } from '../../../../knowledge/namings';
import type { ContextKind } from '../../../../../sim';
import { threadOf } from '../../../../lower/directory';
import { unregisters } from '../../../../lower/unmodelled';
import { aliases, type Change, mirrored, reorders, structOf } from '../../change';
import type { Finding, Marked } from '../../partner';
import { plainCalls, SLEEPS } from '../../plain-calls';
import { heldAt, lastWord, lockOf, placeText, rootOf, type Site, sitesOf } from '../../sites';
import { askedFor, onCondition } from './stop-condition';
import { destroyed, goingAway, isSetUpNoMore, TEARDOWN, withCode } from './going-away';

/** A call that waits until something asynchronous is done: a work item, a timer, an interrupt, a thread. */
export interface Stop {
	readonly site: Site;
	readonly at: number;
	/** What identifies it in the lowered program. */
	readonly key: string;
	readonly base: string;
	readonly place: string;
	readonly context: ContextKind;
	/** It belongs to the code itself, and goes away with it. */
	readonly code?: boolean;
}

/** `weak`: those that only keep it from being started by what is queued, and wait for nothing. */
export function stopsOf(change: Change, sites: readonly Site[], weak = false): readonly Stop[] {
	return sites.flatMap((site, at) => {
		const { row } = site;
		if (row?.effect !== 'flush' && row?.effect !== 'cancel') return [];
		if (weak ? row.effect !== 'cancel' || row.wait : row.effect === 'cancel' && !row.wait) return [];
		// Where it does not say for which queue, it is for all of them.
		if (row.every && row.every !== 'rcu' && site.args.length === 0) return [{ site, at, base: site.api, place: site.text, key: site.api, context: row.every, code: true }];
		const place = row.every ? (site.args[0] ?? '') : placeText(site, row.at);
		const base = place === null ? null : rootOf(place);
		const struct = base ? structOf(change, base) : null;
		if (place !== null && base && !struct) return ofCode(change, site, at, place, base, row.every ?? row.stops ?? 'work');
		if (place === null || !base || !struct) return [];
		const member = /^\*?\s*\(?\s*\w+\s*(?:->|\.)\s*([\w.>-]+)\)?$/.exec(place)?.[1]?.replaceAll('->', '.');
		return [{ site, at, base, place, key: keyOf(change, place, struct, member), context: row.every ?? row.stops ?? 'work' }];
	});
}

/** Of a variable of file scope: it goes away with the code. */
function ofCode(change: Change, site: Site, at: number, place: string, base: string, context: ContextKind): readonly Stop[] {
	const member = place.slice(base.length).replaceAll('->', '.');
	const known = change.threadKeys().find((each) => each.endsWith(`${base}${member}`) || each.endsWith(`~${base}${member}`)) ?? (site.row?.effect === 'flush' && site.row.every ? base : undefined);
	return known !== undefined && new RegExp(`(^|[^\\w.>])${base}\\s*(\\.|$)`).test(place) ? [{ site, at, base, place, key: known, context, code: true }] : [];
}

/** A path, or, for what a pointer leads to, the name by which the lowered code knows it: what is pointed at, when that is told, or the pointer. */
function keyOf(change: Change, place: string, struct: string, member: string | undefined): string {
	const plain = member ? `${struct}.${member}` : struct;
	const keys = change.threadKeys();
	if (!member || keys.includes(plain)) return plain;
	const path = aliases(change).get(rootOf(place) ?? '');
	const outer = path ? keys.find((key) => key.endsWith(`.${path.replace(/^.*(?:->|\.)/, '')}.${member}`)) : undefined;
	if (outer) return outer;
	const last = member.replace(/^.*\./, '.');
	if (!place.startsWith('*')) return (last === member ? undefined : keys.find((key) => key.endsWith(last))) ?? plain;
	const behind = keys.filter((key) => key.startsWith('*'));
	return behind.find((key) => key.endsWith(`.${member}`)) ?? (behind.length === 1 ? (behind[0] ?? '') : `*~${struct}.${member}`);
}

/** Its callback stands in what is shown: it takes part as itself. */
function isShown(change: Change, { key }: Stop): boolean {
	const known = change.post.registrations().find((each) => each.key === key);
	return known !== undefined && change.post.functions.has(known.callback);
}

/** `call` waits for the callback of `place`, which is a part of `base`; the words of `goingAway`. */
export function stops(change: Change): readonly Finding[] {
	const of = (sites: readonly Site[], side: 'fixes' | 'introduces', ways: readonly string[]): readonly Finding[] => stopsOf(change, sites).flatMap((stop) => {
		const shown = isShown(change, stop);
		if (!ways.includes(change.ways.get(stop.site) ?? '') || (shown && (side === 'fixes' || !goesOn(change, stop)))) return [];
		if (side === 'introduces' ? stop.site.args.length === 0 || replaced(change, stop) || isSetUpNoMore(change, stop) || isOfNewQueue(mirrored(change), stop) : isOfNewQueue(change, stop)) return [];
		const way = change.ways.get(stop.site);
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
	return TEARDOWN.test(name) && !now.some(({ api }) => isNamed(post.sources.table, 'ends-queue', api)) && !reach([name]);
}

/** Something that is not shown may now do the same. */
function replaced(change: Change, stop: Stop): boolean {
	const fresh = change.now.filter((site) => change.ways.get(site) === 'added');
	return fresh.some((site) => (site.row === null && site.args.some((arg) => rootOf(arg) === stop.base)) || site.row?.effect === 'flush' || (site.row?.effect === 'cancel' && site.row.wait))
		|| (!endsHere(change, stop.base) && [...change.post.changed].some((name) => /devm_/.test(change.post.functions.get(name)?.fn.body.text ?? ''))) || movedTo(change, stop);
}

/** The function itself ends something of it still: before what the device gives back on its own, when it returns. */
const endsHere = (change: Change, base: string): boolean => TEARDOWN.test(change.name)
	&& (destroyed(change, change.now).some(({ object }) => rootOf(object) === base) || change.now.some(({ row, ...site }) => row?.effect === 'free' && rootOf(placeText({ ...site, row }, row.pointer) ?? '') === base));

/** Another changed function does it now. */
function movedTo(change: Change, { site, place }: Stop): boolean {
	const call = new RegExp(`\\b${site.api}\\s*\\([^;]*\\b${lastWord(place)}\\b`);
	const has = (side: Change['post'], name: string): boolean => call.test(side.functions.get(name)?.fn.body.text ?? '');
	return change.post.changed.some((name) => name !== change.name && has(change.post, name) && !has(change.pre, name));
}

/** `call` waits, on one side only, with `lock` held, which `acquire` takes and `release` gives back, for the callback of `place`; or on both, by another call (`again`). */
export function stopsInLocks(change: Change): readonly Finding[] {
	const [old, now] = [stopsOf(change, change.old), stopsOf(change, change.now)];
	const held = (stop: Stop | undefined, sites: readonly Site[]): ReadonlySet<string> => new Set(stop ? heldAt(sites, stop.at).keys() : []);
	return [...now.map((stop) => [old.find((each) => each.key === stop.key), stop] as const), ...old.filter((stop) => !now.some((each) => each.key === stop.key)).map((stop) => [stop, undefined] as const)].flatMap(([before, after]) => {
		const stop = after ?? before;
		if (!stop || isShown(change, stop)) return [];
		const [left, right] = [new Set([...held(before, change.old), ...givenUpFor(change, before, after)]), held(after, change.now)];
		return [...new Set([...left, ...right])].filter((lock) => (left.has(lock) !== right.has(lock) && (before !== undefined || right.has(lock))) || isAgain(change, before, after)).flatMap((lock) => {
			const again = left.has(lock) && right.has(lock);
			// Who sleeps for a lock is an interrupt's thread.
			const threaded = stop.context === 'hardirq' && before !== undefined && after !== undefined && sleepsFor(change, lock);
			const calls = plainCalls(change, lock, threaded ? 'task' : stop.context);
			return calls ? [{ words: { ...calls, lock, base: stop.base, place: stop.place, key: threaded ? threadOf(stop.key) : stop.key, call: stop.site.text, ...(again ? { again: '1' } : {}) }, context: threaded ? 'task' as const : underLock(change, stop, lock), tells: again ? 'still-fails' as const : left.has(lock) ? 'fixes' as const : 'introduces' as const }] : [];
		});
	});
}

/** One call that waits is in the place of another one. */
const isAgain = ({ ways }: Change, before: Stop | undefined, after: Stop | undefined): boolean =>
	before !== undefined && after !== undefined && ways.get(before.site) === 'removed' && ways.get(after.site) === 'added' && before.site.api !== after.site.api;

const sleepsFor = ({ old, now }: Change, lock: string): boolean => [...now, ...old].some(({ row, ...site }) => row?.effect === 'lock' && SLEEPS.has(row.kind) && placeText({ ...site, row }, row.at) === lock);

/** Locks that the patch gives up right before the call, and that nothing in sight had taken: they were held before. */
function givenUpFor({ old, now, ways }: Change, before: Stop | undefined, after: Stop | undefined): readonly string[] {
	if (!before || !after) return [];
	return now.slice(0, after.at).flatMap((site, index) => {
		const lock = site.row?.effect === 'unlock' && ways.get(site) === 'added' ? lockOf(site) : null;
		const others = (sites: readonly Site[]): boolean => sites.some((each) => lockOf(each) === lock);
		return lock && !others(now.slice(0, index)) && !others(now.slice(index + 1, after.at)) && !others(old.slice(0, before.at)) ? [lock] : [];
	});
}

/** A lock that is taken with softirqs off only is nothing for an interrupt: what looks like one is a softirq, then. */
const underLock = ({ old, now }: Change, { context }: Stop, lock: string): ContextKind =>
	context === 'hardirq' && [...old, ...now].some((site) => site.row?.effect === 'lock' && site.row.irq === 'bh-off' && placeText(site, site.row.at) === lock) ? 'softirq' : context;

/**
 * `call` waits for the callback of `place`, on one side only after `silence`, which stops the one that starts it: `armer`, by its key, in the
 * context of `silence`; else (`unregistered`) an operation that the unregister ends. `arm` starts it. The words of `goingAway`.
 */
export function stopOrders(change: Change): readonly Finding[] {
	const [old, now] = [stopsOf(change, change.old), stopsOf(change, change.now)];
	const arm = starter(change);
	return now.flatMap((after) => {
		const before = old.find((each) => each.key === after.key);
		if (!before || !after.site.args.some((arg) => arg.startsWith('&')) || isShown(change, after)) return [];
		const first = (sites: readonly Site[], end: number): readonly Site[] => sites.slice(0, end);
		const [left, right] = [first(change.old, before.at), first(change.now, after.at)];
		const stopped = (sites: readonly Site[]): ReadonlySet<string> => new Set([...old, ...now].flatMap(({ site, key }) => (sites.includes(site) ? [key] : [])));
		// What stops the same thing by another name is no more than that.
		const silences = (own: readonly Site[], other: readonly Site[], stopsThere: readonly Stop[]): readonly { readonly site: Site; readonly stop: Stop | undefined }[] =>
			own.filter((site) => !other.some((each) => each.text === site.text)).flatMap((site) => {
				const stop = stopsThere.find((each) => each.site === site);
				return (stop && !stopped(other).has(stop.key)) || (!stop && unregisters(site.api)) ? [{ site, stop }] : [];
			});
		const found = (list: ReturnType<typeof silences>, tells: Finding['tells']): readonly Finding[] => list.flatMap(({ site, stop }) => ways(change, after.base).map((words) => ({
			words: {
				...words, base: after.base, place: after.place, key: after.key, call: after.site.text, silence: site.text, arm: `${arm ?? ''}(&${after.place})`,
				...(stop ? { armer: stop.key } : { unregistered: site.api }),
			}, context: after.context, ...(stop ? { silenced: stop.context } : {}), tells,
		})));
		return arm ? [...found(silences(right, left, now), 'fixes'), ...found(silences(left, right, old), 'introduces')] : [];
	});
}

/** `call` keeps the callback of `place` from being started again, on one side only; `arm` starts it. The words of `goingAway`. */
export function lastStops(change: Change): readonly Finding[] {
	const arm = starter(change);
	const forever = (stop: Stop): boolean => stop.site.row?.effect === 'cancel' && stop.site.row.forever === true;
	const of = (own: readonly Stop[], other: readonly Stop[], tells: 'fixes' | 'introduces'): readonly Finding[] => own.flatMap((stop) => {
		const weaker = other.find((each) => each.key === stop.key);
		if (!forever(stop) || !weaker || forever(weaker) || isShown(change, stop) || startsInSight(change, stop) || !stop.site.args.some((arg) => arg.startsWith('&'))) return [];
		return (stop.code ? withCode(change) : goingAway(change, stop.base)).map((words) => ({ words: { ...words, base: stop.base, place: stop.place, key: stop.key, call: stop.site.api, arm: `${arm ?? ''}(&${stop.place})` }, context: stop.context, tells }));
	});
	const [old, now] = [stopsOf(change, change.old), stopsOf(change, change.now)];
	return arm ? [...of(now, old, 'fixes'), ...of(old, now, 'introduces')] : [];
}

/** A function that the mail shows starts what bears the name: then that one is who does, under what it asks for. */
const startsInSight = ({ post }: Change, { place }: Stop): boolean => [...post.functions.values()].some((definition) =>
	sitesOf(definition, post).some((site) => site.row?.effect === 'spawn' && lastWord(placeText(site, site.row.at) ?? '') === lastWord(place)));

/** The plain call that starts what its argument names. */
export const starter = ({ post }: Change): string | undefined =>
	post.sources.table.rows.ofEffect('spawn').find((row) => row.effect === 'spawn' && row.at === '*arg0' && row.args === 1 && !row.every)?.api;

/** `call` waits for all RCU callbacks, on one side only, before this code or what it keeps its objects in goes away. */
export function callbackBarriers(change: Change): readonly Finding[] {
	const of = (sites: readonly Site[], way: string, tells: 'fixes' | 'introduces'): readonly Finding[] =>
		sites.filter((site) => change.ways.get(site) === way && site.row?.effect === 'flush' && site.row.every === 'rcu').map((site) => ({ words: { call: site.text }, context: 'rcu', tells }));
	const removed = of(change.old, 'removed', 'introduces');
	return [...of(change.now, 'added', 'fixes'), ...(removed.length > 0 && noCallbackLeft(change) ? [] : removed)];
}

/** The patch leaves none of the callbacks in sight: what only frees needs no code of the module, unless it frees into a cache that goes away. */
function noCallbackLeft({ pre, post, now }: Change): boolean {
	const calls = (side: Change['post']): boolean => [...side.functions.values()].some((definition) => sitesOf(definition, side).some(({ row }) => row?.effect === 'rcu-call'));
	return calls(pre) && !calls(post) && !now.some(({ api }) => isNamed(post.sources.table, 'ends-cache', api));
}

const SUSPENDS = /(^|_)(suspend|stop|close|down|halt|disable|quiesce)(_|$)/;

/** As goingAway(); and what is only put to sleep is no longer to be used: `asleep`. */
function ways(change: Change, base: string): readonly Readonly<Record<string, string>>[] {
	const gone = goingAway(change, base);
	return gone.length === 0 && SUSPENDS.test(change.name) ? [{ asleep: `${base}->__asleep` }] : gone;
}

/** Functions after which their module's code is gone. */
const UNLOADS = /(^|_)(exit|cleanup|remove|fini|unload)(_|$)/i;

/** `call` waits, on one side only, for the callback of a variable of the file, before the code goes away with its module. */
export function moduleStops(change: Change): readonly Finding[] {
	if (!UNLOADS.test(change.name)) return [];
	const stopped = (sites: readonly Site[]): readonly { readonly site: Site; readonly name: string }[] => sites.flatMap((site) => {
		const { row } = site;
		const name = row?.effect === 'cancel' && row.wait && !row.every ? placeText(site, row.at) : null;
		return name !== null && /^\w+$/.test(name) && !new RegExp(`\\b\\*?${name}\\s*[;,=]`).test(change.after.fn.body.text.split('\n')[0] ?? '') ? [{ site, name }] : [];
	});
	const old = new Set(stopped(change.old).map(({ name }) => name));
	return stopped(change.now).filter(({ site, name }) => change.ways.get(site) === 'added' && !old.has(name)).map(({ site, name }) => ({
		words: { ...askedFor(change, site), key: change.threadKeys().find((key) => key.endsWith(name)) ?? name }, context: site.row?.effect === 'cancel' ? (site.row.stops ?? 'work') : 'work', tells: 'fixes' as const,
	}));
}

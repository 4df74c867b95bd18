import type { CNode } from '../../../../parse';
import { isNamed } from '../../../../knowledge/namings';
import { type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { placeText, rootOf, type Site, sitesIn } from '../../sites';
import { entersReadSide, readsInPlace } from '../../read-side';
import type { Side } from '../../../sides/side';
import { conditionals, movedWith, statementAt, twins } from '../../twins';
import { destroyed } from '../stops/going-away';

/**
 * What is freed only after a grace period, on one side: `object`, with `call` that waits; `destroy`, where a function that nobody shows frees it (a
 * `struct` of that name); `left` instead of `object`, where it is taken out for readers and freed out of sight.
 */
export function gracePeriods(change: Change): readonly Finding[] {
	if (readersTurned(change)) return [];
	const found = [...of(change, change.now, 'fixes'), ...of(change, change.old, 'introduces'), ...elsewhere(change)];
	return readersGone(change) ? found.filter(({ tells }) => tells !== 'introduces') : found;
}

const RCU_FORM = /_rcu$/;

/** The patch makes an ordinary container of one that was read in place: what takes it out and a walk lose their `_rcu`, and nobody in sight still reads so. */
function readersGone({ old, now, ways, pre, post }: Change): boolean {
	const plain = old.some((site) => ways.get(site) === 'removed' && RCU_FORM.test(site.api) && takesOut(post, site)
		&& now.some((each) => ways.get(each) === 'added' && each.api === site.api.replace(RCU_FORM, '') && each.args.join() === site.args.join()));
	return plain && pre.changed.some((name) => readsInPlace(pre, name) && !readsInPlace(post, name)) && ![...post.functions.keys()].some((name) => readsInPlace(post, name));
}

const LOCKS = /\b(?:read_lock|mutex_lock|(?:raw_)?spin_lock|down_read)\w*\s*\(/;

/** The same patch makes readers of what kept such frees out by a lock before: there was nobody else to wait for. */
function readersTurned({ name, pre, post, old }: Change): boolean {
	return old.some(({ row }) => row?.effect === 'lock') && post.changed.some((other) => {
		const [was, is] = [pre.functions.get(other)?.fn.body.text ?? '', post.functions.get(other)?.fn.body.text ?? ''];
		return other !== name && LOCKS.test(was) && !entersReadSide(pre, other) && entersReadSide(post, other) && !LOCKS.test(is);
	});
}

/** The same wait, with another order: on one side it comes between what takes `object` away from its readers, which is marked, and what frees it, on the other it does not. */
function elsewhere(change: Change): readonly Finding[] {
	const between = (sites: readonly Site[]): ReadonlyMap<string, Site> => new Map(sites.flatMap((wait, at) => {
		if (wait.row?.effect !== 'rcu-sync') return [];
		return sites.slice(0, at).filter((site) => takesOut(change.post, site)).flatMap((taken) => sites.slice(at + 1).flatMap((each) => givesUp(change, each)).flatMap((object) => (rootOf(taken.args[0] ?? '') === object ? [[`${object} ${wait.text}`, taken] as const] : [])));
	}));
	const [old, now] = [between(change.old), between(change.now)];
	const found = (own: ReadonlyMap<string, Site>, other: ReadonlyMap<string, Site>, side: 'before' | 'after', tells: 'fixes' | 'introduces'): readonly Finding[] => [...own].flatMap(([key, taken]) => {
		const [object = ''] = key.split(' ');
		const [call = ''] = key.slice(object.length + 1).split('(');
		const there = side === 'after' ? change.old : change.now;
		const statement = statementAt(change[side].fn.body, taken.line);
		const marked = statement ? (twins(change).find((each) => each[side].start === statement.start) ?? movedWith(change, statement, side)) : undefined;
		if (other.has(key) || !marked || !there.some(({ text }) => text === key.slice(object.length + 1)) || !there.some((each) => givesUp(change, each).includes(object))) return [];
		return [{ words: { object, call, taken: taken.text, ...unseenEnd(change, object) }, tells, marked }];
	});
	return [...found(now, old, 'after', 'fixes'), ...found(old, now, 'before', 'introduces')];
}

/** What a call frees, or is said by its name to free. */
export const givesUp = (change: Change, site: Site): readonly string[] =>
	(site.row?.effect === 'free' ? named(change, placeText(site, site.row.pointer)) : [...destroyed(change, [site], 'awaited-before').map(({ object }) => object).filter((object) => !object.includes('->')), ...freedThere(change, site)]);

/** What a function in sight frees of what it is given. */
function freedThere({ post }: Change, { api, args: [argument = ''] }: Site): readonly string[] {
	const callee = post.functions.get(api)?.fn;
	const param = callee?.params[0]?.name;
	return callee && param && /^[a-z_]\w*$/.test(argument) && new RegExp(`\\bk(?:v|z|mem_cache_)?\\w*free\\w*\\s*\\((?:[^;]*,)?\\s*${param}\\s*\\)`).test(callee.body.text) ? [argument] : [];
}

export function unseenEnd(change: Change, object: string): Readonly<Record<string, string>> {
	const found = destroyed(change, change.now, 'awaited-before').find((each) => each.object === object);
	return found ? { destroy: found.api, struct: found.struct } : {};
}

function of(change: Change, sites: readonly Site[], tells: Finding['tells']): readonly Finding[] {
	const way = tells === 'fixes' ? 'added' : 'removed';
	return sites.flatMap((site, at) => {
		const { row } = site;
		if (!row || change.ways.get(site) !== way) return [];
		const finding = (words: Readonly<Record<string, string>>): Finding => ({ words: { ...words, call: site.api }, tells });
		if (row.effect === 'free-rcu' && tells === 'introduces' && isUndone(change, site, sites)) return [];
		if (row.effect === 'free-rcu') return named(change, placeText(site, row.pointer)).map((object) => finding({ object, ...unseenFree(change, object, tells) }));
		if (row.effect === 'rcu-call') return named(change, rootOf(placeText(site, row.argument) ?? '')).map((object) => finding({ object }));
		if (row.effect !== 'rcu-sync') return [];
		// A wait for readers of another kind takes the place of this one.
		const instead = (tells === 'fixes' ? change.old : change.now).find((each) => each.row?.effect === 'rcu-sync' && change.ways.get(each) === (tells === 'fixes' ? 'removed' : 'added'));
		const unlinked = sites.slice(0, at).flatMap((each) => (unpublishes(change.post, each) ? [each] : []));
		if (row.domain) {
			const others = tells === 'fixes' ? instead && instead.text !== site.text : unlinked.length > 0 && instead?.text !== site.text && !readersOtherwise(change) && !areOnlyPlain(change);
			return others ? freedBehind(change, sites, at).map((listed) => ({ words: { listed, domain: site.args[0] ?? '', call: site.text, instead: instead?.text ?? 'nothing' }, tells })) : [];
		}
		if (instead && instead.row?.effect === 'rcu-sync' && instead.row.domain && (tells === 'fixes' || !areOnlyPlain(change))) return [];
		// That others read under RCU is told by how it was taken away from them; or else by nothing but the patch.
		if (tells === 'introduces' && unlinked.length === 0) return [];
		const later = sites.slice(at + 1);
		const freed = freedBehind(change, sites, at);
		if (freed.length > 0) return freed.map((object) => finding({ object }));
		const destroys = destroyed(change, later, 'awaited-before').filter(({ object }) => !object.includes('->'));
		if (destroys.length > 0) return destroys.map(({ api, object, struct }) => finding({ object, destroy: api, struct }));
		// Whoever handed it in frees it, though all of the function is in sight.
		const handed = (name: string): boolean => !change.whole || change.after.fn.params.some((param) => param.name === name);
		return [...new Set(unlinked.flatMap((each) => rootOf(each.args[0] ?? '') ?? []))].filter(handed).flatMap((left) => named(change, left)).map((left) => finding({ left }));
	});
}

/** The patch has readers come into another read side, or into none: who waits for them waits for others then. */
const readersOtherwise = ({ pre, post }: Change): boolean => post.changed.some((name) => {
	const entered = (side: Side): string => sitesIn(side, name).flatMap(({ row, text }) => (row?.effect === 'rcu-lock' ? [text] : [])).join();
	return entered(pre) !== entered(post);
});

/** All readers in sight, and there are some, are in a read side of RCU itself. */
function areOnlyPlain({ post: shown, before }: Change): boolean {
	const post = shown.entire?.() ?? shown;
	const sides = [...post.functions.keys()].flatMap((name) => (name === before.fn.name ? [] : sitesIn(post, name).flatMap(({ row }) => (row?.effect === 'rcu-lock' ? [row.domain === undefined] : []))));
	return sides.length > 0 && sides.every((plain) => plain);
}

/** What is freed on the way out of an attempt that has failed, and was put in or taken out nowhere here but by that attempt itself, nobody had found yet. */
function isUndone({ before: { fn: { body } }, post }: Change, { start, args: [object = ''] }: Site, sites: readonly Site[]): boolean {
	const root = rootOf(object);
	const failed = FAILED.test(body.text.slice(0, start - body.start)) ? body.start : failedAt(body, start);
	const tried = failed === undefined ? undefined : sites.findLast((each) => each.start < failed);
	return failed !== undefined && !sites.some((each) => each !== tried && (takesOut(post, each) || (each.start < start && isNamed(post.sources.table, 'lets-in', each.api))) && each.args.some((arg) => rootOf(arg) === root));
}

/** Where the innermost question around it begins that asks for an error, and leaves the function then. */
function failedAt(body: CNode, start: number): number | undefined {
	const asked = conditionals(body).findLast((node) => {
		const then = node.field('consequence');
		return then && then.start <= start && start < then.end;
	});
	return asked && ERROR.test(asked.field('condition')?.text ?? '') && LEAVES.test(asked.field('consequence')?.text ?? '') ? asked.start : undefined;
}

const ERROR = /^\(\s*(?:unlikely\s*\(\s*)?(?:IS_ERR(?:_VALUE)?\s*\(.*|\w*(?:err|error|ret|retval|rc|res|rv|status)\s*(?:<\s*0|!=\s*0)?)\s*\)*$/;
const LEAVES = /\b(?:return|goto)\b[^;]*;\s*}$/;
const FAILED = /\b\w*(?:err|fail|abort|undo|unwind|bad|nomem)\w*:\s*(?:\/\*(?:[^*]|\*(?!\/))*\*\/\s*)?$/;

const freedBehind = (change: Change, sites: readonly Site[], at: number): readonly string[] =>
	[...new Set(sites.slice(at + 1).flatMap((each) => (each.row?.effect === 'free' ? named(change, placeText(each, each.row.pointer)) : [])))];

/** A variable, or a path from one, that a thread can be given. */
export function named(change: Change, expression: string | null): readonly string[] {
	const root = expression === null ? null : rootOf(expression);
	return expression !== null && root && structOf(change, root) ? [expression] : [];
}

/** Takes out what readers may still hold: publishing a pointer with release order, or `…_rcu()` on a container. */
export const unpublishes = ({ sources: { table } }: Side, { api, row }: Site): boolean => (row?.effect === 'store' && row.order === 'release') || (row?.effect === 'rmw' && row.order === 'release') || isNamed(table, 'for-readers', api);

export const takesOut = (side: Side, site: Site): boolean => unpublishes(side, site) || isNamed(side.sources.table, 'takes-out', site.api);

/** What the other side calls instead, where nobody shows that it frees the object at once. */
function unseenFree(change: Change, object: string, tells: Finding['tells']): Readonly<Record<string, string>> {
	const other = (tells === 'fixes' ? change.old : change.now).filter((site) => change.ways.get(site) === (tells === 'fixes' ? 'removed' : 'added'));
	const [found] = destroyed(change, other).filter((each) => each.object === object);
	return found ? { destroy: found.api, struct: found.struct } : {};
}

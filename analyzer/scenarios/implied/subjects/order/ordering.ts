import { beginsWith, isNamed, namesOf } from '../../../../knowledge/namings';
import { type Change, mirrored } from '../../change';
import type { Finding } from '../../partner';
import { heldAt, READ_SIDE, type Site } from '../../sites';
import { readFences } from './read-fence';

/**
 * What one side orders and the other does not. Two stores, by a fence between them or by a release of the second: `reset` and `seen` are C that
 * makes the second not done yet and that finds it done; the first is `first`, a place, or `copy`, a call that fills one. Or a full fence between
 * what was done and a test whether somebody sleeps: the test is `weak` or `strong`, the call as written `call`. Or the words of readFences().
 */
export function orderings(change: Change): readonly Finding[] {
	return [...publications(change), ...sleepers(change), ...readFences(change)].slice(0, 2);
}

/** A store of the second kind: what to match, which place it is to, and C over it. */
const INDEX = String.raw`\[[^\]]*\]`;
const PLACE = String.raw`([A-Za-z_]\w*(?:(?:${INDEX})?(?:->|\.)\w+)+)`;
/** One element stands for all: which one it is may be told by what only the function itself knows. */
const ofAll = (place: string): string => place.replace(new RegExp(INDEX, 'g'), '[0]');
const UNSEEN = 4711;
const SECONDS: readonly { readonly store: RegExp; readonly reset: (place: string) => string; readonly seen: (place: string) => string }[] = [
	{ store: new RegExp(String.raw`^(?:WRITE_ONCE|ACCESS_ONCE)\(${PLACE}`), reset: (place) => `WRITE_ONCE(${place}, ${UNSEEN});`, seen: (place) => `READ_ONCE(${place}) != ${UNSEEN}` },
	{ store: new RegExp(String.raw`^(?:smp_store_release|smp_store_mb)\(&?${PLACE}`), reset: (place) => `WRITE_ONCE(${place}, ${UNSEEN});`, seen: (place) => `READ_ONCE(${place}) != ${UNSEEN}` },
	{ store: new RegExp(String.raw`^atomic(?:64|_long)?_set(?:_release)?\(&${PLACE}`), reset: (place) => `atomic_set(&${place}, ${UNSEEN});`, seen: (place) => `atomic_read(&${place}) != ${UNSEEN}` },
	{ store: new RegExp(String.raw`^set_bit\([^,]+, ?&${PLACE}`), reset: (place) => `WRITE_ONCE(${place}, 0);`, seen: (place) => `READ_ONCE(${place}) != 0` },
	{ store: new RegExp(String.raw`^clear_bit(?:_unlock)?\([^,]+, ?&${PLACE}`), reset: (place) => `WRITE_ONCE(${place}, -1);`, seen: (place) => `READ_ONCE(${place}) != -1` },
	{ store: new RegExp(String.raw`^${PLACE} *(?:[-+|&]?=(?!=)|\+\+|--)`), reset: (place) => `WRITE_ONCE(${place}, ${UNSEEN});`, seen: (place) => `READ_ONCE(${place}) != ${UNSEEN}` },
];
const FIRST = new RegExp(String.raw`^(?:WRITE_ONCE\()?${PLACE}(?:${INDEX})?(?: *(?:[-+|&]?=(?!=)|\+\+)|, )`);
/** Statements that are looked at on either side of the fence. */
const NEAR = 4;

/** Statements of straight code, by their first lines; what ends the straight line ends the list. */
function straight(lines: readonly string[], begins: (line: string) => boolean = () => true): readonly string[] {
	const found: string[] = [];
	for (const line of lines) {
		if (/^(?:\}|return\b|goto\b|break;|\w+:$|if\b|else\b|for\b|while\b|do\b|case\b)/.test(line)) break;
		if (line !== '' && line !== '{' && begins(line)) found.push(line);
		if (found.length === NEAR) break;
	}
	return found;
}

/** The body's lines without comments, each trimmed; the first is the line of the body itself. */
const linesOf = ({ fn }: Change['after']): readonly string[] =>
	fn.body.text.replace(/\/\*[\s\S]*?\*\//g, (text) => text.replace(/[^\n]/g, '')).split('\n').map((line) => line.replace(/\/\/.*/, '').trim());

function publications(change: Change): readonly Finding[] {
	const copies = new RegExp(`^(${namesOf(change.post.sources.table, 'copies')})\\s*\\(`);
	const of = (sites: readonly Site[], definition: Change['after'], way: string, other: readonly string[], tells: Finding['tells']): readonly Finding[] => sites.flatMap((site): readonly Finding[] => {
		const { row } = site;
		if (change.ways.get(site) !== way || !row) return [];
		const fence = row.effect === 'fence' && (row.kind === 'write' || row.kind === 'full');
		const release = (row.effect === 'store' || row.effect === 'bit' || row.effect === 'rmw') && 'order' in row && row.order === 'release';
		if (!fence && !release) return [];
		const lines = linesOf(definition);
		const at = site.line - definition.fn.body.line;
		const after = release ? [lines[at] ?? ''] : straight(lines.slice(site.endLine - definition.fn.body.line + 1));
		const before = straight(lines.slice(0, at).reverse());
		const second = after.flatMap((line) => SECONDS.flatMap(({ store, reset, seen }) => {
			const place = store.exec(line)?.[1];
			return place ? [{ place, reset: reset(ofAll(place)), seen: seen(ofAll(place)) }] : [];
		}))[0];
		if (!second || !other.some((line) => line.includes(second.place))) return [];
		const { reset, seen } = second;
		const words = { reset, seen, call: site.text };
		for (const line of before) {
			const place = FIRST.exec(line)?.[1];
			if (place && place !== second.place) return [{ words: { ...words, first: ofAll(place) }, tells }];
			const copy = copies.exec(line)?.[1];
			if (copy) return [{ words: { ...words, copy }, tells }];
		}
		return [];
	});
	return [...of(change.now, change.after, 'added', linesOf(change.before), 'fixes'), ...(isKeptByLock(change) ? [] : of(change.old, change.before, 'removed', linesOf(change.after), 'introduces'))];
}

/** What is ordered lies in one section of a lock, before and after: for whoever takes it as well that orders all of it. */
const isKeptByLock = ({ old, now, ways }: Change): boolean => {
	const fence = old.findIndex((site) => ways.get(site) === 'removed' && site.row?.effect === 'fence');
	const spins = (sites: readonly Site[], at: number): boolean => fence >= 0 && [...heldAt(sites, at).keys()].some((lock) => lock !== READ_SIDE);
	return spins(old, fence) && (spins(now, -1) || now.some((_, at) => spins(now, at + 1)));
};

const WEAK: ReadonlySet<string> = new Set(['waitqueue_active', 'swait_active', 'swq_active']);
const STRONG: ReadonlySet<string> = new Set(['wq_has_sleeper', 'wq_has_single_sleeper', 'swq_has_sleeper']);

/** What tells others: a place, or a container, is changed. */
const SETS = new RegExp(String.raw`^\*?${PLACE}(?:${INDEX})? *(?:[-+|&]?=(?!=)|\+\+|--)`);

/** Somebody is looked for right behind the line that tells what is waited for, with nothing between that would order the two. */
function looksUnordered(change: Change, weak: Site): boolean {
	const lines = linesOf(change.after).slice(0, weak.line - change.after.fn.body.line);
	const { table } = change.post.sources;
	const last = lines.findLastIndex((line) => SETS.test(line) || beginsWith(table, 'shows-others', line));
	if (last < 0) return false;
	const from = change.after.fn.body.line + last;
	// A value-returning atomic, a lock, or what nobody shows, may order them.
	if (change.now.some(({ row, line, api }) => line >= from && line < weak.line && !(row ? ORDERS_NOTHING.has(row.effect) && !('order' in row && row.order === 'full' && 'result' in row && row.result) : isNamed(table, 'only-tells', api) || /^(?:mem|str)/.test(api)))) return false;
	return !change.now.some(({ row, line }) => row?.effect === 'unlock' && line < weak.line && line >= from - NEAR);
}

const ORDERS_NOTHING: ReadonlySet<string> = new Set(['store', 'load', 'rmw', 'bit', 'list', 'none']);

/** The queue that is looked at is woken. */
const wakesOf = (sites: readonly Site[], weak: Site): boolean => sites.some(({ row, args }) => row?.effect === 'wake' && args[0] === weak.args[0]);

function sleepers(change: Change): readonly Finding[] {
	const { old, now, ways } = change;
	const test = (sites: readonly Site[], names: ReadonlySet<string>): Site | undefined => sites.find(({ api }) => names.has(api));
	const fenced = (sites: readonly Site[], way: string): Site | undefined => {
		const at = sites.findIndex(({ api }) => WEAK.has(api));
		return at < 0 ? undefined : sites.slice(0, at).find((site) => site.row?.effect === 'fence' && site.row.kind === 'full' && ways.get(site) === way);
	};
	const found = (strong: Site | undefined, weak: Site | undefined, call: Site, tells: Finding['tells']): Finding =>
		({ words: { weak: weak?.api ?? 'waitqueue_active', strong: strong?.api ?? 'wq_has_sleeper', call: call.text }, tells });
	const [wasWeak, isWeak, wasStrong, isStrong] = [test(old, WEAK), test(now, WEAK), test(old, STRONG), test(now, STRONG)];
	if (wasWeak && isStrong && !wasStrong && !isWeak) return [found(isStrong, wasWeak, isStrong, 'fixes')];
	if (isWeak && wasStrong && !isStrong && !wasWeak) return [found(wasStrong, isWeak, wasStrong, 'introduces')];
	if (isWeak && ways.get(isWeak) === 'added' && !wasWeak && !wasStrong && !isStrong) {
		return wakesOf(old, isWeak) && wakesOf(now, isWeak) && looksUnordered(change, isWeak) ? [found(undefined, isWeak, isWeak, 'introduces')] : [];
	}
	if (wasWeak && ways.get(wasWeak) === 'removed' && !isWeak && !wasStrong && !isStrong) {
		return wakesOf(old, wasWeak) && wakesOf(now, wasWeak) && looksUnordered(mirrored(change), wasWeak) ? [found(undefined, wasWeak, wasWeak, 'fixes')] : [];
	}
	const [come, gone] = [fenced(now, 'added'), fenced(old, 'removed')];
	if (come && wasWeak && isWeak) return [found(undefined, isWeak, come, 'fixes')];
	return gone && wasWeak && isWeak ? [found(undefined, wasWeak, gone, 'introduces')] : [];
}

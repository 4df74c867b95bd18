import type { Table } from '../../../../knowledge';
import { beginsWith, isNamed, type Naming, namesOf } from '../../../../knowledge/namings';
import { withoutComments } from '../../../../parse/plain-text';
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

const INDEX = String.raw`\[[^\]]*\]`;
const PLACE = String.raw`([A-Za-z_]\w*(?:(?:${INDEX})?(?:->|\.)\w+)+)`;
/** A place is given a value, or counted, by an operator. */
const OPERATOR = String.raw` *(?:[-+|&]?=(?!=)|\+\+|--)`;
/** One element stands for all: which one it is may be told by what only the function itself knows. */
const ofAll = (place: string): string => place.replace(new RegExp(INDEX, 'g'), '[0]');

/** How it is undone, and how it is seen, that a place was stored to: C over the place. */
interface Trace {
	readonly reset: (place: string) => string;
	readonly seen: (place: string) => string;
}
const UNSEEN = 4711;
const traceOf = (before: string): Trace => ({ reset: (place) => `WRITE_ONCE(${place}, ${before});`, seen: (place) => `READ_ONCE(${place}) != ${before}` });
const VALUE = traceOf(`${UNSEEN}`);
const COUNT: Trace = { reset: (place) => `atomic_set(&${place}, ${UNSEEN});`, seen: (place) => `atomic_read(&${place}) != ${UNSEEN}` };

/** Calls that store, by what their names tell; what stands before the place among their arguments; and the trace that they leave. */
const STORES: readonly { readonly kinds: readonly Naming[]; readonly ahead: string; readonly trace: Trace }[] = [
	{ kinds: ['marks-store', 'marks-either', 'stores-and-fences'], ahead: '&?', trace: VALUE },
	{ kinds: ['sets-count'], ahead: '&', trace: COUNT },
	{ kinds: ['sets-bit'], ahead: '[^,]+, ?&', trace: traceOf('0') },
	{ kinds: ['clears-bit'], ahead: '[^,]+, ?&', trace: traceOf('-1') },
];

/** The place that the line stores to, and the trace of that. */
function storeIn(table: Table, line: string): { readonly place: string; readonly trace: Trace } | undefined {
	const stored = new RegExp(`^${PLACE}${OPERATOR}`).exec(line)?.[1];
	if (stored) return { place: stored, trace: VALUE };
	for (const { kinds, ahead, trace } of STORES) {
		const place = new RegExp(String.raw`^${namesOf(table, ...kinds)}\(${ahead}${PLACE}`).exec(line)?.[1];
		if (place) return { place, trace };
	}
	return undefined;
}

/** The place that is filled first: by a marked store or an operator, or as an argument that a call begins with. */
const firstIn = (table: Table, line: string): string | undefined => new RegExp(String.raw`^(?:${namesOf(table, 'marks-store')}\(&?)?${PLACE}(?:${INDEX})?(?:${OPERATOR}|, )`).exec(line)?.[1];

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
const linesOf = ({ fn }: Change['after']): readonly string[] => withoutComments(fn.body.text).split('\n').map((line) => line.trim());

function publications(change: Change): readonly Finding[] {
	const { table } = change.post.sources;
	const copies = new RegExp(`^(${namesOf(table, 'copies')})\\s*\\(`);
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
		const [second] = after.flatMap((line) => storeIn(table, line) ?? []);
		if (!second || !other.some((line) => line.includes(second.place))) return [];
		const words = { reset: second.trace.reset(ofAll(second.place)), seen: second.trace.seen(ofAll(second.place)), call: site.text };
		for (const line of before) {
			const place = firstIn(table, line);
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

/** What tells others: a place, or a container, is changed. */
const SETS = new RegExp(String.raw`^\*?${PLACE}(?:${INDEX})?${OPERATOR}`);

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
	const { old, now, ways, post: { sources: { table } } } = change;
	const test = (sites: readonly Site[], naming: Naming): Site | undefined => sites.find(({ api }) => isNamed(table, naming, api));
	const fenced = (sites: readonly Site[], way: string): Site | undefined => {
		const at = sites.findIndex(({ api }) => isNamed(table, 'asks-waiters', api));
		return at < 0 ? undefined : sites.slice(0, at).find((site) => site.row?.effect === 'fence' && site.row.kind === 'full' && ways.get(site) === way);
	};
	const found = (strong: Site | undefined, weak: Site | undefined, call: Site, tells: Finding['tells']): Finding =>
		({ words: { weak: weak?.api ?? 'waitqueue_active', strong: strong?.api ?? 'wq_has_sleeper', call: call.text }, tells });
	const [wasWeak, isWeak, wasStrong, isStrong] = [test(old, 'asks-waiters'), test(now, 'asks-waiters'), test(old, 'asks-waiters-in-order'), test(now, 'asks-waiters-in-order')];
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

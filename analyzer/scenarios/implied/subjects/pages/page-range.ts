import type { Asked } from '../../../../knowledge/partner-row';
import { familyOf } from '../../../../knowledge/table';
import type { Side } from '../../../sides/side';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { inOneSection, KEPT_OFF, type Point, pointsOf } from '../../sections';
import { lockOf, READ_SIDE, sitesIn } from '../../sites';
import { LOCKING, told as inWords } from '../../steps';
import { paired } from '../../pairing';
import { type Twin, twinsOf } from '../../point-twins';
import { plainCalls } from '../../plain-calls';
import { played } from '../../played';

/**
 * Pages, or mappings, of a range are taken away (`evict`, a call that the row's `behind` matches) and the range is worked on (`acts`), in one section of
 * `lock` on the side after only. `known`: one of the row's calls, which are there to keep faults out, takes the lock.
 */
export const pageRanges = (change: Change, row: Asked): readonly Finding[] => underLocks(change, row, evicted);

/** A call that the row's `behind` matches brings pages in, or maps them (`fill`), under `lock` on the side after only. */
export const pageFills = (change: Change, row: Asked): readonly Finding[] => underLocks(change, row, filled);

type Search = (points: Points, lock: string, calls: RegExp, change: Change) => Finding | null;

const BREAKS = ['stale-mapping'] as const;

interface Points {
	readonly old: readonly Point[];
	readonly now: readonly Point[];
	readonly twins: readonly Twin[];
}

/** The first lock's that there is. */
function underLocks(change: Change, row: Asked, search: Search): readonly Finding[] {
	const { behind = '(?!)', calls: lockers = [] } = row;
	// A call of such a name, of which nothing is known, may have taken the same before.
	const other = change.old.some((site) => change.ways.get(site) === 'removed' && /lock/.test(site.api) && !/unlock/.test(site.api));
	const keepsOut = (lock: string): boolean => !other && [...change.old, ...change.now].some((site) => lockers.includes(site.api) && lockOf(site) === lock);
	const meant = new RegExp(`\\b(?:${[behind, ...helpersThat(change, behind)].join('|')})\\s*\\(`);
	const [old, now] = [pointsOf(change.before, change.old), pointsOf(change.after, change.now)];
	const points = { old, now, twins: twinsOf(change, old, now) };
	const locks = [...new Set(now.flatMap(({ held }) => [...held.keys()]))].filter((lock) => lock !== READ_SIDE && KEPT_OFF[lock] === undefined);
	return locks.flatMap((lock) => {
		const calls = plainCalls(change, lock, 'task', true);
		const found = calls && search(points, lock, meant, change);
		if (!found) return [];
		const told: Finding = { ...found, words: { ...calls, lock, ...(keepsOut(lock) ? { known: '1' } : {}), ...found.words, ...played(change, row, lock) } };
		// What the function looks at before that may keep it from being reached.
		return keepsOut(lock) ? [told, { ...told, outline: BREAKS, inPart: true }] : [told];
	}).slice(0, 2);
}

/** Functions in sight, called on both sides and alike on both, that make such a call. */
function helpersThat({ old, now, pre, post }: Change, calls: string): readonly string[] {
	const meant = new RegExp(`^(?:${calls})$`);
	const makes = (api: string, side: Side): boolean => !side.changed.includes(api) && sitesIn(side, api).some((site) => meant.test(site.api));
	return [...new Set(now.map(({ api }) => api))].filter((api) => old.some((site) => site.api === api) && makes(api, pre) && makes(api, post));
}

/** Another lock did the same before. */
const replaced = (before: Point, after: Point, other = before): boolean => [...before.held.keys()].some((lock) => inOneSection(before, other, lock) && !after.held.has(lock));

function evicted({ twins }: Points, lock: string, evicts: RegExp, change: Change): Finding | null {
	const { table } = change.post.sources;
	const works = ({ text }: Point): boolean => {
		const api = /(?:^|=\s*|\(\s*|!\s*)([a-z_]\w*)\s*\(/.exec(text)?.[1];
		return api !== undefined && !LOCKING.has(table.rows.get(api)?.effect ?? '') && table.rows.get(api)?.effect !== 'none' && !familyOf(table, api);
	};
	for (const first of twins) {
		if (!evicts.test(first.after.text)) continue;
		const then = twins.findLast(({ before, after }) => after.node.start > first.after.node.start && before.node.start > first.before.node.start && works(after)
			&& inOneSection(first.after, after, lock) && !inOneSection(first.before, before, lock) && !replaced(first.before, first.after, before));
		if (!then) continue;
		return {
			words: { evict: inWords(first.after.text), acts: inWords(then.after.text) }, tells: 'fixes',
			earlier: { before: first.before.node, after: first.after.node }, marked: { before: then.before.node, after: then.after.node },
		};
	}
	return null;
}

function filled({ old, now }: Points, lock: string, fills: RegExp): Finding | null {
	const calls = (points: readonly Point[]): readonly Point[] => points.filter(({ text }) => fills.test(text));
	const twin = paired(calls(old), calls(now), ({ text }) => fills.exec(text)?.[0] ?? '').find(({ before, after }) => after.node.type !== 'return_statement' && after.held.has(lock) && !before.held.has(lock) && !replaced(before, after));
	return twin ? { words: { fill: inWords(twin.after.text) }, tells: 'fixes', marked: { before: twin.before.node, after: twin.after.node } } : null;
}


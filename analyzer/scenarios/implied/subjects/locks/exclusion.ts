import { isNamed } from '../../../../knowledge/namings';
import type { Row } from '../../../../knowledge/row';
import { familyOf } from '../../../../knowledge/table';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { isBrought } from '../../brought-lock';
import { isShown } from '../../shown';
import { heldAt, lastWord, placeText, READ_SIDE, type Site, sitesIn } from '../../sites';
import { plainCalls } from '../../plain-calls';

/**
 * `work` is called under `lock` on one side only; `acquire` and `release` take and give it back. Or (`flag`) only by who was first to change a bit of
 * `flag`; `once`: nothing changes it back. `asked`: what is done next goes by what `work` answers.
 */
export function exclusions(change: Change): readonly Finding[] {
	return [...underLocks(change), ...byFlags(change)];
}

function underLocks(change: Change): readonly Finding[] {
	for (const [at, site] of change.now.entries()) {
		const twin = change.old.findIndex((each) => each.text === site.text);
		if (!isWork(change, site) || twin < 0) continue;
		const before = heldAt(change.old, twin);
		const now = heldAt(change.now, at);
		// Another lock took the place of the one that did this before.
		if ([...before.keys()].some((lock) => !now.has(lock))) continue;
		for (const lock of now.keys()) {
			const calls = before.has(lock) || lock === READ_SIDE || isForNewWork(change, lock, now.get(lock)) ? null : plainCalls(change, lock, 'task', true);
			if (calls) return [{ words: { ...calls, lock, work: site.api, ...(isAsked(change, site) ? { asked: '1' } : {}) }, tells: 'fixes' }];
		}
	}
	return [];
}

/** What is done next goes by what the call answers. */
function isAsked({ after: { fn: { body } }, post }: Change, { start, api }: Site): boolean {
	const text = body.text.slice(start - body.start);
	const local = /([A-Za-z_]\w*)\s*=\s*$/.exec(body.text.slice(0, start - body.start))?.[1];
	const next = /^[^;]*;\s*if\s*\(([^;{]*)/.exec(text)?.[1];
	return isNamed(post.sources.table, 'asks-how-it-is', api) && local !== undefined && next !== undefined && new RegExp(`\\b${local}\\b`).test(next) && text.startsWith(api);
}

/**
 * The patch brings the lock, and work that was not there before is done under it as well: so it may be for that alone, and nobody out of sight has it.
 */
export function isForNewWork(change: Change, lock: string, held: { readonly acquire: Site | null; readonly release: Site | null } | undefined): boolean {
	if (!held?.acquire || !held.release || !isBrought(change, lastWord(lock))) return false;
	const [from, to] = [held.acquire.start, held.release.start];
	return change.now.some((site) => site.start > from && site.start < to && change.ways.get(site) === 'added' && isWork(change, site));
}

const FIRST: ReadonlySet<string> = new Set(['test-and-set', 'test-and-clear']);

function byFlags(change: Change): readonly Finding[] {
	return change.now.flatMap((site, at) => {
		const { row } = site;
		if (row?.effect !== 'bit' || !FIRST.has(row.operation) || change.ways.get(site) !== 'added') return [];
		const flag = placeText(site, row.at);
		const later = change.now.slice(at + 1);
		const isUndone = (each: Site): boolean => isBack(each.row, row.operation) && each.args.join() === site.args.join();
		const back = later.findIndex(isUndone);
		const work = later.slice(0, back < 0 ? undefined : back).find((each) => isWork(change, each) && change.old.some((other) => other.text === each.text));
		return flag && work ? [{ words: { flag, work: work.api, ...(back < 0 && !othersOf(change).some(isUndone) ? { once: '1' } : {}) }, tells: 'fixes' as const }] : [];
	});
}

/** The calls of the patch's other functions. */
const othersOf = ({ name, post }: Change): readonly Site[] => post.changed.flatMap((other) => (other === name ? [] : sitesIn(post, other)));

const isBack = (row: Row | null, operation: string): boolean => row?.effect === 'bit' && row.operation.endsWith(operation === 'test-and-set' ? 'clear' : 'set');

/** Something that nobody shows and that does more than tell. */
export const isWork = (change: Change, { api, row }: Site): boolean =>
	(row === null || row.partial === true) && !isShown(change, api) && !/^[A-Z_0-9]+$/.test(api) && !familyOf(change.post.sources.table, api);

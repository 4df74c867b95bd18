import { isNamed } from '../../../../knowledge/namings';
import { added, type Change, removed } from '../../change';
import type { Finding } from '../../partner';
import { SLEEPS } from '../../plain-calls';
import { heldAt, rootOf, type Site } from '../../sites';
import { isWork } from './exclusion';

/**
 * A call that nobody shows (`work`) was made under a lock that is spun for (`spun`), and is made under none such now: a lock that may sleep has come in its place, or the call
 * is one that by its name begins, ends or waits for something, and stands behind the release. Or (`plain` took it, `undo` released it) such a lock has come in its place for what is out of sight.
 */
export function sleptUnder(change: Change): readonly Finding[] {
	const { old, now, post } = change;
	const called = now.flatMap((site, at): readonly Finding[] => {
		const twin = old.findIndex(({ text }) => text === site.text);
		if (twin < 0 || !isWork(change, site) || isNamed(post.sources.table, 'only-tells', site.api)) return [];
		const [before, after] = [locksAt(old, twin), locksAt(now, at)];
		const spun = before.find(isSpun);
		const sleeps = after.some((each) => isSleeping(each) && change.ways.get(each) === 'added');
		if (!spun || after.some(isSpun) || !(sleeps ? change.ways.get(spun) === 'removed' : isNamed(change.post.sources.table, 'begins-or-ends', site.api) && isMovedOut(change, site, spun))) return [];
		return [{ words: { work: site.api, spun: spun.args[0] ?? spun.text }, tells: 'fixes' }];
	});
	return called.length > 0 ? called.slice(0, 1) : outOfSight(change);
}

/** The calls that take the locks, or else release them, which are held there. */
const locksAt = (sites: readonly Site[], at: number): readonly Site[] => [...heldAt(sites, at).values()].flatMap(({ acquire, release }) => acquire ?? release ?? []);
const isSpun = ({ row }: Site): boolean => (row?.effect === 'lock' || row?.effect === 'unlock') && (row.kind === 'spin' || row.kind === 'rw');
const isSleeping = ({ row }: Site): boolean => (row?.effect === 'lock' || row?.effect === 'unlock') && SLEEPS.has(row.kind);

/** The lock stays where it was, and the call, or the release, has changed its place. */
const isMovedOut = (change: Change, site: Site, spun: Site): boolean =>
	(spun.row?.effect === 'unlock' || change.ways.get(spun) === 'kept')
	&& (change.ways.get(site) === 'moved' || change.now.some((each) => each.row?.effect === 'unlock' && change.ways.get(each) === 'moved' && each.start < site.start));

/** Every lock of the function that was spun for sleeps now, and lines that are under it are not shown. */
function outOfSight(change: Change): readonly Finding[] {
	const takes = (sites: readonly Site[], of: (site: Site) => boolean): readonly Site[] => sites.filter((site) => site.row?.effect === 'lock' && of(site));
	const [gone, come] = [takes(removed(change), isSpun), takes(added(change), isSleeping)];
	const [first, last] = [gone[0], change.old.findLast(({ row }) => row?.effect === 'unlock')];
	if (!first || !last || gone.length !== come.length || come.some((site, at) => rootOf(site.args[0] ?? '') !== rootOf(gone[at]?.args[0] ?? '') && /->/.test(site.args[0] ?? '')) || change.now.some(isSpun)) return [];
	const hidden = change.before.fn.gaps.some((line) => line > first.line && line <= last.line);
	return hidden ? [{ words: { plain: first.api, undo: last.api, spun: first.args[0] ?? '' }, tells: 'fixes' }] : [];
}

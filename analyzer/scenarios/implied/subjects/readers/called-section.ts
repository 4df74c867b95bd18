import { isNamed } from '../../../../knowledge/namings';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { heldAt, type Site, sitesIn } from '../../sites';
import { isWork } from '../locks/exclusion';

/**
 * A call that nobody shows (`work`) is made in a read side (`enter`), which the patch puts around it, and was made under nothing at all: `wait` is the grace period
 * of that kind of readers.
 */
export function calledSections(change: Change): readonly Finding[] {
	const { now, old, post, pre } = change;
	// A section, or a lock, that was elsewhere has only moved.
	if (pre.changed.some((name) => sitesIn(pre, name).some((site) => site.changed && keepsOut(site)))) return [];
	return now.flatMap((site, at): readonly Finding[] => {
		const twin = old.findIndex(({ text }) => text === site.text);
		const [inside, outside] = [sectionAt(now, at), twin < 0 ? undefined : sectionAt(old, twin)];
		if (!inside || outside || twin < 0 || change.ways.get(inside) !== 'added' || site.args.length === 0 || !isWork(change, site)) return [];
		const wait = graceOf(inside);
		const held = heldAt(old, twin).size > 0 || old.slice(0, twin).some(({ row }) => row?.effect === 'assert-held');
		return wait === null || held || isNamed(post.sources.table, 'only-tells', site.api) ? [] : [{ words: { work: site.api, enter: inside.text, wait }, tells: 'fixes' }];
	}).slice(0, 1);
}

const keepsOut = ({ row }: Site): boolean => row?.effect === 'rcu-lock' || row?.effect === 'lock' || row?.effect === 'trylock';

/** The read side that is entered last before the call, and not left before it. */
function sectionAt(sites: readonly Site[], at: number): Site | undefined {
	const before = sites.slice(0, at).filter(({ row }) => row?.effect === 'rcu-lock' || row?.effect === 'rcu-unlock');
	const last = before.findLast(({ row }) => row?.effect === 'rcu-lock');
	const left = last !== undefined && before.some(({ row, start }) => row?.effect === 'rcu-unlock' && start > last.start);
	return left || !sites.slice(at).some(({ row }) => row?.effect === 'rcu-unlock') ? undefined : last;
}

/** What waits for such readers; null where that is not known. */
function graceOf({ row, args }: Site): string | null {
	if (row?.effect !== 'rcu-lock') return null;
	if (!row.domain) return 'synchronize_rcu()';
	return args[0] ? `synchronize_srcu(${args[0]})` : null;
}

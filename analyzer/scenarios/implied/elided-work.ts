import { says } from '../../knowledge/phrases';
import { ELIDED } from '../../lower/elided/gap';
import { added, type Change, removed } from './change';
import { withoutParameters } from '../sides/own-code';
import { type ImpliedScenario, own, thread } from './partner';
import { lastWord, lockOf } from './sites';

/** Stands for all that the elided lines work on. */
const WORK = 'INSTANCE(exclusion)->__elided';
const AT_ONCE = `\tWINDOW(${WORK}, exclusive, "two runs are in the code that is not shown at the same time");\n\tWINDOW_END(${WORK}, exclusive);`;

/**
 * The change takes a lock around lines that the mail does not show, where none was taken: so two runs must not be in them at once. Said only where the
 * mail speaks of that.
 */
export function elidedWork(change: Change, all: readonly Change[], mail: string): readonly ImpliedScenario[] {
	if (!says(change.post.sources.table, 'one-at-a-time', mail)) return [];
	const [party, before] = [own(change, change.after, change.post), own(change, change.before, change.pre)];
	if (party.role?.parallel === false || party.role?.alone || change.old.some((site) => lockOf(site) !== null)) return [];
	const definition = thread(change, ELIDED, '', AT_ONCE);
	const lock = added(change).find((site) => isAround(change, all, site.line, site.api, lockOf(site), site.row?.effect));
	if (!lock || !definition) return [];
	return [{
		because: 'environment', reason: `${lock.text} around the code that is not shown says that two runs of ${change.name}() must not be in it at once`,
		pre: [before, { ...before, name: 'CPU1' }], post: [party, { ...party, name: 'CPU1' }],
		entries: [change.name, change.name], claimed: false, weight: 26, tells: 'fixes', overrides: new Map([[ELIDED, withoutParameters(definition)]]),
	}];
}

function isAround(change: Change, all: readonly Change[], line: number, api: string, lock: string | null, effect: string | undefined): boolean {
	const guard = /^(scoped_)?guard$/.test(api);
	if (!guard && (effect !== 'lock' || lock === null || movedFrom(all, lock))) return false;
	const releases = guard ? [] : change.now.filter((site) => site.row?.effect === 'unlock' && lockOf(site) === lock && site.line > line);
	if (releases.some((site) => change.ways.get(site) === 'kept')) return false;
	const end = releases.at(-1)?.line ?? Number.POSITIVE_INFINITY;
	const { gaps, tailElided, endLine } = change.after.fn;
	return [...gaps, ...(tailElided ? [endLine] : [])].some((gap) => gap > line && gap <= end);
}

/** Another function no longer takes it: it has only moved. */
const movedFrom = (all: readonly Change[], lock: string): boolean =>
	all.some((other) => removed(other).some((site) => site.row?.effect === 'lock' && lastWord(lockOf(site) ?? '') === lastWord(lock)));

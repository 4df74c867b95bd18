import type { Definition } from '../../lower/lowering';
import { added, type Change, removed } from './change';
import { type ImpliedScenario, own, thread } from './partner';
import { heldAt, lockOf, type Site } from './sites';

/** What a mail says of work that must not be done by two at once, or twice. */
const EXCLUSIVE = /\b(rac(e|es|ed|ing|y)|concurren\w*|simultaneous\w*|(in|run) parallel|at (the same time|once)|seriali[sz]\w*|protect\w*|corrupt\w*|synchroni[sz]\w*|mutual\w*|twice|double|another (cpu|thread|task|process|context))\b/i;
/** Names of calls that only ask or convert. */
const ASKS = /[A-Z]|^atomic_|^(elided_|sizeof|likely|unlikely|guard|scoped_guard)$|(^|_)(is|has|can|to|from|name|priv|len|size|count|num|max|min|enabled|empty|valid|supported)(_|$)/;
/** Stands for all that the calls work on. */
const WORK = 'INSTANCE(unshown_work)->__busy';
const ELIDED = 'elided_';

/**
 * The change takes a lock around work that nobody shows (calls that nothing is known of, elided lines), or lets one of several in by an atomic test: so
 * two runs must not do that work at once, or a second one not at all. Said only where the mail speaks of it.
 */
export function exclusions(change: Change, all: readonly Change[], mail: string): readonly ImpliedScenario[] {
	const party = own(change, change.after, change.post);
	if (!EXCLUSIVE.test(mail) || party.role?.parallel === false || party.role?.alone) return [];
	return [...locked(change, all), ...admitted(change)].slice(0, 1);
}

/** The calls of both sides that nothing is known of, between the lines of the side after. */
const unshown = (change: Change, from: number, to: number): readonly Site[] => change.now.filter((site) => site.line > from && site.line < to
	&& change.ways.get(site) === 'kept' && (!site.row || site.row.partial) && !change.post.functions.has(site.api) && !ASKS.test(site.api));

function locked(change: Change, all: readonly Change[]): readonly ImpliedScenario[] {
	const left = new Set(all.flatMap((other) => removed(other).flatMap((site) => (site.row?.effect === 'lock' ? lastOf(lockOf(site) ?? '') : []))));
	return added(change).flatMap((acquire) => {
		const lock = lockOf(acquire);
		const guard = /^(scoped_)?guard$/.test(acquire.api);
		if (guard ? change.before.fn.body.text.includes(acquire.text) : acquire.row?.effect !== 'lock' || lock === null || left.has(lastOf(lock))) return [];
		const releases = guard ? [] : change.now.filter((site) => site.row?.effect === 'unlock' && lockOf(site) === lock && site.line > acquire.line);
		if (releases.some((site) => change.ways.get(site) === 'kept')) return [];
		const end = guard || releases.length === 0 ? Number.POSITIVE_INFINITY : releases.at(-1)!.line;
		const calls = unshown(change, acquire.endLine, end).filter((site) => unprotected(change, site));
		const elided = [...change.after.fn.gaps, ...(change.after.fn.tailElided ? [change.after.fn.endLine] : [])].some((line) => line > acquire.endLine && line <= end);
		const names = [...new Set(calls.map(({ api }) => api))];
		if (elided && change.old.every((site) => lockOf(site) === null)) names.push(ELIDED);
		return names.length === 0 ? [] : [scenario(change, names, busy, `${acquire.text} around ${told(names)} says that two runs of ${change.name}() must not do that at once`)];
	});
}

/** Nothing is locked at the call before the patch. */
const unprotected = (change: Change, site: Site): boolean => change.old.some((twin, index) => twin.text === site.text && heldAt(change.old, index).size === 0);

/** An atomic test that is new lets only one of several go on. */
function admitted(change: Change): readonly ImpliedScenario[] {
	return added(change).flatMap((test) => {
		const { row } = test;
		const takes = row?.effect === 'bit' && /^test-and-(set|clear)$/.test(row.operation) ? row.operation : row?.effect === 'cas' ? 'cas' : null;
		if (!takes || !test.used) return [];
		const last = test.args.at(-1) ?? '';
		const reopened = change.now.some((site) => site.line > test.line && site.row?.effect === 'bit' && site.row.operation !== 'test' && site.args.at(-1) === last && site.args[0] === test.args[0]);
		const [first, ...more] = unshown(change, test.endLine, Number.POSITIVE_INFINITY).filter((site) => unprotected(change, site)).map(({ api }) => api);
		if (first === undefined) return [];
		return reopened
			? [scenario(change, [...new Set([first, ...more])], busy, `${test.text} before ${first}() says that two runs of ${change.name}() must not do that at once`)]
			: [scenario(change, [first], once, `${test.text} before ${first}() says that a second run of ${change.name}() must not do that again`)];
	});
}

const busy = (name: string): string => `\tWINDOW(${WORK}, exclusive, "two runs are in ${told([name])} at the same time");\n\tWINDOW_END(${WORK}, exclusive);`;
const once = (name: string): string => `\tCHECK("use-after-free", !${WORK}, "${told([name])} is run a second time on what it has ended");\n\t${WORK} = 1;`;

const told = (names: readonly string[]): string => names.map((name) => (name === ELIDED ? 'the code that is not shown' : `${name}()`)).slice(0, 3).join(', ');

function scenario(change: Change, names: readonly string[], body: (name: string) => string, reason: string): ImpliedScenario {
	const overrides = new Map(names.flatMap((name) => {
		const definition: Definition | null = thread(change, name, '', body(name));
		return definition ? [[name, { ...definition, fn: { ...definition.fn, params: [] } }] as const] : [];
	}));
	const twice = (definition: Definition, side: Change['post']): ImpliedScenario['pre'] => [own(change, definition, side), { ...own(change, definition, side), name: 'CPU1' }];
	return {
		because: 'environment', reason, pre: twice(change.before, change.pre), post: twice(change.after, change.post), entries: [change.name, change.name],
		claimed: false, weight: 26, tells: 'fixes', overrides,
	};
}

const lastOf = (place: string): string => /\w+$/.exec(place)?.[0] ?? place;

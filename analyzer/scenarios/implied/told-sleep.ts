import type { Row } from '../../knowledge/row';
import { isWhole } from '../../parse';
import type { Definition } from '../../lower/sources';
import { ELIDED } from '../../lower/elided/gap';
import type { Sayings } from '../../mail/sayings';
import { type Change, removed } from './change';
import { withoutParameters } from '../sides/own-code';
import { type ImpliedScenario, own, thread } from './partner';
import { heldAt, READ_SIDE, type Site } from './sites';

/** Functions, and calls of each, beyond these are left out. */
const CHANGES_BOUND = 4;
const SUSPECTS_BOUND = 3;

/**
 * Where the mail says that something sleeps in atomic context, the functions that the patch changes are run in one: what slept there and does no
 * longer is what it mends. What slept may be a call that nobody knows, or lie in lines that are not shown. It can only ever show `fixes`.
 */
export function toldSleeps(changes: readonly Change[], said: Sayings): readonly ImpliedScenario[] {
	const { atomic } = said;
	if (atomic === null) return [];
	return changes.slice(0, CHANGES_BOUND).flatMap((change) => {
		const scenario = (why: string, kept: boolean, overrides?: ImpliedScenario['overrides']): ImpliedScenario => ({
			because: 'prose', reason: `${change.name}() runs in atomic context, as the mail has it: ${atomic}${why}`,
			pre: [inAtomic(own(change, change.before, change.pre), kept)], post: [inAtomic(own(change, change.after, change.post), kept)],
			entries: [change.name], claimed: false, weight: 20, tells: 'fixes', ...(overrides ? { overrides } : {}),
		});
		const assumed = (api: string, why: string, kept: boolean): readonly ImpliedScenario[] => {
			const definition = sleeper(change, api);
			return definition ? [scenario(why, kept, new Map([[api, definition]]))] : [];
		};
		return [
			scenario('', false),
			...suspects(change, said).slice(0, SUSPECTS_BOUND).flatMap(({ api, spinning }) => assumed(api, `; ${api}(), which it does not show, sleeps`, spinning)),
			...(leavesIt(change, said) ? assumed(ELIDED, '; what sleeps is in lines that it does not show', false) : []),
		];
	});
}

/** `kept`: in the context in which it runs anyhow: it holds the lock itself. */
const inAtomic = (party: ReturnType<typeof own>, kept: boolean): ReturnType<typeof own> => (kept || party.context !== 'task' ? party : { ...party, context: 'softirq' });

function sleeper(change: Change, api: string): Definition | null {
	const definition = thread(change, api, '', '\tmight_sleep();');
	return definition && withoutParameters(definition);
}

interface Suspect {
	readonly api: string;
	/** It is called under a lock that spins, in sight. */
	readonly spinning: boolean;
}

/** Effects of rows that say nothing of whether the call sleeps. */
const SILENT: ReadonlySet<Row['effect']> = new Set(['free', 'put', 'might-sleep', 'none']);

/** Calls that may be what sleeps: the mail names them, or they are done where one spins on the side before only. */
function suspects(change: Change, said: Sayings): readonly Suspect[] {
	const gone = new Set(removed(change));
	const named = new Set([...said.trace, ...said.sleeping.keys()]);
	const found = change.old.flatMap((site, at): readonly (Suspect & { readonly named: boolean })[] => {
		const { api, row } = site;
		if (change.pre.functions.has(api) || change.pre.sources.table.rows.evenPartial(api)?.sleeps || /^[A-Z]/.test(api)) return [];
		const spinning = spins(change.old, at);
		const after = change.now.findIndex((each) => each.text === site.text);
		if (REAL_TIME.test(said.atomic ?? '') && isSpinning(site) && isOff(change.old, at) && !(after >= 0 && isOff(change.now, after))) return [{ api, spinning: true, named: true }];
		const left = after < 0 ? gone.has(site) && !change.now.some((each) => each.api === api) : spinning && !spins(change.now, after);
		if (!left) return [];
		const told = named.has(api);
		const unknown = !row || (row.partial === true && SILENT.has(row.effect));
		const sleepsThere = unknown || (told && SILENT.has(row.effect)) || (row.effect === 'lock' && row.kind === 'spin' && turnsRaw(change, api)) || softened(change, api);
		return sleepsThere ? [{ api, spinning, named: told }] : [];
	});
	return [...new Map([...found].sort((a, b) => Number(b.named) - Number(a.named)).map((each) => [each.api, each])).values()];
}

/** A lock that spins, or a read side, is held. */
const spins = (sites: readonly Site[], at: number): boolean => [...heldAt(sites, at)].some(([lock, { acquire, release }]) => lock === READ_SIDE || [acquire, release].some((site) => (site?.row?.effect === 'lock' || site?.row?.effect === 'unlock') && SPINNING.has(site.row.kind)));
const SPINNING: ReadonlySet<string> = new Set(['spin', 'rw', 'bit', 'local']);

/** With it, locks that spin elsewhere sleep, unless they are raw. */
const REAL_TIME = /PREEMPT_RT|preempt[- ]rt|\bRT\b/i;
const isSpinning = ({ api, row }: Site): boolean => row?.effect === 'lock' && (row.kind === 'spin' || row.kind === 'rw') && !/^(?:raw|arch)_/.test(api);

/** Interrupts or preemption are off there by a call of their own, or a raw lock is held. */
function isOff(sites: readonly Site[], at: number): boolean {
	const off = sites.slice(0, at).reduce((sum, { row }) => (row?.effect === 'context' && row.which !== 'softirq' ? Math.max(0, sum + row.delta) : sum), 0);
	return off > 0 || [...heldAt(sites, at).values()].some(({ acquire, release }) => [acquire, release].some((site) => site?.api.startsWith('raw_') && site.row?.effect !== 'rcu-lock'));
}

/** `spin_lock()` before, `raw_spin_lock()` after: with PREEMPT_RT only the latter spins. */
const turnsRaw = (change: Change, api: string): boolean => !api.startsWith('raw_') && change.now.some((site) => change.ways.get(site) === 'added' && site.api === `raw_${api}`);

/** What may be called with interrupts off does the same now: `kfree_skb()` before, `dev_kfree_skb_irq()` after. */
const softened = (change: Change, api: string): boolean => !/lock|wait/.test(api) && change.now.some((site) => change.ways.get(site) === 'added' && /_(irq|any|atomic|nosync|async|rcu)$/.test(site.api) && words(site.api).some((word) => words(api).includes(word)));

const words = (name: string): readonly string[] => name.replace(/_(irq|any|atomic|nosync|async|rcu)$/, '').split('_').filter((word) => word.length >= 3);

/** The function leaves what it did in lines that are not shown to something that may sleep. */
function leavesIt(change: Change, said: Sayings): boolean {
	const { before, after, now, ways } = change;
	const elided = !isWhole(before.fn);
	const whole = !after.fn.tailElided && after.fn.gaps.length === 0;
	return elided && whole && (now.some((site) => ways.get(site) === 'added' && site.row?.effect === 'spawn') || said.trace.includes(change.name));
}

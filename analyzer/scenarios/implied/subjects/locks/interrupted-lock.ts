import type { ContextKind, LockKind } from '../../../../../sim';
import { comesWithInterruptsOff } from '../../../shown/exposures';
import { roleOf } from '../../../callers/roles';
import { added, type Change, removed } from '../../change';
import type { Finding } from '../../partner';
import { placeText, rootOf, type Site, sitesIn } from '../../sites';

/** Locks that an interrupt waits for on its CPU. */
const SPINS: ReadonlySet<LockKind> = new Set(['spin', 'rw']);
const KEPT_OUT: Readonly<Record<string, ContextKind>> = { off: 'hardirq', save: 'hardirq', 'bh-off': 'softirq' };

/**
 * `lock` is taken with interrupts (or softirqs) off on one side only: `strict` instead of `weak`; who is kept out takes it by `taken` and `left`; the context is that of who is kept out. `claimed`: that
 * the function runs with interrupts on is nowhere shown; `bare`: neither is it called like what runs with them off. Or what `nested` called enables interrupts at its end on one side, and leaves them as they
 * were on the other. `hard`: who is kept out by softirqs that are off is an interrupt, by what the patch shows of it (`spoken`: or the mail says), and comes still. Or `twin`, which nobody shows, is called instead of `plain`, which is its name without what it does to interrupts.
 */
export function interruptedLocks(change: Change): readonly Finding[] {
	const role = roleOf(change.post, change.after)?.row.context;
	const gone = hasThemOff(change) ? [] : of(removed(change), added(change), 'introduces');
	// An interrupt's handler that keeps interrupts out is called elsewhere, too.
	return [...nested(change), ...twins(change), ...around(change), ...of(added(change), removed(change), 'fixes').flatMap((each) => [harder(change, each), ...said(change, each)]).map((each) => (role === each.context ? { ...each, own: 'task' as const } : each)),
		...(role === undefined || role === 'task' ? gone.filter((each) => !isEased(change, each)).flatMap((each) => [{ ...each, words: { ...each.words, claimed: '1' } }, ...(isCalledBack(change) ? [] : [{ ...each, words: { ...each.words, claimed: '1', bare: '1' } }])]) : [])];
}

/** An assertion, its callers in sight, or a remark that the patch puts there say that interrupts cannot come where the function is called. */
const hasThemOff = ({ after, post, name }: Change): boolean => comesWithInterruptsOff(post, name)
	|| after.fn.body.text.split('\n').some((line, index) => after.file.place(after.fn.body.line + index).changed && REMARK.test(line));
const REMARK = /(?:\/\*|\/\/|^\s*\*)[^;]*\b(?:hard[- ]?(?:ware )?(?:irq|interrupt)|(?:irq|interrupt) (?:context|handler)|(?:irqs?|interrupts?) (?:are |is |being |stay )?(?:already |still |always )?(?:off|disabled|masked))/i;

/** The lock is taken with softirqs off now, and the object that it is a part of has something that runs in an interrupt, which the patch's functions start or stop. */
function harder({ post }: Change, finding: Finding): Finding {
	const owner = rootOf(finding.words['lock'] ?? '');
	if (finding.context !== 'softirq' || !owner) return finding;
	const sites = post.changed.flatMap((name) => sitesIn(post, name));
	const part = (site: Site, at: string): boolean => (site.args[0] ?? '').startsWith('&') && rootOf(placeText(site, at) ?? '') === owner;
	const runs = sites.some((site) => ((site.row?.effect === 'cancel' && site.row.stops === 'hardirq') || (site.row?.effect === 'spawn' && site.row.runs === 'hardirq')) && part(site, site.row.at));
	return runs && !sites.some(({ args }) => args.some((each) => SOFTLY.test(each))) ? { ...finding, words: { ...finding.words, claimed: '1', hard: '1', who: 'an interrupt' }, context: 'hardirq', tells: 'still-fails' } : finding;
}

/** What takes softirqs off where nothing was off, and the mail may speak of an interrupt. */
const said = ({ after }: Change, finding: Finding): readonly Finding[] =>
	(finding.context !== 'softirq' || SOFTLY.test(after.fn.body.text) ? [] : [{ ...finding, words: { ...finding.words, claimed: '1', spoken: '1', who: 'an interrupt' }, context: 'hardirq', tells: 'still-fails' }]);

/** Softirqs are kept out still, nothing in sight runs in an interrupt, and no softirq kept one out before. */
const isEased = ({ pre, post }: Change, { words: { weak = '', strict = '' } }: Finding): boolean => /_bh$/.test(weak)
	&& ![...pre.functions.values()].some((each) => /^(?:softirq|timer)$/.test(roleOf(pre, each)?.row.context ?? '') && each.fn.body.text.includes(`${strict}(`))
	&& !post.files.some(({ image: { text } }) => (/\bhrtimer/.test(text) && !SOFTLY.test(text)) || /\birqreturn_t\b|\brequest_(?:\w+_)?irq\b/.test(text));

/** What runs in interrupts otherwise is asked to run in a softirq. */
const SOFTLY = /_SOFT\b/;

/** Its name is one of what runs with interrupts off already, or is called back. */
const isCalledBack = ({ name, post }: Change): boolean => CALLED_BACK.test(name) || post.registrations().some(({ callback }) => callback === name);
const CALLED_BACK = /irq|(^|_)(isr|intr?|interrupts?|handler|handle|hard|tasklet|timer|timeout|tick|expired?|watchdog|callback|cb|complete|completion|done|notify|event|poll|napi|softirq|bh|dpc|thread|work|worker|wq|locked|atomic|nmi|ipi)(_|$)|^__/;

function of(own: readonly Site[], other: readonly Site[], tells: Finding['tells']): readonly Finding[] {
	return own.flatMap((site) => {
		const { row } = site;
		const context = row?.effect === 'lock' && SPINS.has(row.kind) ? KEPT_OUT[row.irq ?? ''] : undefined;
		const lock = row?.effect === 'lock' ? placeText(site, row.at) : null;
		// What sleeps in its place is no lock of an interrupt's.
		if (other.some((each) => each.row?.effect === 'context' && each.row.delta === 1 && each.row.which === context)) return [];
		const weaker = other.find((each) => each.row?.effect === 'lock' && SPINS.has(each.row.kind) && placeText(each, each.row.at) === lock && KEPT_OUT[each.row.irq ?? ''] !== context && KEPT_OUT[each.row.irq ?? ''] !== 'hardirq');
		return context && lock && weaker ? [{ words: { ...takenBy(site), lock, strict: site.api, weak: weaker.api, who: context === 'hardirq' ? 'an interrupt' : 'a softirq' }, context, tells }] : [];
	});
}

/** How the interrupt takes the lock: as a writer what is read, as a reader what is written. */
function takenBy({ row }: Site): { readonly taken: string; readonly left: string } {
	const how = row?.effect !== 'lock' || row.kind === 'spin' ? 'spin' : row.mode === 'shared' ? 'write' : 'read';
	return { taken: `${how}_lock`, left: `${how}_unlock` };
}

/** local_bh_disable() around spin_lock() on the side after only. */
function around(change: Change): readonly Finding[] {
	const off = (sites: readonly Site[]): Site | undefined => sites.find(({ row }) => row?.effect === 'context' && row.delta === 1 && row.which !== 'preempt');
	const how = off(added(change));
	if (how?.row?.effect !== 'context' || off(change.old)) return [];
	const { which } = how.row;
	return change.now.filter(({ line, row }) => line > how.line && row?.effect === 'lock' && SPINS.has(row.kind) && KEPT_OUT[row.irq ?? ''] === undefined).slice(0, 1).flatMap((site): readonly Finding[] => {
		const lock = site.row?.effect === 'lock' ? placeText(site, site.row.at) : null;
		return lock && which !== 'preempt' ? [{ words: { ...takenBy(site), lock, strict: how.api, weak: site.api, who: which === 'hardirq' ? 'an interrupt' : 'a softirq' }, context: which, tells: 'fixes' }] : [];
	});
}

/** spin_lock_irq() before, spin_lock_irqsave() after. */
function nested(change: Change): readonly Finding[] {
	const locks = (sites: readonly Site[], irq: string): readonly Site[] => sites.filter(({ row }) => row?.effect === 'lock' && row.irq === irq);
	const place = (site: Site): string | null => (site.row?.effect === 'lock' ? placeText(site, site.row.at) : null);
	return locks(added(change), 'save').flatMap((site) => {
		const other = locks(removed(change), 'off').find((each) => place(each) === place(site));
		const ends = removed(change).find(({ row }) => row?.effect === 'unlock' && row.irq === 'on')?.api ?? other?.api.replace('lock', 'unlock');
		return other && ends ? [{ words: { nested: other.api, ends, strict: site.api }, tells: 'fixes' as const }] : [];
	});
}

const QUIET = /_(?:irqsave|irqrestore|irq|bh)$/;

/** `xa_alloc()` before, `xa_alloc_bh()` after. */
function twins(change: Change): readonly Finding[] {
	const gone = removed(change).filter(({ row }) => row?.effect !== 'lock' && row?.effect !== 'unlock');
	return added(change).flatMap((site): readonly Finding[] => {
		const how = QUIET.exec(site.api)?.[0];
		const plain = how === undefined ? undefined : gone.find(({ api, args }) => api === site.api.replace(QUIET, '') && args.length <= site.args.length);
		if (!plain || !how || how === '_irqrestore' || [site, plain].some(({ api }) => change.post.functions.has(api) || change.post.sources.model(api) !== null)) return [];
		const context = how === '_bh' ? 'softirq' : 'hardirq';
		return [{ words: { twin: site.api, plain: plain.api, off: how === '_bh' ? 'local_bh_disable()' : 'local_irq_disable()', on: how === '_bh' ? 'local_bh_enable()' : 'local_irq_enable()', who: context === 'hardirq' ? 'an interrupt' : 'a softirq' }, context, tells: 'fixes' }];
	});
}

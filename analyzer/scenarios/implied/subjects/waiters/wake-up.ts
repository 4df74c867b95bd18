import { callsNamed, isNamed } from '../../../../knowledge/namings';
import { folded } from '../../../../parse/plain-text';
import type { CNode } from '../../../../parse';
import { type Change, mirrored, structOf } from '../../change';
import type { Side } from '../../../sides/side';
import type { Finding } from '../../partner';
import { opposite } from '../tests/condition';
import { renewals, wiped } from './renewals';
import { stores, unwoken, wakes } from './unwoken';
import { wokenEarly } from './woken-early';
import { statementAt } from '../../twins';
import { escaped, lastWord, placeText, rootOf, type Site, sitesOf } from '../../sites';

/**
 * A wake-up that one side does later: `completion`, of `base`; or (`queue`) a wake-up before `condition` is made true on one side, after it on the
 * other; or `everybody` waiting at a `completion` is woken on one side only; or a `renewed` completion is made so before or after what completes it
 * was begun by `starter`, with `unwaited` where the wait is out of sight; or one that is `wiped`; or what is `unfinished` where a path leaves before the completion on one
 * side, or whom nobody woke (`unwoken`, a queue) where `until` was made true; or the words of wokenEarly(); or a `sleeper` who tests before, not after, it says that it sleeps: `undo` ends the wait, `wake` wakes it.
 */
export function wakeUps(change: Change): readonly Finding[] {
	return [...completions(change), ...conditions(change), ...unwoken(change), ...unwoken(mirrored(change)).map(turned), ...allOrOne(change), ...renewals(change), ...wiped(change), ...unfinished(change), ...sleepers(change), ...wokenEarly(change)];
}

/** What the change read the other way round says, of the sides as they are. */
const turned = ({ marked, ...finding }: Finding): Finding => ({ ...finding, tells: 'introduces', ...(marked ? { marked: { before: marked.after, after: marked.before } } : {}) });

/** How many of the function's own uses of `base` come after the line. */
function usesAfter(body: Change['after']['fn']['body'], base: string, line: number): number {
	const use = new RegExp(`\\b${base}\\s*->`);
	return body.text.split('\n').filter((text, index) => body.line + index > line && use.test(text)).length;
}

function completions(change: Change): readonly Finding[] {
	const of = (sites: readonly Site[]): readonly { readonly site: Site; readonly place: string; readonly base: string }[] => sites.flatMap((site) => {
		const place = site.row?.effect === 'complete' ? placeText(site, site.row.at) : null;
		const base = place ? rootOf(place) : null;
		return place && base && base !== place && structOf(change, base) ? [{ site, place, base }] : [];
	});
	const old = of(change.old);
	return of(change.now).flatMap(({ site, place, base }) => {
		const twin = old.find((each) => each.place === place);
		if (!twin || livesOn(change, place)) return [];
		const [before, after] = [usesAfter(change.before.fn.body, base, twin.site.endLine), usesAfter(change.after.fn.body, base, site.endLine)];
		return before === 0 === (after === 0) ? [] : [{ words: { completion: place, base, call: site.text }, tells: after === 0 ? 'fixes' as const : 'introduces' as const }];
	});
}

/** All who wait there are in whole files, and each of them waits at what he is led to, and neither frees it nor drops a reference on it. */
function livesOn(change: Change, place: string): boolean {
	const seen = inAll(change);
	if (!isEntire(seen)) return false;
	const waits = [...seen.functions.values()].flatMap((definition) => {
		const sites = sitesOf(definition, seen);
		return sites.filter(({ api, args }) => /^wait_for_completion/.test(api) && lastWord(args[0] ?? '') === lastWord(place)).map((site) => ({ sites, site }));
	});
	return waits.length > 0 && waits.every(({ sites, site }) => {
		const object = rootOf(site.args[0] ?? '');
		return object !== null && /->/.test(site.args[0] ?? '') && !sites.some((each) => each.start > site.start && each.args.some((argument) => rootOf(argument) === object) && (each.row?.effect === 'free' || each.row?.effect === 'put' || each.row?.effect === 'rcu-call' || each.row?.effect === 'free-rcu' || (!each.row && isNamed(change.post.sources.table, 'lets-go', each.api))));
	});
}

function conditions(change: Change): readonly Finding[] {
	const [was, is] = [stores(change, change.before.fn.body), stores(change, change.after.fn.body)];
	const old = wakes(change.old);
	return wakes(change.now).flatMap(({ site, queue }): readonly Finding[] => {
		const twin = old.find((each) => each.queue === queue);
		if (!twin) return [];
		return twin ? is.flatMap(({ place, value, line }) => {
			const other = was.find((each) => each.place === place && each.value === value);
			if (!other || (other.line < twin.site.line) === (line < site.line)) return [];
			return [{ words: { queue, condition: `${place} == ${value}`, call: site.text }, tells: line < site.line ? 'fixes' as const : 'introduces' as const }];
		}) : [];
	});
}

/** complete() or complete_all(), wake_up() or wake_up_all(). */
function allOrOne(change: Change): readonly Finding[] {
	const of = (sites: readonly Site[], way: string, all: boolean): readonly { readonly place: string; readonly site: Site }[] => sites.flatMap((site) => {
		const place = site.row?.effect === 'complete' && site.row.all === all && change.ways.get(site) === way ? placeText(site, site.row.at) : null;
		return place ? [{ place, site }] : [];
	});
	const pairs = (one: ReturnType<typeof of>, all: ReturnType<typeof of>, tells: Finding['tells']): readonly Finding[] =>
		all.flatMap(({ place, site }) => {
			const other = one.find((each) => each.place === place)?.site;
			const [was, is] = tells === 'introduces' ? [site, other] : [other, site];
			const [before, after] = [was && statementAt(change.before.fn.body, was.line), is && statementAt(change.after.fn.body, is.line)];
			return before && after ? [{ words: { everybody: place, call: site.text }, tells, marked: { before, after } }] : [];
		});
	const lost = pairs(of(change.now, 'added', false), of(change.old, 'removed', true), 'introduces').filter(({ words: { everybody = '' } }) => !isRenewed(change, everybody));
	return [...pairs(of(change.old, 'removed', false), of(change.now, 'added', true), 'fixes'), ...lost];
}

/** Code in sight makes it new for each thing that is waited for: its waiter is the one who asked for that; or all that waits is in sight, once. */
function isRenewed(change: Change, place: string): boolean {
	const seen = inAll(change);
	const last = escaped(lastWord(place));
	const texts = [...seen.functions.values()].map(({ fn }) => fn.body.text);
	return texts.some((text) => new RegExp(`${callsNamed(seen.sources.table, 'resets-completion')}\\s*&?[^,()]*\\b${last}\\b`).test(text)) || (waysToWait(seen, place) === 1 && isEntire(seen));
}

/** All that is known of the files after the change. */
const inAll = ({ post }: Change): Side => post.entire?.() ?? post;

const isEntire = ({ files }: Side): boolean => files.every(({ image }) => image.completeness === 'whole');

interface Waiter {
	readonly name: string;
	readonly text: string;
	/** Waits in it. */
	readonly waits: number;
}

/** Functions in sight that wait at the completion. */
const waitersAt = ({ functions }: Side, place: string): readonly Waiter[] => [...functions].flatMap(([name, { fn: { body: { text } } }]) => {
	const waits = [...text.matchAll(new RegExp(`\\bwait_for_completion\\w*\\s*\\(\\s*&?[^,()]*\\b${escaped(lastWord(place))}\\b`, 'g'))].length;
	return waits > 0 ? [{ name, text, waits }] : [];
});

/** How many ways lead to a wait: one that only waits, for several who call it, is as many. */
const waysToWait = (side: Side, place: string): number => waitersAt(side, place).reduce((sum, { name, waits }) => sum + waits * Math.max(1, (side.callers.get(name) ?? []).length), 0);

const completes = (site: Site, place: string): boolean => site.row?.effect === 'complete' && placeText(site, site.row.at) === place;

/** A path that left before the completion no longer does, or completes what it did not. */
function unfinished(change: Change): readonly Finding[] {
	const { fn, file } = change.before;
	const leaves = fn.body.text.split('\n').some((text, index) => /^\s*(return|goto|break|continue)\b/.test(text) && file.place(fn.body.line + index).changed);
	return change.now.flatMap((site) => {
		const place = site.row?.effect === 'complete' ? placeText(site, site.row.at) : null;
		if (!place || (change.ways.get(site) !== 'added' && !leaves)) return [];
		// One call's sibling in its place completes no path more.
		if (!leaves && change.old.filter((each) => completes(each, place)).length >= change.now.filter((each) => completes(each, place)).length) return [];
		return [{ words: { unfinished: place, finish: site.api, call: site.text }, tells: 'fixes' as const }];
	});
}

/** The test of a condition, in a loop or before schedule(), comes after what says that the task sleeps on one side only. */
function sleepers(change: Change): readonly Finding[] {
	const { before, after, old, now } = change;
	const says = (sites: readonly Site[]): Site | undefined => sites.find(({ row, args }) => row?.effect === 'prepare-wait' || (row?.effect === 'task-state' && !/RUNNING/.test(args[0] ?? '')));
	const [was, is] = [says(old), says(now)];
	if (!was || !is || was.text !== is.text || !now.some(({ row }) => row?.effect === 'schedule')) return [];
	return tests(after.fn.body).flatMap(({ node, condition }) => {
		const twin = tests(before.fn.body).find((each) => each.condition.text === condition.text);
		if (!twin || (was.line > twin.node.line) === (is.line > node.line)) return [];
		// It goes to sleep inside the conditional, or behind it where that leaves.
		const inside = /\bschedule\w*\s*\(/.test(node.field('consequence')?.text ?? '');
		const undo = opposite(change, condition, !inside);
		const queue = is.row?.effect === 'prepare-wait' ? placeText(is, is.row.at) : null;
		if (!undo || (is.row?.effect === 'prepare-wait' && !queue)) return [];
		return [{ words: { sleeper: is.text, undo, wake: queue ? `wake_up(&${queue})` : 'wake_up_process(INSTANCE(task_struct))', test: folded(condition.text), call: is.text }, tells: is.line < node.line ? 'fixes' as const : 'introduces' as const }];
	});
}

function tests(node: CNode): readonly { readonly node: CNode; readonly condition: CNode }[] {
	const condition = node.type === 'if_statement' && !node.synthetic ? node.field('condition') : null;
	return [...(condition ? [{ node, condition }] : []), ...node.named.flatMap(tests)];
}

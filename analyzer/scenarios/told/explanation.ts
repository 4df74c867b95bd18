import { says } from '../../knowledge/phrases';
import type { CheckName } from '../../../sim';
import { callsOne } from '../../knowledge/namings';
import { isOfOwnMaking } from '../implied/asked-there';
import { lockOf } from '../implied/sites';
import type { Edit } from './edit';
import { blocked, cameBy, due, dueFromEntry, dueThere, type Explanation, fellThrough, keptOut, keptOutFrom, leftWith, otherwise, passedBy, passesBy, raced, startedAgain, stronger, taken, twice, usedAfter, wiped } from './explained';
import { clears, drops, givesBack, initialises, isLock, isUnlock, masks, signals, takes, takesLock, unlocks, waits } from './nature';
import { headOf } from './standing';

/** A lock that is taken for reading where it was taken for writing, or the other way round. */
const SHARED = /(?:down|read|write|shared)_|_(?:read|write|shared)\b/;

/** One that is taken for writing keeps more out. */
const EXCLUSIVE = /down_write|write_lock|lock_write/;
const RACING: ReadonlySet<CheckName> = new Set(['use-after-free', 'check-then-act', 'lost-data', 'stale-mapping']);

/** Another variant of a lock may end such a failure: one that keeps interrupts off, one for reading, one that spins. */
function endsAsVariant(check: CheckName, { how, made }: Edit): boolean {
	const { text } = made;
	if (check === 'deadlock' && how === 'guard' && /trylock/.test(headOf(made))) return true;
	if (masks(text)) return how !== 'gone' && (check === 'irq-unsafe-lock' || check === 'deadlock' || check === 'sleep-in-atomic');
	return check === 'sleep-in-atomic' || (check === 'deadlock' && SHARED.test(text)) || (how === 'added' && RACING.has(check) && EXCLUSIVE.test(text) && takesLock(text));
}

/** It takes a lock that the function did not take before, in the place of one that, as the mail has it, was the wrong one. */
function isOtherLock({ change, how, made }: Edit, words: string): boolean {
	if (how !== 'added' || !takesLock(made.text) || !says(change.post.sources.table, 'other-lock', words)) return false;
	const before = change.old.flatMap((site) => lockOf(site) ?? []);
	const here = change.now.filter(({ start, row }) => start >= made.start && start < made.end && row?.effect === 'lock').flatMap((site) => lockOf(site) ?? []);
	return here.length > 0 && here.every((lock) => !before.includes(lock));
}

/** What the edit may be taken for for a failure of that kind; null for none. `words` are the mail's. */
export function explanationOf(check: CheckName, edit: Edit, words: string): Explanation | null {
	const { change, how, made, next, since, beside } = edit;
	if (edit.replaces && !endsAsVariant(check, edit) && !(RACING.has(check) && isOtherLock(edit, words))) return null;
	// A condition on what stays is all that is gone of it.
	const text = edit.does ?? (how === 'guard' || (how === 'gone' && edit.within) || (how === 'moved' && made.type === 'if_statement') ? headOf(made) : made.text);
	if (how === 'marked') return MARKING.has(check) ? raced('data-race') : null;
	if (how === 'leaves') return TWICE.has(check) ? fellThrough(check) : null;
	if (how === 'way') return endsOnTheWay(check, text) || (check === 'refcount-leak' && isOutOfSight(edit, text)) ? passedBy(check) : null;
	if (how === 'instead') return edit.was && endsInstead(check, edit, edit.was.type === 'if_statement' ? headOf(edit.was) : edit.was.text) ? otherwise(check) : null;
	if (how === 'spared') return endsAsSpared(check, text) ? cameBy(check, text.replace(/;$/, '').replace(/\s+/g, ' ')) : null;
	if (how === 'moved' && next && made.type === 'if_statement' && LEAVES.test(made.text) && keeps(check, headOf(next.after))) return leftWith(check);
	const missing = (): Explanation | null => (since ? due(check, !beside) : beside ? dueThere(check) : null);
	// A lock right behind a wait is taken for what comes after it, which nobody shows.
	if (how === 'added' && since && next && USED.has(check) && waits(text) && isLock(headOf(next.after))) return due(check, true);
	const order = orderOf(check, edit, text, words);
	if (COUNTED.has(check) && isAccounting(edit, text, words)) return null;
	switch (check) {
		case 'refcount-leak':
			if (how === 'guard' && next && takes(headOf(next.after)) && says(change.post.sources.table, 'put-in-again', words)) return keptOut(check);
			return how === 'gone' ? (takes(text) ? taken(check) : null) : drops(text) ? missing() : null;
		case 'lock-held-at-return':
			return how === 'gone' ? (takesLock(text) ? taken(check) : null) : unlocks(text) ? missing() : null;
		case 'unlock-not-held':
			return how === 'gone' ? (unlocks(text) ? twice(check) : null) : how === 'guard' || takesLock(text) ? order : null;
		case 'refcount-underflow':
		case 'use-after-free':
			if (how === 'gone' && STARTS.test(text)) return startedAgain(check);
			if (how === 'gone') return drops(text) ? twice(check) : (plain(edit, text) && !makesAnew(text)) || isReacquired(edit, text, words) ? raced(check) : null;
			if (how === 'moved' && next && isUnlock(text) && /\w\s*\(/.test(headOf(next.after)) && !isLock(headOf(next.after))) return usedAfter(check);
			if (how === 'moved' && next && !isLock(text) && !waits(text) && givesUp(headOf(next.after))) return usedAfter(check);
			return clears(text) && how === 'added' && since ? due(check, true) : order;
		case 'deadlock':
			if (how === 'gone') return made.type === 'if_statement' ? (callsOne(change.post.sources.table, 'asks-whether-awaited', text) && /\breturn\b/.test(made.text) ? passesBy(check) : null) : mayWait(made.text) ? blocked : null;
			// Who counts keeps nobody from waiting: what is kept for ever is a leak.
			if (how === 'added' && (COUNTS.test(text) || givesBack(text))) return null;
			if (how === 'added' && (signals(text) || unlocks(text))) return missing();
			return how === 'moved' && initialises(text) && next ? wiped : order;
		case 'sleep-in-atomic':
			return how === 'gone' ? (sleeps(change, text) ? raced(check) : null) : sleeps(change, text) || callsOne(change.post.sources.table, 'enters-atomic', text) ? null : order;
		case 'irq-unsafe-lock':
			return masks(text) ? order : null;
		default:
			return how === 'gone' ? (plain(edit, text) ? raced(check) : null) : order;
	}
}

/** What comes before what now ends the failure: what follows is kept out, or is due, be it out of sight. */
function orderOf(check: CheckName, edit: Edit, text: string, words: string): Explanation | null {
	const { how, next, since, was } = edit;
	if (!turnsFor(check, edit, text) && !isSaidOrder(edit, words) && !isTurnedNest(check, edit, words)) return null;
	if (next) return keptOut(check);
	if (how === 'guard') return was ? stronger(check) : dueFromEntry(check);
	if (how !== 'added') return null;
	if (takesLock(text) && RACING.has(check)) return keptOutFrom(check, since !== undefined);
	if (since) return due(check, true);
	return takesLock(text) || waits(text) ? dueFromEntry(check) : null;
}

/** What is done once too often. */
const TWICE: ReadonlySet<CheckName> = new Set(['use-after-free', 'refcount-underflow', 'unlock-not-held']);

/** Of references. */
const COUNTED: ReadonlySet<CheckName> = new Set(['refcount-leak', 'refcount-underflow']);

/** How much there is of something is told, and the mail speaks of nothing that lives by it: a statistic that is wrong keeps and frees nothing. */
const isAccounting = ({ change: { post: { sources: { table } } } }: Edit, text: string, words: string): boolean =>
	(callsOne(table, 'keeps-statistics', text) || AMOUNT.test(text)) && !says(table, 'counted', words) && !/ref/i.test(text);
/** Another number than one is added or taken away. */
const AMOUNT = /^[^=()]*[+-]=(?!\s*1\s*;)/;

const COUNTS = /^[^=(]*(?:\+\+|--|\+= ?1|-= ?1);$/;

/** What is waited for may use it. */
const USED: ReadonlySet<CheckName> = new Set(['use-after-free', 'refcount-underflow']);

/** The mail itself says that what is made comes before the call behind it. */
function isSaidOrder({ how, next }: Edit, words: string): boolean {
	const callee = next && how === 'moved' ? /([A-Za-z_]\w{3,})\s*\(/.exec(headOf(next.after))?.[1] : undefined;
	return callee !== undefined && new RegExp(String.raw`\bbefore\W+(?:\w+\W+){0,3}?${callee}\b`).test(words);
}

/** A lock is taken before a call now that, as the mail has it, takes another one: the two are nested the other way round. */
const isTurnedNest = (check: CheckName, { change, how, made, next }: Edit, words: string): boolean =>
	check === 'deadlock' && how === 'moved' && next !== undefined && isLock(headOf(made)) && /\w\s*\(/.test(headOf(next.after)) && !isUnlock(headOf(next.after)) && says(change.post.sources.table, 'turned-nest', words);

/** The order is one that may end such a failure: what races comes behind a lock, what waits before it. */
function turnsFor(check: CheckName, edit: Edit, text: string): boolean {
	const { how, next } = edit;
	const behind = next ? headOf(next.after) : '';
	if (how === 'added' && RACING.has(check) && !mayKeepOut(text)) return false;
	if ((how === 'moved' || how === 'added') && givesBack(text) && RACING.has(check)) return false;
	if (how === 'guard' && isOfOwnMaking(edit.change.after.fn.body, edit.made, text.replace(/^if\b/, ''))) return false;
	if (how === 'guard' && edit.within && next && asksOwn(edit, text) && isOwnConstant(edit, next.after)) return false;
	if (check === 'deadlock' || check === 'sleep-in-atomic') return !(how === 'moved' && ((isUnlock(behind) && !isUnlock(text) && !signals(text)) || (isLock(text) && !isLock(behind))));
	// A reference is as good outside the lock.
	return !isUnlock(text) && (!isLock(behind) || (USED.has(check) && HOLDS.test(text)));
}

/** What is added synchronises, counts, takes back, or says something to others: what only computes, looks something up or calls for something else keeps nobody out. */
const mayKeepOut = (text: string): boolean => [takesLock, waits, takes, clears, drops, signals, initialises].some((nature) => nature(text)) || isLock(text) || ORDERS.test(text);
const ORDERS = /rcu|ONCE|[rw]?mb\s*\(|barrier|atomic|cmpxchg|xchg|test_and|sync|=\s*(?:true|1|\w*[A-Z]\w*)\s*;/;

/** Whoever waits for it, or has the last reference, goes on to free what it was about. */
const givesUp = (text: string): boolean => /(?:\b|_)(?:complete|complete_all|completed|done|finish|wake_up\w*|put|unref|free|kfree|kvfree|kfree_skb|list_del_init_careful)\s*\(/.test(text);

const isOwnName = ({ change: { before, after } }: Edit, name: string): boolean => [before, after].some(({ fn }) => fn.params.some((param) => param.name === name) || new RegExp(`^\\s*[a-z_][\\w ,*]*[ *]${name}\\s*(?:[,;=[]|$)`, 'm').test(fn.body.text));

/** The condition looks at nothing but variables of the function's own. */
const asksOwn = (edit: Edit, text: string): boolean => !/->|\w\s*\((?<!^if \()|[[*]/.test(text) && [...text.replace(/^if\b/, '').matchAll(/[A-Za-z_]\w*/g)].every(([name]) => /^[A-Z_0-9]+$/.test(name) || isOwnName(edit, name));

/** What it decides on gives one of these a constant: nobody else sees that. */
function isOwnConstant(edit: Edit, { text }: Edit['made']): boolean {
	const name = /^(\w+)\s*=\s*-?\w+;$/.exec(text)?.[1];
	return name !== undefined && isOwnName(edit, name);
}

/** Claims that marks on accesses may answer: which race it is, they say. */
const MARKING: ReadonlySet<CheckName> = new Set(['data-race', 'check-then-act', 'lost-data']);

/** What a way out may have lacked for such a failure. */
function endsOnTheWay(check: CheckName, text: string): boolean {
	switch (check) {
		case 'refcount-leak':
			return drops(text);
		case 'lock-held-at-return':
			return unlocks(text);
		case 'deadlock':
			return (unlocks(text) || signals(text)) && !givesBack(text);
		case 'refcount-underflow':
		case 'use-after-free':
			return HOLDS.test(text);
		default:
			return false;
	}
}

/** It lets something run later. */
const STARTS = /(?:schedule|queue|mod|add|start|arm)_\w*(?:work|timer|tasklet)\w*\s*\(|(?:mod|add)_timer|timer_start|tasklet_\w*schedule|napi_schedule/;

/** A reference for who drops one further on. */
const HOLDS = /(?:\b|_)(?:[a-z]?get|hold|grab|inc)(?:_\w+)?\s*\(/;

/** The label is one that nobody shows, whose name says nothing, in the place of a return: what is given back there is what the mail says. */
const isOutOfSight = ({ made, was }: Edit, text: string): boolean => was?.type === 'return_statement' && made.type === 'goto_statement' && /^\w+\(\);$/.test(text);

/** What may have been wrong for such a failure with what stood in its place. */
function endsInstead(check: CheckName, { change, made }: Edit, was: string): boolean {
	const text = made.type === 'if_statement' ? headOf(made) : made.text;
	switch (check) {
		case 'refcount-leak':
			return drops(text);
		case 'lock-held-at-return':
			return unlocks(text) && !unlocks(was);
		case 'unlock-not-held':
			return unlocks(was) && !unlocks(text);
		case 'sleep-in-atomic':
			return sleeps(change, was) && !sleeps(change, text);
		case 'irq-unsafe-lock':
			return masks(text) && !masks(was);
		default:
			return true;
	}
}

/** What a way out may have done too much for such a failure. */
function endsAsSpared(check: CheckName, text: string): boolean {
	switch (check) {
		case 'unlock-not-held':
			return unlocks(text);
		case 'refcount-underflow':
		case 'use-after-free':
			return drops(text);
		default:
			return false;
	}
}

/** Whoever leaves behind it keeps what it takes. */
const keeps = (check: CheckName, text: string): boolean => (check === 'lock-held-at-return' && takesLock(text)) || (check === 'refcount-leak' && takes(text));

const LEAVES = /\b(?:return|goto)\b/;

/** It calls something that may wait: a lock's release does not. */
const mayWait = (text: string): boolean => /\w\s*\(/.test(text) && !isUnlock(text);

/** It only reads or writes, and keeps nobody out. */
const plain = ({ made }: Edit, text: string): boolean => made.type === 'expression_statement' && ![takesLock, unlocks, takes, signals].some((nature) => nature(text)) && !/sync|wait|flush|cancel|barrier|rcu|_[rw]?mb\b|ONCE|atomic|cmpxchg|test_and/.test(text);

/** A call that only sets something up uses nothing that may be gone: what is wrong with it is that it does so. */
const makesAnew = (text: string): boolean => /^(?:[\w.>-]*(?:->|\.|_|\b))?(?:re)?(?:init|setup|initiali[sz]e)(?:_\w+)?\s*\(/.test(text);

/** A lock that lies in what may be gone is no longer taken again, as the mail says. */
const isReacquired = ({ made }: Edit, text: string, words: string): boolean => made.type === 'expression_statement' && isLock(text) && /\b(?:re-?(?:acquir|tak|lock|gain)\w*|lock\w* again)\b/i.test(words);

/** A call in it may sleep. */
const sleeps = ({ post }: Edit['change'], text: string): boolean => /GFP_KERNEL|GFP_NOFS|GFP_NOIO/.test(text) || [...text.matchAll(/([A-Za-z_]\w*)\s*\(/g)].some(([, api = '']) => post.sources.table.rows.evenPartial(api)?.effect === 'might-sleep');

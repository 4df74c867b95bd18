import { says } from '../../knowledge/phrases';
import type { Patch } from '../../mail/patch';
import type { CNode } from '../../parse';
import { roleOf } from '../callers/roles';
import type { Side } from '../sides/side';
import { added, type Change } from '../implied/change';
import { isBrought } from '../implied/brought-lock';
import { pointsOf } from '../implied/sections';
import { lastWord, lockOf, sitesOf } from '../implied/sites';
import { told, written } from '../implied/steps';
import { twins } from '../implied/twins';
import { type Claim, OF_TWO } from './claim';
import type { Shortfall } from './window';

const OTHER = 'who_takes_no_lock';
/** Names of what is called back by itself, where a report says that it failed. */
const CALLED_BACK = /(?:^|_)(?:irq|isr|interrupt|intr|thread|work|worker|workfn|timer|tick|tasklet|poll|handler|kthread)(?:_(?:thread|fn|func|handler|work|bh))?$/;

/**
 * The patch brings a lock that it takes for some of those who meet only: for one function that never meets itself; or not for the one whose failure the mail reports, which
 * stays as it was. Nobody else can have a lock that was not there: the other one comes in between as before.
 */
export function locksOfSome(change: Change, claims: readonly Claim[], patch: Pick<Patch, 'prose'>): Shortfall | null {
	const claim = claims.find(({ check }) => OF_TWO.has(check));
	const lock = added(change).flatMap((site) => (site.row?.effect === 'lock' ? (lockOf(site) ?? []) : [])).find((each) => isBrought(change, lastWord(each)));
	if (!claim || !lock) return null;
	const takers = takersOf(change.post, lastWord(lock));
	const words = patch.prose.map(({ text }) => text).join('\n');
	const left = outside(change, lock, takers, words);
	const inside = left ? sectionOf(change, lock) : [];
	const [first, last] = [inside[0], inside.at(-1)];
	if (!left || !first || !last) return null;
	const check = inside.some(({ after }) => /\b\w*list_|\bfor_each|kfree/.test(after.text)) && claim.check !== 'lost-data' ? 'use-after-free' : 'lost-data';
	return {
		check, message: `${left} comes in before \`${told(written(last.after))}\` without ${told(lock)}`, other: OTHER,
		said: claim.text, reason: `${told(lock)} is new, and only ${takers.map((each) => `${each}()`).join(', ')} take${takers.length > 1 ? '' : 's'} it: ${left} goes without it`,
		// Of one statement: what comes in while it lasts.
		opens: first, opensAt: 'before', ends: last, lasts: first === last,
	};
}

/** Functions that take it; all of them are among the patch's lines. */
const takersOf = (post: Side, name: string): readonly string[] =>
	[...post.functions].filter(([, definition]) => definition.fn.body.text.includes(name)
		&& sitesOf(definition, post).some((site) => (site.row?.effect === 'lock' || site.row?.effect === 'trylock') && lastWord(lockOf(site) ?? '') === name)).map(([name]) => name);

/** Who is left out, in words; null where all who meet may have the lock. */
function outside({ name, after, post }: Change, lock: string, takers: readonly string[], words: string): string | null {
	const reported = [...words.matchAll(/\b([a-z]\w+)\+0x[0-9a-f]+\/0x/g)].map(([, each = '']) => each);
	const [where] = reported;
	const calls = (caller: string): boolean => post.functions.has(caller) && takers.some((taker) => post.functions.get(caller)?.fn.body.text.includes(`${taker}(`));
	if (where && CALLED_BACK.test(where) && !reported.some((each) => takers.includes(each)) && !post.changed.includes(where) && !calls(where) && kin(where, name) && !takers.some((taker) => CALLED_BACK.test(taker))) return `${where}()`;
	const role = roleOf(post, after)?.row;
	if (takers.length !== 1 || !role || (post.callers.get(name)?.length ?? 0) > 0 || !isOfOwnObject(after.fn.body.text, lock)) return null;
	if (!role.parallel && role.alone === undefined) return 'whoever it meets';
	const { table } = post.sources;
	return role.parallel && says(table, 'somebody-else', words) && !says(table, 'several', words) ? 'whoever it meets' : null;
}

/** The lock is one of the object for which the function is called, and of no other one that several of them share. */
function isOfOwnObject(body: string, lock: string): boolean {
	const [, object] = /^(\w+)->\w+$/.exec(lock) ?? [];
	return object !== undefined && ![...body.matchAll(new RegExp(`\\b${object}\\s*=(?!=)\\s*([^;]*);`, 'g'))].some(([, from = '']) => /->/.test(from));
}

/** Two functions of one driver. */
const kin = (one: string, other: string): boolean => one.split('_')[0] === other.split('_')[0];

/** What both sides do, and the side after under the lock. */
function sectionOf(change: Change, lock: string): readonly { readonly before: CNode; readonly after: CNode }[] {
	const held = new Set(pointsOf(change.after, change.now).filter((point) => point.held.has(lock)).map(({ node }) => node.start));
	const all = twins(change);
	const simple = all.filter(({ after, before }) => held.has(after.start) && after.type === 'expression_statement' && before.type === 'expression_statement');
	// A walk is its loop.
	const loops = simple.length > 0 ? [] : all.filter(({ after }) => /^(?:for|while)_statement$/.test(after.type) && [...held].some((start) => start >= after.start && start < after.end));
	return simple.length > 0 ? simple : loops;
}

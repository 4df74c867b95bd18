import { isNamed } from '../../../../knowledge/namings';
import type { CNode } from '../../../../parse';
import { folded } from '../../../../parse/plain-text';
import { added, type Change, removed } from '../../change';
import type { Finding } from '../../partner';
import { escaped, lastWord, lockOf, READ_SIDE, type Site } from '../../sites';
import { nextOf, statementAt, twins } from '../../twins';

/** Releases of one function that are looked at. */
const FINDINGS_BOUND = 3;
const JUMPS = /^(?:goto|return)_statement$/;

/** One side only releases `lock`, by `call`, on a way that leaves the function, which both have: it is marked on the one, and what is done without it on the other. */
export function missingReleases(change: Change): readonly Finding[] {
	const gone = removed(change);
	const fresh = added(change);
	return fresh.flatMap((site): readonly Finding[] => {
		const lock = site.row?.effect === 'unlock' ? lockOf(site) : null;
		// The same release stood elsewhere, or what is released is what the patch takes.
		if (!lock || lock === READ_SIDE || gone.some((each) => lockOf(each) === lock || releasesToo(change, each, lock)) || fresh.some((each) => each.row?.effect !== 'unlock' && lockOf(each) === lock) || isTakenHere(change, site, lock) || isReleasedBefore(change, site, lock)) return [];
		const after = statementAt(change.after.fn.body, site.line);
		const before = after && withoutIt(change, after);
		return before && !isReleasedOnTheWay(change, before, lock) ? [{ words: { lock, call: site.text }, tells: 'fixes', marked: { before, after }, earlier: { before: undefined, after } }] : [];
	}).slice(0, FINDINGS_BOUND);
}

/** A call of the patch's own hands over the lock that it took: as what it returns, or where it is told to. */
const isTakenHere = ({ after: { file, fn } }: Change, { start, line }: Site, lock: string): boolean =>
	[...fn.body.text.slice(0, start - fn.body.start).split('\n').entries()].some(([at, text]) => fn.body.line + at <= line && file.place(fn.body.line + at).changed && new RegExp(`(?<![\\w.>])(?:${escaped(nameOf(lock))}\\s*=\\s*\\w*lock\\w*\\s*\\(|\\w*lock\\w*\\s*\\([^;]*&\\s*${escaped(nameOf(lock))}\\b)`).test(text));

/** What a pointer to a lock is called. */
const nameOf = (lock: string): string => lock.replace(/^[*&\s]+/, '');

/** A call of such a name gave it back among other things. */
const releasesToo = ({ post }: Change, { api, args }: Site, lock: string): boolean => isNamed(post.sources.table, 'unlocks-too', api) && args.some((arg) => lastWord(arg) === lastWord(lock));

/** What follows the release, up to where the function is left, stands on both sides: its first statement there, before. */
function withoutIt(change: Change, release: CNode): CNode | undefined {
	const both = twins(change);
	let first: CNode | undefined;
	for (let next = nextOf(change.after.fn.body, release); next; next = nextOf(change.after.fn.body, next)) {
		const { start, type } = next;
		first ??= both.find(({ after }) => after.start === start)?.before;
		if (JUMPS.test(type)) return first;
		if (type !== 'expression_statement') return undefined;
	}
	return undefined;
}

/** On the way to the release it was given back already, by the text: a release on a way that leaves is none on the others. */
function isReleasedBefore({ after: { fn }, now }: Change, release: Site, lock: string): boolean {
	const last = now.filter((site) => site.start < release.start && lockOf(site) === lock && !(site.row?.effect === 'unlock' && leaves(fn.body, site))).at(-1);
	return last?.row?.effect === 'unlock';
}

function leaves(body: CNode, { line }: Site): boolean {
	for (let next = statementAt(body, line) ?? null; next; next = nextOf(body, next)) {
		if (/^(?:goto|return|break|continue)_statement$/.test(next.type)) return true;
		if (next.type !== 'expression_statement') return false;
	}
	return false;
}

/** Before, the lock is released between there and the jump, or where that leads to. */
function isReleasedOnTheWay({ before: { fn }, old }: Change, from: CNode, lock: string): boolean {
	let jump: CNode | null = from;
	while (jump && !JUMPS.test(jump.type)) jump = nextOf(fn.body, jump);
	const releases = (start: number, end: number): boolean => old.some((site) => site.start >= start && site.start < end && site.row?.effect === 'unlock' && lockOf(site) === lock);
	if (!jump || releases(from.start, jump.end)) return true;
	const label = /^goto\s+(\w+)/.exec(folded(jump.text))?.[1];
	const at = label === undefined ? -1 : fn.body.text.search(new RegExp(`(?<=(?:^|[\\n;{}])\\s*)${label}\\s*:`));
	return at >= 0 && releases(fn.body.start + at, fn.body.end);
}

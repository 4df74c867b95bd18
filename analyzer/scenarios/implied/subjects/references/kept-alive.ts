import { namesOf } from '../../../../knowledge/namings';
import { ELIDED } from '../../../../lower/elided/gap';
import type { CNode } from '../../../../parse';
import { type Change, declared, structOf } from '../../change';
import type { Finding, Marked } from '../../partner';
import { inOneSection, type Point, pointsOf } from '../../sections';
import { escaped, READ_SIDE, rootOf } from '../../sites';
import { type Twin, twinsOf } from '../../point-twins';
import { plainCalls } from '../../plain-calls';
import { parentOf } from '../../twins';
import { told } from '../../steps';

/**
 * `object`, a pointer, is used in one section of `lock` with where it was found, on the side after only: what may free it keeps out of such sections.
 * `acquire` and `release` take and give back the lock, or it is that of a `reader`. `unseen`: what uses it lies in lines that are not shown; `given`: where it was
 * found does.
 */
export function keptAlive(change: Change): readonly Finding[] {
	const [old, now] = [pointsOf(change.before, change.old), pointsOf(change.after, change.now)];
	const twins = twinsOf(change, old, now);
	const locks = new Set(now.flatMap(({ held }) => [...held.keys()]));
	return [...locks].flatMap((lock) => {
		const calls = lock === READ_SIDE ? { reader: lock } : plainCalls(change, lock, 'task', true);
		if (!calls) return [];
		const found = new Map<string, Finding>();
		for (const use of twins) {
			for (const object of use.after.held.has(lock) ? objectsOf(change, use.after.text, lock) : []) {
				// A reference that is taken says most of who keeps it.
				if (found.has(object) && countedBy(change, use.after.text) === undefined) continue;
				const first = foundAt(change, object, use, { lock, twins, now });
				const { given, ...earlier } = first ?? {};
				if (first) found.set(object, { words: { ...calls, lock, object, used: told(use.after.text), ...(given ? { given } : {}) }, tells: 'fixes', earlier: { before: undefined, after: undefined, ...earlier }, marked: nodes(use) });
			}
		}
		for (const [object, fetch] of unseenUses(change, lock, twins, now)) {
			if (!found.has(object)) found.set(object, { words: { ...calls, lock, object, unseen: ELIDED }, tells: 'fixes', earlier: fetch, marked: fetch });
		}
		const all = [...found.values()];
		const plain = all.filter(({ words }) => !words.given);
		return plain.length > 0 ? plain.slice(0, OBJECTS_BOUND) : givenFirst(change, all);
	});
}

/** Objects of one lock that are looked at. */
const OBJECTS_BOUND = 3;
/** The one that is most likely meant: callers keep alive what they hand over. */
const givenFirst = ({ after }: Change, all: readonly Finding[]): readonly Finding[] =>
	[...all].sort((one, other) => Number(isParameter(after, one)) - Number(isParameter(after, other))).slice(0, 1);
const isParameter = ({ fn }: Change['after'], { words }: Finding): boolean => fn.params.some(({ name }) => name === words.object);

const nodes = ({ before, after }: Twin): Marked => ({ before: before.node, after: after.node });

interface Where {
	readonly lock: string;
	readonly twins: readonly Twin[];
	readonly now: readonly Point[];
}

/** Statements, on each side, behind which the object was there; null where it is no better kept after the patch. */
function foundAt(change: Change, object: string, use: Twin, { lock, twins, now }: Where): (Marked & { readonly given?: string }) | null {
	const fetch = now.findLast((point) => point.node.start < use.after.node.start && gives(point.text, object));
	if (fetch) {
		const twin = twins.find(({ after }) => after === fetch);
		const kept = twin !== undefined && inOneSection(fetch, use.after, lock) && !inOneSection(twin.before, use.before, lock) && !exchanged(twin, use) && twin.before.node.start < use.before.node.start;
		return kept ? { before: twin.before.node, after: twin.after.node } : null;
	}
	const loop = walkOver(change, object, use);
	if (loop) {
		const first = twins.find(({ after }) => after.node.start > loop.start && after.node.start < use.after.node.start);
		return first && inOneSection(first.after, use.after, lock) && !inOneSection(first.before, use.before, lock) && !exchanged(first, use) ? nodes(first) : null;
	}
	// Where it was found is out of sight: it was there when the last thing was done before.
	if (use.before.held.has(lock)) return null;
	const [before, after] = [ahead(change.before.fn.body, use.before.node), ahead(change.after.fn.body, use.after.node)];
	const inside = after !== undefined && after.end > (use.after.held.get(lock) ?? 0);
	return before && inside ? { before, after, given: '1' } : null;
}

/** Another lock, which is not taken any more, did the same before; a read side does less. */
const exchanged = (first: Twin, use: Twin): boolean => [...first.before.held].some(([other, section]) => other !== READ_SIDE && use.before.held.get(other) === section && !first.after.held.has(other));

/** The innermost loop over such objects around the use: it finds them. */
function walkOver({ after: { fn, file } }: Change, object: string, use: Twin): CNode | undefined {
	if (fn.params.some(({ name }) => name === object)) return undefined;
	for (let node = parentOf(fn.body, use.after.node); node; node = parentOf(fn.body, node)) {
		if (file.parsed.rewritten.get(node.start)?.args.some(({ text }) => text.trim() === object)) return node;
	}
	return undefined;
}

/** Pointers found in a section of the lock on the side after only, that only lines which are not shown can use. */
function unseenUses(change: Change, lock: string, twins: readonly Twin[], now: readonly Point[]): ReadonlyMap<string, Marked> {
	const { fn } = change.after;
	const found = new Map<string, Marked>();
	for (const fetch of twins) {
		const object = givenBy(fetch.after.text);
		if (!object || !fetch.after.held.has(lock) || fetch.before.held.has(lock) || !isPointer(change, object)) continue;
		const later = now.filter(({ node }) => node.start > fetch.after.node.start);
		const freed = change.now.filter(({ start, row }) => start > fetch.after.node.start && (row?.effect === 'unlock' || row?.effect === 'rcu-unlock'));
		const ends = freed.at(-1)?.line ?? Number.POSITIVE_INFINITY;
		const gaps = [...fn.gaps, ...(fn.tailElided ? [Number.MAX_SAFE_INTEGER] : [])].filter((line) => line > fetch.after.node.endLine);
		if (gaps.length === 0 || (fn.tailElided ? false : gaps.some((line) => line > ends)) || later.some(({ text }) => uses(text, object))) continue;
		found.set(object, nodes(fetch));
	}
	return found;
}

/** The local that a statement gives a value. */
const givenBy = (text: string): string | null => /^(?:[\w\s]*\*\s*)?([A-Za-z_]\w*)\s*=(?!=)/.exec(text)?.[1] ?? null;
const gives = (text: string, object: string): boolean => givenBy(text) === object || new RegExp(`\\(\\s*${escaped(object)}\\s*=(?!=)`).test(text);
/** The object is followed, or handed on. */
const uses = (text: string, object: string): boolean => new RegExp(`(?<![\\w.>&])${escaped(object)}\\s*(?:->|[,)](?!\\s*\\{))`).test(text.replace(/^\(!?\s*\w+\s*\)$/, ''));

/** A local that is declared as one, or whose declaration is not shown and that is asked whether there is one. */
function isPointer(change: Change, name: string): boolean {
	if (structOf(change, name) !== null) return true;
	const text = change.after.fn.body.text;
	return declared(change, name) === undefined && !/^[A-Z]/.test(name) && new RegExp(`(?:!\\s*|\\bif\\s*\\(\\s*|&&\\s*|\\bIS_ERR(?:_OR_NULL)?\\(\\s*)${escaped(name)}\\s*(?:\\)|&&|\\|\\|)`).test(text);
}

/** Local pointers that the statement uses; not the one that the lock is a part of. */
function objectsOf(change: Change, text: string, lock: string): readonly string[] {
	const names = new Set([...text.matchAll(/(?<![\w.>&])([a-z_]\w*)\s*(?:->|[,)])/g)].map((match) => match[1] ?? ''));
	const counted = countedBy(change, text);
	return [...new Set([...[...names].filter((name) => uses(text, name)), ...(counted ? [counted] : [])])].filter((name) => name !== rootOf(lock) && givenBy(text) !== name && isPointer(change, name));
}

/** Of which object the statement raises a count. */
const countedBy = ({ post }: Change, text: string): string | undefined => new RegExp(`^${namesOf(post.sources.table, 'raises-count')}\\s*\\(\\s*&\\s*([a-z_]\\w*)\\s*->`).exec(text)?.[1];

/** What is done right before it: a statement of its block, else of those around it; or the condition on which it is done. */
function ahead(body: CNode, node: CNode): CNode | undefined {
	const outer = parentOf(body, node);
	if (!outer) return undefined;
	const sibling = outer.named.findLast((each) => each.end <= node.start && /^(expression|if)_statement$|^declaration$/.test(each.type) && !each.synthetic);
	return outer.type === 'if_statement' && !outer.synthetic ? outer : (sibling ?? ahead(body, outer));
}

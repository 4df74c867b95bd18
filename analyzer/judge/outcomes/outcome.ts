import type { Outcome } from '../../review';
import { type Judged, kindOf, kindsOf, troubleOf } from '../verdict';

/** From the worst to the best. */
const ORDER: readonly Outcome[] = ['introduces', 'still-fails', 'fixes', 'pre-existing', 'no-failure'];

/** What the patch does to this scenario. `about`: the patch is about this race: a diagram, the prose or its own lines say so; `remedy`: it says that it mends something. */
export function outcomeOf({ about, remedy }: { readonly about: boolean; readonly remedy: boolean }, pre: Judged | null, post: Judged | null): Outcome {
	if (!pre && !post) return 'inconclusive';
	if (!post) return pre?.verdict === 'fails' ? 'pre-existing' : 'no-failure';
	if (post.verdict === 'inconclusive' || pre?.verdict === 'inconclusive') {
		if (post.verdict === 'fails' && pre?.verdict === 'passes') return 'introduces';
		return 'inconclusive';
	}
	if (!pre) return post.verdict === 'fails' ? 'introduces' : 'no-failure';
	const [before, after] = [kindsOf(pre), kindsOf(post)];
	// Where both sides free or use what the other thread has freed, that a field is now set by who lost that race as well is no news, nor that one now waits for the other.
	const old = new Set([...before, ...asideOf(pre)]);
	const lost = [...after, ...asideOf(post)].some((kind) => old.has(kind) && isOfLife(troubleOf(kind)));
	const all = [...after].filter((kind) => !before.has(kind));
	const fresh = all.filter((kind) => !(lost && (isUpdate(kind) || kind.startsWith('deadlock '))));
	const gone = [...before].filter((kind) => !after.has(kind) && (fresh.length === all.length || !isUpdate(kind)));
	if (before.size === 0 && after.size === 0) return 'no-failure';
	// A field that has another name now fails as it did.
	if (gone.length > 0 && gone.length === before.size && fresh.length === after.size && renamedField(gone, fresh)) return 'pre-existing';
	if (before.size === 0) return fresh.length === 0 ? 'pre-existing' : 'introduces';
	// What ends too early ends so still, where only the place that showed it is gone.
	if (after.size === 0) return !about && !remedy && endStill(gone, asideOf(post)) ? 'pre-existing' : 'fixes';
	// One way less to the end of an object that still ends too early: whoever takes a reference to what is gone uses it as well.
	if (fresh.length === 0 && gone.length > 0 && endStill(gone, [...after])) return about ? 'still-fails' : 'pre-existing';
	if (gone.length > 0 && fresh.length === 0) return 'fixes';
	// The same trouble with the same object by another name is the same trouble; trouble of another family, or with another object, is the patch's.
	// An update in one statement or in two, of what another changes meanwhile, is one trouble.
	const update = (kind: string): string => troubleOf(kind).replace(/^(lost-data|check-then-act) /, 'update ');
	const troubles = new Set([...before].map(update));
	if (fresh.some((kind) => !troubles.has(update(kind)))) return 'introduces';
	if (gone.length > fresh.length) return 'fixes';
	return about ? 'still-fails' : 'pre-existing';
}

/** All that is gone is of objects whose lives end too early by what is left as well. */
function endStill(gone: readonly string[], left: readonly string[]): boolean {
	const troubles = new Set(left.map(troubleOf).filter(isOfLife));
	return gone.every((kind) => troubles.has(troubleOf(kind)));
}

const isOfLife = (trouble: string): boolean => trouble.startsWith('lifetime ');
const isUpdate = (kind: string): boolean => /^(lost-data|check-then-act) /.test(kind);
/** One update each, of the same object's fields. */
function renamedField(gone: readonly string[], fresh: readonly string[]): boolean {
	const bar = (kind: string): string => kind.replace(/^(\S+ [^. ]*)\.\S*/, '$1');
	const [left, right] = [gone.map(bar).sort(), fresh.map(bar).sort()];
	return left.length === right.length && left.every((kind, index) => kind === right[index] && isUpdate(kind));
}

const asideOf = ({ lowered, aside }: Judged): readonly string[] => aside.map((failure) => kindOf(lowered, failure));

/** An input's outcome: the worst of its scenarios'. */
export function worst(outcomes: readonly Outcome[]): Outcome {
	return ORDER.find((each) => outcomes.includes(each)) ?? (outcomes.includes('inconclusive') ? 'inconclusive' : 'no-failure');
}

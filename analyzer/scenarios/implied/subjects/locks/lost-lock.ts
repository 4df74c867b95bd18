import { beginsWith, isNamed } from '../../../../knowledge/namings';
import { alike, digestsOf } from '../../../digests/digests';
import { disciplineOf, ENDS_ALONE, HAS_IT_ALONE, type Use } from '../../../digests/discipline';
import { type Change, structOf, typeOf } from '../../change';
import { isInner } from '../../inner-lock';
import { isTakenElsewhere } from '../../taken-elsewhere';
import { isNewborn } from '../../newborn';
import { isInOtherForm } from '../../other-form';
import type { Finding } from '../../partner';
import { plainCalls } from '../../plain-calls';
import { type Point, pointsOf } from '../../sections';
import { escaped, lockOf, READ_SIDE, rootOf } from '../../sites';
import { told } from '../../steps';
import { isCalledBeforeAll, isUnpublished } from '../../unpublished';
import { workedOn } from '../../worked-on';
import { isWork } from './exclusion';
import { keyOf, MARKABLE } from './kept-lock';
import { movedHere } from '../../moved-lock';
import { type Twin, twinsOf } from '../../point-twins';

/**
 * `step` was done under `lock`, and the patch takes it out of there, or takes the lock away, while nothing else comes in its place: `acquire` and `release`
 * take and give it back; `walk`: for each entry of a walk. Of what is only called it must be the whole section that is gone.
 */
export function lostLocks(change: Change): readonly Finding[] {
	const [old, now] = [pointsOf(change.before, change.old), pointsOf(change.after, change.now)];
	const twins = twinsOf(change, old, now).filter(({ before }) => MARKABLE.has(before.node.type));
	if (bringsLock(change) || isCalledBeforeAll(change)) return [];
	return [...new Set(old.flatMap(({ held }) => [...held.keys()]))].flatMap((lock): readonly Finding[] => {
		const goesOn = change.now.some((site) => lockOf(site) === lock);
		const calls = lock === READ_SIDE || (!goesOn && hasAlone(change, lock)) ? null : plainCalls(change, lock, 'task', true);
		if (!calls || movedHere({ ...change, pre: change.post, post: change.pre }, lock) || isHeldByCallers(change, lock) || isTakenElsewhere(change, lock) || isInner(change, lock) || isInOtherForm(change, lock)) return [];
		const all = twins.filter((twin) => isLost(change, twin, lock) && !isUnpublished(change, twin.before.node));
		const lost = all.find((twin) => twin.before.node.type === 'expression_statement' && isOfOthers(change, twin, lock, goesOn, old)) ?? (goesOn ? undefined : lastOfSeveral(change, all, lock));
		const marked = lost && { before: lost.before.node, after: lost.after.node };
		// What is looked at in a condition is done with when that is known.
		return marked ? [{ words: { ...calls, lock, step: told(lost.before.text), ...(isWalked(change.before, lost.before.node) && isWalked(change.after, lost.after.node) ? { walk: '1' } : {}) }, tells: 'introduces', marked, ...(marked.before.type === 'if_statement' ? { earlier: marked } : {}), outline: ['lost-data', 'use-after-free'], inPart: true }] : [];
	}).slice(0, 1);
}

/** It is done for each entry that a macro's walk comes by. */
const isWalked = ({ fn, file }: Change['before'], { start }: Point['node']): boolean => {
	const around = (node: Point['node']): boolean => start >= node.start && start < node.end && (/(?:^|_)for_each(?:_|$)/.test(file.parsed.rewritten.get(node.start)?.name ?? '') || node.named.some(around));
	return around(fn.body);
};

/** Several looks at what others change, or accesses to a device: they belonged together. */
function lastOfSeveral(change: Change, twins: readonly Twin[], lock: string): Twin | undefined {
	const looks = twins.filter(({ before, after }) => {
		const object = LOOKS.exec(before.text)?.[1];
		return DEVICE.test(before.text) || (object !== undefined && object !== 'current' && !isUnruled(change, before, lock) && !isNewborn(change.post.sources.table, change.before, change.old, object, before.node) && !isNewborn(change.post.sources.table, change.after, change.now, object, after.node));
	});
	return looks.length > 1 ? looks.at(-1) : undefined;
}

/** The function's name says that it begins or ends what it was given, and the lock lies in that. */
const hasAlone = ({ name, before: { fn } }: Change, lock: string): boolean => ENDS_ALONE.test(name) && /^\w+->\w+$/.test(lock) && fn.params.some((param) => param.name === rootOf(lock));

/** It was held there, and what else is held now was held before. */
const isLost = (change: Change, { before, after }: Twin, lock: string): boolean =>
	before.held.has(lock) && !after.held.has(lock) && [...after.held.keys()].every((each) => before.held.has(each))
	// Nothing but what keeps it from being taken twice lies between the two.
	&& (change.after.file.place(after.node.line).changed || change.old.some((site) => lockOf(site) === lock && change.ways.get(site) !== 'kept'));

/** The patch adds something here that may keep others out. */
const bringsLock = (change: Change): boolean => change.now.some((site) => change.ways.get(site) === 'added' && (isNamed(change.post.sources.table, 'keeps-out', site.api.toLowerCase()) || site.row?.effect === 'get' || site.row?.effect === 'get-unless-zero'));

/** All who call the function hold it, or are in the read side. */
export function isHeldByCallers(change: Change, lock: string): boolean {
	const key = keyOf(change.old, digestsOf(change.pre), change.name, lock);
	return key !== null && disciplineOf(change.post).heldAtEntry(change.name).includes(key);
}

/** An object of which a field is read. */
const LOOKS = /(?<![\w.>])([A-Za-z_]\w*)(?:(?:->|\.)\w+|\[[^\]]*\])*->/;
const DEVICE = /(?:^|[\s=(!])_*(?:raw_)?(?:io)?(?:read|write|in|out)[bwlq](?:_relaxed)?(?:8|16|32|64)?(?:be)?\s*\(|(?:^|[\s=(!])io(?:read|write)(?:8|16|32|64)(?:be)?\s*\(/;
/** A field of an object, or an entry of a table, is set. */
const SETS = /^(?:(?:\+\+|--)\s*)?([A-Za-z_]\w*)(?:(?:->|\.)\w+|\[[^\]]*\])*(?:->|\]\.)[\w.>[\]-]*\s*(?:(?:[-+|&^]|<<|>>)?=(?!=)|\+\+|--|;)/;
/** Memory of an object is filled in place. */
const FILLS = /^mem(?:set|cpy|move)\s*\(\s*&?\s*\w+\s*->|^str\w*cpy\s*\(\s*\w+\s*->/;
/** Others may come upon what the statement changes, and meet it under that lock. */
function isOfOthers(change: Change, { before, after }: Twin, lock: string, goesOn: boolean, old: readonly Point[]): boolean {
	const set = SETS.exec(before.text)?.[1];
	const object = set ?? rootOf(/\(\s*&?\s*([^,()]+)/.exec(before.text)?.[1]?.trim() ?? '') ?? undefined;
	const api = /^(?:\w+\s*=\s*)?(\w+)\s*\(/.exec(before.text)?.[1];
	if (set === undefined && !FILLS.test(before.text) && !beginsWith(change.post.sources.table, 'changes-container', before.text)) {
		const site = change.now.find((each) => each.start >= after.node.start && each.start < after.node.end && each.api === api);
		if (goesOn || !site || isNamed(change.post.sources.table, 'only-tells', site.api) || !isWork(change, site) || site.args.length === 0) return false;
	}
	if (object === 'current' || isUnruled(change, before, lock)) return false;
	if (object === undefined) return true;
	if (isNewborn(change.post.sources.table, change.before, change.old, object, before.node) || isNewborn(change.post.sources.table, change.after, change.now, object, after.node)) return false;
	// What the caller gave to be filled in.
	const root = rootOf(lock);
	if (set !== undefined && !before.text.includes('->') && typeOf(object, change.before) !== undefined) return false;
	if (set !== undefined && root !== object && change.before.fn.params.some(({ name }) => name === object) && change.before.fn.params.some(({ name }) => name === root)) return false;
	return !isAlone(change, object, before, old, lock);
}

/** The function has taken the object out under the lock by then: nobody else finds it. */
function isAlone(change: Change, object: string, before: Point, old: readonly Point[], lock: string): boolean {
	const names = new RegExp(`(?<![\\w.>])${escaped(object)}\\b`);
	const given = new RegExp(`(?<![\\w.>])${escaped(object)}\\s*=[^=]`);
	return old.some(({ node, text, held }) => node.start < before.node.start && held.has(lock) && [...text.matchAll(/(\w+)\s*\(([^;]*)/g)].some(([, api = '', args = '']) => isNamed(change.post.sources.table, 'has-it-alone', api) && (names.test(args) || given.test(text))))
		|| (typeOf(object, change.before) !== undefined && !/\*\s*$/.test(typeOf(object, change.before) ?? '') && structOf(change, object) === null);
}

/** In these files it is used elsewhere too, and the lock is not what those keep to, or no longer. */
function isUnruled(change: Change, before: Point, lock: string): boolean {
	const digests = digestsOf(change.pre);
	const key = keyOf(change.old, digests, change.name, lock);
	if (key === null) return false;
	const uses = (side: Change['pre'], what: string): readonly Use[] => disciplineOf(side).usesOf(what).filter(({ by }) => by !== change.name && !HAS_IT_ALONE.test(by));
	const holding = (all: readonly Use[]): number => all.filter(({ locks }) => locks.some((each) => alike(each, key))).length;
	const ruled = workedOn(change.post.sources.table, change.before, digests, before).filter(({ writes }) => writes).flatMap(({ what }) => {
		const all = uses(change.pre, what);
		const keep = holding(all);
		return all.length === 0 ? [] : [keep > all.length - keep && holding(uses(change.post, what)) > 0];
	});
	return ruled.length > 0 && !ruled.includes(true);
}

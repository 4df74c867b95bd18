import { heldByCallers } from '../../../callers/held-by-callers';
import { type Change, mirrored, removed } from '../../change';
import { type Finding, turnedBack } from '../../partner';
import { plainCalls } from '../../plain-calls';
import { type Twin, twinsOf } from '../../point-twins';
import { inOneSection, pointsOf } from '../../sections';
import { escaped, READ_SIDE, rootOf, type Site } from '../../sites';
import { told } from '../../steps';
import { drops, objectOf } from './missing-drop';
import { countOf } from './missing-hold';

/**
 * One side takes a reference (`call`) of `object` in the section of `lock` in which that was found, uses it behind the section, and drops it then, by `drop`; the other side does all of that but for the two.
 * Earlier is where it was found, on the side that keeps nothing; marked is the use. `acquire` and `release` take and give back the lock.
 */
export function heldOver(change: Change): readonly Finding[] {
	const taken = pairs(change, false);
	return taken.length > 0 ? taken : pairs(mirrored(change), true).map(turnedBack);
}

/** `gone`: the change is taken the other way round, and the pair is what goes. */
function pairs(change: Change, gone: boolean): readonly Finding[] {
	const left = removed(change);
	const come = change.now.filter((site) => change.ways.get(site) === 'added');
	const gets = come.filter((site) => countOf(site) !== null);
	// One that is taken, or dropped, elsewhere or in another way is no loss.
	if (gets.length !== 1 || left.some((site) => countOf(site) !== null || drops(change)(site))) return [];
	const [old, now] = [pointsOf(change.before, change.old), pointsOf(change.after, change.now)];
	const twins = twinsOf(change, old, now);
	return gets.flatMap((get): readonly Finding[] => {
		const object = rootOf(get.args[0] ?? '');
		const put = object ? come.filter((site) => drops(change)(site) && objectOf(site) === object).at(-1) : undefined;
		const at = now.find(({ node }) => node.start <= get.start && get.start < node.end);
		if (!object || !put || !at || change.after.fn.params.some(({ name }) => name === object)) return [];
		const found = twins.findLast(({ after }) => after.node.start < get.start && gives(after.text, object));
		const lock = found && [...at.held.keys()].find((each) => each !== READ_SIDE && inOneSection(found.after, at, each) && found.before.held.has(each));
		const calls = lock ? plainCalls(change, lock, 'task', true) : null;
		const use = lock && found ? twins.find((twin) => isBehind(twin, found, lock, get, put) && follows(twin.after.text, object)) : undefined;
		if (!found || !lock || !calls || !use) return [];
		// What else is held there may do, where the reference is taken away.
		if (gone && (use.after.held.size > 0 || (heldByCallers(change.pre, change.name) ?? []).length > 0)) return [];
		return [{
			words: { ...calls, lock, object, call: get.text, drop: put.api, used: told(use.after.text) }, tells: 'fixes',
			earlier: { before: found.before.node, after: undefined }, marked: { before: use.before.node, after: use.after.node },
		}];
	});
}

/** It stands between where the reference is taken and where it is dropped, outside of the section in which the object was found, on both sides. */
const isBehind = ({ before, after }: Twin, found: Twin, lock: string, get: Site, put: Site): boolean =>
	after.node.start > get.start && after.node.start < put.start && !after.held.has(lock) && !before.held.has(lock) && before.node.start > found.before.node.start;

/** The local is given what is found there. */
const gives = (text: string, object: string): boolean => new RegExp(`(?:^|[\\s*(])${escaped(object)}\\s*=(?!=)\\s*(?!NULL\\b|0\\b)`).test(text);
/** The object is followed, or handed on. */
const follows = (text: string, object: string): boolean => new RegExp(`(?<![\\w.>&])${escaped(object)}\\s*(?:->|[,)])`).test(text.replace(/^\(!?\s*\w+\s*\)$/, ''));

import { digestsOf } from '../../digests';
import type { Fact } from '../../digest';
import { disciplineOf, ENDS_ALONE, type Work } from '../../discipline';
import { type Change, structOf } from '../change';
import type { Finding } from '../partner';
import { isNewborn } from '../newborn';
import { type Point, pointsOf } from '../sections';
import { escaped, lockOf, READ_SIDE, type Site } from '../sites';
import { movedHere } from './locked-step';
import { type Twin, twinsOf } from './one-section';
import { plainCalls } from './stops';

/**
 * `base` is worked on under `lock` on the side before only, and the other functions of these files that do so (`others`) hold that lock after the patch
 * as well: `acquire` and `release` take and give it back.
 */
export function keptLocks(change: Change): readonly Finding[] {
	if (ENDS_ALONE.test(change.name)) return [];
	const [old, now] = [pointsOf(change.before, change.old), pointsOf(change.after, change.now)];
	const twins = twinsOf(old, now);
	const [past, discipline] = [disciplineOf(change.pre), disciplineOf(change.post)];
	const lent = discipline.heldAtEntry(change.name);
	const facts = digestsOf(change.pre).factsOf(change.name);
	const found: Finding[] = [];
	for (const lock of new Set(old.flatMap(({ held }) => [...held.keys()]))) {
		const key = keyOf(change.old, facts, lock);
		const calls = key === null ? null : plainCalls(change, lock, 'task', true);
		if (key === null || !calls || lent.includes(key) || movedHere({ ...change, pre: change.post, post: change.pre }, lock)) continue;
		for (const twin of twins) {
			const { before, after } = twin;
			// Who only looks is in a read side now, as those may be who wait for it.
			if (after.held.has(READ_SIDE) && !before.held.has(READ_SIDE)) continue;
			if (!before.held.has(lock) || after.held.has(lock) || !MARKABLE.has(before.node.type)) continue;
			const serving = [...after.held.keys()].flatMap((each) => keyOf(change.now, digestsOf(change.post).factsOf(change.name), each) ?? []);
			const kept = workedOn(change, facts, before).filter(({ what }) => !isOfNewborn(change, twin, what)).map((work) => ({ what: work.what, others: discipline.keepers(past, work, key, change.name, [...serving, ...lent]) })).find(({ others }) => others !== null);
			if (!kept?.others) continue;
			found.push({
				words: { ...calls, lock, base: named(before.node.text, kept.what), others: kept.others.slice(0, TOLD_BOUND).map((name) => (name === change.name ? `elsewhere in ${name}()` : `${name}()`)).join(', ') }, tells: 'introduces', marked: { before: before.node, after: after.node },
				outline: ['lost-data'],
			});
			break;
		}
	}
	return found;
}

const MARKABLE: ReadonlySet<string> = new Set(['expression_statement', 'declaration', 'if_statement']);
/** The statement works on the field of objects alone that the function has made and nobody has found. */
function isOfNewborn(change: Change, { before, after }: Twin, what: string): boolean {
	const field = what.split('.')[1];
	const led = field === undefined ? [] : [...before.text.matchAll(new RegExp(`(?<![\\w.>])(\\w+)\\s*->\\s*${escaped(field)}\\b`, 'g'))].map(([, name = '']) => name);
	// A function that is called works on it.
	const given = [...new Set(before.text.match(/(?<![\w.>])[a-z_]\w*(?=\s*[,)])/g) ?? [])].filter((name) => structOf(change, name) === what.split('.')[0]);
	const names = led.length > 0 ? led : given;
	return names.length > 0 && names.every((name) => isForItself(change, name) || (isNewborn(change.before, change.old, name, before.node) && isNewborn(change.after, change.now, name, after.node)));
}

/** On both sides the function makes what the local leads to, and frees it again. */
const isForItself = ({ before, after, old, now }: Change, name: string): boolean => [[before, old] as const, [after, now] as const].every(([{ fn: { body } }, sites]) =>
	sites.some(({ row, start }) => row?.effect === 'alloc' && new RegExp(`(?<![\\w.>])${name}\\s*=\\s*$`).test(body.text.slice(0, start - body.start)))
	&& sites.some(({ row, args }) => row?.effect === 'free' && args[0] === name));

/** Functions that are named. */
const TOLD_BOUND = 3;

/** The lock as the digests know it. */
function keyOf(sites: readonly Site[], facts: readonly Fact[], lock: string): string | null {
	const lines = new Set(sites.filter((site) => lockOf(site) === lock).map(({ line }) => line));
	const key = facts.find(({ kind, line }) => (kind === 'lock' || kind === 'unlock') && lines.has(line))?.key ?? '';
	return key.length > 1 && !key.startsWith('.') ? key : null;
}

/** Fields that the statement uses, written ones first, functions of the files that it calls, and what those use. */
function workedOn({ pre: side, before: { fn } }: Change, facts: readonly Fact[], { node }: Point): readonly Work[] {
	const isField = (key: string): boolean => isMember(key) || (key.startsWith('.') && isOfFileScope(fn, node.text, key.slice(1)));
	const end = node.type === 'if_statement' ? (node.field('condition')?.endLine ?? node.line) : node.endLine;
	const here = facts.filter(({ line }) => line >= node.line && line <= end);
	const own = here.flatMap(({ kind, key }): readonly Work[] => ((kind === 'read' || kind === 'write') && isField(key) ? [{ what: key, writes: kind === 'write' }] : []));
	const called = here.flatMap(({ kind, key }): readonly Work[] => {
		if (kind !== 'call') return [];
		const { reads, writes } = digestsOf(side).of(key);
		const through = [...writes].map((what) => ({ what, writes: true }));
		return [{ what: `${key}()`, writes: true }, ...through, ...[...reads].filter((what) => !writes.has(what)).map((what) => ({ what, writes: false }))].filter(({ what }) => what.endsWith('()') || isField(what));
	});
	return [...own.filter(({ writes }) => writes), ...own.filter(({ writes }) => !writes), ...called];
}

const isMember = (key: string): boolean => /^\w+\.\w+$/.test(key) && !OF_LOCKING.test(key);
const OF_LOCKING = /(^|_|\.)(lock|mutex|sem|rwsem)$/;

/** The field as it is told: of a struct without a name, by its variable. */
const named = (text: string, what: string): string => (what.startsWith('.') ? (new RegExp(`(\\w+)\\s*\\.\\s*${escaped(what.slice(1))}\\b`).exec(text)?.[1] ?? '') : '') + what;

/** The member is one of a variable that the function does not declare itself: a struct without a name at file scope. */
const isOfFileScope = (fn: Change['before']['fn'], text: string, member: string): boolean => !OF_LOCKING.test(member)
	&& [...text.matchAll(new RegExp(`(?<![\\w.>])(\\w+)\\s*\\.\\s*${escaped(member)}\\b`, 'g'))].some(([, name = '']) => !declares(fn, name));
const declares = ({ params, body }: Change['before']['fn'], name: string): boolean => params.some((each) => each.name === name) || new RegExp(`\\b\\w+[\\s*]+(?:\\w+\\s*,\\s*)*${escaped(name)}\\s*[;,=[]`).test(body.text);

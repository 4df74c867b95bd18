import { isNamed } from '../../../../knowledge/namings';
import { isCalledInside } from '../../called-inside';
import type { Change } from '../../change';
import { isNewborn } from '../../newborn';
import type { Finding } from '../../partner';
import { type Point, pointsOf } from '../../sections';
import { READ_SIDE, type Site } from '../../sites';
import { entersReadSide } from '../../read-side';
import { told } from '../../steps';
import { MARKABLE } from '../locks/kept-lock';
import { type Twin, twinsOf } from '../../point-twins';

/** `step` was done in a read side, which the patch takes away, with both of its ends, and nothing comes in its place: what it leads to is freed after a grace period. */
export function lostSections(change: Change): readonly Finding[] {
	const left = (sites: readonly Site[]): boolean => sites.some((site) => ENDS.has(site.row?.effect ?? '') && change.ways.get(site) !== 'removed');
	if (left(change.old) || left(change.now) || isMoved(change) || change.now.some((site) => change.ways.get(site) === 'added' && BRINGS.test(site.api)) || (change.post.callers.get(change.name) ?? []).some((caller) => isCalledInside(change, caller))) return [];
	const old = pointsOf(change.before, change.old);
	if (change.whole && !old.some(({ held, text }) => held.has(READ_SIDE) && KEPT.test(text) && !/^rcu_read_unlock\b/.test(text))) return [];
	const lost = twinsOf(change, old, pointsOf(change.after, change.now)).filter((twin) => isLost(change, twin));
	// What is only compared with NULL leads nowhere.
	const step = lost.find(({ before }) => LEADS.test(before.text)) ?? lost.find(({ before }) => before.node.type !== 'if_statement' && CALLS.test(before.text));
	const marked = step && { before: step.before.node, after: step.after.node };
	return marked ? [{ words: { step: told(step.before.text) }, tells: 'introduces', marked, ...(marked.before.type === 'if_statement' ? { earlier: marked } : {}), outline: ['use-after-free'], inPart: true }] : [];
}

/** Another function of the patch has a read side of its own. */
const isMoved = ({ post, name }: Change): boolean => post.changed.some((other) => other !== name && entersReadSide(post, other));

const ENDS: ReadonlySet<string> = new Set(['rcu-lock', 'rcu-unlock']);
const BRINGS = /dereference|rcu|(^|_)(lock\w*|trylock|acquire|enter|begin|guard|hold|held|disable\w*|get)(_|$)/i;
/** What RCU keeps is found or walked. */
const KEPT = /rcu|\bxas?_|radix_tree|\bidr_|rhashtable|lookup|find/i;
const LEADS = /(?<![\w.>])[A-Za-z_]\w*(?:(?:->|\.)\w+|\[[^\]]*\])*->/;
const CALLS = /\w\s*\([^()]*[a-z_]\w*[^()]*\)/;

const isLost = (change: Change, { before, after }: Twin): boolean =>
	MARKABLE.has(before.node.type) && before.held.has(READ_SIDE) && before.held.size === 1 && after.held.size === 0 && !isNamed(change.post.sources.table, 'only-tells', /^(?:\w+\s*=\s*)?(\w+)\s*\(/.exec(before.text)?.[1] ?? '') && !isOwn(change, before, after);

const isOwn = (change: Change, before: Point, after: Point): boolean => {
	const names = [...before.text.matchAll(/(?<![\w.>])([A-Za-z_]\w*)\s*->/g)].map(([, name = '']) => name);
	return names.length > 0 && names.every((name) => name === 'current' || (isNewborn(change.post.sources.table, change.before, change.old, name, before.node) && isNewborn(change.post.sources.table, change.after, change.now, name, after.node)));
};

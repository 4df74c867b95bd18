import type { CheckName } from '../../../sim';
import { folded } from '../../parse/plain-text';
import type { CNode } from '../../parse';
import type { Change } from '../implied/change';
import { pointsOf } from '../implied/sections';
import { escaped } from '../implied/sites';
import { told, written } from '../implied/steps';
import { oldOf, statementsOf } from '../implied/twins';
import { type Claim, OF_TWO } from './claim';
import { callsIn, isInSight, isOwn, shares } from './places';
import type { Shortfall } from './window';

const OTHER = 'who_changes_it_meanwhile';
/** Claims of what one does to another one's work. */
const SAID_OF: ReadonlySet<CheckName> = new Set([...OF_TWO, 'stale-mapping']);

/** What is gone by, read before the lock, and what is done on the strength of it under the lock. */
interface Gap {
	readonly looked: CNode | undefined;
	readonly act: CNode;
	readonly says: string;
	/** What it comes to, where the code says so. */
	readonly check?: CheckName;
}

/**
 * The patch's own test, or copy, of what the lock keeps comes before the lock is taken, and nobody looks again behind it: who holds the lock meanwhile changes it. That
 * others do is what the lock around the change says.
 */
export function lookedOutside(change: Change, claims: readonly Claim[]): Shortfall | null {
	const claim = claims.find(({ check }) => SAID_OF.has(check));
	const gap = claim && (testedOutside(change) ?? copiedOutside(change) ?? replacedOutside(change));
	if (!gap) return null;
	const ends = gap.act && oldOf(change, gap.act);
	return ends ? {
		check: gap.check ?? (claim.of === undefined ? claim.check : 'lost-data'), message: `${gap.says}, and \`${told(written(gap.act))}\` goes by what was so before`, other: OTHER,
		said: claim.text, reason: `${gap.says}: another thread may change it until the lock is got`,
		...gap.looked ? { opens: { after: gap.looked } } : { opens: {} }, opensAt: 'after', ends: { before: ends, after: gap.act },
	} : null;
}

/** An own condition on a field that is changed under a lock which is taken behind the condition. */
function testedOutside(change: Change): Gap | null {
	const { after, now } = change;
	const points = pointsOf(after, now);
	for (const act of points) {
		const place = act.node.type === 'expression_statement' ? changedBy(act.text) : null;
		if (!place) continue;
		for (const [lock, section] of act.held) {
			const tests = points.filter(({ node }) => node.type === 'if_statement' && node.start < act.node.start && reads(written(node), place));
			const test = tests.at(-1);
			if (section < 0 || !test || test.node.start > section || test.held.has(lock) || !isOwn(change, test.node) || shares(test, act) || !isInSight(change, test.node, act.node) || !leaves(test.node)) continue;
			if (points.some((each) => each.node.start > section && each.node.start < act.node.start && reads(each.text, place))) continue;
			return { looked: test.node, act: act.node, says: `\`${told(written(test.node))}\` is asked before ${told(lock)} is taken` };
		}
	}
	return null;
}

/** What the patch reads anew into a local, of what it read before as well, right before a lock behind which the local is used. */
function copiedOutside(change: Change): Gap | null {
	const { after, before } = change;
	const old = folded(before.fn.body.text);
	const all = [...statementsOf(after.fn.body), ...declarationsOf(after.fn.body)].sort((one, other) => one.start - other.start);
	for (const [at, copy] of all.entries()) {
		const [, local = '', from = ''] = /^(?:[\w ]+[ *])??(\w+) ?= ?([^=].*);$/.exec(folded(copy.text)) ?? [];
		const lock = all[at + 1];
		if (!local || !isOwn(change, copy) || !/->|\bread\w*\(|_read\w*\(/.test(from) || !lock || lock.type !== 'expression_statement' || !acquires(change, lock) || new RegExp(`\\b${local}\\b`).test(lock.text)) continue;
		if (!old.includes(from) || !isInSight(change, copy, lock)) continue;
		const used = all.slice(at + 2).find(({ type, text }) => type !== 'declaration' && new RegExp(`\\b${local}\\b`).test(text));
		const act = used ?? (after.fn.gaps.some((gap) => gap > lock.line) || !wholeEnd(change) ? lock : undefined);
		if (act && !new RegExp(`^${local} ?=(?!=)`).test(folded(act.text))) return { looked: copy, act, says: `\`${told(copy.text)}\` is read before \`${told(lock.text)}\`` };
	}
	return null;
}

/** What the field held is given back behind the patch's own section that sets the field, and nobody has read it in there: two who come at once give the same back. */
function replacedOutside(change: Change): Gap | null {
	const { after, now } = change;
	const points = pointsOf(after, now);
	for (const freed of points) {
		const local = freed.node.type === 'expression_statement' && /(?:free|put|release)\w*\s*\(\s*(\w*(?:old|prev|orig)\w*)\s*\);$/.exec(freed.text)?.[1];
		const last = local ? points.filter(({ node, held }) => node.start < freed.node.start && held.size > freed.held.size).at(-1) : undefined;
		if (!local || !last) continue;
		for (const [lock, section] of last.held) {
			const taken = now.find((site) => site.start === section);
			const inside = points.filter(({ node, held }) => node.start > section && node.start < freed.node.start && held.get(lock) === section);
			const set = inside.find(({ node, text }) => node.type === 'expression_statement' && changedBy(text) !== null);
			if (!taken?.changed || freed.held.has(lock) || !set || !isInSight(change, set.node, freed.node) || after.fn.gaps.some((gap) => gap > taken.line && gap <= freed.node.line)) continue;
			if (after.fn.params.some(({ name }) => name === local) || inside.some(({ text }) => new RegExp(`(?<![\\w.>])${local}\\b`).test(text))) continue;
			return { looked: undefined, act: set.node, check: 'use-after-free', says: `what \`${told(freed.text)}\` gives back was read before ${told(lock)} is taken` };
		}
	}
	return null;
}

/** The function's end is in sight. */
const wholeEnd = ({ whole }: Change): boolean => whole;
/** It takes a lock, or keeps others off this CPU. */
const acquires = ({ now }: Change, node: CNode): boolean => callsIn(now, node).some(({ row }) => row?.effect === 'lock' || row?.effect === 'rcu-lock' || (row?.effect === 'context' && row.delta > 0));
const declarationsOf = (node: CNode): readonly CNode[] => (node.type === 'declaration' ? [node] : node.named.flatMap(declarationsOf));

/** The cell that a statement gives a value. */
const changedBy = (text: string): string | null => /^(\w+(?:(?:->|\.)\w+)+)\s*[-+|&]?=(?!=)/.exec(text)?.[1]?.replace(/\s+/g, '') ?? null;

const reads = (text: string, place: string): boolean => new RegExp(`(?<![\\w>.])${escaped(place)}(?![\\w]|->|\\.|\\s*[-+|&]?=(?!=))`).test(text.replace(/\s*(->|\.)\s*/g, '$1'));

const leaves = (node: CNode): boolean => /\b(?:return|goto|continue|break)\b/.test(node.field('consequence')?.text ?? '');

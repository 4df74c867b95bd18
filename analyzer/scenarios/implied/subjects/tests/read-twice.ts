import { namesOf } from '../../../../knowledge/namings';
import type { CNode } from '../../../../parse';
import { type Change, structOf } from '../../change';
import type { Finding, Marked } from '../../partner';
import { inOneSection, pointsOf } from '../../sections';
import { escaped, READ_SIDE, rootOf } from '../../sites';

/**
 * `place` is read where it is tested and read again where the function goes by that; on the other side both go by one read of it. The first read is the
 * earlier mark, the other one the marked statement; where there is one read both are that.
 */
export function readsTwice(change: Change): readonly Finding[] {
	return [...of(change, 'before', 'after', 'fixes'), ...of(change, 'after', 'before', 'introduces')].slice(0, 1);
}

/** `type name = place;`, plainly or by a call that reads once; also of a pointer to a function. */
const onceOf = (change: Change): RegExp => new RegExp(`^(?:[\\w\\s*]*?(?:\\b|\\(\\s*\\*\\s*)(\\w+)(?:\\s*\\)\\s*\\([^;=]*\\))?\\s*=\\s*)${namesOf(change.post.sources.table, 'reads-once')}?\\s*\\(?\\s*&?([A-Za-z_]\\w*(?:(?:->|\\.)\\w+)+)\\s*\\)?;$`);

function of(change: Change, two: 'before' | 'after', one: 'before' | 'after', tells: 'fixes' | 'introduces'): readonly Finding[] {
	const [many, single] = [statements(change[two].fn.body), statements(change[one].fn.body)];
	const once = onceOf(change);
	return single.flatMap((read): readonly Finding[] => {
		const text = told(read);
		const [, local, place] = once.exec(text) ?? [];
		const root = place ? rootOf(place) : null;
		if (!local || !place || !root || !change[one].file.place(read.line).changed || change[two].fn.body.text.includes(`${local} =`) || structOf(change, root) === null) return [];
		const uses = new RegExp(`(?<![\\w.>])${escaped(place).replace(/->/g, '\\s*->\\s*')}(?!\\w)`);
		const stored = (node: CNode): boolean => new RegExp(`${uses.source}\\s*[-+|&^]?=(?!=)`).test(node.text);
		const others = single.filter((each) => each !== read && each.start > read.start);
		if (others.some((each) => uses.test(own(each))) || many.some(stored) || others.some(stored) || !others.some((each) => new RegExp(`\\b${local}\\b`).test(own(each)))) return [];
		const reading = many.filter((each) => uses.test(own(each)) && change[two].file.place(each.line).changed);
		const [first, then] = reading;
		if (!first || !then || first.type !== 'if_statement' || underOneLock(change, two, first, then)) return [];
		const at = (there: CNode): Marked => (two === 'before' ? { before: there, after: read } : { before: read, after: there });
		return [{ words: { place, local, base: place, ...(new RegExp(`\\b${namesOf(change.post.sources.table, 'reads-once')}\\s*\\(`).test(text) ? { marks: '1' } : {}) }, earlier: at(first), marked: at(then), tells }];
	});
}

/** A lock is held from the one to the other: whoever changes the place takes it. */
function underOneLock(change: Change, side: 'before' | 'after', first: CNode, then: CNode): boolean {
	const points = pointsOf(change[side], side === 'before' ? change.old : change.now);
	const [one, other] = [first, then].map((node) => points.find((point) => point.node.start === node.start));
	return one !== undefined && other !== undefined && [...one.held.keys()].some((lock) => lock !== READ_SIDE && inOneSection(one, other, lock));
}

const told = (node: CNode): string => node.text.replace(/\s+/g, ' ').trim();

/** What the statement itself reads: of an `if` its condition. */
const own = (node: CNode): string => (node.field('condition') ?? node).text;

function statements(node: CNode): readonly CNode[] {
	const inner = node.named.flatMap(statements);
	return !node.synthetic && (node.type === 'expression_statement' || node.type === 'declaration' || node.type === 'return_statement' || node.type === 'if_statement') ? [node, ...(node.type === 'if_statement' ? inner : [])] : inner;
}

import { callsOne, type Namings, namesOf } from '../../../../knowledge/namings';
import type { CNode } from '../../../../parse';
import { folded } from '../../../../parse/plain-text';
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

type Which = 'before' | 'after';

/** What a statement reads once: the local that it gives it to, and the place. */
interface Read {
	readonly local: string;
	readonly place: string;
	/** The access is marked. */
	readonly marked: boolean;
}

/** `type name = place;`, plainly or by a call that reads once; also of a pointer to a function: `int (*name)(…) = place;`. */
function readIn(table: Namings, node: CNode): Read | null {
	const text = folded(node.text);
	const [, local, value = ''] = /^(?:[\w\s*]*?(?:\b|\(\s*\*\s*)(\w+)(?:\s*\)\s*\([^;=]*\))?)\s*=\s*([^=].*);$/.exec(text) ?? [];
	const place = value.replace(new RegExp(`^${namesOf(table, 'reads-once')}?\\s*\\(?\\s*&?`), '').replace(/\s*\)?$/, '');
	return local && /^[A-Za-z_]\w*(?:(?:->|\.)\w+)+$/.test(place) ? { local, place, marked: callsOne(table, 'reads-once', text) } : null;
}

/** The place on the side `two` is read twice, and once on the side `one`. */
function of(change: Change, two: Which, one: Which, tells: 'fixes' | 'introduces'): readonly Finding[] {
	const [many, single] = [statements(change[two].fn.body), statements(change[one].fn.body)];
	const isOwn = (which: Which, node: CNode): boolean => change[which].file.place(node.line).changed;
	return single.filter((node) => isOwn(one, node)).flatMap((node): readonly Finding[] => {
		const read = readIn(change.post.sources.table, node);
		if (!read || structOf(change, rootOf(read.place) ?? '') === null || change[two].fn.body.text.includes(`${read.local} =`)) return [];
		const { local, place, marked } = read;
		const uses = new RegExp(`(?<![\\w.>])${escaped(place).replace(/->/g, '\\s*->\\s*')}(?!\\w)`);
		const stores = new RegExp(`${uses.source}\\s*[-+|&^]?=(?!=)`);
		const behind = single.filter((each) => each !== node && each.start > node.start);
		if ([...many, ...behind].some(({ text }) => stores.test(text))) return [];
		const goesByLocal = behind.some((each) => new RegExp(`\\b${local}\\b`).test(own(each)));
		if (!goesByLocal || behind.some((each) => uses.test(own(each)))) return [];
		const [first, then] = many.filter((each) => uses.test(own(each)) && isOwn(two, each));
		if (first?.type !== 'if_statement' || !then || underOneLock(change, two, first, then)) return [];
		const at = (there: CNode): Marked => (two === 'before' ? { before: there, after: node } : { before: node, after: there });
		return [{ words: { place, local, base: place, ...(marked ? { marks: '1' } : {}) }, earlier: at(first), marked: at(then), tells }];
	});
}

/** A lock is held from the one to the other: whoever changes the place takes it. */
function underOneLock(change: Change, side: Which, first: CNode, then: CNode): boolean {
	const points = pointsOf(change[side], side === 'before' ? change.old : change.now);
	const [one, other] = [first, then].map((node) => points.find((point) => point.node.start === node.start));
	return one !== undefined && other !== undefined && [...one.held.keys()].some((lock) => lock !== READ_SIDE && inOneSection(one, other, lock));
}

/** What the statement itself reads: of an `if` its condition. */
const own = (node: CNode): string => (node.field('condition') ?? node).text;

function statements(node: CNode): readonly CNode[] {
	const inner = node.named.flatMap(statements);
	return !node.synthetic && (node.type === 'expression_statement' || node.type === 'declaration' || node.type === 'return_statement' || node.type === 'if_statement') ? [node, ...(node.type === 'if_statement' ? inner : [])] : inner;
}

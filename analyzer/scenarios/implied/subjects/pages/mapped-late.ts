import type { Asked } from '../../../../knowledge/partner-row';
import type { CNode } from '../../../../parse';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { type Point, pointsOf } from '../../sections';
import { escaped, type Site } from '../../sites';
import { LOCKING, told } from '../../steps';
import { parentOf } from '../../twins';
import { plainCalls } from '../../plain-calls';

/**
 * `call` maps something, or hands over what its caller maps (`hands`), and goes by `test`: in one section of `lock` on one side only. Or (no `lock`) a test
 * is new, and neither in a section with what goes by it.
 */
export function mappedLate(change: Change, row: Asked): readonly Finding[] {
	const [old, now] = [pointsOf(change.before, change.old), pointsOf(change.after, change.now)];
	const [was, is] = [mapping(old, change.old, row), mapping(now, change.now, row)];
	if (!was || !is) return [];
	const found: Finding[] = [];
	const marked = { before: was.node, after: is.node };
	for (const lock of new Set([...is.held.keys(), ...was.held.keys()])) {
		const [left, right] = [testIn(lock, old, was, change.before.fn.body), testIn(lock, now, is, change.after.fn.body)];
		const calls = plainCalls(change, lock, 'task', true);
		if (!calls || (left === undefined) === (right === undefined) || (right ? asksBy(lock, old, was) : asksBy(lock, now, is))) continue;
		const test = (right ?? left)!;
		const other = right ? testLike(test, old, was) : testLike(test, now, is);
		const words = { ...calls, lock, call: told(is.text), test: told(test.text) };
		found.push({ words, tells: right ? 'fixes' : 'introduces', marked, earlier: right ? { before: other?.node, after: right.node } : { before: test.node, after: other?.node } });
	}
	const fresh = newTest(change, now, is);
	if (found.length === 0 && fresh) {
		found.push({ words: { call: told(is.text), test: told(fresh.text), alone: '1' }, tells: 'still-fails', marked, earlier: { before: undefined, after: fresh.node } });
	}
	return found;
}

/** The statement that maps; of several none speaks for the function. */
function mapping(points: readonly Point[], sites: readonly Site[], { calls = [], hands }: Asked): Point | undefined {
	const names = new Set(calls);
	const made = sites.filter(({ api }) => names.has(api));
	const handed = hands ? points.filter(({ text }) => new RegExp(`->\\s*${escaped(hands)}\\s*=(?!=)`).test(text)) : [];
	const holding = points.filter(({ node }) => made.some(({ start }) => contains(node, start)));
	const all = [...holding, ...handed];
	return all.length === 1 ? all[0] : undefined;
}

const contains = (node: CNode, start: number): boolean => {
	const part = node.field('condition') ?? node;
	return start >= part.start && start < part.end;
};

/** What others may have changed is asked for: by a condition, or fetched. */
const asks = ({ node, text }: Point): boolean => (node.type === 'if_statement' || /^[^=]*[^=!<>]=(?!=)/.test(text)) && fieldsOf(text).length > 0;
const locks = ({ text }: Point): boolean => /\b\w*(?:lock|unlock|down_(?:read|write)|up_(?:read|write))\w*\s*\(/.test(text);
const fieldsOf = (text: string): readonly string[] => [...text.replace(/\bvmf?\w*->\w+(?:->\w+)*/g, '').matchAll(/->\s*(\w+)/g)].map((match) => match[1] ?? '');

/** The last one that the mapping goes by in the same section of the lock; the mapping itself where it fetches what it maps. */
function testIn(lock: string, points: readonly Point[], mapped: Point, body: CNode): Point | undefined {
	const section = mapped.held.get(lock);
	if (section === undefined) return undefined;
	return points.slice(0, points.indexOf(mapped)).findLast((each) => each.held.get(lock) === section && asks(each) && !locks(each) && isOnTheWay(body, each, mapped));
}

/** A function is asked in the same section of the lock whether it may be mapped, or for what is mapped: it may look at what others change. */
function asksBy(lock: string, points: readonly Point[], mapped: Point): boolean {
	const section = mapped.held.get(lock);
	return section !== undefined && points.slice(0, points.indexOf(mapped)).some((each) => each.held.get(lock) === section && !locks(each) && (each.node.type === 'if_statement' ? /\b[a-z]\w*\s*\(\s*[^()\s]/.test(each.text) : givesTo(each, mapped)));
}

/** What a call returns is what is mapped. */
const givesTo = ({ text }: Point, mapped: Point): boolean => {
	const local = /(?:^|[\s*])(\w+)\s*=\s*[a-z]\w*\s*\(/.exec(text)?.[1];
	return local !== undefined && new RegExp(`(?<![\\w.>])${local}\\b`).test(mapped.text);
};

/** It is done on every way to the mapping: each branch that it is in is the mapping's as well. */
function isOnTheWay(body: CNode, { node }: Point, mapped: Point): boolean {
	for (let at: CNode | undefined = parentOf(body, node); at; at = parentOf(body, at)) if (at.type === 'compound_statement' && !(at.start <= mapped.node.start && at.end >= mapped.node.end)) return false;
	return true;
}

/** What asks the same on the other side. */
function testLike(test: Point, points: readonly Point[], mapped: Point): Point | undefined {
	const fields = new Set(fieldsOf(test.text));
	return points.slice(0, points.indexOf(mapped)).findLast((each) => asks(each) && !locks(each) && fieldsOf(each.text).some((field) => fields.has(field)));
}

/** A condition that only the side after has, over what others may change, which leaves before anything is mapped. */
function newTest(change: Change, points: readonly Point[], mapped: Point): Point | undefined {
	if (mapped.held.size > 0 || change.now.some((site) => LOCKING.has(site.row?.effect ?? '') && change.ways.get(site) !== 'kept')) return undefined;
	return points.slice(0, points.indexOf(mapped)).findLast((each) => each.node.type === 'if_statement' && each.held.size === 0 && change.after.file.place(each.node.line).changed
		&& fieldsOf(each.text).length > 0 && /\b(return|goto)\b/.test(each.node.field('consequence')?.text ?? '') && !change.before.fn.body.text.replace(/\s+/g, ' ').includes(each.text));
}


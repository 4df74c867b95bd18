import { isNamed } from '../../../../knowledge/namings';
import type { CNode } from '../../../../parse';
import { heldByCallers } from '../../../callers/held-by-callers';
import { roleOf } from '../../../callers/roles';
import type { Change } from '../../change';
import { plainCalls } from '../../plain-calls';
import type { Finding } from '../../partner';
import { KEPT_OFF, type Point, pointsOf } from '../../sections';
import { escaped, READ_SIDE } from '../../sites';
import { told } from '../../steps';

/**
 * Something is put into a container, as it was not found there, or is taken out, as it was found (`acts`, the marked statement), in the section of `lock` in which it was looked for (`first`, the
 * earlier one, perhaps by a call of `looks`) on one side, and in another one, with no further question, on the other: `acquire` and `release` take and give the lock back. Where the call itself says whether it was
 * first there is no earlier statement. `again`: it is looked for once more, but not there.
 */
export function doneApart(change: Change): readonly Finding[] {
	const [before, after] = [actsIn(change, 'before'), actsIn(change, 'after')];
	const found = after.flatMap((now): readonly Finding[] => {
		const was = before.find((each) => each.into === now.into && each.kind === now.kind);
		if (!was || before.filter((each) => each.into === now.into).length > 1 || after.filter((each) => each.into === now.into).length > 1) return [];
		// Where no lock is taken any more, or none was, it is that which is asked for elsewhere.
		if (!now.locksItself && !was.locks.some((lock) => now.locks.includes(lock))) return [];
		if (was.together && now.apart) return finding(change, was, now, { before: was.look, after: now.apart }, was, 'introduces');
		if (was.apart && now.together) return finding(change, was, now, { before: was.apart, after: now.look }, now, 'fixes');
		return was.apart && now.apart && now.looks > was.looks ? finding(change, was, now, { before: was.apart, after: now.apart }, now, 'still-fails') : [];
	});
	return found.slice(0, 1);
}

interface Act {
	readonly kind: 'puts' | 'takes';
	/** What it is done to: the container, or the call. */
	readonly into: string;
	readonly node: CNode;
	readonly locks: readonly string[];
	/** Its container has a lock of its own. */
	readonly locksItself: boolean;
	/** Looked for in one section with it, or by the call itself. */
	readonly together: boolean;
	readonly look: CNode | undefined;
	/** The look-up that it goes by, which is of another section, with nothing asked in this one. */
	readonly apart: CNode | undefined;
	/** Look-ups ahead of it. */
	readonly looks: number;
}

function finding(change: Change, was: Act, now: Act, earlier: Finding['earlier'], kept: Act, tells: Finding['tells']): readonly Finding[] {
	const lock = kept.locks.find((each) => plainCalls(change, each, 'task', true));
	const calls = lock === undefined ? { acquire: '', release: '' } : plainCalls(change, lock, 'task', true);
	const look = earlier?.after ?? earlier?.before;
	if (!calls || !look || !earlier) return [];
	const looks = new RegExp(LOOKS).exec(look.text)?.[0].replace(/\s*\($/, '');
	return [{ words: { ...calls, [now.kind]: '1', ...(looks === undefined ? {} : { looks }), acts: told(now.node.text), first: told((look.field('condition') ?? look).text), ...(tells === 'still-fails' ? { again: '1' } : {}) }, tells, marked: { before: was.node, after: now.node }, earlier }];
}

const ONCE = /_(?:init|exit|probe|remove|setup|cleanup)$/;
/** What it answers tells nothing of what was there. */
const OVERWRITES = /\b\w+_(?:store|replace)(?:_\w+)?\s*\(/;
const ANSWERS = /^(?:if\b|\(|return\b|[^=]*[\w\]]\s*=(?!=))/;

function actsIn(change: Change, side: 'before' | 'after'): readonly Act[] {
	const definition = change[side];
	const points = pointsOf(definition, side === 'before' ? change.old : change.now);
	const of = side === 'before' ? change.pre : change.post;
	if ((side === 'before' ? change.old : change.now).some(({ api }) => isNamed(change.post.sources.table, 'asserts', api))) return [];
	// Who calls it keeps others of its kind out, or there is one of it.
	if (heldByCallers(of, change.name)?.length || roleOf(of, definition)?.row.holds?.length || ONCE.test(change.name)) return [];
	return points.flatMap((point): readonly Act[] => {
		const act = actOf(change, point);
		if (!act) return [];
		const ahead = points.filter(({ node }) => node.start < point.node.start).flatMap((each) => lookOf(definition.fn.body, points, each, point, act.kind) ?? []);
		const locks = [...point.held.keys()].filter((lock) => lock !== READ_SIDE && KEPT_OFF[lock] === undefined);
		const joins = ({ held }: Point): boolean => locks.some((lock) => held.get(lock) === point.held.get(lock));
		const inside = ahead.find(joins);
		const asked = points.some((each) => each.node.type === 'if_statement' && each.node !== inside?.node && each.node.start < point.node.start && joins(each) && (contains(each.node, point.node) || leaves(each.node)));
		const answers = (ANSWERS.test(point.text) || point.node.type === 'if_statement') && !OVERWRITES.test(point.text);
		const last = ahead.at(-1);
		return [{ kind: act.kind, into: act.into, locksItself: act.locksItself, node: point.node, locks, together: answers || inside !== undefined, look: inside?.node, apart: answers || inside || asked || !last ? undefined : last.node, looks: ahead.length }];
	});
}

const CALL = /\b([A-Za-z_]\w*)\s*\(([^;]*)\)/;

/** What is put into a container or taken out of it, by the call's name; what says so by itself whether it was the first is told by its answer. */
function actOf(change: Change, { node, text }: Point): Pick<Act, 'kind' | 'into' | 'locksItself'> | undefined {
	if (node.type === 'declaration' && !/=/.test(text)) return undefined;
	const { table } = change.post.sources;
	const [, api = '', args = ''] = CALL.exec(text.replace(/^(?:return\s+|\(?!?\s*|[\w.>-]+\s*=\s*)?(?:xa_err|IS_ERR)?\(?/, '')) ?? [];
	const kind = isNamed(table, 'puts-in', api) || (!table.rows.has(api) && isNamed(table, 'announces', api)) ? 'puts' : isNamed(table, 'takes-out', api) && !/_init(?:_rcu|_careful)?$/.test(api) ? 'takes' : undefined;
	if (!kind) return undefined;
	const each = args.split(',').map((arg) => arg.trim());
	// A container is named by what is neither the entry nor its key: the longest common ground of its calls.
	const locksItself = isNamed(table, 'locks-its-container', api);
	const container = locksItself ? each[0] ?? api : api.replace(/_(?:rcu|tail|head)$/, '');
	return { kind, into: `${kind} ${container}`, locksItself };
}

const LOOKS = String.raw`\b\w*(?:find|lookup|look_up|search|exists?|xa_load|get_by)\w*\s*\(`;

/** It looks for what is put in or taken out: where it is found, or is not, the function leaves, or does just that. */
function lookOf(body: CNode, points: readonly Point[], look: Point, act: Point, kind: Act['kind']): Point | undefined {
	const { node, text } = look;
	if (node.type === 'if_statement') {
		const compares = /[=!]=|mem(?:cmp)|strn?cmp/.test(text) && isInLoop(body, node) && kind === 'puts' && leaves(node);
		return compares || (new RegExp(LOOKS).test(text) && decides(node, act.node, kind, /^\(\s*!?\s*(?:(?:un)?likely\s*\(\s*!?\s*)?[A-Za-z_]/.test(text) ? /^\(\s*(?:(?:un)?likely\s*\(\s*)?!/.test(text) : undefined)) ? look : undefined;
	}
	const into = new RegExp(`^(?:[\\w\\s*]*?[\\s*])?([A-Za-z_]\\w*)\\s*=\\s*[^;]*?${LOOKS}`).exec(text)?.[1];
	if (into === undefined) return undefined;
	const test = points.find((each) => each.node.type === 'if_statement' && each.node.start > node.start && each.node.start <= act.node.start && new RegExp(`(?<![\\w.>])${escaped(into)}\\b`).test(each.text));
	return test && decides(test.node, act.node, kind, new RegExp(`!\\s*${escaped(into)}\\b|${escaped(into)}\\s*==\\s*NULL|(?<!!)IS_ERR\\w*\\s*\\(\\s*${escaped(into)}`).test(test.text)) ? look : undefined;
}

/** The condition, which asks whether something is there, or (`absent`) is not, lets only the one come to the act that fits. */
function decides(node: CNode, act: CNode, kind: Act['kind'], absent: boolean | undefined): boolean {
	if (absent === undefined) return false;
	const alternative = node.field('alternative');
	const wants = kind === 'puts';
	if (contains(node.field('consequence'), act)) return absent === wants;
	if (contains(alternative, act)) return absent !== wants;
	return leaves(node) && absent !== wants;
}

const contains = (outer: CNode | null, inner: CNode): boolean => outer !== null && inner.start >= outer.start && inner.end <= outer.end;
const leaves = (node: CNode): boolean => /\b(?:return|goto|break|continue)\b/.test(node.field('consequence')?.text ?? '');

const isInLoop = (body: CNode, node: CNode): boolean => {
	const inside = (each: CNode): boolean => each !== node && contains(each, node) && (/^(?:for|while|do)_statement$/.test(each.type) || each.named.some(inside));
	return inside(body);
};


import type { Table } from '../../knowledge/table';
import type { CNode } from '../../parse/source';
import { heldAsSaid } from './callers-locks';
import { compile } from '../descent';
import { type Arguments, type Frame, newFrame } from '../frame';
import { UNKNOWN } from '../values/ctype';
import { at } from '../emitted/emitter';
import type { Definition } from '../sources';
import type { Lowering } from '../lowering';
import { placeOf } from '../values/place';
import { within } from '../values/scope';

/** A call that takes or releases a lock, in the body of a function that is not lowered. */
interface Step {
	readonly call: CNode;
	readonly takes: boolean;
}

const bodies = new WeakMap<Table, WeakMap<CNode, ReadonlyMap<string, readonly Step[]>>>();

/** The body's calls of locking rows, by the lock as it is written. */
function stepsOf(l: Lowering, { fn }: Definition): ReadonlyMap<string, readonly Step[]> {
	const { table } = l.sources;
	const ofTable = bodies.get(table) ?? new WeakMap<CNode, ReadonlyMap<string, readonly Step[]>>();
	bodies.set(table, ofTable);
	const known = ofTable.get(fn.body);
	if (known) return known;
	const found = new Map<string, Step[]>();
	const walk = (node: CNode): void => {
		for (const child of node.named) walk(child);
		if (node.type !== 'call_expression') return;
		const row = table.rows.get(node.field('function')?.text ?? '');
		const takes = row?.effect === 'lock' || row?.effect === 'rcu-lock';
		if (!takes && row?.effect !== 'unlock' && row?.effect !== 'rcu-unlock') return;
		const lock = `${row.effect.startsWith('rcu') ? 'rcu' : (node.field('arguments')?.named[0]?.text ?? '')}`.replace(/\s+/g, '');
		found.set(lock, [...(found.get(lock) ?? []), { call: node, takes }]);
	};
	walk(fn.body);
	ofTable.set(fn.body, found);
	return found;
}

/** `__must_hold(&q->lock)`: its callers hold that; the parameters are bound. */
export function heldAtEntry(l: Lowering): void {
	const { frame } = l;
	if (!frame.fn || frame.file.modelled) return;
	for (const annotation of frame.fn.annotations) {
		const [, text = ''] = /^__must_hold(?:_shared)?\s*\(\s*&?([\s\S]*)\)$/.exec(annotation) ?? [];
		// What stands for a section, RCU, is no lock.
		const expression = /[a-z]/.test(text) ? l.sources.expression(text.replace(/\s+/g, '')) : null;
		const place = expression ? placeOf(l, expression) : null;
		if (place?.kind === 'memory') heldAsSaid(l, frame, place.path, annotation.startsWith('__must_hold_shared') ? 'shared' : 'exclusive', frame);
	}
}

/**
 * What a function that is not lowered does to locks all the same: those that it only takes, or only releases, or says so of (`__acquires`, `__releases`).
 * It returns with them so.
 */
export function contract(l: Lowering, definition: Definition, args: Arguments, node: CNode): void {
	const { fn, file } = definition;
	const outer = l.frame;
	const locals: Frame['locals'] = new Map(fn.params.flatMap((param, index) => {
		const arg = args[index];
		return param.name && arg ? [[param.name, arg] as const] : [];
	}));
	const frame: Frame = { ...newFrame(l, { fn: { ...fn, name: outer.fn?.name ?? fn.name }, file }, `${outer.id}/${fn.name}@${node.start}`, outer, UNKNOWN, l.emitter.register()), locals };
	const reachable = (text: string): boolean => locals.has(/[A-Za-z_]\w*/.exec(text.replace(/\bstruct\s+\w+/g, ''))?.[0] ?? '');
	const origin = l.emitter.origin;
	l.from(node);
	const told = new Set<string>();
	for (const [lock, steps] of stepsOf(l, definition)) {
		const [first] = steps;
		if (!first || !steps.every((step) => step.takes === first.takes) || (lock !== 'rcu' && !reachable(lock))) continue;
		told.add(lock.replace(/^&/, ''));
		within(l, frame, () => compile(l, first.call));
	}
	for (const annotation of fn.annotations) {
		const [, word, text = ''] = /^__(acquires|releases)\s*\(([\s\S]*)\)$/.exec(annotation) ?? [];
		const plain = text.replace(/\s+/g, '').replace(/^&/, '');
		if (!word || told.has(plain) || !reachable(plain)) continue;
		const expression = l.sources.expression(plain);
		const place = expression ? within(l, frame, () => placeOf(l, expression)) : null;
		if (place?.kind !== 'memory') continue;
		const known = l.lockKinds.get(place.path);
		if (word === 'releases' ? !l.taken.has(place.path) || !known : !known) continue;
		const { kind, mode } = known as NonNullable<typeof known>;
		if (word === 'acquires') l.taken.add(place.path);
		l.emitter.visible(word === 'acquires' ? { op: 'lock', at: at(place.base, place.offset), kind, mode, sleeps: false } : { op: 'unlock', at: at(place.base, place.offset), kind, mode }, { key: place.path });
	}
	l.emitter.origin = origin;
}

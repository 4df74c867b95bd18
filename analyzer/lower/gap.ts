import type { CNode } from '../parse/source';
import { at, value } from './emitter';
import { settle } from './due';
import { known } from './ctype';
import { load } from './place';
import type { Lowering } from './lowering';

/** Passes the gaps that lie before this statement: what elided code may have done there. */
export function gap(l: Lowering, node: CNode): void {
	const { fn } = l.frame;
	if (!fn) return;
	for (const line of fn.gaps) {
		if (line > node.line || line > node.endLine || l.frame.gapsPassed.has(line)) continue;
		// A gap inside a compound statement is passed there, not before it.
		if (node.line < line) continue;
		l.frame.gapsPassed.add(line);
		elided(l, `${l.frame.id}:${line}`);
		if (node.type === 'return_statement') returnsBefore(l, node);
	}
}

/**
 * Gotos lead to a label that is elided, and what follows the gap is a return: the label stands right before it, so that code that comes from above
 * has returned its result in the gap. The result is the one local of the type that is wanted.
 */
function returnsBefore(l: Lowering, node: CNode): void {
	const { frame, emitter } = l;
	const wanted = known(frame.returns) ? frame.returns : frame.hint;
	if (!frame.fn || !known(wanted) || wanted.pointer === 0 || !elidedLabels(frame.fn.body, frame.labels)) return;
	const params = new Set(frame.fn.params.map(({ name }) => name));
	const results = [...frame.locals].filter(([name, local]) => !params.has(name) && local.kind === 'register' && local.type.pointer === wanted.pointer && local.type.base === wanted.base);
	const [result] = results;
	if (results.length !== 1 || result?.[1].kind !== 'register') return;
	l.assumptions.add(`${frame.fn.name}() returns ${result[0]} in code that the patch does not show, before line ${frame.file.place(node.line).input}`);
	const val = load(l, { kind: 'register', local: result[1] });
	l.flow({ unknown: `r:${l.thread}:${frame.id}` }, val);
	l.assign(frame.result, val);
	emitter.jump(frame.exit);
}

function elidedLabels(body: CNode, labels: ReadonlyMap<string, unknown>): boolean {
	if (body.type === 'goto_statement') return !labels.has(body.field('label')?.text ?? body.named[0]?.text ?? '');
	return body.named.some((child) => elidedLabels(child, labels));
}

/** The beginning of a fragment. */
export function headGap(l: Lowering): void {
	const { fn } = l.frame;
	if (fn && (fn.headElided || fn.gaps.length > 0)) takeElided(l, `${l.frame.id}:head`);
	if (fn?.headElided) l.emitter.local({ op: 'excuse' });
}

function elided(l: Lowering, id: string): void {
	settle(l);
	takeElided(l, id);
	l.emitter.local({ op: 'excuse' });
}

function takeElided(l: Lowering, id: string): void {
	for (const lock of l.facts.acquired.get(id)?.values() ?? []) {
		l.assumptions.add(`${lock.key} was taken in code that the patch does not show: ${l.frame.fn?.name ?? ''}() releases it`);
		l.emitter.visible({ op: 'inherit', at: at(value(l.world.address(lock.key)), 0), kind: lock.kind, mode: lock.mode }, { key: lock.key });
	}
}

/** A release whose acquire nobody has seen: some fragment on the stack took it before. Noted for the next pass. */
export function releasedUnseen(l: Lowering, key: string, kind: import('../../sim').LockKind, mode: 'exclusive' | 'shared'): void {
	for (let frame: typeof l.frame | null = l.frame; frame; frame = frame.parent) {
		if (!frame.fn || frame.file.modelled || !(frame.fn.headElided || frame.fn.gaps.length > 0)) continue;
		const id = frame.fn.headElided ? `${frame.id}:head` : `${frame.id}:${frame.fn.gaps.find((line) => frame?.gapsPassed.has(line)) ?? 0}`;
		const locks = l.facts.acquired.get(id) ?? new Map();
		if (!locks.has(key)) {
			l.facts.acquired.set(id, locks.set(key, { key, kind, mode }));
			l.world.changed = true;
		}
		return;
	}
	// A whole function that only releases: its caller took the lock.
	if (!l.frame.file.modelled) l.callerHolds(key, mode, kind);
}

import type { CheckName } from '../../../sim';
import { compile } from '../descent';
import type { CNode } from '../../parse/source';
import { branchOn } from './condition';
import { pointee, pointerTo } from '../values/ctype';
import { owe } from '../elided/due';
import { at, value } from '../emitted/emitter';
import type { Lowering } from '../lowering';
import type { Val } from '../values/value';
import { placeOf } from '../values/place';

/** What only models may say: checks, access windows, choices, assumptions. */
const INTRINSICS = ['CHECK', 'WINDOW', 'WINDOW_END', 'CHOOSE', 'ASSUME', 'DUE', 'INSTANCE', 'KEPT', 'HELD', 'EITHER', 'LIVE', 'SHOWN'] as const;
export type IntrinsicName = (typeof INTRINSICS)[number];
export const isIntrinsic = (name: string): boolean => (INTRINSICS as readonly string[]).includes(name);

const unquoted = (node: CNode | undefined): string => (node?.text ?? '').replace(/"\s*"/g, '').replace(/^"|"$/g, '');

/** `"punch|truncate"`: words of a function's name. */
const words = (node: CNode | undefined): RegExp => new RegExp(`(^|_)(${unquoted(node) || '.*'})(_|$)`);

/** Slots whose function hands a page out of what the code under review keeps. */
const HANDS_OUT: readonly string[] = ['vm_operations_struct.fault', 'vm_operations_struct.nopage'];
const handsOut = (l: Lowering): boolean => HANDS_OUT.some((slot) => l.bindings.has(slot));

export function intrinsic(l: Lowering, name: IntrinsicName, node: CNode, args: readonly CNode[]): Val {
	const { emitter } = l;
	switch (name) {
		case 'CHECK': {
			const [check, condition, message] = args;
			if (!condition) return l.constant(0);
			const [holds, fails] = [emitter.label(), emitter.label()];
			branchOn(l, condition, holds, fails);
			emitter.place(fails);
			l.from(node);
			emitter.local({ op: 'assert', cond: value(0), check: unquoted(check) as CheckName, message: unquoted(message) });
			emitter.place(holds);
			return l.constant(0);
		}
		case 'WINDOW':
		case 'WINDOW_END': {
			const place = args[0] ? placeOf(l, args[0]) : null;
			if (place?.kind !== 'memory') return l.constant(0);
			const mode = args[1]?.text === 'shared' ? 'shared' : 'exclusive';
			const address = at(place.base, place.offset);
			const list = place.path.replace(/\.__\w+$/, '');
			if (name === 'WINDOW') {
				const message = args[2] ? unquoted(args[2]) : `two CPUs change ${list} at the same time without a common lock: the list is corrupted`;
				emitter.visible({ op: 'enter', at: address, mode, check: 'lost-data', message }, { key: place.key, marked: true });
			} else emitter.visible({ op: 'leave', at: address, mode }, { key: place.key, marked: true });
			return l.constant(0);
		}
		case 'CHOOSE': {
			const result = l.temporary();
			const vals = args.map((arg) => compile(l, arg));
			const picked = l.temporary();
			emitter.local({ op: 'choose', dst: picked.operand.reg, values: vals.map((_, index) => index) });
			const done = emitter.label();
			vals.forEach((val, index) => {
				const next = emitter.label();
				emitter.branch(l.alu('ne', picked.operand, value(index)).operand, next);
				l.assign(result.operand.reg, val);
				emitter.jump(done);
				emitter.place(next);
			});
			emitter.place(done);
			return result;
		}
		case 'INSTANCE': {
			const type = pointerTo(l.typeOf(args[0]?.text ?? ''));
			return l.constant(l.world.canonical(l.world.name(pointee(type))), type);
		}
		case 'KEPT': {
			// The code under review keeps such objects in a container of its own.
			const type = args[0] ? l.world.name(pointee(compile(l, args[0]).type)) : '';
			return l.constant(Number([...l.world.containers.elements.values()].some((element) => element.type === type) || (handsOut(l) && l.world.hasField(type))));
		}
		case 'HELD': {
			// Places of the code's own, of which each keeps a reference that the code drops.
			const place = args[0] ? placeOf(l, args[0]) : null;
			return l.constant(place?.kind === 'memory' ? l.facts.keepersOf(place.path).length : 0);
		}
		case 'LIVE': {
			const result = l.temporary();
			const pointer = args[0] ? compile(l, args[0]) : l.constant(0);
			emitter.visible({ op: 'is-live', pointer: pointer.operand, dst: result.operand.reg }, { key: '*' });
			return result;
		}
		case 'SHOWN': {
			const { fn } = args[0] ? compile(l, args[0]) : { fn: undefined };
			return l.constant(Number(fn !== undefined && (l.sources.defined(fn) ?? l.sources.elsewhere(fn, l.frame.file.path)) !== null));
		}
		case 'EITHER': {
			// Asked whether it holds anything: in the beginning it may, and may not.
			const { path } = args[0] ? compile(l, args[0]) : { path: undefined };
			if (path) l.world.containers.eitherWay(path);
			return l.constant(0);
		}
		case 'DUE':
			if (args[0]) owe(l, args[0], words(args[1]), words(args[2]));
			return l.constant(0);
		case 'ASSUME':
			l.assumptions.add(unquoted(args[0]));
			return l.constant(0);
	}
}
